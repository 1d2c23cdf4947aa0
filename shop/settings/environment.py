"""What the environment may say, typed; a wrong or missing value stops the start with its name.

Read once at import by base.py, from the process environment and from `.env` beside manage.py.
"""

from pathlib import Path
from typing import Annotated

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parents[2]


class Environment(BaseSettings):
    """One attribute per environment variable; `.env.example` lists them all."""

    model_config = SettingsConfigDict(env_file=PROJECT_ROOT / ".env", env_prefix="", extra="ignore", frozen=True)

    secret_key: SecretStr | None = None
    field_encryption_key: SecretStr | None = None  # seals ID numbers and provider secrets at rest
    debug: bool = False
    demo: bool = False
    demo_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    site_url: str = "http://localhost:8000"  # absolute links in e-mails and feeds start with it
    database_url: str = ""
    redis_url: str = ""
    page_cache_mb: int = 24  # public pages kept in each process; 0 keeps none
    media_root: Path = PROJECT_ROOT / "var" / "media"
    private_root: Path = PROJECT_ROOT / "var" / "private"  # files that no address serves
    email_url: str = "console"  # "console" or smtp://user:password@host:port (smtps:// for TLS from the start)
    default_from_email: str = "OCOP xã Hợp Minh <khong-tra-loi@localhost>"
    trusted_proxy_count: int = 0  # proxies of ours whose X-Forwarded-For is believed; 0 believes none
    log_level: str = "INFO"
    log_format: str = "json"
    hold_minutes_transfer: int = 30
    hold_minutes_longest: int = 60
    sepay_webhook_secret: SecretStr | None = None
    sepay_api_key: SecretStr | None = None
    sepay_api_url: str = "https://my.sepay.vn"

    @field_validator("allowed_hosts", "demo_hosts", mode="before")
    @classmethod
    def split_commas(cls, value: object) -> object:
        """Read `a.example, b.example` as two hosts."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value


env = Environment()

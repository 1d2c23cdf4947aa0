"""What the environment may say, typed; a wrong or missing value stops the start with its name.

Read once at import by base.py, from the process environment and from `.env` beside manage.py.
"""

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
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
    media_storage_url: SecretStr | None = None  # S3 in place of both folders (shop.bucket_files)
    email_url: str = "console"  # "console" or smtp://user:password@host:port (smtps:// for TLS from the start)
    default_from_email: str = "OCOP xã Hợp Minh <khong-tra-loi@localhost>"
    trusted_proxy_count: int = 0  # proxies of ours whose X-Forwarded-For is believed; 0 believes none
    log_level: str = "INFO"
    log_format: str = "json"
    hold_minutes_transfer: int = 30
    hold_minutes_longest: int = 60
    # How long each side of a complaint has. 7 working days are the law's longest for the seller's answer: Luật Bảo vệ
    # quyền lợi người tiêu dùng 19/2023/QH15 (20/6/2023, in force 1/7/2024), Điều 57 khoản 2. The rest are house rules.
    complaint_answer_working_days: int = Field(default=7, ge=1, le=7)
    complaint_file_within_days: int = Field(default=30, ge=2, le=730)  # after the goods have come
    complaint_decide_days: int = Field(default=7, ge=1, le=90)
    complaint_return_days: int = Field(default=14, ge=1, le=90)
    complaint_carry_out_working_days: int = Field(default=3, ge=1, le=30)
    complaint_confirm_days: int = Field(default=7, ge=1, le=90)
    complaint_commune_working_days: int = Field(default=5, ge=1, le=90)
    complaint_remind_before_hours: int = Field(default=48, ge=1, le=240)
    non_working_days: Annotated[tuple[date, ...], NoDecode] = ()  # beyond weekends and the holidays of the labour code
    sepay_webhook_secret: SecretStr | None = None
    sepay_api_key: SecretStr | None = None
    sepay_api_url: str = "https://my.sepay.vn"

    @field_validator("allowed_hosts", "demo_hosts", "non_working_days", mode="before")
    @classmethod
    def split_commas(cls, value: object) -> object:
        """Read `a.example, b.example` as two hosts, `2027-02-10, 2027-02-11` as two days."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value


env = Environment()

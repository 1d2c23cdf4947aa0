"""One machine, SQLite unless DATABASE_URL says otherwise: what `make demo` and a developer use."""

import secrets

from django.core.management.utils import get_random_secret_key

from shop.settings.base import *  # noqa: F403
from shop.settings.base import DEBUG, STORAGES, VAR_DIR
from shop.settings.environment import env

DEMO = env.demo if "demo" in env.model_fields_set else True
ALLOWED_HOSTS = list(env.allowed_hosts) or ["localhost", "127.0.0.1", "[::1]", ".localhost"]


def _kept_secret(name: str, make: object) -> str:
    """Return the secret kept in var/NAME; made at the first start, never committed."""
    path = VAR_DIR / name
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(make())  # type: ignore[operator]
    return path.read_text().strip()


SECRET_KEY = env.secret_key.get_secret_value() if env.secret_key else _kept_secret("secret_key", get_random_secret_key)
FIELD_ENCRYPTION_KEY = (
    env.field_encryption_key.get_secret_value()
    if env.field_encryption_key
    else _kept_secret("field_encryption_key", lambda: secrets.token_urlsafe(32))
)
if DEMO and not (env.sepay_webhook_secret or env.sepay_api_key):
    # The demo's "bank" signs with it; a fixed one would let anyone pay in a demo that is shown on a public host.
    SEPAY_WEBHOOK_SECRET = _kept_secret("sepay_webhook_secret", lambda: secrets.token_urlsafe(24))
if DEBUG:
    PAGE_CACHE_BYTES = 0  # an edited template shows at once
    STORAGES = {
        **STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }

"""A real installation: everything secret comes from the environment, and a missing value stops the start."""

from django.core.exceptions import ImproperlyConfigured

from shop.settings.base import *  # noqa: F403
from shop.settings.base import ALLOWED_HOSTS, DEMO, SITE_URL
from shop.settings.environment import env

if env.debug:
    raise ImproperlyConfigured("DEBUG must be off in production.")
if env.secret_key is None:
    raise ImproperlyConfigured("SECRET_KEY is missing from the environment.")
if env.field_encryption_key is None:
    raise ImproperlyConfigured("FIELD_ENCRYPTION_KEY is missing from the environment.")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is missing from the environment.")
if not SITE_URL.startswith("https://"):
    raise ImproperlyConfigured("SITE_URL must begin with https:// in production.")
if DEMO and not set(ALLOWED_HOSTS) <= set(env.demo_hosts):
    raise ImproperlyConfigured("DEMO=1 is refused: ALLOWED_HOSTS names a host that DEMO_HOSTS does not.")

SECRET_KEY = env.secret_key.get_secret_value()
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
OSCAR_BASKET_COOKIE_SECURE = OSCAR_RECENTLY_VIEWED_COOKIE_SECURE = True
OSCAR_URL_SCHEMA = "https"

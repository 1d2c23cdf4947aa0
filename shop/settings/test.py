"""The test suite: fast hashing, mail in memory, secrets that protect nothing."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("DEMO", "0")

from shop.settings.base import *  # noqa: E402, F403
from shop.settings.base import STORAGES  # noqa: E402

SECRET_KEY = "only-for-tests"  # noqa: S105
FIELD_ENCRYPTION_KEY = "only-for-tests-0123456789abcdefg"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1", ".example.test"]
PAGE_CACHE_BYTES = 0  # a test sees what it wrote a line before; those about kept pages switch it on
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = Path(tempfile.gettempdir()) / f"ocop-test-media-{os.getpid()}"
STORAGES = {
    **STORAGES,
    "private": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

"""Text sealed at rest (ID numbers, provider secrets) and keyed hashes to look it up by.

The key comes from FIELD_ENCRYPTION_KEY; losing it loses the sealed values, so it belongs in the backup plan.
"""

import base64
import functools
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class SealBroken(Exception):
    """The stored value does not open with today's key: another key sealed it, or it was altered."""


@functools.lru_cache(maxsize=4)
def _fernet(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"seal:" + key.encode()).digest()))


def seal(text: str) -> str:
    """Return text encrypted and authenticated; empty stays empty. Two calls give two different results."""
    return _fernet(settings.FIELD_ENCRYPTION_KEY).encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """Return what `seal` was given; raise SealBroken when the key does not fit."""
    if not sealed:
        return ""
    try:
        return _fernet(settings.FIELD_ENCRYPTION_KEY).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken("a sealed value does not open with FIELD_ENCRYPTION_KEY") from error


def keyed_hash(text: str, *, purpose: str) -> str:
    """Return 64 hex digits by which equal texts are found without storing them; purpose keeps uses apart."""
    key = hashlib.sha256(f"{purpose}:{settings.FIELD_ENCRYPTION_KEY}".encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

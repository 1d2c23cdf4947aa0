"""Signing in within tests, with or without a second factor."""

import time
from typing import Any

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.test import Client

from shop.users.models import User


def sign_in(client: Client, user: User, *, second_factor: bool = False) -> Client:
    """Sign the person in without a page; `second_factor` notes in the session that she passed one."""
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    records: list[dict[str, Any]] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    if second_factor:
        records.append({"method": "mfa", "at": time.time(), "type": "totp", "reauthenticated": True})
    session[AUTHENTICATION_METHODS_SESSION_KEY] = records
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    return client

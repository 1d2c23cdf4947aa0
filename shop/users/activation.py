"""Taking a producer in on the spot: an officer shows a QR, the producer's phone scans it and is signed in.

A code lasts ten minutes and works once; only its keyed hash is kept. A new code ends the person's older ones.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.utils import is_mfa_enabled
from django.db import transaction
from django.utils import timezone

from merchants.models import Membership
from merchants.permissions import Act, Grants
from merchants.sealed_text import keyed_hash
from shop.users.models import ActivationCode, User

LIFETIME = timedelta(minutes=10)
CODES_PER_PERSON_AND_HOUR = 6
CODES_PER_OFFICER_AND_HOUR = 60
_LONGEST_CODE = 64


class ActivationRefused(Exception):
    """No code is given; `code` says why.

    "not_of_your_commune": some role of hers lies elsewhere, or she has none · "is_staff": she signs in by herself with
    a second factor · "has_own_account": she signed up herself, and an officer may not enter her account ·
    "inactive" · "too_many": wait.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class FoundCode:
    """What a scanned code is; `state` is "valid", "used", "expired" or, then without a row, "unknown"."""

    state: str
    row: ActivationCode | None


def _hash(code: str) -> str:
    return keyed_hash(code, purpose="activation_code")


def why_not_activated(*, grants: Grants, user: User, now: datetime) -> str:
    """Return why an officer with these grants may not activate the person; empty when she may.

    A code opens an account without its password, so it must never open one that is more than this commune's:
    not that of staff, of an officer, of somebody with roles elsewhere, or of somebody who signed up by herself.
    """
    if not user.is_active:
        return "inactive"
    if user.is_staff or user.is_superuser or is_mfa_enabled(user):
        return "is_staff"
    roles = list(Membership.objects.filter(user=user).in_force(now).select_related("merchant"))
    if any(membership.merchant is None for membership in roles):
        return "is_staff"
    if not roles or not all(grants.may(Act.PERSON_ACTIVATE, membership.merchant) for membership in roles):
        return "not_of_your_commune"
    was_activated = ActivationCode.objects.filter(user=user, used_at__isnull=False).exists()
    if not was_activated and (user.has_usable_password() or user.last_login is not None):
        return "has_own_account"
    return ""


def sign_in_state(*, grants: Grants, user: User, now: datetime) -> str:
    """What these grants may do about the person's way in: "new" (her first code), "again" (she has been in, and may
    get another one for a lost phone or password), or why not, as `why_not_activated` says it.
    """
    if reason := why_not_activated(grants=grants, user=user, now=now):
        return reason
    return "again" if user.has_usable_password() or user.last_login is not None else "new"


@transaction.atomic
def issue_activation_code(*, user: User, officer: User, grants: Grants, now: datetime | None = None) -> str:
    """Return a new code for the person, to be shown once as a QR; raises ActivationRefused and changes nothing.

    The caller audits. Older codes of the person stop working.
    """
    now = now or timezone.now()
    user = User.objects.select_for_update().get(pk=user.pk)
    reason = why_not_activated(grants=grants, user=user, now=now)
    if reason:
        raise ActivationRefused(reason)
    lately = ActivationCode.objects.filter(issued_at__gt=now - timedelta(hours=1))
    if (
        lately.filter(user=user).count() >= CODES_PER_PERSON_AND_HOUR
        or lately.filter(issued_by=officer).count() >= CODES_PER_OFFICER_AND_HOUR
    ):
        raise ActivationRefused("too_many")
    ActivationCode.objects.filter(user=user, used_at=None, expires_at__gt=now).update(expires_at=now)
    code = secrets.token_urlsafe(16)
    ActivationCode.objects.create(user=user, code_hash=_hash(code), issued_by=officer, expires_at=now + LIFETIME)
    return code


def find_activation_code(*, code: str, now: datetime | None = None) -> FoundCode:
    """Say what a scanned code is; changes nothing."""
    if len(code) > _LONGEST_CODE:
        return FoundCode("unknown", None)
    row = ActivationCode.objects.select_related("user", "issued_by").filter(code_hash=_hash(code)).first()
    if row is None or not row.user.is_active:
        return FoundCode("unknown", None)
    if row.used_at is not None:
        return FoundCode("used", row)
    if row.expires_at <= (now or timezone.now()):
        return FoundCode("expired", row)
    return FoundCode("valid", row)


def use_activation_code(*, code: str, now: datetime | None = None) -> User | None:
    """Use the code up and return whom it signs in; None when it is used, run out, unknown, or lost a race.

    One conditional UPDATE decides, so that of two phones that press at the same moment exactly one gets in.
    """
    now = now or timezone.now()
    found = find_activation_code(code=code, now=now)
    if found.state != "valid" or found.row is None:
        return None
    won = ActivationCode.objects.filter(pk=found.row.pk, used_at=None, expires_at__gt=now).update(used_at=now)
    return found.row.user if won else None

"""Giving and taking back a role: the only writers of Membership outside of imports and tests."""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from merchants.models import Commune, Membership, Merchant


class GrantRefused(Exception):
    """The role cannot be given; `code` is one of "helper_needs_an_end", "ends_in_the_past", "already_given"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def grant_role(
    *,
    user: Any,
    role: str,
    merchant: Merchant | None = None,
    commune: Commune | None = None,
    until: datetime | None = None,
    granted_by: Any = None,
    now: datetime | None = None,
) -> Membership:
    """Give a role from now on, until then or without end; raises GrantRefused, the caller holds the transaction.

    A helper's role always has an end. The same role at the same place twice is refused: one revocation suffices.
    """
    now = now or timezone.now()
    if role == Membership.Role.HELPER and until is None:
        raise GrantRefused("helper_needs_an_end")
    if until is not None and until <= now:
        raise GrantRefused("ends_in_the_past")
    # The person's row is the lock: two officers pressing at once give one membership.
    get_user_model().objects.select_for_update().get(pk=user.pk)
    same = Membership.objects.filter(user=user, role=role, merchant=merchant, commune=commune)
    if same.in_force(now).exists():
        raise GrantRefused("already_given")
    return Membership.objects.create(
        user=user,
        role=role,
        merchant=merchant,
        commune=commune,
        starts_at=now,
        until=until,
        granted_by=granted_by,
    )


@transaction.atomic
def revoke_role(*, membership: Membership, now: datetime | None = None) -> bool:
    """Take a role back at once; False when it was revoked before. Calling twice is safe."""
    now = now or timezone.now()
    changed = Membership.objects.filter(pk=membership.pk, revoked_at=None).update(revoked_at=now)
    if changed:
        membership.revoked_at = now
        # .update() sends no signal, and shop.users keeps the editors' Wagtail group by this one
        membership.save(update_fields=["revoked_at"])
    return bool(changed)

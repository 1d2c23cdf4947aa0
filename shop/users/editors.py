"""Editors' rights in Wagtail follow their Membership: in force means in the group, ended means out.

The group is Wagtail's own "Editors". A membership that is saved or deleted is followed at once; one that merely runs
out is followed by `drop_ended_editors`, a job of the clock, and until then SecondFactorMiddleware keeps the door shut,
because it reads the membership itself at every request.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from merchants.models import Membership
from shop.users.models import User

EDITORS_GROUP = "Editors"


def follow_editor_membership(*, user_id: int, now: datetime | None = None) -> bool:
    """Put the person into the editors' group or take her out; returns whether she is in. Calling twice is safe."""
    is_editor = (
        Membership.objects.filter(user_id=user_id, role=Membership.Role.EDITOR).in_force(now or timezone.now()).exists()
    )
    group, _created = Group.objects.get_or_create(name=EDITORS_GROUP)
    members = User.groups.through.objects.filter(user_id=user_id, group=group)
    if is_editor and not members.exists():
        User.groups.through.objects.get_or_create(user_id=user_id, group=group)
    elif not is_editor:
        members.delete()
    return is_editor


def drop_ended_editors(*, now: datetime | None = None) -> int:
    """Take everybody whose editing has run out off the group; returns how many. The clock calls it each hour."""
    now = now or timezone.now()
    in_force = Membership.objects.filter(role=Membership.Role.EDITOR).in_force(now).values("user_id")
    ended = (
        User.groups.through.objects.filter(group__name=EDITORS_GROUP)
        .exclude(user_id__in=in_force)
        .filter(user_id__in=Membership.objects.filter(role=Membership.Role.EDITOR).values("user_id"))
    )
    return ended.delete()[0]


@receiver([post_save, post_delete], sender=Membership, dispatch_uid="editors_follow_membership")
def membership_changed(instance: Membership, raw: bool = False, **_kwargs: Any) -> None:
    if not raw and instance.role == Membership.Role.EDITOR:
        follow_editor_membership(user_id=instance.user_id)

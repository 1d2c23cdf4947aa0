"""The messages that a person looks after: those given up and those that wait; try them again, or set them aside.

Who may do so, and the audit entry, are the page's business (shop.workspace.outbox_page). What is long done is cleared
away here too.
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from shop.outbox.models import OutboxMessage

KEPT_FOR = timedelta(days=90)
"""Messages sent or set aside, and their tries, are removed after this; those given up stay until a person decides."""

_REMOVED_AT_ONCE = 500
_State = OutboxMessage.State


def given_up_messages() -> QuerySet[OutboxMessage]:
    """The messages that will not be tried again by themselves, the latest first."""
    return OutboxMessage.objects.filter(state=_State.DEAD).order_by("-finished_at", "-pk")


def unfinished_messages() -> QuerySet[OutboxMessage]:
    """Those that wait for their (next) try or are being sent, the next one first."""
    return OutboxMessage.objects.filter(finished_at=None).order_by("not_before", "pk")


def messages_set_aside() -> QuerySet[OutboxMessage]:
    """Those that a person decided not to send, the latest first."""
    return OutboxMessage.objects.filter(state=_State.ASIDE).order_by("-finished_at", "-pk")


def try_again(*, message_id: int, now: datetime | None = None) -> bool:
    """Have a message tried now: one that is over gets a full new set of tries, one that waits waits no longer.

    False, and nothing changes, when it is being sent at this moment, was sent, or is gone. Calling twice is safe.
    """
    now = now or timezone.now()
    over = OutboxMessage.objects.filter(pk=message_id, state__in=[_State.DEAD, _State.ASIDE])
    if over.update(state=_State.WAITING, attempts=0, not_before=now, finished_at=None):
        return True
    waiting = OutboxMessage.objects.filter(pk=message_id, state=_State.WAITING)
    return waiting.update(not_before=now) == 1


def set_aside(*, message_id: int, now: datetime | None = None) -> bool:
    """Never send this one; `try_again` takes it back. False when it is being sent, was sent, or is set aside."""
    now = now or timezone.now()
    found = OutboxMessage.objects.filter(pk=message_id, state__in=[_State.WAITING, _State.DEAD])
    return found.update(state=_State.ASIDE, finished_at=now) == 1


def remove_old_messages(now: datetime | None = None) -> int:
    """Remove what was over more than KEPT_FOR ago and return how many; the clock calls it daily, in small bites."""
    before = (now or timezone.now()) - KEPT_FOR
    removed = 0
    while ids := list(
        OutboxMessage.objects.filter(state__in=[_State.SENT, _State.ASIDE], finished_at__lt=before).values_list(
            "pk", flat=True
        )[:_REMOVED_AT_ONCE]
    ):
        OutboxMessage.objects.filter(pk__in=ids).delete()
        removed += len(ids)
    return removed

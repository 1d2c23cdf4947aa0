"""The messages that were given up: list them, take them back, and clear away what is long done."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from shop.outbox.models import OutboxMessage

KEPT_FOR = timedelta(days=90)
"""Sent messages and their attempts are removed after this; those given up stay until a person decides."""

_REMOVED_AT_ONCE = 500


def given_up_messages() -> QuerySet[OutboxMessage]:
    """The messages that will not be tried again by themselves, the latest first."""
    return OutboxMessage.objects.filter(state=OutboxMessage.State.DEAD).order_by("-finished_at", "-pk")


def retry_given_up(*, message_id: int) -> bool:
    """Give one message a full new set of tries, beginning now; False when it is not (or no longer) given up."""
    changed = OutboxMessage.objects.filter(pk=message_id, state=OutboxMessage.State.DEAD).update(
        state=OutboxMessage.State.WAITING, attempts=0, not_before=timezone.now(), finished_at=None
    )
    return changed == 1


def remove_old_messages(now: datetime | None = None) -> int:
    """Remove what was sent more than KEPT_FOR ago and return how many; the clock calls it daily, in small bites."""
    before = (now or timezone.now()) - KEPT_FOR
    removed = 0
    while ids := list(
        OutboxMessage.objects.filter(state=OutboxMessage.State.SENT, finished_at__lt=before).values_list(
            "pk", flat=True
        )[:_REMOVED_AT_ONCE]
    ):
        OutboxMessage.objects.filter(pk__in=ids).delete()
        removed += len(ids)
    return removed

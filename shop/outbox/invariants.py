"""What must always hold in the outbox and the clock; `manage.py doctor` asks."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from shop.outbox.models import DeliveryAttempt, OutboxMessage, ScheduledJob

STUCK_AFTER = timedelta(minutes=30)
_NAMED = 20


def check_outbox(now: datetime | None = None) -> Iterator[str]:
    """Yield each message whose state contradicts its attempts, and each that somebody keeps claimed for too long."""
    sent = DeliveryAttempt.objects.filter(message=OuterRef("pk"), outcome=DeliveryAttempt.Outcome.SENT)
    of_state = OutboxMessage.objects.filter
    for message in of_state(~Exists(sent), state=OutboxMessage.State.SENT)[:_NAMED]:
        yield f"outbox: message {message.pk} ({message.kind}) counts as sent, but no attempt sent it"
    for message in of_state(Exists(sent)).exclude(state=OutboxMessage.State.SENT)[:_NAMED]:
        yield f"outbox: message {message.pk} ({message.kind}) was sent, but its state is {message.state}"
    begun_long_ago = DeliveryAttempt.objects.filter(
        message=OuterRef("pk"), outcome="", started_at__lt=(now or timezone.now()) - STUCK_AFTER
    )
    for message in of_state(Exists(begun_long_ago), state=OutboxMessage.State.CLAIMED)[:_NAMED]:
        yield f"outbox: message {message.pk} ({message.kind}) has been claimed by {message.claimed_by} for too long"


def outbox_notices(now: datetime | None = None) -> Iterator[str]:
    """Yield what a person may want to look at: messages given up, by kind, and clock jobs that failed last time."""
    given_up = OutboxMessage.objects.filter(state=OutboxMessage.State.DEAD).order_by()
    for row in given_up.values("kind").annotate(messages=Count("pk")).order_by("kind"):
        yield f"outbox: {row['messages']} {row['kind']} given up; staff decide about them at /quan-ly/he-thong/thu-di/"
    overdue = OutboxMessage.objects.filter(
        state=OutboxMessage.State.WAITING, not_before__lt=(now or timezone.now()) - timedelta(minutes=10)
    ).count()
    if overdue:
        yield f"outbox: {overdue} messages have been due for more than 10 minutes; is the worker running?"
    for job in ScheduledJob.objects.exclude(last_error=""):
        yield f"clock: {job.name} failed last time: {job.last_error}"

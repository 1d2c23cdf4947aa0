"""Send what is due: claim one message, try it once, write down how it ended. The only code that retries anything.

At least once: a message is sent again only when a worker died, or lost the database, between the other side's yes and
our writing it down. Workers may run on many machines; their clocks must agree to within seconds (NTP).
"""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from shop.outbox.errors import NotConfigured, Refused, TryLater
from shop.outbox.models import DeliveryAttempt, OutboxMessage
from shop.outbox.registry import handler_for

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""How long a claim holds without a word from its worker, which renews it while it lives (renew_claims)."""

WAITS = (
    timedelta(seconds=30),
    timedelta(minutes=1),
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=8),
    timedelta(hours=12),
)
"""The wait after the 1st, 2nd, … failed try; about 28 hours in all."""

MAX_ATTEMPTS = len(WAITS) + 1
JITTER = 0.2
"""Each wait is stretched or shortened by up to this part, so that a crowd that failed together comes back apart."""

NOT_CONFIGURED_WAIT = timedelta(hours=6)
"""Without keys nothing can be sent: a message waits for them, 6 hours at a time, and is given up after 3 days."""

LONGEST_NAMED_WAIT = timedelta(days=3)
"""A time named by the other side (TryLater.at) counts exactly, up to this."""

_DETAIL_LENGTH = 500


@dataclass(frozen=True)
class Claim:
    """One message that this worker alone may send until the lease ends."""

    message: OutboxMessage
    attempt: DeliveryAttempt
    worker: str


def backoff(attempts: int) -> timedelta:
    """Return the wait after that many failed tries (1 or more), jitter included; the last wait is the longest."""
    wait = WAITS[min(attempts, len(WAITS)) - 1]
    return wait * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  # spreads load, protects nothing


def claim_next(*, worker: str, now: datetime | None = None) -> Claim | None:
    """Claim the message that has been due the longest, or return None; nobody else can claim it meanwhile.

    A message whose lease ran out belonged to a worker that died: its open attempt is closed as crashed first, and
    after MAX_ATTEMPTS of those it is given up. Takes no write lock while nothing is due. Commits by itself.
    """
    now = now or timezone.now()
    due = OutboxMessage.objects.filter(finished_at=None, not_before__lte=now).order_by("not_before", "pk")
    while due.exists():
        with transaction.atomic(durable=True):
            message = due.select_for_update(skip_locked=True).first()
            if message is None:
                return None
            if message.state == OutboxMessage.State.CLAIMED and _close_crashed(message, now=now):
                continue
            if attempt := _take(message, worker=worker, now=now):
                return Claim(message=message, attempt=attempt, worker=worker)
    return None


def _close_crashed(message: OutboxMessage, *, now: datetime) -> bool:
    """End the attempt of a worker that died; True when the message is thereby given up."""
    detail = f"{message.claimed_by} did not come back"
    message.delivery_attempts.filter(outcome="").update(
        outcome=DeliveryAttempt.Outcome.CRASHED, ended_at=now, detail=detail
    )
    log.warning("a worker died while sending", extra=_facts(message, detail=detail))
    if message.attempts < MAX_ATTEMPTS:
        return False
    OutboxMessage.objects.filter(pk=message.pk).update(
        state=OutboxMessage.State.DEAD, claimed_by="", claimed_until=None, finished_at=now, last_error=detail
    )
    return True


def _take(message: OutboxMessage, *, worker: str, now: datetime) -> DeliveryAttempt | None:
    """Make the message ours by an UPDATE that holds only if nobody changed it since we read it."""
    until = now + LEASE
    taken = OutboxMessage.objects.filter(
        pk=message.pk, state=message.state, attempts=message.attempts, not_before=message.not_before
    ).update(
        state=OutboxMessage.State.CLAIMED,
        claimed_by=worker,
        claimed_until=until,
        not_before=until,
        attempts=message.attempts + 1,
    )
    if not taken:
        return None
    message.refresh_from_db()
    last = message.delivery_attempts.aggregate(last=Max("number"))["last"] or 0
    return DeliveryAttempt.objects.create(message=message, number=last + 1, started_at=now)


def renew_claims(*, worker: str, now: datetime | None = None) -> int:
    """Push the end of this living worker's leases forward and return how many there are; it calls this regularly.

    Without it a send that takes longer than LEASE would be repeated by another worker.
    """
    until = (now or timezone.now()) + LEASE
    claimed = OutboxMessage.objects.filter(state=OutboxMessage.State.CLAIMED, claimed_by=worker)
    if not claimed.exists():
        return 0
    return claimed.update(claimed_until=until, not_before=until)


def deliver(claim: Claim) -> str:
    """Try once to send what was claimed and return the attempt's outcome (DeliveryAttempt.Outcome).

    Refused gives the message up at once. TryLater comes back at its own time or by `backoff`; NotConfigured after
    NOT_CONFIGURED_WAIT. Any other exception is a fault of ours or theirs that nobody foresaw: logged with its trace
    and tried again by `backoff`. After MAX_ATTEMPTS tries the message is given up.
    """
    message = claim.message
    outcome, detail, wait_until = DeliveryAttempt.Outcome.SENT, "", None
    now = timezone.now()
    begun = time.monotonic()
    try:
        handler = handler_for(message.kind)
        handler(message.payload, dedupe_key=message.dedupe_key or f"outbox-{message.pk}")
    except Refused as error:
        outcome, detail = DeliveryAttempt.Outcome.REFUSED, str(error) or "refused"
    except TryLater as error:
        outcome, detail = DeliveryAttempt.Outcome.TRY_LATER, str(error) or "try later"
        now = timezone.now()
        wait_until = now + backoff(message.attempts)
        if error.at is not None:
            wait_until = min(max(error.at, now), now + LONGEST_NAMED_WAIT)
    except NotConfigured as error:
        outcome, detail = DeliveryAttempt.Outcome.NOT_CONFIGURED, str(error) or "not configured"
        wait_until = timezone.now() + NOT_CONFIGURED_WAIT
    except Exception as error:  # whatever a handler does wrong must not stop the others' messages
        outcome, detail = DeliveryAttempt.Outcome.CRASHED, f"{type(error).__name__}: {error}"
        wait_until = timezone.now() + backoff(message.attempts)
        log.exception("a handler failed", extra=_facts(message))
    if message.attempts >= MAX_ATTEMPTS:
        wait_until = None
    _finish(claim, outcome=outcome, detail=detail[:_DETAIL_LENGTH], wait_until=wait_until)
    log.info(
        "outbox message tried",
        extra=_facts(message, outcome=str(outcome), ms=round((time.monotonic() - begun) * 1000), detail=detail),
    )
    return outcome


def _finish(claim: Claim, *, outcome: str, detail: str, wait_until: datetime | None) -> None:
    """Write how the attempt ended; with `wait_until` the message is tried again then, else it is at its end."""
    now = timezone.now()
    row = OutboxMessage.objects.filter(pk=claim.message.pk)
    with transaction.atomic(durable=True):
        DeliveryAttempt.objects.filter(pk=claim.attempt.pk).update(outcome=outcome, detail=detail, ended_at=now)
        if outcome == DeliveryAttempt.Outcome.SENT:
            # Also when the lease was lost meanwhile: it has been sent, so nobody is to send it again.
            row.exclude(state=OutboxMessage.State.SENT).update(
                state=OutboxMessage.State.SENT, finished_at=now, claimed_by="", claimed_until=None, last_error=""
            )
            return
        ours = row.filter(state=OutboxMessage.State.CLAIMED, claimed_by=claim.worker, attempts=claim.message.attempts)
        if wait_until is None:
            ours.update(
                state=OutboxMessage.State.DEAD, finished_at=now, claimed_by="", claimed_until=None, last_error=detail
            )
        else:
            ours.update(
                state=OutboxMessage.State.WAITING,
                not_before=wait_until,
                claimed_by="",
                claimed_until=None,
                last_error=detail,
            )


def deliver_due(*, worker: str, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Send everything that is due, one after the other, and return how many tries that took."""
    tries = 0
    while not should_stop() and (claim := claim_next(worker=worker)):
        deliver(claim)
        tries += 1
    return tries


def _facts(message: OutboxMessage, **more: object) -> dict[str, object]:
    return {"outbox_id": message.pk, "kind": message.kind, "attempts": message.attempts, **more}

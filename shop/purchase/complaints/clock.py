"""What time does to a case: reminds whoever is due, calls the commune over a silent seller, closes what is left lying.

For the clock; may run at any time and on several workers at once: each case is taken by one of them, in a transaction
of its own, and looked at again under its lock.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from shop.outbox.enqueue import enqueue
from shop.purchase.complaints.models import Complaint, ComplaintOffer, State
from shop.purchase.complaints.states import THE_CLOCK, locked_complaint, take_step

log = logging.getLogger(__name__)

AT_ONCE = 200  # cases per run of each kind; the next run takes the rest

# Stored as they stand and translated when shown.
SELLER_SILENT = gettext_noop("The seller did not answer in time.")
NOT_CARRIED_OUT = gettext_noop("What was agreed was not carried out in time.")
BUYER_SILENT = gettext_noop("The buyer did not answer in time.")
NO_OBJECTION = gettext_noop("The buyer has raised no objection in time.")

# Whose time is over → where the case goes. A commune that is late keeps its case; it is told again.
_AFTER_THE_END = {
    State.OPEN: (State.ESCALATED, SELLER_SILENT),
    State.AGREED: (State.ESCALATED, NOT_CARRIED_OUT),
    State.OFFERED: (State.LAPSED, BUYER_SILENT),
    State.REFUSED: (State.LAPSED, BUYER_SILENT),
    State.RETURNING: (State.LAPSED, BUYER_SILENT),
    State.CARRIED_OUT: (State.RESOLVED, NO_OBJECTION),
}


def mind_complaints(now: datetime | None = None) -> int:
    """Remind, escalate, close; returns how many cases were touched."""
    now = now or timezone.now()
    overdue = Complaint.objects.filter(due_at__lt=now, overdue_told_at=None)
    soon = now + timedelta(hours=settings.COMPLAINT_REMIND_BEFORE_HOURS)
    to_remind = Complaint.objects.filter(due_at__gte=now, due_at__lte=soon, reminded_at=None)
    return _each(overdue, lambda case: _end_time(case, now)) + _each(to_remind, lambda case: _remind(case, now, soon))


def _each(found: QuerySet[Complaint], do: Callable[[Complaint], bool]) -> int:
    touched = 0
    for case in found.order_by("due_at", "pk")[:AT_ONCE]:
        with locked_complaint(case) as (_order, fresh):
            touched += do(fresh)
    return touched


def _end_time(case: Complaint, now: datetime) -> bool:
    if case.due_at is None or case.due_at >= now or case.overdue_told_at is not None:
        return False
    if case.state == State.ESCALATED:
        case.overdue_told_at = now
        case.save(update_fields=["overdue_told_at"])
        _tell(case, is_overdue=True)
    else:
        to, text = _AFTER_THE_END[State(case.state)]
        if case.state == State.RETURNING:
            case.remedy = ""  # nothing came back, so nothing stands
        case.offers.filter(state=ComplaintOffer.State.OPEN).update(state=ComplaintOffer.State.REPLACED, answered_at=now)
        take_step(complaint=case, to=to, who=THE_CLOCK, text=text, now=now)
    log.info("complaint overdue", extra={"case": case.number, "state": case.state})
    return True


def _remind(case: Complaint, now: datetime, soon: datetime) -> bool:
    if case.due_at is None or case.reminded_at is not None or not now <= case.due_at <= soon:
        return False
    case.reminded_at = now
    case.save(update_fields=["reminded_at"])
    _tell(case, is_overdue=False)
    return True


def _tell(case: Complaint, *, is_overdue: bool) -> None:
    enqueue(kind="complaint.due", payload={"complaint_id": case.pk, "state": case.state, "is_overdue": is_overdue})

"""What the commune does with a case it was called to: it reads, asks, and closes with its advice. It moves no money."""

from datetime import datetime

from shop.purchase.complaints.models import Complaint, State
from shop.purchase.complaints.states import ComplaintRefused, Who, locked_complaint, take_step
from shop.purchase.complaints.writing import reason_given


def advise(*, complaint: Complaint, who: Who, text: str, now: datetime | None = None) -> Complaint:
    """Close the case with a note that buyer and seller read. What was agreed before stays agreed.

    Raises ComplaintRefused: "no_text", "not_listed" (the commune was not called, or the case has moved on).
    """
    said = reason_given(text)
    with locked_complaint(complaint) as (_order, fresh):
        if fresh.escalated_at is None:
            raise ComplaintRefused("not_listed")
        take_step(complaint=fresh, to=State.ADVISED, who=who, text=said, now=now)
    return fresh

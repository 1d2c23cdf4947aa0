"""What must hold of complaints whatever happened; `manage.py doctor` prints every breach."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from shop.payments.models import Refund
from shop.purchase.complaints.models import MONEY_REMEDIES, Complaint, ComplaintEntry, ComplaintOffer, Remedy, State
from shop.purchase.complaints.states import COMPLAINT_TABLE

CLOCK_GRACE = timedelta(hours=1)


def check_complaints() -> Iterator[str]:
    """Each case is its order's seller's, its story is whole, agreed money has its refund with the very sum offered."""
    yield from _check_links()
    yield from _check_stories()
    yield from _check_refunds()
    yield from _check_offers()
    yield from _check_time()


def _check_links() -> Iterator[str]:
    for case in Complaint.objects.exclude(merchant=F("order__merchant")).iterator():
        yield f"complaint {case.number}: belongs to another business than its order"
    foreign = Complaint.objects.filter(refund__isnull=False).exclude(refund__attempt__order=F("order"))
    for case in foreign.iterator():
        yield f"complaint {case.number}: its refund is another order's"


def _check_stories() -> Iterator[str]:
    reached: dict[int, str] = {}
    steps = ComplaintEntry.objects.exclude(to_state="").order_by("complaint_id", "pk")
    for case_id, from_state, to_state, by in steps.values_list("complaint_id", "from_state", "to_state", "by"):
        if from_state != reached.get(case_id, ""):
            yield f"complaint id {case_id}: step from {from_state!r}, but it was {reached.get(case_id, '')!r}"
        if by not in COMPLAINT_TABLE.get((from_state, to_state), ()):
            yield f"complaint id {case_id}: {from_state} → {to_state} by {by} is not listed"
        reached[case_id] = to_state
    for pk, number, state in Complaint.objects.values_list("pk", "number", "state").iterator():
        if reached.get(pk) != state:
            yield f"complaint {number}: is {state}; its story does not end there"


def _check_refunds() -> Iterator[str]:
    with_money = Complaint.objects.filter(remedy__in=MONEY_REMEDIES).select_related("refund")
    for case in with_money.filter(state=State.RESOLVED).iterator():
        if case.refund is None or case.refund.state != Refund.State.SENT:
            yield f"complaint {case.number}: settled, but its refund was not sent"
    for case in with_money.filter(state__in=[State.AGREED, State.CARRIED_OUT]).iterator():
        if case.refund is None or case.refund.state == Refund.State.WITHDRAWN:
            yield f"complaint {case.number}: {case.state} without a refund"
    agreed = ComplaintOffer.objects.filter(state=ComplaintOffer.State.ACCEPTED, amount_vnd__isnull=False)
    for offer in agreed.filter(complaint__refund__isnull=False).select_related("complaint__refund").iterator():
        refund, case = offer.complaint.refund, offer.complaint
        is_last = not case.offers.filter(state=ComplaintOffer.State.ACCEPTED, pk__gt=offer.pk).exists()
        if is_last and refund is not None and refund.amount_vnd != offer.amount_vnd:
            yield f"complaint {case.number}: {offer.amount_vnd} agreed, {refund.amount_vnd} noted to go back"


def _check_offers() -> Iterator[str]:
    is_open = Q(state=ComplaintOffer.State.OPEN)
    for offer in ComplaintOffer.objects.filter(is_open).exclude(complaint__state=State.OFFERED).iterator():
        yield f"offer {offer.pk}: open although its complaint does not wait for an answer"
    waiting = Complaint.objects.filter(state=State.OFFERED)
    for case in waiting.exclude(offers__state=ComplaintOffer.State.OPEN).iterator():
        yield f"complaint {case.number}: waits for an answer to no offer"
    for offer in ComplaintOffer.objects.exclude(is_open).filter(answered_at=None).iterator():
        yield f"offer {offer.pk}: {offer.state}, nobody knows when"
    named = Complaint.objects.exclude(remedy__in=["", Remedy.OWED_REFUND])
    for case in named.exclude(offers__state=ComplaintOffer.State.ACCEPTED).iterator():
        yield f"complaint {case.number}: {case.remedy} was agreed, no offer says so"


def _check_time() -> Iterator[str]:
    late = Complaint.objects.filter(due_at__lt=timezone.now() - CLOCK_GRACE, overdue_told_at=None)
    for case in late.iterator():
        yield f"complaint {case.number}: {case.state}, due at {case.due_at:%Y-%m-%d %H:%M} UTC, nobody was told"

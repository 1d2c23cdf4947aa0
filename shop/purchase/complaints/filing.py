"""A buyer opens a case: when she may, how much she may send."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from merchants.typed_text import clean_paragraphs
from shop.locks import locked_orders
from shop.order.models import Fulfilment, Order, OrderTransition
from shop.payments.models import Refund
from shop.purchase.complaints.case_number import new_case_number
from shop.purchase.complaints.deadlines import after_working_days, due_at, may_be_filed_until
from shop.purchase.complaints.models import LONGEST_TEXT, UNFINISHED, Complaint, Remedy, State
from shop.purchase.complaints.photos import keep_photos
from shop.purchase.complaints.states import ComplaintRefused, log_filed

SHORTEST_TEXT = 10
MOST_PER_ORDER = 5
Topic = Complaint.Topic


def why_not_file(order: Order, *, now: datetime, refund: Refund | None = None) -> str | None:
    """What stands against a complaint about this order now, or None.

    Codes: "another_open", "too_many", "not_sent_yet" (cancel instead), "too_late", "order_cancelled",
    "refund_not_late_yet". `refund`: about that money only, whatever became of the goods.
    """
    states = list(Complaint.objects.filter(order=order).values_list("state", flat=True))
    if refund is not None:
        return why_not_another(states) or why_not_about_refund(order, refund, now=now)
    return why_not_about_goods(order, states=states, came_at=delivered_at(order), now=now)


def why_not_about_goods(order: Order, *, states: Sequence[str], came_at: datetime | None, now: datetime) -> str | None:
    """The same about the goods, from what is known already: the states of the order's cases, when the goods came."""
    if code := why_not_another(states):
        return code
    if order.fulfilment == Fulfilment.CANCELLED:
        return "order_cancelled"
    if order.fulfilment not in {Fulfilment.SENT, Fulfilment.DELIVERED}:
        return "not_sent_yet"
    return "too_late" if came_at is not None and now > may_be_filed_until(came_at) else None


def why_not_another(states: Sequence[str]) -> str | None:
    """What the order's other cases say against one more."""
    if any(state in UNFINISHED for state in states):
        return "another_open"
    return "too_many" if len(states) >= MOST_PER_ORDER else None


def why_not_about_refund(order: Order, refund: Refund, *, now: datetime) -> str | None:
    """What stands against a case about this money: it must be said to be sent, or be late. The attempt is fetched."""
    if refund.attempt.order_id != order.pk or refund.state == Refund.State.WITHDRAWN:
        return "nothing_owed"
    if refund.state == Refund.State.SENT:
        return None
    late = after_working_days(refund.created_at, settings.COMPLAINT_CARRY_OUT_WORKING_DAYS)
    return None if now > late else "refund_not_late_yet"


def delivered_at(order: Order) -> datetime | None:
    """When buyer or seller said that the goods had come; None before."""
    if order.fulfilment != Fulfilment.DELIVERED:
        return None
    steps = OrderTransition.objects.filter(
        order=order, axis=OrderTransition.Axis.FULFILMENT, to_state=Fulfilment.DELIVERED
    )
    return steps.order_by("-pk").values_list("at", flat=True).first()


def refund_to_ask_about(order: Order, *, now: datetime) -> Refund | None:
    """Money the buyer may open a case about: said to be sent, or not sent although its time is over."""
    rows = Refund.objects.filter(attempt__order=order).exclude(state=Refund.State.WITHDRAWN).select_related("attempt")
    return next((row for row in rows.order_by("-pk") if why_not_about_refund(order, row, now=now) is None), None)


def file_complaint(
    *,
    order: Order,
    topic: str,
    wish: str,
    text: str,
    photos: Sequence[bytes] = (),
    refund: Refund | None = None,
    now: datetime | None = None,
) -> Complaint:
    """Open a case about one order; the seller's time to answer begins.

    About money that is owed already (`refund`, topic "refund_missing") nothing is left to agree: that case begins as
    agreed. Raises ComplaintRefused with a code of `why_not_file`, "no_text", "not_about_money", "too_many_photos".
    Pressing twice opens one case: the second is refused with "another_open".
    """
    now = now or timezone.now()
    if topic not in Topic.values or wish not in Complaint.Wish.values:
        raise ComplaintRefused("not_listed", topic)
    if (topic == Topic.REFUND_MISSING) != (refund is not None):
        raise ComplaintRefused("not_about_money")
    said = clean_paragraphs(text, longest=LONGEST_TEXT)
    if len(said) < SHORTEST_TEXT:
        raise ComplaintRefused("no_text")
    with locked_orders(order_ids=[order.pk], with_stock=False) as rows:
        fresh: Order = rows.orders[order.pk]
        if refund is not None:
            refund.refresh_from_db()
        if fresh.merchant is None:
            raise ComplaintRefused("not_listed", "an order of no business")
        if code := why_not_file(fresh, now=now, refund=refund):
            raise ComplaintRefused(code)
        state = State.OPEN if refund is None else State.AGREED
        complaint = Complaint.objects.create(
            number=_fresh_number(),
            order=fresh,
            merchant=fresh.merchant,
            topic=topic,
            wish=wish,
            state=state,
            remedy=Remedy.OWED_REFUND if refund else "",
            refund=refund,
            due_at=due_at(state, now=now),
            filed_at=now,
        )
        keep_photos(log_filed(complaint=complaint, text=said, now=now), photos)
        return complaint


def _fresh_number() -> str:
    while Complaint.objects.filter(number=(number := new_case_number())).exists():
        pass
    return number

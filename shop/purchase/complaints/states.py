"""The steps of a complaint: the table of what may follow what and by whom, and the only code that takes them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from merchants import audit
from merchants.models import Merchant
from shop.locks import locked_orders
from shop.order.models import Order, OrderTransition
from shop.outbox.enqueue import enqueue
from shop.purchase.complaints.deadlines import due_at
from shop.purchase.complaints.models import UNFINISHED, Complaint, ComplaintEntry, ComplaintOffer, State
from shop.users.models import User

By = OrderTransition.By

_BUYER = frozenset({By.BUYER})
_SELLER = frozenset({By.SELLER})
_BUYER_OR_CLOCK = frozenset({By.BUYER, By.SYSTEM})
_CLOCK = frozenset({By.SYSTEM})

COMPLAINT_TABLE: Mapping[tuple[str, str], frozenset[str]] = {
    ("", State.OPEN): _BUYER,
    ("", State.AGREED): _BUYER,  # about money that is owed already there is nothing to agree
    (State.OPEN, State.OFFERED): _SELLER,
    (State.OPEN, State.REFUSED): _SELLER,
    (State.OPEN, State.ESCALATED): _BUYER_OR_CLOCK,  # once the seller's time to answer is over
    (State.OPEN, State.WITHDRAWN): _BUYER,
    (State.OFFERED, State.OFFERED): _SELLER,  # another offer in place of the first
    (State.OFFERED, State.AGREED): _BUYER,
    (State.OFFERED, State.RETURNING): _BUYER,
    (State.OFFERED, State.OPEN): _BUYER,  # declined: the seller may think again
    (State.OFFERED, State.ESCALATED): _BUYER,
    (State.OFFERED, State.WITHDRAWN): _BUYER,
    (State.OFFERED, State.LAPSED): _CLOCK,
    (State.REFUSED, State.OFFERED): _SELLER,
    (State.REFUSED, State.ESCALATED): _BUYER,
    (State.REFUSED, State.WITHDRAWN): _BUYER,
    (State.REFUSED, State.LAPSED): _CLOCK,
    (State.RETURNING, State.AGREED): frozenset({By.BUYER, By.SELLER}),  # the goods were sent back, or are there
    (State.RETURNING, State.WITHDRAWN): _BUYER,
    (State.RETURNING, State.LAPSED): _CLOCK,
    (State.AGREED, State.AGREED): _SELLER,  # the goods are back: the money is due sooner
    (State.AGREED, State.CARRIED_OUT): _SELLER,
    (State.AGREED, State.ESCALATED): _BUYER_OR_CLOCK,  # once the time to carry it out is over
    (State.AGREED, State.WITHDRAWN): _BUYER_OR_CLOCK,  # the clock: the order goes on, nothing is owed any more
    (State.CARRIED_OUT, State.RESOLVED): _BUYER_OR_CLOCK,
    (State.CARRIED_OUT, State.AGREED): frozenset({By.BUYER, By.SELLER}),  # "not seen"; the seller was wrong
    (State.CARRIED_OUT, State.ESCALATED): _BUYER,
    (State.ESCALATED, State.OFFERED): _SELLER,
    (State.ESCALATED, State.CARRIED_OUT): _SELLER,  # where something was agreed before
    (State.ESCALATED, State.ADVISED): frozenset({By.OFFICER}),
    (State.ESCALATED, State.WITHDRAWN): _BUYER_OR_CLOCK,
    (State.ADVISED, State.OFFERED): _SELLER,  # she follows the advice
    (State.ADVISED, State.CARRIED_OUT): _SELLER,
    (State.LAPSED, State.ESCALATED): _BUYER,
    (State.RESOLVED, State.AGREED): _SELLER,  # she was wrong: the money was not sent
}


class ComplaintRefused(Exception):
    """The step did not happen and nothing changed; `code` is a key of shop.purchase.complaints.words."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


@dataclass(frozen=True)
class Who:
    """Who acts; a buyer without an account, and the clock, have no `user`."""

    by: str
    user: User | None = None
    on_behalf_of: Merchant | None = None
    request: HttpRequest | None = None


THE_BUYER = Who(By.BUYER)
THE_CLOCK = Who(By.SYSTEM)


def check_listed(*, from_state: str, to_state: str, by: str) -> None:
    """Raise ComplaintRefused("not_listed" or "not_yours") unless the table lists this step for this actor."""
    allowed = COMPLAINT_TABLE.get((from_state, to_state))
    if allowed is None:
        raise ComplaintRefused("not_listed", f"{from_state} → {to_state}")
    if by not in allowed:
        raise ComplaintRefused("not_yours", f"{from_state} → {to_state} by {by}")


def may_go(complaint: Complaint, to: str, *, by: str) -> bool:
    """Whether the table lists this step for this actor now; what else stands against it is the verb's to say."""
    return by in COMPLAINT_TABLE.get((complaint.state, to), ())


@contextmanager
def locked_complaint(complaint: Complaint) -> Iterator[tuple[Order, Complaint]]:
    """Lock the order with its attempts, then the complaint; hand both out fresh."""
    with locked_orders(order_ids=[complaint.order_id], with_stock=False) as rows:
        fresh = (
            Complaint.objects.select_for_update(of=("self",))
            .select_related("merchant__commune", "refund__attempt")
            .get(pk=complaint.pk)
        )
        yield rows.orders[complaint.order_id], fresh


def take_step(
    *,
    complaint: Complaint,
    to: str,
    who: Who,
    text: str = "",
    offer: ComplaintOffer | None = None,
    now: datetime | None = None,
) -> ComplaintEntry:
    """Bring a locked complaint into a state, with its deadline, its line in the case, and the news to whom it concerns.

    Fields that the caller set on the complaint (remedy, refund, goods_back_at …) are saved with it.
    """
    now = now or timezone.now()
    before = complaint.state
    check_listed(from_state=before, to_state=to, by=who.by)
    if to in UNFINISHED and before not in UNFINISHED and _another_is_open(complaint):
        raise ComplaintRefused("another_open")
    complaint.state = to
    complaint.due_at = due_at(to, now=now, remedy=complaint.remedy, goods_are_back=complaint.goods_back_at is not None)
    complaint.reminded_at = complaint.overdue_told_at = None
    complaint.closed_at = None if to in UNFINISHED else now
    if to == State.ESCALATED:
        complaint.escalated_at = complaint.escalated_at or now
    complaint.save()
    return _write_entry(complaint, from_state=before, to_state=to, who=who, text=text, offer=offer, now=now)


def log_filed(*, complaint: Complaint, text: str, now: datetime) -> ComplaintEntry:
    """Begin the case of a complaint that was just inserted."""
    check_listed(from_state="", to_state=complaint.state, by=By.BUYER)
    return _write_entry(complaint, from_state="", to_state=complaint.state, who=THE_BUYER, text=text, now=now)


def log_message(*, complaint: Complaint, who: Who, text: str, now: datetime) -> ComplaintEntry:
    """Add something said; the state stays."""
    return _write_entry(complaint, from_state="", to_state="", who=who, text=text, now=now)


def _another_is_open(complaint: Complaint) -> bool:
    others = Complaint.objects.filter(order_id=complaint.order_id, state__in=UNFINISHED)
    return others.exclude(pk=complaint.pk).exists()


def _write_entry(
    complaint: Complaint,
    *,
    from_state: str,
    to_state: str,
    who: Who,
    text: str,
    now: datetime,
    offer: ComplaintOffer | None = None,
) -> ComplaintEntry:
    entry = ComplaintEntry.objects.create(
        complaint=complaint,
        by=who.by,
        actor=who.user,
        text=text,
        from_state=from_state,
        to_state=to_state,
        offer=offer,
        at=now,
    )
    enqueue(kind="complaint.changed", payload={"complaint_id": complaint.pk, "entry_id": entry.pk})
    if to_state:
        after = {"state": to_state, "case": complaint.number}
        if offer is not None:
            after |= {"offer": offer.kind, "amount_vnd": str(offer.amount_vnd or "")}
        audit.record(
            action=f"complaint.{to_state}",
            obj=complaint,
            actor=who.user,
            actor_label="" if who.user else str(who.by),
            on_behalf_of=who.on_behalf_of,
            commune=complaint.merchant.commune,
            before={"state": from_state} if from_state else None,
            after=after,
            request=who.request,
        )
    return entry

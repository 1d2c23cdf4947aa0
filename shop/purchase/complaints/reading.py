"""A case as the pages show it, to buyer, seller or officer. Reads only; a bounded number of queries."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from merchants.money import format_dong
from shop.order.models import OrderTransition
from shop.payments.models import Refund
from shop.purchase.complaints.models import (
    UNFINISHED,
    Complaint,
    ComplaintEntry,
    ComplaintOffer,
    ComplaintPhoto,
    Remedy,
)
from shop.purchase.complaints.words import NEXT, OVERDUE, PILLS, WHOSE_TURN, step_words

By = OrderTransition.By


@dataclass(frozen=True)
class EntryView:
    """One line of the case. `what` names the step, `text` is what was said; either may be empty."""

    who: str
    is_mine: bool
    what: str
    offer: str
    text: str
    at: datetime
    photo_urls: Sequence[str]


@dataclass(frozen=True)
class OfferView:
    """The offer that stands."""

    id: int
    kind: str
    words: str
    amount: Decimal | None


@dataclass(frozen=True)
class RefundView:
    """The agreed money: `state` is due, sent or withdrawn."""

    id: int
    amount: Decimal
    state: str
    sent_at: datetime | None
    not_seen_at: datetime | None


@dataclass(frozen=True)
class CaseView:
    """The whole case for one reader."""

    number: str
    order_number: str
    merchant_name: str
    buyer_name: str
    topic: str
    wish: str
    state: str
    pill: str
    pill_css: str
    next: str
    due_at: datetime | None
    is_overdue: bool
    is_my_turn: bool
    is_open: bool
    is_before_commune: bool
    remedy: str
    remedy_words: str
    offer: OfferView | None
    refund: RefundView | None
    goods_are_back: bool
    filed_at: datetime
    entries: Sequence[EntryView]


@dataclass(frozen=True)
class CaseRow:
    """One case on a list."""

    number: str
    order_number: str
    merchant_name: str
    buyer_name: str
    topic: str
    pill: str
    pill_css: str
    due_at: datetime | None
    is_overdue: bool
    is_my_turn: bool
    filed_at: datetime


def offer_words(kind: str, amount: Decimal | None) -> str:
    """An offer in one sentence, as both read it."""
    sums = {"sum": format_dong(amount or 0)}
    return {
        Remedy.REPLACEMENT: _("Send the goods anew"),
        Remedy.PART_REFUND: _("Pay back %(sum)s, the buyer keeps the goods") % sums,
        Remedy.FULL_REFUND: _("Pay back everything: %(sum)s") % sums,
        Remedy.RETURN_REFUND: _("The buyer sends the goods back, then gets %(sum)s") % sums,
        Remedy.OWED_REFUND: _("Pay back what is owed"),
    }[Remedy(kind)]


def case_view(complaint: Complaint, *, reader: str, photo_url: Callable[[ComplaintPhoto], str]) -> CaseView:
    """Read the case for one reader; `photo_url` gives the address under which she may see a photo. Four queries."""
    now = timezone.now()
    offers = {offer.pk: offer for offer in complaint.offers.all()}
    standing = next((offer for offer in offers.values() if offer.state == ComplaintOffer.State.OPEN), None)
    accepted = [offer for offer in offers.values() if offer.state == ComplaintOffer.State.ACCEPTED]
    entries = complaint.entries.select_related("actor").prefetch_related("photos").order_by("pk")
    facts = _facts(complaint)
    return CaseView(
        number=complaint.number,
        order_number=complaint.order.number,
        merchant_name=facts["merchant"],
        buyer_name=facts["buyer"],
        topic=complaint.get_topic_display(),
        wish=complaint.get_wish_display(),
        state=complaint.state,
        pill=complaint.get_state_display(),
        pill_css=PILLS[complaint.state],
        next=_next_words(complaint, reader, now),
        due_at=complaint.due_at,
        is_overdue=_is_overdue(complaint, now),
        is_my_turn=WHOSE_TURN.get(complaint.state) == reader,
        is_open=complaint.state in UNFINISHED,
        is_before_commune=complaint.escalated_at is not None,
        remedy=complaint.remedy,
        remedy_words=_remedy_words(complaint, accepted),
        offer=_offer_view(standing),
        refund=_refund_view(complaint.refund),
        goods_are_back=complaint.goods_back_at is not None,
        filed_at=complaint.filed_at,
        entries=[_entry_view(entry, offers, facts, reader, photo_url) for entry in entries],
    )


def case_rows(complaints: Iterable[Complaint], *, reader: str) -> list[CaseRow]:
    """Rows for a page of cases, fetched with order__purchase and merchant; no query of its own."""
    now = timezone.now()
    rows = []
    for complaint in complaints:
        facts = _facts(complaint)
        rows.append(
            CaseRow(
                number=complaint.number,
                order_number=complaint.order.number,
                merchant_name=facts["merchant"],
                buyer_name=facts["buyer"],
                topic=complaint.get_topic_display(),
                pill=complaint.get_state_display(),
                pill_css=PILLS[complaint.state],
                due_at=complaint.due_at,
                is_overdue=_is_overdue(complaint, now),
                is_my_turn=WHOSE_TURN.get(complaint.state) == reader,
                filed_at=complaint.filed_at,
            )
        )
    return rows


def _facts(complaint: Complaint) -> dict[str, str]:
    purchase = complaint.order.purchase
    return {
        "merchant": complaint.merchant.name,
        "buyer": purchase.buyer_name if purchase is not None else _("A buyer"),
        "day": timezone.localtime(complaint.due_at).strftime("%d/%m/%Y") if complaint.due_at else "",
    }


def _is_overdue(complaint: Complaint, now: datetime) -> bool:
    return complaint.due_at is not None and complaint.due_at < now


def _next_words(complaint: Complaint, reader: str, now: datetime) -> str:
    facts = _facts(complaint)
    words = str(NEXT[complaint.state, reader]) % facts
    return f"{OVERDUE % facts} {words}" if _is_overdue(complaint, now) else words


def _remedy_words(complaint: Complaint, accepted: list[ComplaintOffer]) -> str:
    if not complaint.remedy:
        return ""
    amount = accepted[-1].amount_vnd if accepted else None
    return offer_words(complaint.remedy, amount)


def _offer_view(offer: ComplaintOffer | None) -> OfferView | None:
    if offer is None:
        return None
    return OfferView(offer.pk, offer.kind, offer_words(offer.kind, offer.amount_vnd), offer.amount_vnd)


def _refund_view(refund: Refund | None) -> RefundView | None:
    if refund is None:
        return None
    return RefundView(refund.pk, refund.amount_vnd, refund.state, refund.sent_at, refund.buyer_says_not_seen_at)


def _entry_view(
    entry: ComplaintEntry,
    offers: dict[int, ComplaintOffer],
    facts: dict[str, str],
    reader: str,
    photo_url: Callable[[ComplaintPhoto], str],
) -> EntryView:
    offer = offers.get(entry.offer_id or 0)
    return EntryView(
        who=_who(entry, facts),
        is_mine=entry.by == reader,
        what=step_words(entry.from_state, entry.to_state, entry.by),
        offer=offer_words(offer.kind, offer.amount_vnd) if offer else "",
        text=_(entry.text) if entry.by == By.SYSTEM and entry.text else entry.text,
        at=entry.at,
        photo_urls=[photo_url(photo) for photo in entry.photos.all()],
    )


def _who(entry: ComplaintEntry, facts: dict[str, str]) -> str:
    """Name the speaker: buyer and business by name, the officer as the commune, the clock as the system."""
    match entry.by:
        case By.BUYER:
            return facts["buyer"]
        case By.SELLER:
            return facts["merchant"]
        case By.OFFICER:
            return pgettext("who did it", "The commune")
    return pgettext("who did it", "The system")

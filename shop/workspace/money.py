"""The producer's money: "it is there", "not seen", cash, refunds, and what to do with money nobody could match.

What the seller says and what the bank reports stay apart on every page. Each button goes through shop.payments.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from merchants.models import Merchant
from merchants.money import DongRefused, format_dong, parse_dong
from merchants.permissions import Act, find_permitted, request_grants
from shop.locks import locked_orders
from shop.order.models import Fulfilment, Order, OrderTransition, Payment, PaymentMethod
from shop.order.reference import find_references
from shop.payments import by_word, decisions, refunds
from shop.payments.errors import CannotAccept, PaymentRefused
from shop.payments.models import Allocation, Receipt, Refund
from shop.payments.screenshots import screenshot_answer
from shop.purchase.states import TransitionRefused
from shop.workspace.frame import TO_DECIDE, helped_merchant
from shop.workspace.order_lists import EVIDENCE_GROUPS, claimed, orders_visible_to
from shop.workspace.order_page import EVIDENCE_LABELS, excess_to_note, latest_attempt, undo_way
from shop.workspace.orders import producers_orders
from shop.workspace.refusals import words_for

PAGE_SIZE = 20
DOUBTFUL_LIMIT = 50
CANDIDATES_LIMIT = 60
CANDIDATE_AGE = timedelta(days=60)
TOO_MUCH_CAME = gettext_noop("More came than the order asked for.")
State = Receipt.State


def _attempt(request: HttpRequest, act: Act, number: str) -> Any:
    """The order and its attempt for a button; Http404 for anything foreign."""
    order = find_permitted(request, act, producers_orders(), number=number)
    return order, latest_attempt(order)


def _press(request: HttpRequest, order: Order, do: Callable[[], object], done: str) -> HttpResponse:
    """Do it and say how it went; back to the order."""
    try:
        do()
    except (PaymentRefused, CannotAccept, TransitionRefused) as refusal:
        messages.error(request, words_for(refusal.code))
    else:
        messages.success(request, done)
    return redirect("workspace:order", number=order.number)


def _who(request: HttpRequest, merchant: Merchant | None) -> dict[str, Any]:
    """Who acts, for whom: what every function of shop.payments writes down."""
    helped = helped_merchant(request, merchant) if merchant is not None else None
    return {"actor": request.user, "on_behalf_of": helped, "request": request}


@login_required
@require_POST
def money_in(request: HttpRequest, number: str) -> HttpResponse:
    """ "Tiền đã về", with the amount that came."""
    order, attempt = _attempt(request, Act.MONEY_CONFIRM, number)
    if attempt is None:
        messages.error(request, words_for("no_attempt"))
        return redirect("workspace:order", number=order.number)
    try:
        amount = parse_dong(request.POST.get("amount", ""))
        seen = request.POST.get("seen", "")
        seen_allocated = Decimal(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 15 else None
    except DongRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("workspace:order", number=order.number)

    def do() -> None:
        by_word.sellers_word(
            attempt=attempt, amount_vnd=amount, seen_allocated_vnd=seen_allocated, **_who(request, order.merchant)
        )

    done = _("Noted: %(amount)s came for order %(number)s. The buyer sees it.")
    return _press(request, order, do, done % {"amount": format_dong(amount), "number": order.number})


@login_required
@require_POST
def not_seen(request: HttpRequest, number: str) -> HttpResponse:
    """ "Chưa thấy"; pressed with take_back=1 it takes that back."""
    order, attempt = _attempt(request, Act.MONEY_CONFIRM, number)
    if attempt is None:
        messages.error(request, words_for("no_attempt"))
        return redirect("workspace:order", number=order.number)
    who = _who(request, order.merchant)
    if request.POST.get("take_back") == "1":
        return _press(request, order, lambda: by_word.undo_not_seen(attempt=attempt, **who), _("Taken back."))
    done = _("Noted: the money is not there yet. The buyer sees it.")
    return _press(request, order, lambda: by_word.seller_not_seen(attempt=attempt, **who), done)


@login_required
@require_safe
def screenshot(request: HttpRequest, number: str) -> HttpResponse:
    """The buyer's screenshot, for those who may answer for the account; anybody else meets a 404."""
    _order, attempt = _attempt(request, Act.MONEY_CONFIRM, number)
    return screenshot_answer(attempt)


@login_required
@require_POST
def cash(request: HttpRequest, number: str) -> HttpResponse:
    """ "Đã thu tiền": the whole amount, in cash."""
    order = find_permitted(request, Act.MONEY_CONFIRM, producers_orders(), number=number)
    who = _who(request, order.merchant)
    done = _("Noted: cash received. You can take this back within 24 hours.")
    return _press(request, order, lambda: by_word.cash_collected(order=order, **who), done)


@login_required
@require_POST
def excess(request: HttpRequest, number: str) -> HttpResponse:
    """Note that what came above the order's total goes back."""
    order, attempt = _attempt(request, Act.REFUND_SEND, number)

    def do() -> None:
        if attempt is None:
            raise PaymentRefused("no_attempt")
        with locked_orders(order_ids=[order.pk], with_stock=False) as rows:
            amount = excess_to_note(rows.orders[order.pk])
            if not amount:  # noted meanwhile, or by the first of two presses
                raise PaymentRefused("changed_meanwhile")
            refunds.refund_due(
                attempt=attempt,
                amount_vnd=amount,
                reason=TOO_MUCH_CAME,
                by=OrderTransition.By.SELLER,
                **_who(request, order.merchant),
            )

    return _press(request, order, do, _("Noted. Send it back from your bank's app, then say so here."))


@login_required
@require_POST
def refund(request: HttpRequest, pk: int) -> HttpResponse:
    """ "Đã hoàn tiền"; take_back=1 undoes it."""
    found = find_permitted(request, Act.REFUND_SEND, Refund.objects.select_related("attempt__order__merchant"), pk=pk)
    order = found.attempt.order
    who = _who(request, order.merchant)
    if request.POST.get("take_back") == "1":
        return _press(request, order, lambda: refunds.undo_refund_sent(refund=found, **who), _("Taken back."))
    done = _("Noted: %(amount)s went back to the buyer.") % {"amount": format_dong(found.amount_vnd)}
    return _press(request, order, lambda: refunds.mark_refund_sent(refund=found, **who), done)


# --- money that came ---


@dataclass(frozen=True)
class Candidate:
    """An order that a doubtful sum may pay."""

    number: str
    label: str


@dataclass(frozen=True)
class DoubtfulRow:
    """A sum that waits for a person."""

    id: int
    amount: Decimal
    left: Decimal
    when: datetime
    text: str
    reason_text: str
    merchant_name: str
    likely: str  # number of the order it most likely pays, or empty
    candidates: list[Candidate]


@dataclass(frozen=True)
class SettledRow:
    """A sum that found its order, or was set aside."""

    id: int
    amount: Decimal
    when: datetime
    label: str
    group: str
    is_set_aside: bool
    order_numbers: list[str]
    undo: str


def receipts_visible_to(request: HttpRequest) -> QuerySet[Receipt]:
    return Receipt.objects.filter(merchant_id__in=request_grants(request).merchant_ids(Act.MONEY_VIEW))


@login_required
@never_cache
@require_safe
def receipts(request: HttpRequest) -> HttpResponse:
    """Doubtful sums first, each with the orders it may pay; below, what was settled."""
    visible = receipts_visible_to(request)
    doubtful = list(
        visible.filter(state__in=TO_DECIDE).select_related("merchant").order_by("-received_at", "-pk")[:DOUBTFUL_LIMIT]
    )
    standing = Allocation.objects.filter(undone_at__isnull=True).select_related("attempt__order")
    settled = (
        visible.filter(state__in=[State.MATCHED, State.SET_ASIDE])
        .prefetch_related(Prefetch("allocations", standing, to_attr="standing"))
        .order_by("-received_at", "-pk")
    )
    page = Paginator(settled, PAGE_SIZE).get_page(request.GET.get("trang"))
    grants = request_grants(request)
    context = {
        "section": "receipts",
        "claims": claimed(orders_visible_to(grants)).count(),
        "doubtful": _doubtful_rows(doubtful),
        "page": page,
        "settled": [_settled_row(receipt) for receipt in page.object_list],
        "may_decide": bool(grants.merchant_ids(Act.RECEIPT_DECIDE)),
        "several_merchants": len(grants.merchant_ids(Act.MONEY_VIEW)) > 1,
    }
    return render(request, "workspace/receipts.html", context)


def _doubtful_rows(doubtful: list[Receipt]) -> list[DoubtfulRow]:
    """Two queries however many there are: the sums' merchants' open orders are read once."""
    merchants = {receipt.merchant_id for receipt in doubtful}
    waiting = (
        Order.objects.filter(
            merchant_id__in=merchants,
            payment_method=PaymentMethod.TRANSFER,
            date_placed__gte=timezone.now() - CANDIDATE_AGE,
        )
        .filter(
            Q(payment__in=[Payment.AWAITING, Payment.PART_PAID])
            | Q(payment=Payment.PAID, fulfilment__in=[Fulfilment.PLACED, Fulfilment.CONFIRMED, Fulfilment.PACKED])
        )
        .select_related("purchase")
        .order_by("-date_placed", "-pk")
    )
    by_merchant: dict[int | None, list[Order]] = {}
    for order in waiting[: CANDIDATES_LIMIT * max(1, len(merchants))]:
        by_merchant.setdefault(order.merchant_id, []).append(order)
    rows = []
    for receipt in doubtful:
        orders = by_merchant.get(receipt.merchant_id, [])[:CANDIDATES_LIMIT]
        rows.append(
            DoubtfulRow(
                id=receipt.pk,
                amount=receipt.amount_vnd,
                left=receipt.amount_vnd - receipt.allocated_vnd,
                when=receipt.occurred_at,
                text=receipt.memo,
                reason_text=receipt.get_reason_display(),
                merchant_name=receipt.merchant.name if receipt.merchant else "",
                likely=_likely_order(receipt, orders),
                candidates=[Candidate(order.number, _candidate_label(order)) for order in orders],
            )
        )
    return rows


def _candidate_label(order: Order) -> str:
    buyer = order.purchase.buyer_name if order.purchase else ""
    return f"{order.number} · {buyer} · {format_dong(order.total_incl_tax)}"


def _likely_order(receipt: Receipt, orders: list[Order]) -> str:
    """The order whose number stands in the text; else the only one that asks for exactly this amount."""
    named = {reference.number for reference in find_references(receipt.memo)}
    by_name = [order.number for order in orders if order.number in named]
    if len(by_name) == 1:
        return by_name[0]
    left = receipt.amount_vnd - receipt.allocated_vnd
    by_amount = [order.number for order in orders if order.total_incl_tax - order.received_vnd == left]
    return by_amount[0] if len(by_amount) == 1 else ""


def _settled_row(receipt: Receipt) -> SettledRow:
    standing: list[Allocation] = receipt.standing  # type: ignore[attr-defined]  # the Prefetch above
    group = EVIDENCE_GROUPS[receipt.evidence]
    is_set_aside = receipt.state == State.SET_ASIDE
    by_hand = any(allocation.made_by_id is not None for allocation in standing)
    return SettledRow(
        id=receipt.pk,
        amount=receipt.amount_vnd,
        when=receipt.occurred_at,
        label=str(EVIDENCE_LABELS[group]),
        group=group,
        is_set_aside=is_set_aside,
        order_numbers=[allocation.attempt.order.number for allocation in standing],
        undo="decision" if is_set_aside else undo_way(receipt, by_hand=by_hand),
    )


def _decide(request: HttpRequest, do: Callable[[], object], done: str) -> HttpResponse:
    try:
        do()
    except (PaymentRefused, CannotAccept, TransitionRefused) as refusal:
        messages.error(request, words_for(refusal.code))
    else:
        messages.success(request, done)
    return redirect("workspace:receipts")


def _receipt(request: HttpRequest, pk: int, act: Act = Act.RECEIPT_DECIDE) -> Receipt:
    return find_permitted(request, act, Receipt.objects.select_related("merchant__commune"), pk=pk)


@login_required
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a doubtful sum against the order that was chosen."""
    receipt = _receipt(request, pk)
    number = request.POST.get("order", "")
    order = find_permitted(request, Act.RECEIPT_DECIDE, producers_orders(), number=number) if number else None

    def do() -> None:
        if order is None:
            raise PaymentRefused("no_attempt")
        decisions.accept_receipt(receipt=receipt, order=order, **_who(request, receipt.merchant))

    return _decide(request, do, _("Accepted for order %(number)s.") % {"number": number})


@login_required
@require_POST
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a sum belongs to no order here."""
    receipt = _receipt(request, pk)
    who = _who(request, receipt.merchant)
    return _decide(request, lambda: decisions.set_aside(receipt=receipt, **who), _("Set aside."))


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a word, a cash payment or a decision back, whichever this receipt is; returns to where it was pressed."""
    receipt = _receipt(request, pk, Act.MONEY_CONFIRM)
    who = _who(request, receipt.merchant)
    undo_one: dict[str, Callable[..., Receipt]] = {
        Receipt.Evidence.SELLERS_WORD: by_word.undo_sellers_word,
        Receipt.Evidence.CASH: by_word.undo_cash_collected,
    }
    answer = _decide(
        request, lambda: undo_one.get(receipt.evidence, decisions.undo)(receipt=receipt, **who), _("Taken back.")
    )
    number = request.POST.get("order", "")
    if number:
        order = find_permitted(request, Act.ORDER_VIEW, producers_orders(), number=number)
        return redirect("workspace:order", number=order.number)
    return answer

"""The producer's orders: list, one order, its steps, the pack list. What an order shows is read in order_page.py."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from merchants import audit
from merchants.models import Merchant
from merchants.permissions import Act, find_permitted, request_grants
from merchants.spreadsheet_files import TYPES
from merchants.typed_text import clean_line, typed_in
from shop.order.models import Fulfilment, Order, OrderTransition
from shop.partner.stock import StockRefused
from shop.purchase.models import InvoiceRequest
from shop.purchase.states import TransitionRefused, advance_fulfilment
from shop.users.signed_in import signed_in
from shop.workspace.complaint_lists import complaints_of_order
from shop.workspace.frame import helped_merchant
from shop.workspace.order_lists import (
    CLAIMED,
    REFUND,
    counts_by_state,
    evidence_of,
    in_state,
    orders_visible_to,
    rows_of,
    search_orders,
)
from shop.workspace.order_page import (
    ACT_OF_STEP,
    CANCEL_REASONS,
    SURE_BEFORE,
    events_of,
    lines_of_orders,
    may_cancel,
    money_part,
    next_actions,
    order_facts,
)
from shop.workspace.orders_export import MOST_ROWS, orders_file
from shop.workspace.refusals import words_for

PAGE_SIZE = 20
PACK_LIST_LIMIT = 100
TABS = (
    ("", gettext_lazy("All")),
    (CLAIMED, gettext_lazy("Buyer says: transferred")),
    (Fulfilment.PLACED, gettext_lazy("New")),
    (Fulfilment.CONFIRMED, gettext_lazy("To pack")),
    (Fulfilment.PACKED, gettext_lazy("Packed")),
    (Fulfilment.SENT, gettext_lazy("On the way")),
    (Fulfilment.DELIVERED, gettext_lazy("Delivered")),
    (Fulfilment.CANCELLED, gettext_lazy("Cancelled")),
    (REFUND, gettext_lazy("To pay back")),
)
SHOWN_WHEN_NEEDED = {CLAIMED, REFUND}
DONE = {
    Fulfilment.CONFIRMED: gettext_lazy("Order %(number)s is confirmed. The buyer is told."),
    Fulfilment.PACKED: gettext_lazy("Order %(number)s is packed."),
    Fulfilment.SENT: gettext_lazy("Order %(number)s is sent. The buyer is told."),
    Fulfilment.DELIVERED: gettext_lazy("Order %(number)s is delivered."),
    Fulfilment.CANCELLED: gettext_lazy("Order %(number)s is cancelled. The buyer is told."),
}


def producers_orders() -> Any:
    return Order.objects.select_related("merchant__commune", "purchase", "shipping_address")


@login_required
@never_cache
@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """Unanswered claims first, then the newest; by state, with a search; orders nobody has opened are marked."""
    grants = request_grants(request)
    orders = orders_visible_to(grants)
    state = request.GET.get("loc", "")
    words = clean_line(request.GET.get("q", ""))
    counts = counts_by_state(orders)
    counts[""] = sum(number for key, number in counts.items() if key not in SHOWN_WHEN_NEEDED)
    found = search_orders(in_state(orders, state), words)
    page = Paginator(found.select_related("merchant", "purchase", "shipping_address"), PAGE_SIZE).get_page(
        request.GET.get("trang")
    )
    address = reverse("workspace:orders")
    context = {
        "section": "orders",
        "tabs": [
            {
                "label": label,
                "url": f"{address}?loc={key}" if key else address,
                "is_current": key == state,
                "count": counts.get(key, 0),
            }
            for key, label in TABS
            if key not in SHOWN_WHEN_NEEDED or counts.get(key) or key == state
        ],
        "page": page,
        "rows": rows_of(list(page.object_list)),
        "words": words,
        "state": state,
        "may_export": bool(grants.merchant_ids(Act.MONEY_CONFIRM)),
        "several_merchants": len(grants.merchant_ids(Act.ORDER_VIEW)) > 1,
    }
    return render(request, "workspace/orders.html", context)


@login_required
@never_cache
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The orders of the list, by the same ?loc= and ?q=, as a table; ?dang=csv, else xlsx. Each one taken is noted.

    It holds many buyers' names and phones at once, so it is for those who answer for the money, not for helpers.
    """
    merchants = request_grants(request).merchant_ids(Act.MONEY_CONFIRM)
    if not merchants:
        raise Http404("exports nothing")
    orders = orders_visible_to(request_grants(request)).filter(merchant_id__in=merchants)
    found = search_orders(in_state(orders, request.GET.get("loc", "")), clean_line(request.GET.get("q", "")))
    rows = list(found.select_related("merchant__commune", "purchase", "shipping_address")[:MOST_ROWS])
    kind = "csv" if request.GET.get("dang") == "csv" else "xlsx"
    for merchant in Merchant.objects.filter(pk__in=merchants).select_related("commune"):
        audit.record(
            action="orders.exported",
            obj=merchant,
            actor=request.user,
            commune=merchant.commune,
            after={"orders": sum(order.merchant_id == merchant.pk for order in rows), "kind": kind},
            request=request,
        )
    answer = HttpResponse(orders_file(rows, kind=kind), content_type=TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="don-hang-{timezone.localdate():%Y-%m-%d}.{kind}"'
    return answer


@login_required
@never_cache
@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One order; opening it takes the "new" mark away."""
    order = find_permitted(request, Act.ORDER_VIEW, producers_orders(), number=number)
    grants = request_grants(request)
    if order.seller_seen_at is None:
        Order.objects.filter(pk=order.pk, seller_seen_at=None).update(seller_seen_at=timezone.now())
    actions = next_actions(order, grants)
    money = money_part(order) if grants.may(Act.MONEY_VIEW, order) else None
    context = {
        "section": "orders",
        "order": {
            **order_facts(order),
            "lines": lines_of_orders([order])[order.pk],
            "evidence": evidence_of([order.pk]).get(order.pk, ""),
        },
        "money": money,
        "may_say": grants.may(Act.MONEY_CONFIRM, order),
        "may_decide": grants.may(Act.RECEIPT_DECIDE, order),
        "invoice": InvoiceRequest.objects.filter(purchase_id=order.purchase_id).first(),
        "may_issue_code": grants.may(Act.LOOK_UP_ISSUE, order),
        "may_refund": grants.may(Act.REFUND_SEND, order),
        "next_action": actions[0] if actions else None,
        "other_actions": actions[1:],
        "may_cancel": may_cancel(order, grants),
        "cancel_reasons": [(reason, _(reason)) for reason in CANCEL_REASONS],
        "typed": typed_in(request) or {},
        "goods_may_come_back": order.fulfilment == Fulfilment.SENT,
        "events": events_of(order),
        "complaints": complaints_of_order(order, grants),
    }
    return render(request, "workspace/order.html", context)


@login_required
@require_POST
def step(request: HttpRequest, number: str) -> HttpResponse:
    """Take the order one step on: confirmed, packed, sent, delivered."""
    to = request.POST.get("to", "")
    act = {str(state): act for state, act in ACT_OF_STEP.items()}.get(to)
    order = find_permitted(request, act or Act.ORDER_VIEW, producers_orders(), number=number)
    is_sure = request.POST.get("sure") == "1"
    if act is None or to == Fulfilment.CANCELLED:
        messages.error(request, words_for("not_listed"))
    elif to in SURE_BEFORE and not is_sure:
        messages.error(request, words_for("not_sure"))
    else:
        _advance(request, order, to, confirm_unpaid=is_sure)
    return redirect("workspace:order", number=order.number)


@login_required
@require_POST
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Cancel with a reason that the buyer reads; one's own words win over a ready sentence."""
    order = find_permitted(request, Act.ORDER_CANCEL, producers_orders(), number=number)
    ready = request.POST.get("reason", "")
    reason = clean_line(request.POST.get("words", ""), longest=200) or (ready if ready in CANCEL_REASONS else "")
    came_back = request.POST.get("came_back") == "1"
    _advance(request, order, Fulfilment.CANCELLED, reason=reason, goods_came_back=came_back)
    return redirect("workspace:order", number=order.number)


def _advance(request: HttpRequest, order: Order, to: str, **options: Any) -> None:
    """Take the step and tell the person how it went; a helper's step is in the audit log with whom she helps."""
    try:
        with transaction.atomic():
            advance_fulfilment(order=order, to=to, by=OrderTransition.By.SELLER, actor=signed_in(request), **options)
            helped = helped_merchant(request, order.merchant) if order.merchant is not None else None
            if helped is not None:
                audit.record(
                    action=f"order.{to}",
                    obj=order,
                    actor=request.user,
                    on_behalf_of=helped,
                    before={"fulfilment": order.fulfilment},
                    after={"fulfilment": to},
                    request=request,
                )
    except (TransitionRefused, StockRefused) as refusal:
        if Order.objects.filter(pk=order.pk, fulfilment=to).exists():  # the second of two presses
            messages.info(request, _("This order is at that step already; nothing was done twice."))
        else:
            messages.error(request, words_for(refusal.code))
    else:
        messages.success(request, DONE[Fulfilment(to)] % {"number": order.number})


@login_required
@never_cache
@require_safe
def pack_list(request: HttpRequest) -> HttpResponse:
    """What to pack, to print: first how much of each good, then order by order. ?don=NUMBER prints one order."""
    grants = request_grants(request)
    one = request.GET.get("don", "")
    if one:
        orders = [find_permitted(request, Act.ORDER_VIEW, producers_orders(), number=one)]
    else:
        waiting = orders_visible_to(grants).filter(fulfilment__in=[Fulfilment.PLACED, Fulfilment.CONFIRMED])
        orders = list(
            waiting.select_related("merchant", "purchase", "shipping_address").order_by("date_placed", "pk")[
                :PACK_LIST_LIMIT
            ]
        )
    lines = lines_of_orders(orders)
    sheets = [
        {**order_facts(order), "merchant_name": order.merchant.name, "lines": lines[order.pk]} for order in orders
    ]
    totals: dict[str, int] = {}
    for sheet in sheets:
        for line in sheet["lines"]:
            totals[line.name] = totals.get(line.name, 0) + line.quantity
    context = {
        "section": "orders",
        "sheets": sheets,
        "totals": sorted(totals.items()) if not one else (),
        "may_see_money": any(grants.may(Act.MONEY_VIEW, order) for order in orders),
        "now": timezone.now(),
    }
    return render(request, "workspace/pack_list.html", context)

"""One purchase by its secret address. Whoever holds the address may pay and say so: that is how a relative pays."""

import hashlib
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from merchants.photos import PhotoRefused
from merchants.vietqr.image import CodeSheet, draw_card, draw_png
from merchants.vietqr.labels import sheet_labels
from shop.order.models import Fulfilment, Order
from shop.payments.by_word import buyer_says_sent
from shop.payments.errors import PaymentRefused
from shop.payments.models import PaymentAttempt
from shop.payments.screenshots import screenshot_answer
from shop.purchase.holds import HoldRefused, extend_holds
from shop.purchase.look_up import shown_code
from shop.purchase.models import InvoiceRequest, Purchase
from shop.purchase.web.after_sale import add_after_sale
from shop.purchase.web.in_app_browser import in_app_browser
from shop.purchase.web.pay_steps import paying_way
from shop.purchase.web.paying import attempts_of, payload_for_due, pays_of, state_etag
from shop.purchase.web.secret_address import order_at, purchase_at, secret_page

STOP_POLLING = 286  # htmx's and our own poller's sign that there is nothing more to wait for


@require_safe
@secret_page
def purchase_page(request: HttpRequest, token: str) -> HttpResponse:
    purchase = purchase_at(token)
    state = _state_context(request, purchase)
    general = list(messages.get_messages(request))
    for pay in state["pays"]:  # what was said of one order stands in its card, where the reader lands
        pay["said"] = [one for one in general if one.extra_tags == pay["order_number"]]
        general = [one for one in general if one.extra_tags != pay["order_number"]]
    context = {
        **state,
        "messages": general,
        "purchase": _purchase_for_page(request, purchase),
        "find_url": reverse("purchase:find"),
        "in_app": in_app_browser(request.headers.get("User-Agent", "")),
    }
    return render(request, "purchase/purchase.html", context)


@require_safe
@secret_page
def purchase_state(request: HttpRequest, token: str) -> HttpResponse:
    """The part of the page that changes; 304 while it is the same, 286 with the last word."""
    purchase = purchase_at(token)
    etag = state_etag(purchase)
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        context = _state_context(request, purchase)
        waiting = any(pay["is_open"] or pay["fulfilment"] not in _OVER for pay in context["pays"])
        response = render(request, "purchase/state.html", context, status=200 if waiting else STOP_POLLING)
    response.headers["ETag"] = etag
    return response


_OVER = {Fulfilment.DELIVERED, Fulfilment.CANCELLED}


def _state_context(request: HttpRequest, purchase: Purchase) -> dict[str, Any]:
    pays = pays_of(purchase)
    add_after_sale(purchase, pays)
    return {
        "way": paying_way(pays),
        "pays": pays,
        "is_standing": any(pay["fulfilment"] != Fulfilment.CANCELLED for pay in pays),
        "total": sum(pay["total"] for pay in pays),
        "page_url": reverse("purchase:purchase", args=[purchase.token]),
        "again_url": reverse("purchase:buy_again", args=[purchase.token]),
        "poll_url": reverse("purchase:purchase_state", args=[purchase.token]),
        "poll_etag": state_etag(purchase),
    }


def _purchase_for_page(request: HttpRequest, purchase: Purchase) -> dict[str, Any]:
    address = purchase.shipping_address
    lines = [address.line1, address.line4, address.state] if address else []
    if address and address.former_address:
        lines.append(_("Old address: %(address)s") % {"address": address.former_address})
    return {
        "created_at": purchase.placed_at,
        "recipient_name": purchase.recipient_name or purchase.buyer_name,
        "recipient_phone": purchase.recipient_phone or purchase.buyer_phone,
        "address_lines": [line for line in lines if line] or [_("You collect the goods from the producers.")],
        "note": purchase.note,
        "is_gift": purchase.is_gift,
        "gift_message": purchase.gift_message,
        "invoice": InvoiceRequest.objects.filter(purchase=purchase).first(),
        "look_up_code": shown_code(purchase.look_up_code),
        "look_up_issued_at": purchase.look_up_issued_at,
        "look_up_issued_by": purchase.look_up_issued_by,
        "secret_url": request.build_absolute_uri(purchase.get_absolute_url()),
        "accepted_policies": purchase.accepted_policies.all(),
    }


def _sheet(order: Order, attempt: PaymentAttempt) -> CodeSheet:
    merchant = order.merchant
    return CodeSheet(
        payload=payload_for_due(order, attempt),
        business_name=merchant.name if merchant else "",
        holder_name=attempt.holder_name,
        specimen=settings.DEMO or order.is_sample or bool(merchant and merchant.is_sample),
    )


def _drawn(request: HttpRequest, payload: str, draw: Any, kind: str) -> HttpResponse:
    """A picture that never changes for this payload: the phone may keep it for itself."""
    etag = '"' + hashlib.sha256(f"{kind}:{payload}".encode()).hexdigest()[:20] + '"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(draw(), content_type="image/png")
    response.headers["ETag"] = etag
    return response


def _open_transfer(order: Order) -> PaymentAttempt:
    attempt = attempts_of([order]).get(order.pk)
    if attempt is None or attempt.method != PaymentAttempt.Method.TRANSFER:
        raise Http404
    return attempt


@require_safe
@secret_page
def code_picture(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """The order's VietQR alone, for the screen."""
    order = order_at(token, number)
    attempt = _open_transfer(order)
    sheet = _sheet(order, attempt)
    return _drawn(request, sheet.payload, lambda: draw_png(sheet.payload, specimen=sheet.specimen), "code")


@require_safe
@secret_page
def code_card(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """The code with seller, account and amount beside it, to keep in the phone's gallery."""
    order = order_at(token, number)
    attempt = _open_transfer(order)
    sheet = _sheet(order, attempt)
    response = _drawn(request, sheet.payload, lambda: draw_card(sheet, sheet_labels()), "card")
    response.headers["Content-Disposition"] = f'inline; filename="vietqr-{order.number}.png"'
    return response


@csrf_exempt
@require_POST
@secret_page
def say_sent(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """ "I have transferred": a word to the seller, with a picture if the buyer likes; it proves nothing."""
    order = order_at(token, number)
    attempt = _open_transfer(order)
    try:
        buyer_says_sent(attempt=attempt, screenshot=request.FILES.get("picture") or None)
    except PaymentRefused as refused:
        messages.error(request, _word_refused(refused.code))
    except PhotoRefused as refused_photo:
        messages.error(request, str(refused_photo))
    return redirect("purchase:purchase", token=token)  # its head says what happens next


@require_safe
@secret_page
def screenshot(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """The picture that the buyer sent with her word, to look at again."""
    order = order_at(token, number)
    return screenshot_answer(attempts_of([order]).get(order.pk))


def _word_refused(code: str) -> str:
    return {
        "already_paid": _("This order is paid already."),
        "cancelled": _("This order has been cancelled: please do not transfer."),
    }.get(code, _("This is not possible any more."))


@csrf_exempt
@require_POST
@secret_page
def extend(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """Thirty more minutes, once, for everything of the purchase that waits for its money."""
    order = order_at(token, number)
    assert order.purchase_id is not None  # noqa: S101  # found by its purchase's secret
    try:
        until = extend_holds(purchase_id=order.purchase_id)
        messages.success(
            request, _("Your goods are kept until %(time)s.") % {"time": timezone.localtime(until).strftime("%H:%M")}
        )
    except HoldRefused as refused:
        messages.error(request, _hold_refused(refused.code))
    return redirect("purchase:purchase", token=token)


def _hold_refused(code: str) -> str:
    return {
        "no_hold": _("There is nothing to lengthen: no order of this purchase is waiting for its money."),
        "ended": _("The time has run out already, so it cannot be lengthened."),
    }.get(code, _("The time was lengthened before; it cannot be once more."))

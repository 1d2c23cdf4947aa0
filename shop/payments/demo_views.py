"""The demo's button "the buyer's bank sends the money". Answers 404 wherever DEMO is off."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shop.payments.demo_bank import send_demo_transfer
from shop.payments.errors import PaymentRefused
from shop.payments.models import PaymentAttempt


# The purchase page sends no referrer, so browsers post `Origin: null`; the purchase's token in the address guards.
@csrf_exempt
@require_POST
def demo_transfer(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """Send the signed notice for one order of a purchase through our own webhook, then show the purchase again."""
    if not settings.DEMO:
        raise Http404
    attempts = PaymentAttempt.objects.filter(order__purchase__token=token, order__number=number)
    attempt = get_object_or_404(
        attempts.filter(method=PaymentAttempt.Method.TRANSFER)
        .select_related("account", "order__purchase")
        .order_by("-pk")[:1]
    )
    purchase = attempt.order.purchase
    if purchase is None:
        raise Http404
    with translation.override(purchase.language):
        try:
            send_demo_transfer(
                attempt=attempt, origin=f"http://127.0.0.1:{request.META['SERVER_PORT']}", host=request.get_host()
            )
        except PaymentRefused as refusal:
            said = {
                "not_open": gettext("Nothing is left to pay here."),
                "no_secret": gettext("The demo's bank has no key: set SEPAY_WEBHOOK_SECRET."),
            }
            messages.error(request, said.get(refusal.code, gettext("The demo's bank did not get through. Try again.")))
        return redirect(purchase.get_absolute_url())

"""A buyer's case under her purchase's secret address: open it, read it, answer, call the commune, show its photos."""

from collections.abc import Callable
from typing import Any

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merchants.photos import ACCEPT, PhotoRefused
from shop.order.models import Fulfilment, Order
from shop.payments.errors import PaymentRefused
from shop.payments.models import Refund
from shop.payments.refunds import buyer_says_not_seen
from shop.purchase.complaints import by_buyer
from shop.purchase.complaints.deadlines import due_at
from shop.purchase.complaints.filing import file_complaint, refund_to_ask_about, why_not_file
from shop.purchase.complaints.models import UNFINISHED, Complaint, State
from shop.purchase.complaints.photos import MOST_PHOTOS, photo_answer, room_for_photos, take_in
from shop.purchase.complaints.reading import case_view
from shop.purchase.complaints.states import THE_BUYER, ComplaintRefused, may_go
from shop.purchase.complaints.words import refusal_words
from shop.purchase.complaints.writing import write
from shop.purchase.web.complaint_forms import ComplaintForm, RefundComplaintForm
from shop.purchase.web.secret_address import back_to_order, order_at, secret_page

# Photos cost time to decode; nobody writes faster by hand. One visitor, one order.
LIMITS = {"complaint": "20/10m/ip,30/10m/key"}


def case_at(token: str, number: str, case: str) -> Complaint:
    """One case of the order with that secret, or 404."""
    cases = Complaint.objects.select_related("order__purchase", "merchant", "refund")
    return get_object_or_404(cases, number=case[:8], order=order_at(token, number))


def case_url(complaint: Complaint, name: str = "complaint", **more: Any) -> str:
    """The address of the case's page, or of something under it, for the buyer."""
    purchase = complaint.order.purchase
    keys = {"token": purchase.token if purchase else "", "number": complaint.order.number, "case": complaint.number}
    return reverse(f"purchase:{name}", kwargs={**keys, **more})


def is_too_fast(request: HttpRequest, order: Order) -> bool:
    """Whether this visitor, or visitors of this order, press more often than people do."""
    used = ratelimit.consume(request, app="shop.complaints", action="complaint", config=LIMITS, key=order.number)
    return not used


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
def file_page(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """The form; an order whose case is open leads to it. `?hoan=1` asks about money that is owed."""
    order = order_at(token, number)
    open_case = Complaint.objects.filter(order=order, state__in=UNFINISHED).select_related("order__purchase").first()
    if open_case is not None:
        return redirect(case_url(open_case))
    now = timezone.now()
    refund = refund_to_ask_about(order, now=now) if request.GET.get("hoan") == "1" else None
    code = why_not_file(order, now=now, refund=refund)
    if code is not None:
        messages.error(request, refusal_words(code), extra_tags=order.number)
        return back_to_order(order)
    form = _form(request, order, refund)
    if request.method == "POST" and is_too_fast(request, order):
        return render(request, "429.html", status=429)
    if request.method == "POST" and form.is_valid():
        filed = _file(request, order, form, refund)
        if filed is not None:
            messages.success(request, _("Your complaint %(case)s has been sent.") % {"case": filed.number})
            return redirect(case_url(filed))
    context = {
        "order": order,
        "form": form,
        "refund": refund,
        "most_photos": MOST_PHOTOS,
        "accept": ACCEPT,
        "answer_by": due_at(State.OPEN if refund is None else State.AGREED, now=now),
    }
    return render(request, "purchase/complaint_form.html", context)


def _form(request: HttpRequest, order: Order, refund: Refund | None) -> Any:
    data = request.POST if request.method == "POST" else None
    if refund is not None:
        return RefundComplaintForm(data)
    return ComplaintForm(data, is_on_its_way=order.fulfilment == Fulfilment.SENT)


def _file(request: HttpRequest, order: Order, form: Any, refund: Refund | None) -> Complaint | None:
    """Open the case; a refusal is written on the form and gives None."""
    chosen = form.choices if refund is not None else {name: form.cleaned_data[name] for name in ("topic", "wish")}
    try:
        photos = take_in(request.FILES.getlist("photos"))
        return file_complaint(order=order, text=form.cleaned_data["text"], photos=photos, refund=refund, **chosen)
    except (PhotoRefused, ComplaintRefused) as refused:
        form.add_error(None, refusal_words(refused.code) if isinstance(refused, ComplaintRefused) else str(refused))
        return None


@require_safe
@secret_page
def case_page(request: HttpRequest, token: str, number: str, case: str) -> HttpResponse:
    """The whole case, and what the buyer may do now."""
    complaint = case_at(token, number, case)
    now = timezone.now()
    context = {
        "case": case_view(
            complaint, reader=THE_BUYER.by, photo_url=lambda photo: case_url(complaint, "complaint_photo", pk=photo.pk)
        ),
        "order": complaint.order,
        "write_url": case_url(complaint, "complaint_write"),
        "step_url": case_url(complaint, "complaint_step"),
        "may_escalate": by_buyer.may_escalate(complaint, now=now),
        "ask_again_url": _ask_again_url(complaint),
        "may_withdraw": may_go(complaint, State.WITHDRAWN, by=THE_BUYER.by),
        "photos_left": room_for_photos(complaint, by=THE_BUYER.by),
        "accept": ACCEPT,
    }
    return render(request, "purchase/complaint.html", context)


def _ask_again_url(complaint: Complaint) -> str:
    """Where a settled case's money can still be asked about; empty where there was none."""
    if complaint.state != State.RESOLVED or complaint.refund is None:
        return ""
    return case_url(complaint).removesuffix(f"{complaint.number}/") + "?hoan=1"


@csrf_exempt
@require_POST
@secret_page
def case_write(request: HttpRequest, token: str, number: str, case: str) -> HttpResponse:
    """A message, with photos if she likes."""
    complaint = case_at(token, number, case)

    def do() -> None:
        photos = take_in(request.FILES.getlist("photos"))
        write(complaint=complaint, who=THE_BUYER, text=request.POST.get("text", ""), photos=photos)

    return _press(request, complaint, do, _("Sent."))


@csrf_exempt
@require_POST
@secret_page
def case_step(request: HttpRequest, token: str, number: str, case: str) -> HttpResponse:
    """One of the buyer's steps, named by `do`."""
    complaint = case_at(token, number, case)
    text = request.POST.get("text", "")
    offer = request.POST.get("offer", "")
    offer_id = int(offer) if offer.isascii() and offer.isdecimal() and len(offer) < 12 else 0
    steps: dict[str, tuple[Callable[[], object], str]] = {
        "accept": (
            lambda: by_buyer.accept_offer(complaint=complaint, offer_id=offer_id),
            _("Agreed. The producer is told."),
        ),
        "decline": (
            lambda: by_buyer.decline_offer(complaint=complaint, offer_id=offer_id, text=text),
            _("The producer is told that you do not accept this."),
        ),
        "escalate": (
            lambda: by_buyer.escalate(complaint=complaint, text=text),
            _("The commune is told and looks at your complaint."),
        ),
        "withdraw": (lambda: by_buyer.withdraw(complaint=complaint, text=text), _("Your complaint is closed.")),
        "sent_back": (
            lambda: by_buyer.send_goods_back(complaint=complaint, text=text),
            _("Noted. The producer is told."),
        ),
        "confirm": (lambda: by_buyer.confirm_carried_out(complaint=complaint), _("Thank you. This is settled.")),
        "not_come": (
            lambda: by_buyer.has_not_come(complaint=complaint, text=text),
            _("Noted. The producer is asked to look into it."),
        ),
    }
    if (step := steps.get(request.POST.get("do", ""))) is None:
        messages.error(request, refusal_words("not_listed"))
        return redirect(case_url(complaint))
    return _press(request, complaint, *step)


def _press(request: HttpRequest, complaint: Complaint, do: Callable[[], object], done: str) -> HttpResponse:
    """Do it and say how it went; back to the case."""
    if is_too_fast(request, complaint.order):
        return render(request, "429.html", status=429)
    try:
        do()
    except ComplaintRefused as refused:
        messages.error(request, refusal_words(refused.code))
    except PhotoRefused as refused_photo:
        messages.error(request, str(refused_photo))
    else:
        messages.success(request, done)
    return redirect(case_url(complaint))


@require_safe
@secret_page
def case_photo(request: HttpRequest, token: str, number: str, case: str, pk: int) -> HttpResponse:
    """One photo of the case."""
    return photo_answer(case_at(token, number, case), pk)


@csrf_exempt
@require_POST
@secret_page
def refund_not_seen(request: HttpRequest, token: str, number: str, pk: int) -> HttpResponse:
    """ "Chưa thấy" about money that the seller says she sent back, outside of any case."""
    order = order_at(token, number)
    refund = get_object_or_404(Refund.objects.select_related("attempt"), pk=pk, attempt__order=order)
    try:
        buyer_says_not_seen(refund=refund)
        words = _("Noted. The producer is asked to look into it.")
        messages.success(request, words, extra_tags=order.number)
    except PaymentRefused:
        words = _("This is not possible any more. Please look at the order again.")
        messages.error(request, words, extra_tags=order.number)
    return back_to_order(order)

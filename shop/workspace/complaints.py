"""The producer's complaints: list, one case, and what she does with it. The rules are shop.purchase.complaints'."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from merchants.money import DongRefused, parse_dong
from merchants.permissions import Act, find_permitted, request_grants
from merchants.photos import ACCEPT, PhotoRefused
from merchants.typed_text import typed_in
from shop.order.models import OrderTransition
from shop.payments import refunds
from shop.payments.errors import CannotAccept, PaymentRefused
from shop.payments.models import Refund
from shop.purchase.complaints import by_seller
from shop.purchase.complaints.agreed_refund import most_to_offer
from shop.purchase.complaints.models import MONEY_REMEDIES, Complaint, Remedy, State
from shop.purchase.complaints.photos import photo_answer, room_for_photos, take_in
from shop.purchase.complaints.reading import case_rows, case_view
from shop.purchase.complaints.states import ComplaintRefused, Who, may_go
from shop.purchase.complaints.words import refusal_words
from shop.purchase.complaints.writing import write
from shop.purchase.states import TransitionRefused
from shop.users.kept_form import keep_typed_for
from shop.users.signed_in import signed_in
from shop.workspace.complaint_lists import MINE, SELLERS_TURN, TABS, complaints_of_producer, counts_by_tab, in_tab
from shop.workspace.frame import helped_merchant
from shop.workspace.order_lists import evidence_of
from shop.workspace.order_page import lines_of_orders
from shop.workspace.refusals import words_for

PAGE_SIZE = 20
By = OrderTransition.By


def _cases() -> Any:
    return Complaint.objects.select_related("order__purchase", "merchant__commune", "refund__attempt__order__merchant")


def _case(request: HttpRequest, act: Act, number: str) -> Complaint:
    """The case, or Http404 when it is missing or another business's."""
    found: Complaint = find_permitted(request, act, _cases(), number=number)
    return found


def _who(request: HttpRequest, complaint: Complaint) -> Who:
    return Who(By.SELLER, signed_in(request), helped_merchant(request, complaint.merchant), request)


@login_required
@never_cache
@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """The most urgent first, by whose turn it is."""
    grants = request_grants(request)
    visible = complaints_of_producer(grants)
    counts = counts_by_tab(visible, my_turn=SELLERS_TURN)
    tab = request.GET.get("loc", MINE)
    found = in_tab(visible, tab, my_turn=SELLERS_TURN).select_related("order__purchase", "merchant")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("trang"))
    context = {
        "section": "orders",
        "tabs": tab_links(reverse("workspace:complaints"), tab, counts),
        "page": page,
        "rows": case_rows(page.object_list, reader=By.SELLER),
        "case_url_name": "workspace:complaint",
        "several_merchants": len(grants.merchant_ids(Act.COMPLAINT_VIEW)) > 1,
    }
    return render(request, "workspace/complaints.html", context)


def tab_links(address: str, tab: str, counts: Any) -> list[dict[str, Any]]:
    """The tabs over a list of cases, the commune's too."""
    return [
        {"label": label, "url": f"{address}?loc={key}", "is_current": key == tab, "count": counts[key]}
        for key, label in TABS
    ]


@login_required
@never_cache
@require_safe
def show(request: HttpRequest, case: str) -> HttpResponse:
    """One case with all that may be done now."""
    complaint = _case(request, Act.COMPLAINT_VIEW, case)
    grants = request_grants(request)
    may_answer = grants.may(Act.COMPLAINT_ANSWER, complaint)
    refund = complaint.refund
    owes = refund is not None and refund.state == Refund.State.DUE
    may_carry_out = may_answer and may_go(complaint, State.CARRIED_OUT, by=By.SELLER)
    context = {
        "section": "orders",
        "case": case_view(complaint, reader=By.SELLER, photo_url=_photo_url(complaint)),
        "order": complaint.order,
        "lines": lines_of_orders([complaint.order])[complaint.order_id],
        "evidence": evidence_of([complaint.order_id]).get(complaint.order_id, ""),
        "may_answer": may_answer,
        "may_offer": may_answer and may_go(complaint, State.OFFERED, by=By.SELLER) and not owes,
        "most": most_to_offer(complaint.order) if may_answer else Decimal(0),
        "may_refuse": may_answer and may_go(complaint, State.REFUSED, by=By.SELLER),
        "may_pay_back": owes and may_carry_out and grants.may(Act.REFUND_SEND, complaint),
        "may_take_back": _is_said_to_be_sent(complaint) and grants.may(Act.REFUND_SEND, complaint),
        "may_say_done": may_carry_out and complaint.remedy == Remedy.REPLACEMENT,
        "may_insist": may_carry_out and refund is not None and refund.state == Refund.State.SENT,
        "may_note_goods": may_answer and _waits_for_goods(complaint),
        "photos_left": room_for_photos(complaint, by=By.SELLER) if may_answer else 0,
        "accept": ACCEPT,
        "typed": typed_in(request) or {},
    }
    return render(request, "workspace/complaint.html", context)


def _photo_url(complaint: Complaint) -> Callable[[Any], str]:
    return lambda photo: reverse("workspace:complaint_photo", kwargs={"case": complaint.number, "pk": photo.pk})


def _is_said_to_be_sent(complaint: Complaint) -> bool:
    """Whether "I have paid it back" can be taken back here."""
    refund = complaint.refund
    return refund is not None and refund.state == Refund.State.SENT and complaint.state == State.CARRIED_OUT


def _waits_for_goods(complaint: Complaint) -> bool:
    is_return = complaint.remedy == Remedy.RETURN_REFUND and complaint.goods_back_at is None
    return is_return and complaint.state in {State.RETURNING, State.AGREED}


def _press(request: HttpRequest, complaint: Complaint, do: Callable[[], object], done: str) -> HttpResponse:
    """Do it and say how it went; back to the case, after a refusal with what was typed."""
    page = reverse("workspace:complaint", args=[complaint.number])
    try:
        do()
    except ComplaintRefused as refused:
        refusal = refusal_words(refused.code)
    except (PaymentRefused, CannotAccept, TransitionRefused) as refused_money:
        refusal = words_for(refused_money.code)
    except (PhotoRefused, DongRefused) as wrong:
        refusal = str(wrong)
    else:
        messages.success(request, done)
        return redirect(page)
    messages.error(request, refusal)
    keep_typed_for(request, page)
    return redirect(page)


@login_required
@require_POST
def write_message(request: HttpRequest, case: str) -> HttpResponse:
    """A message, with photos if she likes."""
    complaint = _case(request, Act.COMPLAINT_ANSWER, case)

    def do() -> None:
        photos = take_in(request.FILES.getlist("photos"))
        write(complaint=complaint, who=_who(request, complaint), text=request.POST.get("text", ""), photos=photos)

    return _press(request, complaint, do, _("Sent."))


@login_required
@require_POST
def offer(request: HttpRequest, case: str) -> HttpResponse:
    """Propose how to set it right."""
    complaint = _case(request, Act.COMPLAINT_ANSWER, case)
    kind = request.POST.get("kind", "")

    def do() -> None:
        asks_for_sum = kind in MONEY_REMEDIES and kind != Remedy.FULL_REFUND
        by_seller.offer(
            complaint=complaint,
            who=_who(request, complaint),
            kind=kind,
            amount_vnd=parse_dong(request.POST.get("amount", "")) if asks_for_sum else None,
            text=request.POST.get("text", ""),
        )

    return _press(request, complaint, do, _("Your offer has been sent to the buyer."))


@login_required
@require_POST
def refuse(request: HttpRequest, case: str) -> HttpResponse:
    """Say no, with the reason the buyer reads."""
    complaint = _case(request, Act.COMPLAINT_ANSWER, case)
    text = request.POST.get("text", "")
    return _press(
        request,
        complaint,
        lambda: by_seller.refuse(complaint=complaint, who=_who(request, complaint), text=text),
        _("Your answer has been sent to the buyer."),
    )


@login_required
@require_POST
def goods_back(request: HttpRequest, case: str) -> HttpResponse:
    """ "Hàng đã về"."""
    complaint = _case(request, Act.COMPLAINT_ANSWER, case)
    return _press(
        request,
        complaint,
        lambda: by_seller.goods_came_back(complaint=complaint, who=_who(request, complaint)),
        _("Noted. Now please send the money back."),
    )


@login_required
@require_POST
def carry_out(request: HttpRequest, case: str) -> HttpResponse:
    """The goods are sent anew, or the money was sent after all."""
    complaint = _case(request, Act.COMPLAINT_ANSWER, case)

    def do() -> None:
        photos = take_in(request.FILES.getlist("photos"))
        text = request.POST.get("text", "")
        by_seller.carry_out(complaint=complaint, who=_who(request, complaint), text=text, photos=photos)

    return _press(request, complaint, do, _("Noted. The buyer is asked to look."))


@login_required
@require_POST
def paid_back(request: HttpRequest, case: str) -> HttpResponse:
    """ "Đã hoàn tiền"; take_back=1 undoes it."""
    complaint = _case(request, Act.REFUND_SEND, case)
    takes_back = request.POST.get("take_back") == "1"

    def do() -> None:
        if complaint.refund is None:
            raise ComplaintRefused("nothing_agreed")
        who = _who(request, complaint)
        move = refunds.undo_refund_sent if takes_back else refunds.mark_refund_sent
        move(refund=complaint.refund, actor=signed_in(request), on_behalf_of=who.on_behalf_of, request=request)

    return _press(request, complaint, do, _("Taken back.") if takes_back else _("Noted. The buyer is asked to look."))


@login_required
@never_cache
@require_safe
def photo(request: HttpRequest, case: str, pk: int) -> HttpResponse:
    """One photo of the case."""
    return photo_answer(_case(request, Act.COMPLAINT_VIEW, case), pk)

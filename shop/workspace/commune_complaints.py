"""Complaints to which the commune was called: its officers read, ask both sides, and close with their advice."""

from collections.abc import Callable
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

from merchants import audit
from merchants.permissions import Act, find_permitted, request_grants
from shop.order.models import OrderTransition
from shop.purchase.complaints.by_commune import advise
from shop.purchase.complaints.case_number import read_case_number
from shop.purchase.complaints.models import Complaint, State
from shop.purchase.complaints.photos import photo_answer
from shop.purchase.complaints.reading import case_rows, case_view
from shop.purchase.complaints.states import ComplaintRefused, Who, may_go
from shop.purchase.complaints.words import refusal_words
from shop.purchase.complaints.writing import write
from shop.users.signed_in import signed_in
from shop.workspace.complaint_lists import COMMUNES_TURN, MINE, complaints_of_commune, counts_by_tab, in_tab
from shop.workspace.complaints import PAGE_SIZE, tab_links
from shop.workspace.order_lists import evidence_of
from shop.workspace.order_page import lines_of_orders

By = OrderTransition.By


def _case(request: HttpRequest, number: str) -> Complaint:
    """A case the officer's commune was called to, or Http404: what is between the two alone is not hers."""
    called = Complaint.objects.filter(escalated_at__isnull=False)
    found: Complaint = find_permitted(
        request,
        Act.COMPLAINT_ADVISE,
        called.select_related("order__purchase", "merchant__commune", "refund"),
        number=number,
    )
    return found


def _who(request: HttpRequest) -> Who:
    return Who(By.OFFICER, signed_in(request), request=request)


@login_required
@never_cache
@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """Cases of the officer's communes, the most urgent first; a typed case number leads straight to its case."""
    visible = complaints_of_commune(request_grants(request))
    typed = read_case_number(request.GET.get("q", ""))
    if typed and visible.filter(number=typed).exists():
        return redirect("workspace:commune_complaint", case=typed)
    counts = counts_by_tab(visible, my_turn=COMMUNES_TURN)
    tab = request.GET.get("loc", MINE)
    found = in_tab(visible, tab, my_turn=COMMUNES_TURN).select_related("order__purchase", "merchant")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("trang"))
    context = {
        "section": "businesses",
        "tabs": tab_links(reverse("workspace:commune_complaints"), tab, counts),
        "page": page,
        "rows": case_rows(page.object_list, reader=By.OFFICER),
        "case_url_name": "workspace:commune_complaint",
        "several_merchants": True,
        "searches": True,
        "words": request.GET.get("q", "")[:40],
    }
    return render(request, "workspace/complaints.html", context)


@login_required
@never_cache
@require_safe
def show(request: HttpRequest, case: str) -> HttpResponse:
    """One case with both sides' numbers; that it was opened is on record."""
    complaint = _case(request, case)
    audit.record(action="complaint.read", obj=complaint, actor=signed_in(request), request=request)
    photo_url = _photo_url(complaint)
    context = {
        "section": "businesses",
        "case": case_view(complaint, reader=By.OFFICER, photo_url=photo_url),
        "order": complaint.order,
        "merchant": complaint.merchant,
        "lines": lines_of_orders([complaint.order])[complaint.order_id],
        "evidence": evidence_of([complaint.order_id]).get(complaint.order_id, ""),
        "may_advise": may_go(complaint, State.ADVISED, by=By.OFFICER),
    }
    return render(request, "workspace/commune_complaint.html", context)


def _photo_url(complaint: Complaint) -> Callable[[Any], str]:
    return lambda photo: reverse("workspace:commune_complaint_photo", kwargs={"case": complaint.number, "pk": photo.pk})


@login_required
@require_POST
def write_message(request: HttpRequest, case: str) -> HttpResponse:
    """A question or a word to both sides."""
    complaint = _case(request, case)
    text = request.POST.get("text", "")
    return _press(
        request, complaint, lambda: write(complaint=complaint, who=_who(request), text=text), _("Sent to both sides.")
    )


@login_required
@require_POST
def give_advice(request: HttpRequest, case: str) -> HttpResponse:
    """Close the case with a note that both sides read."""
    complaint = _case(request, case)
    text = request.POST.get("text", "")
    done = _("The case is closed with your advice. Both sides are told.")
    return _press(request, complaint, lambda: advise(complaint=complaint, who=_who(request), text=text), done)


def _press(request: HttpRequest, complaint: Complaint, do: Callable[[], object], done: str) -> HttpResponse:
    try:
        do()
    except ComplaintRefused as refused:
        messages.error(request, refusal_words(refused.code))
    else:
        messages.success(request, done)
    return redirect("workspace:commune_complaint", case=complaint.number)


@login_required
@never_cache
@require_safe
def photo(request: HttpRequest, case: str, pk: int) -> HttpResponse:
    """One photo of the case."""
    return photo_answer(_case(request, case), pk)

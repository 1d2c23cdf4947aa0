"""What visitors report about listings: the officers of the commune and the platform's staff read it and close it."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from catalogue.listing_reports import ReportRefused, close, look_at
from catalogue.models import ListingReport
from merchants.permissions import Act, request_grants
from merchants.sealed_text import SealBroken
from shop.users.signed_in import signed_in

PAGE_SIZE = 20
State = ListingReport.State
TABS = (
    (State.NEW, gettext_lazy("New")),
    (State.SEEN, gettext_lazy("Looked at")),
    (State.CLOSED, gettext_lazy("Closed")),
)


class ClosingForm(forms.Form):
    note = forms.CharField(max_length=400)


@dataclass(frozen=True)
class ReportRow:
    """One report as the page shows it; `url` is empty where the goods are not on sale any more."""

    id: int
    title: str
    url: str
    seller: str
    commune: str
    reason: str
    text: str
    contact: str
    created_at: datetime
    state: str
    closing_note: str
    handled_by: str
    closed_at: datetime | None


def reports_visible_to(request: HttpRequest) -> "QuerySet[ListingReport]":
    """Those about the communes in which the person handles them; all for the platform's staff; Http404 for others."""
    reports = ListingReport.objects.all()
    if signed_in(request).is_staff:
        return reports
    communes = request_grants(request).commune_ids(Act.REPORT_HANDLE)
    if not communes:
        raise Http404("no business here")
    return reports.filter(merchant__commune_id__in=communes)


@login_required
@never_cache
@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """One state at a time, the new ones first; the oldest on top where somebody waits."""
    reports = reports_visible_to(request)
    wanted = request.GET.get("loc", "")
    state = wanted if wanted in State.values else State.NEW
    counts = dict(reports.order_by().values_list("state").annotate(Count("pk")))
    order = ("-closed_at", "-pk") if state == State.CLOSED else ("created_at", "pk")
    found = reports.filter(state=state).select_related("product", "merchant__commune", "handled_by").order_by(*order)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("trang"))
    address = reverse("workspace:listing_reports")
    context = {
        "section": "listing_reports",
        "tabs": [
            {"label": label, "url": f"{address}?loc={key}", "is_current": key == state, "count": counts.get(key, 0)}
            for key, label in TABS
        ],
        "state": state,
        "page": page,
        "rows": [_row(report) for report in page.object_list],
    }
    return render(request, "workspace/listing_reports.html", context)


def _row(report: ListingReport) -> ReportRow:
    product = report.product
    try:
        contact = report.contact
    except SealBroken:
        contact = ""
    return ReportRow(
        id=report.pk,
        title=report.product_title,
        url=product.get_absolute_url() if product is not None and product.is_public else "",
        seller=report.merchant.name,
        commune=report.merchant.commune.name,
        reason=report.get_reason_display(),
        text=report.text,
        contact=contact,
        created_at=report.created_at,
        state=report.state,
        closing_note=report.closing_note,
        handled_by=report.handled_by.get_full_name() if report.handled_by is not None else "",
        closed_at=report.closed_at,
    )


def _find(request: HttpRequest, pk: int) -> ListingReport:
    report = reports_visible_to(request).select_related("merchant__commune").filter(pk=pk).first()
    if report is None:
        raise Http404("no such report here")
    return report


@login_required
@never_cache
@require_POST
def mark_seen(request: HttpRequest, pk: int) -> HttpResponse:
    look_at(report=_find(request, pk), by=signed_in(request), request=request)
    return redirect(f"{reverse('workspace:listing_reports')}?loc={State.SEEN}")


@login_required
@never_cache
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Close it with what was done; without that nothing changes."""
    report, form = _find(request, pk), ClosingForm(request.POST)
    back = f"{reverse('workspace:listing_reports')}?loc={report.state}"
    if not form.is_valid():
        messages.error(request, _("Write in a few words what was done, then close it."))
        return redirect(back)
    try:
        close(report=report, by=signed_in(request), note=form.cleaned_data["note"], request=request)
    except ReportRefused:
        messages.error(request, _("Somebody has closed this report meanwhile."))
        return redirect(f"{reverse('workspace:listing_reports')}?loc={State.CLOSED}")
    messages.success(request, _("The report is closed. Whoever reported it is forgotten."))
    return redirect(back)


def count_new(request: HttpRequest) -> int:
    """How many wait for the person; 0 for whoever handles none."""
    try:
        return reports_visible_to(request).filter(state=State.NEW).count()
    except Http404:
        return 0


def handles_reports(request: HttpRequest) -> bool:
    """Whether the list is any business of this person."""
    return signed_in(request).is_staff or bool(request_grants(request).commune_ids(Act.REPORT_HANDLE))

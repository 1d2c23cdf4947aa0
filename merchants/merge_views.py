"""Merging two entries of the register in an officer's hands: choose the other one, look at what moves, press, undo."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from merchants.businesses import find_businesses
from merchants.duplicates import find_possible_duplicates
from merchants.merging import MergeRefused, merge_merchants, plan_merge, undo_merge
from merchants.models import Merchant, MerchantMerge
from merchants.permissions import Act, find_permitted
from merchants.typed_text import clean_line
from merchants.views import officer_page

MOST_FOUND = 10
REFUSALS = {
    "same": gettext_lazy("Please choose another entry than this one."),
    "other_commune": gettext_lazy("Only entries of one commune can be merged."),
    "gone_already": gettext_lazy("One of the two was merged before."),
    "undone_already": gettext_lazy("This merging was taken back before."),
}


def _business(request: HttpRequest, pk: int) -> Merchant:
    """The entry, where the person keeps the register (its own people may correct, not merge)."""
    return find_permitted(request, Act.REGISTER_ADD, Merchant.objects.select_related("commune", "village"), pk=pk)


def _say(request: HttpRequest, refusal: MergeRefused) -> None:
    messages.error(request, " ".join(refusal.blocks) or REFUSALS[refusal.code])


@officer_page
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the other entry, look at what would move into this one, and do it."""
    kept = _business(request, pk)
    chosen = request.POST.get("voi") if request.method == "POST" else request.GET.get("voi")
    context: dict[str, Any] = {"section": "businesses", "business": kept}
    if not chosen:
        return render(request, "merchants/merge_choose.html", context | _candidates(request, kept))
    if not chosen.isascii() or not chosen.isdecimal() or len(chosen) > 12:
        raise Http404("no such object here")
    gone = _business(request, int(chosen))
    try:
        if request.method == "POST":
            merge_merchants(kept=kept, gone=gone, actor=request.user, request=request)
            messages.success(request, _("The two entries are one now."))
            return redirect("merchants:business", pk=kept.pk)
        context["plan"] = plan_merge(kept=kept, gone=gone)
    except MergeRefused as refusal:
        _say(request, refusal)
        return redirect("merchants:business", pk=kept.pk)
    return render(request, "merchants/merge.html", context)


def _candidates(request: HttpRequest, kept: Merchant) -> dict[str, Any]:
    words = clean_line(request.GET.get("q", ""))
    position = (kept.latitude, kept.longitude) if kept.latitude is not None and kept.longitude is not None else None
    likely = find_possible_duplicates(
        commune=kept.commune,
        name=kept.name,
        village_id=kept.village_id,
        phone=kept.phone,
        tax_code=kept.tax_code,
        position=position,
        leave_out=kept.pk,
    )
    found = find_businesses(commune=kept.commune, words=words).exclude(pk=kept.pk)[:MOST_FOUND] if words else []
    return {"likely": likely, "found": found, "words": words}


@officer_page
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Make two entries of a merged one again."""
    row = MerchantMerge.objects.select_related("kept__commune").filter(pk=pk).first()
    if row is None:
        raise Http404("no such object here")
    kept = _business(request, row.kept_id)
    try:
        undo_merge(merge=row, actor=request.user, request=request)
    except MergeRefused as refusal:
        _say(request, refusal)
    else:
        messages.success(request, _("They are two entries again."))
    return redirect("merchants:business", pk=kept.pk)

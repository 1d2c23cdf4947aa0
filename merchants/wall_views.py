"""The page with which an officer takes the code on a wall onto the register: scan, see what it is, save."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from merchants.businesses import find_businesses
from merchants.forms import HolderForm
from merchants.models import Merchant, OtherCode, PaymentCode
from merchants.payment_codes import CodeRefused
from merchants.permissions import Act, find_permitted, request_grants
from merchants.typed_text import clean_line
from merchants.vietqr.payload import MAX_PAYLOAD_CHARACTERS
from merchants.views import REFUSALS, officer_page, pick_commune
from merchants.wall_codes import WallCode, adopt_code, holdings_of, read_wall_code, record_other_code, remove_other_code

SHOWN_BUSINESSES = 12


@officer_page
@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: HttpRequest) -> HttpResponse:
    """Three steps on one address: scan (GET), see what it is, choose the business (POST), save (POST with save=1)."""
    commune, _reach = pick_commune(request, Act.CODE_ISSUE)
    merchant = _chosen_business(request)
    if merchant is not None:
        commune = merchant.commune
    context: dict[str, Any] = {
        "section": "businesses",
        "commune_shown": commune,
        "business": merchant,
        "longest": MAX_PAYLOAD_CHARACTERS,
    }
    # a scan of 10 kB is cut one character past the longest code, and so refused as too long
    payload = request.POST.get("payload", "")[: MAX_PAYLOAD_CHARACTERS + 1].strip()
    if not payload:
        return render(request, "merchants/wall_scan.html", context)
    wall = read_wall_code(payload)
    is_known = merchant is not None and wall.told is not None and _known_account(merchant, wall).exists()
    form = HolderForm(request.POST if "save" in request.POST else None, wall=wall, account_is_known=is_known)
    if merchant is not None and "save" in request.POST and form.is_valid():
        try:
            said = _save(request, merchant, wall, form)
        except CodeRefused as refusal:
            form.add_error(None, REFUSALS[refusal.code])
        else:
            messages.success(request, said)
            return redirect("merchants:business", pk=merchant.pk)
    context |= {"wall": wall, "form": form, "words": clean_line(request.POST.get("q", ""))}
    if wall.told is not None:
        context["holdings"] = holdings_of(wall.told, grants=request_grants(request), besides=merchant)
        context["valid_code"] = _valid_code(merchant, wall)
        context["account_is_known"] = is_known
    if merchant is None:
        found = find_businesses(commune=commune, words=context["words"]).filter(status=Merchant.Status.ACTIVE)
        context["choices"] = found[:SHOWN_BUSINESSES] if context["words"] else ()
    else:
        context["is_counted"] = wall.scheme in merchant.commune.counted_schemes
    return render(request, "merchants/wall_found.html", context)


def _chosen_business(request: HttpRequest) -> Merchant | None:
    """The business that the page is about (?co-so=, or chosen in the second step); 404 where it is out of reach."""
    pk = request.POST.get("co-so") or request.GET.get("co-so")
    if not pk:
        return None
    return find_permitted(request, Act.CODE_ISSUE, Merchant.objects.select_related("commune"), pk=pk)


def _known_account(merchant: Merchant, wall: WallCode) -> Any:
    assert wall.told is not None  # noqa: S101  # asked for VietQR codes only
    return merchant.bank_accounts.filter(bank_bin=wall.told.bin, number=wall.told.account, status="active")


def _valid_code(merchant: Merchant | None, wall: WallCode) -> PaymentCode | None:
    if merchant is None:
        return None
    return PaymentCode.objects.filter(account__in=_known_account(merchant, wall), status="valid").first()


def _save(request: HttpRequest, merchant: Merchant, wall: WallCode, form: HolderForm) -> str:
    if wall.kind == "other":
        record_other_code(merchant=merchant, payload=wall.payload, actor=request.user, request=request)
        return _("Noted: a code of %(scheme)s hangs there.") % {"scheme": wall.scheme}
    adopt_code(
        merchant=merchant,
        payload=wall.payload,
        holder_name=form.cleaned_data.get("holder_name", ""),
        bank_code=form.cleaned_data.get("bank_code", ""),
        warnings_seen=form.cleaned_data.get("warnings_seen", False),
        actor=request.user,
        request=request,
    )
    return _("The code on the wall and its account are on the register. Nothing need be printed.")


@officer_page
@require_POST
def other_code_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """The code of another scheme hangs there no more."""
    code = find_permitted(request, Act.CODE_WITHDRAW, OtherCode.objects.select_related("merchant"), pk=pk)
    remove_other_code(code=code, actor=request.user, request=request)
    messages.success(request, _("Noted."))
    return redirect("merchants:business", pk=code.merchant_id)

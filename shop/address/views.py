"""What a page asks while somebody types her address; and a member's own addresses in her account."""

import time
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merchants.typed_text import clean_line
from shop.address.find_commune import LONGEST, find_communes
from shop.address.models import UserAddress
from shop.address.saved_address_form import SavedAddressForm
from shop.address.saved_addresses import MOST, addresses_of, make_first, remove_address, restore_address, save_address
from shop.users.signed_in import signed_in

HOME_PROVINCE = "40"  # Nghệ An, where no commune of the site says otherwise
UNDO_FOR_S = 60 * 60
_REMOVED = "removed_address"


@csrf_exempt
@require_POST
def found_communes(request: HttpRequest) -> HttpResponse:
    """Communes that fit `place`, those of `province` first: a fragment for js/find_place.js.

    Posted, though it changes nothing: somebody's address belongs in no log of addresses asked for. It reads neither
    session nor table of ours, so that it needs no token.
    """
    typed = clean_line(request.POST.get("place", ""), longest=LONGEST)
    found = find_communes(typed, near_province=request.POST.get("province", "")[:2])
    response = render(request, "address/found_communes.html", {"found": found, "typed": typed})
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@login_required
@never_cache
@require_safe
def my_addresses(request: HttpRequest) -> HttpResponse:
    """The member's addresses; what she removed a moment ago can be brought back."""
    context = {
        "section": "account",
        "addresses": list(addresses_of(signed_in(request))),
        "most": MOST,
        "removed": _removed(request),
    }
    return render(request, "address/my_addresses.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new address, or one of hers; `refresh` shows the form again with what was found or another province."""
    user = signed_in(request)
    address = _hers(request, pk) if pk is not None else None
    commune = request.commune  # type: ignore[attr-defined]
    form = SavedAddressForm.of(
        request.POST if request.method == "POST" else None,
        address=address,
        name=user.full_name,
        phone=user.phone or "",
        home_province=commune.province_code if commune else HOME_PROVINCE,
    )
    is_refresh = "refresh" in request.POST
    if request.method == "POST" and not is_refresh and form.is_valid():
        save_address(user=user, place=form.as_place(), address=address)
        messages.success(request, _("Saved."))
        return redirect("shop_address:my_addresses")
    if is_refresh:
        form.errors.clear()
    status = 422 if form.errors else 200
    context = {"section": "account", "form": form, "address": address}
    return render(request, "address/edit.html", context, status=status)


@login_required
@never_cache
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete it. What it said stays in her session for an hour, so that she can bring it back."""
    request.session[_REMOVED] = {"at": time.time(), "kept": remove_address(_hers(request, pk))}
    return redirect("shop_address:my_addresses")


@login_required
@never_cache
@require_POST
def restore(request: HttpRequest) -> HttpResponse:
    """Bring back what she removed last."""
    kept = _removed(request)
    request.session.pop(_REMOVED, None)
    if kept is None:
        messages.warning(request, _("There is nothing to bring back any more."))
    else:
        restore_address(user=signed_in(request), kept=kept)
        messages.success(request, _("The address is back."))
    return redirect("shop_address:my_addresses")


@login_required
@never_cache
@require_POST
def choose_first(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the checkout begin with this one."""
    make_first(_hers(request, pk))
    messages.success(request, _("Your next order begins with this address."))
    return redirect("shop_address:my_addresses")


def _hers(request: HttpRequest, pk: int) -> UserAddress:
    return get_object_or_404(addresses_of(signed_in(request)), pk=min(pk, 2**63 - 1))


def _removed(request: HttpRequest) -> dict[str, Any] | None:
    """What was removed within the hour; older ones are forgotten here."""
    entry = request.session.get(_REMOVED)
    if entry and time.time() - entry["at"] > UNDO_FOR_S:
        del request.session[_REMOVED]
        return None
    kept: dict[str, Any] | None = entry["kept"] if entry else None
    return kept

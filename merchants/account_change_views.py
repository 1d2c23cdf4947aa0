"""The officer's pages on a change of account: ask for one, look at it, agree as one who did not ask, stop it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merchants.account_changes import PENDING, ChangeRefused, agree, ask_for_change, phones_to_tell, stop_change
from merchants.forms import ChangeForm, ReasonForm
from merchants.models import AccountChange, Merchant
from merchants.permissions import Act, find_permitted
from merchants.typed_text import typed_in
from merchants.vietqr.banks import bank_by_code
from merchants.views import REFUSALS, officer_page


@officer_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """An officer asks for another account; then the owner and another officer must agree."""
    merchant = find_permitted(request, Act.ACCOUNT_EDIT, Merchant.objects.select_related("commune"), pk=pk)
    form = ChangeForm(typed_in(request))
    if request.method == "POST" and form.is_valid():
        try:
            change = ask_for_change(
                merchant=merchant, **form.cleaned_data, actor=request.user, as_owner=False, request=request
            )
        except ChangeRefused as refusal:
            form.add_error(None, REFUSALS[refusal.code])
        else:
            messages.success(request, _("Asked. The owner and another officer must agree; then a day passes."))
            return redirect("merchants:account_change", pk=change.pk)
    context = {"form": form, "business": merchant, "section": "businesses"}
    return render(request, "merchants/account_change_form.html", context)


@officer_page
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to change, who has agreed, when it happens, whom to call."""
    change = _find(request, pk)
    user = request.user
    context = {
        "section": "businesses",
        "change": change,
        "business": change.merchant,
        "old_bank": bank_by_code(change.old_account.bank_code),
        "new_bank": bank_by_code(change.bank_code),
        "is_pending": change.state in PENDING,
        "may_agree": change.state == "open"
        and change.officer_id is None
        and user.pk not in {change.asked_by_id, change.owner_id},
        "phones": list(phones_to_tell(change).values()),
    }
    return render(request, "merchants/account_change.html", context)


@officer_page
@require_POST
def officer_agrees(request: HttpRequest, pk: int) -> HttpResponse:
    """An officer who did not ask says yes."""
    change = _find(request, pk)
    try:
        agree(change=change, actor=request.user, as_owner=False, request=request)
    except ChangeRefused as refusal:
        messages.error(request, REFUSALS[refusal.code])
    else:
        messages.success(request, _("Agreed. Your yes is noted with your name."))
    return redirect("merchants:account_change", pk=change.pk)


@officer_page
@require_POST
def officer_stops(request: HttpRequest, pk: int) -> HttpResponse:
    """Any officer stops it; payments stay where they are."""
    change = _find(request, pk)
    form = ReasonForm(request.POST)
    try:
        stop_change(
            change=change,
            reason=form.cleaned_data["reason"] if form.is_valid() else "",
            actor=request.user,
            request=request,
        )
    except ChangeRefused as refusal:
        messages.error(request, REFUSALS[refusal.code])
    else:
        messages.success(request, _("Stopped. Payments stay on the account as before."))
    return redirect("merchants:account_change", pk=change.pk)


def _find(request: HttpRequest, pk: int) -> AccountChange:
    found = AccountChange.objects.select_related("merchant__commune", "old_account", "asked_by", "owner", "officer")
    return find_permitted(request, Act.ACCOUNT_EDIT, found, pk=pk)

"""The owner's page on the account she is paid on: see it, ask for another, agree to a change, stop one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merchants.account_changes import PENDING, ChangeRefused, agree, ask_for_change, stop_change
from merchants.forms import ChangeForm, ReasonForm
from merchants.models import AccountChange, BankAccount, Merchant
from merchants.permissions import Act, find_permitted, request_grants
from merchants.typed_text import typed_in
from merchants.vietqr.banks import bank_by_code
from merchants.views import REFUSALS


@login_required
@never_cache
@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """Each own business with the account that receives, and a change under way."""
    owned = request_grants(request).merchant_ids(Act.ACCOUNT_CHANGE_AGREE)
    if not owned:
        raise Http404("no business of one's own")
    changes = {
        change.merchant_id: change
        for change in AccountChange.objects.filter(merchant__in=owned, state__in=PENDING).select_related(
            "asked_by", "old_account"
        )
    }
    accounts = {
        account.merchant_id: account
        for account in BankAccount.objects.filter(merchant__in=owned, status="active", is_receiving=True)
    }
    rows: list[dict[str, Any]] = []
    for merchant in Merchant.objects.filter(pk__in=owned):
        account, change = accounts.get(merchant.pk), changes.get(merchant.pk)
        rows.append(
            {
                "merchant": merchant,
                "account": account,
                "bank": bank_by_code(account.bank_code) if account else None,
                "change": change,
                "new_bank": bank_by_code(change.bank_code) if change else None,
            }
        )
    return render(request, "workspace/account_changes.html", {"section": "home", "rows": rows})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner asks for another account; her own yes is in it."""
    merchant = find_permitted(request, Act.ACCOUNT_CHANGE_AGREE, Merchant.objects.select_related("commune"), pk=pk)
    form = ChangeForm(typed_in(request))
    if request.method == "POST" and form.is_valid():
        try:
            ask_for_change(merchant=merchant, **form.cleaned_data, actor=request.user, as_owner=True, request=request)
        except ChangeRefused as refusal:
            form.add_error(None, REFUSALS[refusal.code])
        else:
            messages.success(request, _("Asked. An officer of the commune must agree; then a day passes."))
            return redirect("workspace:account_changes")
    return render(
        request, "workspace/account_change_form.html", {"section": "home", "form": form, "business": merchant}
    )


@login_required
@require_POST
def owner_agrees(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner says yes to what an officer asked for."""
    change = _find(request, pk)
    try:
        agreed = agree(change=change, actor=request.user, as_owner=True, request=request)
    except ChangeRefused as refusal:
        messages.error(request, REFUSALS[refusal.code])
    else:
        if agreed.due_at:
            messages.success(request, _("Agreed. It happens in a day; until then you can stop it."))
        else:
            messages.success(request, _("Agreed. A second officer must agree as well; then a day passes."))
    return redirect("workspace:account_changes")


@login_required
@require_POST
def owner_stops(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner stops it; payments stay where they are."""
    change = _find(request, pk)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        stop_change(change=change, reason=reason or _("stopped by the owner"), actor=request.user, request=request)
    except ChangeRefused as refusal:
        messages.error(request, REFUSALS[refusal.code])
    else:
        messages.success(request, _("Stopped. Payments stay on the account as before."))
    return redirect("workspace:account_changes")


def _find(request: HttpRequest, pk: int) -> AccountChange:
    return find_permitted(request, Act.ACCOUNT_CHANGE_AGREE, AccountChange.objects.select_related("merchant"), pk=pk)

"""The officer's pages: the register by village, one business, its accounts and codes, the printable poster.

Every page asks merchants.permissions; what is not there and what is another commune's are the same 404.
The second factor is asked for by shop.users.second_factor, for the whole namespace.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merchants import audit
from merchants.businesses import find_businesses, group_by_village, share_with_code, shares_by_village, village_label
from merchants.duplicates import Likeness, find_possible_duplicates, others_with_account
from merchants.forms import AccountForm, BusinessForm, ReasonForm
from merchants.models import BankAccount, Commune, Merchant, MerchantMerge, PaymentCode, Village
from merchants.payment_codes import CodeRefused, issue_code, withdraw_code
from merchants.permissions import Act, find_permitted, request_grants
from merchants.print_marks import marks_of
from merchants.print_runs import sign_of
from merchants.print_sheets import LAYOUTS, draw_sheets, sheet_words
from merchants.register import (
    LEAVES_THE_COUNT,
    STATUS_MOVES,
    RegisterRefused,
    add_account,
    add_merchant,
    correct_merchant,
    end_account,
    move_merchant,
)
from merchants.shown_pictures import shown_picture
from merchants.typed_text import clean_line, typed_in
from merchants.vietqr.banks import bank_by_code

PAGE_SIZE = 50
STATUS_WORDS = {
    "active": gettext_lazy("Open again"),
    "paused": gettext_lazy("Suspend for a time"),
    "closed": gettext_lazy("Closed for good"),
    "not_found": gettext_lazy("Not found on the spot"),
    "refused": gettext_lazy("Refuses to take part"),
}

REFUSALS = {
    "account_ended": gettext_lazy("This account was ended."),
    "merchant_not_active": gettext_lazy("Codes are issued to active businesses only."),
    "has_valid_code": gettext_lazy("This account already has a valid code."),
    "card_number": gettext_lazy("This is the number on a card. Please take the account number from the bank's app."),
    "unpayable": gettext_lazy("No code can be made from this bank and number. Please compare them."),
    "not_valid": gettext_lazy("This code was withdrawn before."),
    "no_reason": gettext_lazy("Please give a reason; whoever checks the code reads it."),
    "unknown_bank": gettext_lazy("Please choose a bank from the list."),
    "account_is_there": gettext_lazy("This account is already on the register."),
    "account_in_use": gettext_lazy(
        "A code or an order uses this account. Its change needs the owner and a second officer."
    ),
    "no_account": gettext_lazy("No account receives payments yet: add one instead."),
    "change_under_way": gettext_lazy("A change of account is under way already."),
    "same_account": gettext_lazy("This is the account that receives the payments now."),
    "not_open": gettext_lazy("This change is no longer open, or was agreed to already."),
    "asked_yourself": gettext_lazy("You asked for this change; another officer must agree."),
    "same_person": gettext_lazy("Owner and officer must be two people."),
    "not_adoptable": gettext_lazy("This is no VietQR onto a bank account."),
    "needs_second_look": gettext_lazy("Please read the warning and tick that you have."),
    "no_holder": gettext_lazy("Please write the account holder's name, as the bank shows it."),
    "not_other_scheme": gettext_lazy("This is no code of another scheme."),
    "scheme_not_counted": gettext_lazy("This commune does not count codes of this scheme."),
    "reason_missing": gettext_lazy("Please say why it leaves the count."),
    "no_such_move": gettext_lazy("This is not possible any more: somebody has changed it meanwhile."),
    "foreign_village": gettext_lazy("This village lies in another commune."),
}


def officer_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Signed in, never cached; the view itself asks for the act."""
    return login_required(never_cache(view))


def communes_in_reach(request: HttpRequest, act: Act) -> QuerySet[Commune]:
    """The communes whose register the person may open for that act."""
    grants = request_grants(request)
    if grants.is_province_viewer and act == Act.REGISTER_VIEW:
        return Commune.objects.all()
    return Commune.objects.filter(pk__in=grants.commune_ids(act))


def pick_commune(request: HttpRequest, act: Act) -> tuple[Commune, QuerySet[Commune]]:
    """The commune asked for by ?xa=code, else the site's own where in reach, else the first; Http404 when none is."""
    reach = communes_in_reach(request, act)
    code = request.GET.get("xa") or request.POST.get("xa")
    if code:
        commune = reach.filter(code=clean_line(code, longest=5)).first()
    else:
        own = getattr(request, "commune", None)
        commune = (reach.filter(pk=own.pk).first() if own else None) or reach.first()
    if commune is None:
        raise Http404("no commune in reach")
    return commune, reach


@officer_page
@require_safe
def businesses(request: HttpRequest) -> HttpResponse:
    """The register by village: search, village, with or without a code; fifty to a page."""
    commune, reach = pick_commune(request, Act.REGISTER_VIEW)
    words = clean_line(request.GET.get("q", ""))
    village = request.GET.get("thon", "")
    code = request.GET.get("ma", "")
    found = find_businesses(
        commune=commune,
        words=words,
        village_id=int(village) if village.isdecimal() and len(village) < 10 else None,
        has_code={"co": True, "chua": False}.get(code),
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("trang"))
    rows = list(page.object_list)
    grants = request_grants(request)
    return render(
        request,
        "merchants/businesses.html",
        {
            "section": "businesses",
            "commune_shown": commune,
            "communes": reach if len(reach) > 1 else (),
            "coverage": share_with_code(commune),
            "villages": group_by_village(rows, shares_by_village(commune)),
            "village_choices": [
                (item.pk, village_label(item))
                for item in Village.objects.filter(commune=commune).select_related("former_commune")
            ],
            "page": page,
            "found_count": page.paginator.count,
            "words": words,
            "village": village,
            "code": code,
            "may_add": grants.may(Act.REGISTER_ADD, commune),
            "may_print": grants.may(Act.CODE_ISSUE, commune),
        },
    )


@officer_page
@require_safe
def business(request: HttpRequest, pk: int) -> HttpResponse:
    """One business: facts, people, accounts and their codes."""
    merchant = find_permitted(
        request, Act.REGISTER_VIEW, Merchant.objects.select_related("commune", "village__former_commune"), pk=pk
    )
    return render(request, "merchants/business.html", business_context(request, merchant))


@dataclass(frozen=True)
class ShownAccount:
    """An account as the page of its business shows it: the number whole only when it was asked for."""

    account: BankAccount
    bank_name: str
    number: str
    is_whole: bool
    valid_code: PaymentCode | None


def business_context(request: HttpRequest, merchant: Merchant, shown_account: int | None = None) -> dict[str, Any]:
    """What the page of one business shows; `shown_account` is the one whose whole number was asked for."""
    codes = PaymentCode.objects.order_by("-pk")
    accounts = list(merchant.bank_accounts.order_by("status", "pk").prefetch_related(Prefetch("payment_codes", codes)))
    shown: list[ShownAccount] = []
    for account in accounts:
        bank = bank_by_code(account.bank_code)
        is_whole = account.pk == shown_account
        shown.append(
            ShownAccount(
                account=account,
                bank_name=bank.short_name if bank else account.bank_code,
                number=account.number if is_whole else f"•••• {account.last_digits}",
                is_whole=is_whole,
                valid_code=next((code for code in account.payment_codes.all() if code.status == "valid"), None),
            )
        )
    people = merchant.memberships.in_force(timezone.now()).select_related("user").order_by("pk")
    grants = request_grants(request)
    return {
        "section": "businesses",
        "business": merchant,
        "village_name": village_label(merchant.village) if merchant.village else "",
        "accounts": shown,
        "status_moves": [
            (to, STATUS_WORDS[to], to in LEAVES_THE_COUNT) for to in STATUS_WORDS if to in STATUS_MOVES[merchant.status]
        ],
        "merges": list(
            MerchantMerge.objects.filter(Q(kept=merchant) | Q(gone=merchant), undone_at=None).select_related(
                "kept", "gone"
            )
        )
        if grants.may(Act.REGISTER_ADD, merchant)
        else [],
        "front": shown_picture(merchant.portrait.name),
        "next_step": _next_step(merchant, [one for one in shown if one.account.status == BankAccount.Status.ACTIVE]),
        "has_receiving_account": any(one.account.is_receiving for one in shown),
        "account_change": merchant.account_changes.filter(state__in=("open", "confirmed")).first(),
        "other_codes": list(merchant.other_codes.filter(removed_at=None)),
        "people": list(people),
        "may_edit": grants.may(Act.MERCHANT_EDIT, merchant),
        "may_move": grants.may(Act.REGISTER_ADD, merchant),
        "may_add_account": grants.may(Act.ACCOUNT_EDIT, merchant),
        "may_issue": grants.may(Act.CODE_ISSUE, merchant),
        "may_check": grants.may(Act.CHECK_FILE, merchant),
        "may_see_number": grants.may(Act.ACCOUNT_NUMBER_VIEW, merchant),
        "may_add_person": grants.may(Act.PERSON_ADD, merchant),
        "reason_form": ReasonForm(),
    }


# From an entry in the register to a code that pays: what each step is called and what is to be done.
WALL_STEPS = {
    "account": (
        gettext_lazy("Account"),
        gettext_lazy("Add the owner's bank account: let her open the bank's app and compare."),
    ),
    "code": (gettext_lazy("Code"), gettext_lazy("Issue the payment code with the button below the account.")),
    "print": (gettext_lazy("Print"), gettext_lazy("Print the poster with the button below the code.")),
    "check": (
        gettext_lazy("Check"),
        gettext_lazy("Hang it up and scan it with a bank app: it must show the holder's name. Do not send money."),
    ),
}


@dataclass(frozen=True)
class NextStep:
    """What an officer does next so that this business has a working code on its wall."""

    key: str

    @property
    def title(self) -> str:
        return str(WALL_STEPS[self.key][0])

    @property
    def text(self) -> str:
        return str(WALL_STEPS[self.key][1])

    @property
    def is_account(self) -> bool:
        return self.key == "account"

    @property
    def steps(self) -> list[dict[str, str]]:
        """For partials/steps.html."""
        keys = list(WALL_STEPS)
        now = keys.index(self.key)
        states = ["done"] * now + ["now"] + ["todo"] * (len(keys) - now - 1)
        return [{"label": str(WALL_STEPS[key][0]), "state": state} for key, state in zip(keys, states, strict=True)]


def _next_step(merchant: Merchant, active: list[ShownAccount]) -> NextStep | None:
    """None for a business that is not active, and a week after its code was issued and printed, or adopted."""
    if merchant.status != Merchant.Status.ACTIVE:
        return None
    if not active:
        return NextStep("account")
    code = next((one.valid_code for one in active if one.valid_code is not None), None)
    if code is None:
        return NextStep("code")
    if code.origin == PaymentCode.Origin.ISSUED and code.printed_at is None:
        return NextStep("print")
    return NextStep("check") if timezone.now() - code.created_at < timedelta(days=7) else None


@officer_page
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Write a new business into the register."""
    commune, reach = pick_commune(request, Act.REGISTER_ADD)
    form = BusinessForm(typed_in(request), request.FILES or None, commune=commune)
    likely: list[Likeness] = []
    if request.method == "POST" and form.is_valid():
        likely = [] if request.POST.get("another") == "on" else _likely(form, commune)
    if request.method == "POST" and form.is_valid() and not likely:
        try:
            merchant = add_merchant(
                commune=commune,
                values=form.values(),
                tax_code=form.cleaned_data["tax_code"],
                actor=request.user,
                request=request,
            )
        except RegisterRefused as refusal:
            form.add_error("village", REFUSALS[refusal.code])
        else:
            messages.success(request, _("The business is on the register."))
            return redirect("merchants:business", pk=merchant.pk)
    return render(
        request,
        "merchants/business_form.html",
        {
            "form": form,
            "section": "businesses",
            "commune_shown": commune,
            "communes": reach if len(reach) > 1 else (),
            "likely": likely,
        },
    )


def _likely(form: BusinessForm, commune: Commune) -> list[Likeness]:
    """Businesses that may be the one in the form."""
    village = form.cleaned_data["village"]
    return find_possible_duplicates(
        commune=commune,
        name=form.cleaned_data["name"],
        village_id=village.pk if village else None,
        phone=form.cleaned_data["phone"],
        tax_code=form.cleaned_data["tax_code"],
        position=form.cleaned_data["position"],
        leave_out=form.instance.pk,
    )


@officer_page
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what the register says of a business."""
    merchant = find_permitted(request, Act.MERCHANT_EDIT, Merchant.objects.select_related("commune"), pk=pk)
    name = merchant.name
    form = BusinessForm(typed_in(request), request.FILES or None, instance=merchant, commune=merchant.commune)
    likely: list[Likeness] = []
    if request.method == "POST" and form.is_valid() and request.POST.get("another") != "on":
        # only what says who it is: whoever corrects the e-mail is not asked about the neighbour again
        if {"name", "phone", "tax_code", "position"} & set(form.changed_data):
            likely = _likely(form, merchant.commune)
    if request.method == "POST" and form.is_valid() and not likely:
        try:
            correct_merchant(
                merchant=merchant,
                values=form.values(),
                tax_code=form.cleaned_data["tax_code"],
                actor=request.user,
                request=request,
            )
        except RegisterRefused as refusal:
            form.add_error("village", REFUSALS[refusal.code])
        else:
            messages.success(request, _("Saved."))
            return redirect("merchants:business", pk=merchant.pk)
    context = {
        "form": form,
        "business": merchant,
        "business_name": name,
        "section": "businesses",
        "likely": likely,
    }
    return render(request, "merchants/business_form.html", context)


@officer_page
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Suspend, close or reopen a business."""
    merchant = find_permitted(request, Act.MERCHANT_EDIT, Merchant.objects.select_related("commune"), pk=pk)
    if not request_grants(request).may(Act.REGISTER_ADD, merchant):
        raise Http404("no such object here")
    try:
        moved = move_merchant(
            merchant=merchant,
            to=request.POST.get("to", ""),
            reason=request.POST.get("reason", ""),
            actor=request.user,
            request=request,
        )
    except RegisterRefused as refusal:
        messages.error(request, REFUSALS[refusal.code])
    else:
        messages.success(request, _("Noted: %(state)s.") % {"state": moved.get_status_display()})
    return redirect("merchants:business", pk=merchant.pk)


@officer_page
@require_http_methods(["GET", "HEAD", "POST"])
def account_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down an account of a business."""
    merchant = find_permitted(request, Act.ACCOUNT_EDIT, Merchant.objects.select_related("commune"), pk=pk)
    form = AccountForm(typed_in(request), owner_name=merchant.owner_name)
    if request.method == "POST" and form.is_valid():
        try:
            account = add_account(merchant=merchant, **form.cleaned_data, actor=request.user, request=request)
        except RegisterRefused as refusal:
            form.add_error("number", REFUSALS[refusal.code])
        else:
            if account.is_receiving:
                messages.success(request, _("The account is on the register and receives the payments."))
            else:
                messages.success(request, _("The account is on the register. Payments still arrive on the first one."))
            if form.is_anothers:
                words = {"holder": account.holder_name, "owner": merchant.owner_name}
                messages.warning(
                    request,
                    _("Please make sure: the account is held by %(holder)s, the business belongs to %(owner)s.")
                    % words,
                )
            bank = bank_by_code(account.bank_code)
            others = others_with_account(merchant=merchant, bank_bin=account.bank_bin, number=account.number)
            if others and bank:
                said = _("The same account is on the register for %(names)s. One owner, or one business twice?")
                messages.warning(request, said % {"names": ", ".join(other.name for other in others)})
            return redirect("merchants:business", pk=merchant.pk)
    return render(request, "merchants/account_form.html", {"form": form, "business": merchant, "section": "businesses"})


@officer_page
@require_POST
def account_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an account that was entered wrongly and that nothing uses."""
    account = find_permitted(request, Act.ACCOUNT_EDIT, BankAccount.objects.select_related("merchant"), pk=pk)
    try:
        end_account(account=account, actor=request.user, request=request)
    except RegisterRefused as refusal:
        messages.error(request, REFUSALS[refusal.code])
    else:
        heir = account.merchant.bank_accounts.filter(status=BankAccount.Status.ACTIVE, is_receiving=True).first()
        if heir:
            words = {"account": f"{heir.bank_code} ••••{heir.last_digits}"}
            messages.success(request, _("The account was ended. Payments arrive on %(account)s.") % words)
        else:
            messages.warning(request, _("The account was ended. No account receives payments now: add the right one."))
    return redirect("merchants:business", pk=account.merchant_id)


@officer_page
@require_POST
def account_show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an account's whole number once, to those who may; each look is in the audit log."""
    account = find_permitted(
        request,
        Act.ACCOUNT_NUMBER_VIEW,
        BankAccount.objects.select_related("merchant__commune", "merchant__village__former_commune"),
        pk=pk,
    )
    merchant = account.merchant
    if not request_grants(request).may(Act.REGISTER_VIEW, merchant):
        raise Http404("no such object here")
    audit.record(
        action="account.number_seen",
        obj=account,
        actor=request.user,
        commune=merchant.commune,
        on_behalf_of=merchant,
        request=request,
    )
    return render(request, "merchants/business.html", business_context(request, merchant, shown_account=account.pk))


@officer_page
@require_POST
def code_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the code of an account."""
    account = find_permitted(request, Act.CODE_ISSUE, BankAccount.objects.select_related("merchant"), pk=pk)
    try:
        issue_code(account=account, actor=request.user, request=request)
    except CodeRefused as refusal:
        messages.error(request, REFUSALS[refusal.code])
    else:
        messages.success(request, _("The code is issued. You can print the poster now."))
    return redirect("merchants:business", pk=account.merchant_id)


@officer_page
@require_POST
def code_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a code, with the reason that everybody who checks it reads."""
    code = find_permitted(request, Act.CODE_WITHDRAW, PaymentCode.objects.select_related("account__merchant"), pk=pk)
    form = ReasonForm(request.POST)
    try:
        withdraw_code(
            code=code,
            reason=form.cleaned_data["reason"] if form.is_valid() else "",
            actor=request.user,
            request=request,
        )
    except CodeRefused as refusal:
        messages.error(request, REFUSALS[refusal.code])
    else:
        messages.success(request, _("The code is withdrawn. Please take it off the wall."))
    return redirect("merchants:business", pk=code.account.merchant_id)


@officer_page
@require_safe
def poster(request: HttpRequest, pk: int) -> HttpResponse:
    """The sign of a valid code of ours as vector PDF, A5 or as ?co= says; an adopted one hangs there already."""
    code = find_permitted(
        request,
        Act.CODE_ISSUE,
        PaymentCode.objects.filter(status=PaymentCode.Status.VALID, origin=PaymentCode.Origin.ISSUED).select_related(
            "account__merchant__commune"
        ),
        pk=pk,
    )
    merchant = code.account.merchant
    # the poster says the whole account number: each look is noted, as on the page of the business
    audit.record(
        action="code.poster_opened",
        obj=code,
        actor=request.user,
        commune=merchant.commune,
        on_behalf_of=merchant,
        request=request,
    )
    layout = request.GET.get("co", "a5")
    if layout not in LAYOUTS:
        raise Http404("no such size")
    signs = [sign_of(code, host=request.get_host())]
    sheet = draw_sheets(signs, layout=layout, words=sheet_words(), marks=marks_of(merchant.commune_id))
    if layout != "strips":
        PaymentCode.objects.filter(pk=code.pk).update(printed_at=timezone.now())
    answer = HttpResponse(sheet, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="ma-{code.public_code}.pdf"'
    return answer

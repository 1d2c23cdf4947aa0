"""The way back to a purchase whose address was lost: by phone and look-up code, or by a code to the mailbox."""

from typing import Any

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shop.purchase import mailbox_codes
from shop.purchase.forms import FindForm, MailboxCodeForm
from shop.purchase.look_up import find_by_code, with_orders
from shop.purchase.web.my_purchases import entry_of
from shop.purchase.web.private_page import private_page

# A billion codes to each phone number: ten guesses an hour leave nothing to be hoped for.
LIMITS = {
    "by_code": "20/10m/ip,10/h/key",
    "mailbox_send": "10/h/ip,5/h/key",
    "mailbox_use": "30/h/ip",
}
LISTED = 20


def _allowed(request: HttpRequest, action: str, key: str = "") -> bool:
    return bool(ratelimit.consume(request, app="shop.purchase", action=action, key=key, config=LIMITS))


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@private_page()
def find(request: HttpRequest) -> HttpResponse:
    """Ask for phone and code; lead to the purchase. Says only that both together fit nothing."""
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        phone = form.cleaned_data["phone"]
        if not _allowed(request, "by_code", phone):
            return render(request, "429.html", status=429)
        purchase = find_by_code(phone=phone, code=form.cleaned_data["code"])
        if purchase is not None:
            return redirect(purchase)
        form.add_error(None, _("No purchase has this phone number and this code. Please look at both once more."))
    return render(request, "purchase/find.html", _context(request, form), status=422 if form.errors else 200)


@require_POST
@private_page()
def send_code(request: HttpRequest) -> HttpResponse:
    """Send a one-time code to the mailbox; says the same whether something was bought under the address or not."""
    if not mailbox_codes.is_offered():
        return redirect("purchase:find")
    email = str(request.POST.get("email", "")).strip()[:254]
    try:
        validate_email(email)
    except ValidationError:
        messages.error(request, _("This is not an e-mail address, as ten@example.com."))
        return redirect("purchase:find")
    if not _allowed(request, "mailbox_send", email.lower()):
        return render(request, "429.html", status=429)
    mailbox_codes.send_code(session=request.session, email=email, now=timezone.now())
    return redirect("purchase:find_code")


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@private_page()
def find_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code from the mailbox; with it the list is open in this browser for a quarter of an hour."""
    now = timezone.now()
    if not mailbox_codes.is_pending(session=request.session, now=now):
        return redirect("purchase:find")
    form = MailboxCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not _allowed(request, "mailbox_use"):
            return render(request, "429.html", status=429)
        if mailbox_codes.use_code(session=request.session, typed=form.cleaned_data["mailbox_code"], now=now):
            return redirect("purchase:find")
        if not mailbox_codes.is_pending(session=request.session, now=now):
            messages.error(request, _("Too many wrong codes. Please ask for a new one."))
            return redirect("purchase:find")
        form.add_error("mailbox_code", _("This is not the code. Please look at the newest letter."))
    return render(request, "purchase/find_code.html", {"form": form}, status=422 if form.errors else 200)


def _context(request: HttpRequest, form: FindForm) -> dict[str, Any]:
    found = mailbox_codes.found_purchases(session=request.session, now=timezone.now())
    return {
        "form": form,
        "has_mailbox": mailbox_codes.is_offered(),
        "entries": None if found is None else [entry_of(purchase) for purchase in with_orders(found)[:LISTED]],
    }

"""Pages around sign-in that allauth lacks: the account's home, activation on the spot, why a second factor."""

import time

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal import ratelimit
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from merchants.permissions import request_grants
from shop.users.activation import find_activation_code, use_activation_code
from shop.users.forms import FirstPasswordForm, NameForm
from shop.users.second_factor import SECOND_FACTORS
from shop.users.signed_in import has_work, signed_in

ACTIVATION_LIMITS = {"activation": "30/m/ip"}
MAY_SET_PASSWORD_S = 30 * 60  # after the activation; later the usual page asks for the old password
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def _keep_private(response: HttpResponse) -> HttpResponse:
    """The address holds a secret: no search engine, no cache, no referrer may carry it on."""
    # "no-referrer" would make browsers send "Origin: null" with the form, which Django rightly refuses
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """The person's own account: name, ways to sign in, way to the workspace."""
    person = signed_in(request)
    form = NameForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("users:home")
    grants = request_grants(request)
    return render(
        request,
        "account/home.html",
        {
            "form": form,
            "has_password": person.has_usable_password(),
            "has_second_factor": is_mfa_enabled(person, SECOND_FACTORS),
            "has_workspace": has_work(person, grants),
            "has_pages": grants.is_editor,
            "section": "account",
        },
    )


@login_required
@never_cache
@require_safe
def second_factor_needed(request: HttpRequest) -> HttpResponse:
    """Say why a second factor is needed here and where to set it up; afterwards lead back."""
    back = get_next_redirect_url(request) or ""
    if is_mfa_enabled(request.user, SECOND_FACTORS):
        return redirect(back or "mfa_index")
    if back:
        request.session["after_second_factor"] = back
    return render(request, "account/second_factor_needed.html", {"next": back, "section": "account"})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def activate(request: HttpRequest, code: str) -> HttpResponse:
    """GET shows whom the code is for and a button; POST uses it up, signs in and asks for a password."""
    if not ratelimit.consume(request, app="shop.users", action="activation", config=ACTIVATION_LIMITS, limit_get=True):
        return _keep_private(render(request, "account/activation_bad.html", {"state": "too_many"}, status=429))
    if request.method == "POST":
        user = use_activation_code(code=code)
        if user is not None:
            if request.user.is_authenticated:
                logout(request)  # the phone of a helper: nothing of her session may stay
            login(request, user, backend=_BACKEND)
            record_authentication(request, user, "activation_code")
            request.session.set_expiry(None)
            return _keep_private(redirect("users:first_password"))
    found = find_activation_code(code=code)
    if found.state != "valid" or found.row is None:
        return _keep_private(render(request, "account/activation_bad.html", {"state": found.state}, status=410))
    context = {"person": found.row.user, "officer": found.row.issued_by, "expires_at": found.row.expires_at}
    return _keep_private(render(request, "account/activation.html", context))


@login_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first_password(request: HttpRequest) -> HttpResponse:
    """Ask the freshly activated person for a password; whoever came in by other ways uses the usual page."""
    person = signed_in(request)
    if not _came_by_code_lately(request):
        return redirect("account_change_password" if person.has_usable_password() else "account_set_password")
    form = FirstPasswordForm(request.POST or None, user=person)
    if request.method == "POST" and form.is_valid():
        person.set_password(form.cleaned_data["password"])
        person.phone_verified = bool(person.phone)
        person.save(update_fields=["password", "phone_verified"])
        update_session_auth_hash(request, person)
        record_authentication(request, person, "password", reauthenticated=True)
        messages.success(request, _("Welcome! Your password is saved."))
        if form.email_form is not None:
            form.email_form.save(request)
            return redirect("account_email_verification_sent")
        return redirect("workspace:home")
    return render(request, "account/first_password.html", {"form": form, "section": "account"})


def _came_by_code_lately(request: HttpRequest) -> bool:
    """Whether this very session began with an activation code a short while ago, so that no old password is asked."""
    records = get_authentication_records(request, request.user)
    if not records or records[0].get("method") != "activation_code":
        return False
    return time.time() - records[0]["at"] < MAY_SET_PASSWORD_S

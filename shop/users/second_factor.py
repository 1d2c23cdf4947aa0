"""Staff screens and the commune's side open only to people who have passed a second factor in this session.

Who needs one: the platform's staff, officers, head officers, province viewers and editors. Where: everything under
/cms/, /dashboard/, /admin/ and /quan-ly/he-thong/, and the commune's side of /quan-ly/: the `merchants` namespace and
all below co-so/ and xa/ and, for the platform's staff as well, all below phan-anh/.
A second factor is a code from an app, a recovery code, or a passkey; allauth notes it in the session.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from merchants.permissions import request_grants
from shop.users.json_answers import answers_in_json, refused

EDITOR_PREFIX = "/cms/"
STAFF_PREFIXES = (EDITOR_PREFIX, "/dashboard/", "/admin/", "/quan-ly/he-thong/", "/en/quan-ly/he-thong/")
OTHER_SIGN_IN_PAGES = ("/cms/login/", "/dashboard/login/", "/admin/login/")
OFFICER_NAMESPACE = "merchants"
OFFICER_PREFIXES = (
    "/quan-ly/co-so/",
    "/en/quan-ly/co-so/",
    "/quan-ly/xa/",
    "/en/quan-ly/xa/",
    "/quan-ly/do-phu/",
    "/en/quan-ly/do-phu/",
)
OVERSIGHT_PREFIXES = ("/quan-ly/phan-anh/", "/en/quan-ly/phan-anh/")  # officers, and the platform's staff as well
# Django's admin translates itself in the browser with this; it tells nothing about the installation's data.
OPEN_STAFF_PATHS = ("/admin/jsi18n/", "/cms/jsi18n/")

SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def passed_second_factor(request: HttpRequest) -> bool:
    """Whether this session holds a second factor of the very person who is signed in."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


@receiver(authenticator_added, dispatch_uid="second_factor_just_set_up")
def note_new_authenticator(request: HttpRequest, user: Any, authenticator: Authenticator, **_kwargs: Any) -> None:
    """Setting up an app or a key proves that the person holds it: no second question right after."""
    if authenticator.type in SECOND_FACTORS and request.user.is_authenticated and request.user.pk == user.pk:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def ask_for_second_factor(request: HttpRequest) -> HttpResponse:
    """Send the person to enter her code, or, when she has none yet, to set one up; both lead back here."""
    back = urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})
    name = "mfa_reauthenticate" if is_mfa_enabled(request.user, SECOND_FACTORS) else "users:second_factor_needed"
    return redirect(f"{reverse(name)}?{back}")


def may_enter_staff_pages(request: HttpRequest) -> bool:
    """Whether the person has any business under that prefix; the screens themselves ask for more.

    Whom Wagtail does not admit it sends to sign in, which sends her back: so its own question is asked here.
    """
    if request.path_info.startswith(EDITOR_PREFIX):
        is_named = request.user.is_staff or request_grants(request).is_editor
        return is_named and request.user.has_perm("wagtailadmin.access_admin")
    return request.user.is_staff


def is_officers_page(request: HttpRequest) -> bool:
    """Whether the resolved address belongs to the commune's side, whichever package its view lives in."""
    match = request.resolver_match
    in_namespace = match is not None and match.namespaces[:1] == [OFFICER_NAMESPACE]
    return in_namespace or request.path_info.startswith(OFFICER_PREFIXES + OVERSIGHT_PREFIXES)


def may_enter_officers_page(request: HttpRequest) -> bool:
    """Whether the person has any business there; the views themselves ask for more."""
    is_staff_too = request.path_info.startswith(OVERSIGHT_PREFIXES) and request.user.is_staff
    return request_grants(request).is_officer or is_staff_too


class SecondFactorMiddleware:
    """Guards the staff's prefixes before the view, and the officers' pages once the address is resolved."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(STAFF_PREFIXES) and request.path_info not in OPEN_STAFF_PATHS:
            refusal = self._refuse_staff_pages(request)
            if refusal is not None:
                return refusal
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponse], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if is_officers_page(request) and answers_in_json(request):
            if not request.user.is_authenticated:
                return refused("signed_out", status=401)
            if not may_enter_officers_page(request):
                return refused("not_here", status=404)
            if not passed_second_factor(request):
                return refused("second_factor", status=403)
        elif is_officers_page(request):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), resolve_url("account_login"))
            if not may_enter_officers_page(request):
                raise Http404("not an officer")
            if not passed_second_factor(request):
                return ask_for_second_factor(request)
        elif request.path_info.startswith(STAFF_PREFIXES) and request.user.is_authenticated:
            if request.path_info not in OPEN_STAFF_PATHS and not may_enter_staff_pages(request):
                raise Http404("no business here")
        return None

    def _refuse_staff_pages(self, request: HttpRequest) -> HttpResponse | None:
        """Return the page that must come first; None when the person may go on (process_view answers 404)."""
        if request.path_info in OTHER_SIGN_IN_PAGES or not request.user.is_authenticated:
            wanted = request.GET.get(REDIRECT_FIELD_NAME, "") if request.path_info in OTHER_SIGN_IN_PAGES else ""
            if not url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
                wanted = request.get_full_path()
                if request.path_info in OTHER_SIGN_IN_PAGES:
                    wanted = request.path_info.removesuffix("login/")
            return redirect_to_login(wanted, resolve_url("account_login"))
        if may_enter_staff_pages(request) and not passed_second_factor(request):
            return ask_for_second_factor(request)
        return None

"""The officer and the people of a business: add one by phone, show her activation code, take a role back."""

from base64 import b64encode
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from merchants import audit
from merchants.memberships import GrantRefused, grant_role, revoke_role
from merchants.models import Membership, Merchant
from merchants.permissions import Act, find_permitted, request_grants
from merchants.phone_numbers import PhoneField
from merchants.typed_text import typed_in
from merchants.vietqr.image import draw_svg
from shop.users.activation import LIFETIME, ActivationRefused, issue_activation_code
from shop.users.models import User
from shop.users.people import add_person
from shop.users.signed_in import signed_in

LONGEST_HELP = timedelta(days=366)
GIVEN_ROLES = [
    (role, Membership.Role(role).label)
    for role in (Membership.Role.OWNER, Membership.Role.SELLER, Membership.Role.PACKER, Membership.Role.HELPER)
]
REFUSALS = {
    "not_of_your_commune": gettext_lazy("This person also works elsewhere, so no code can be made here."),
    "is_staff": gettext_lazy("This person signs in with a second lock; no code can be made for her."),
    "has_own_account": gettext_lazy(
        "This person has an account and a password of her own. The role holds at once; she simply signs in."
    ),
    "inactive": gettext_lazy("This account is closed."),
    "too_many": gettext_lazy("Too many codes within one hour. Please wait a little."),
    "already_given": gettext_lazy("This person has this role already."),
    "helper_needs_an_end": gettext_lazy("Help ends by itself: please give its last day."),
    "ends_in_the_past": gettext_lazy("The last day must lie ahead."),
}


class PersonForm(forms.Form):
    """Who shall work for the business, by phone number."""

    full_name = forms.CharField(label=gettext_lazy("Full name"), max_length=120)
    phone = PhoneField()
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=GIVEN_ROLES)
    until = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Needed for a helper; day/month/year, at most one year ahead."),
        widget=forms.DateInput(attrs={"inputmode": "numeric", "placeholder": "31/12/2026", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        until = cleaned.get("until")
        if cleaned.get("role") == Membership.Role.HELPER and not until and "until" not in self.errors:
            self.add_error("until", REFUSALS["helper_needs_an_end"])
        if until and until > timezone.localdate() + LONGEST_HELP:
            self.add_error("until", _("At most one year ahead."))
        if until and until < timezone.localdate():
            self.add_error("until", REFUSALS["ends_in_the_past"])
        return cleaned

    def end(self) -> datetime | None:
        """The last day as the moment after it, in the time of the place."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody a role at a business; a phone number nobody has yet makes a new person."""
    merchant = find_permitted(request, Act.PERSON_ADD, Merchant.objects.select_related("commune"), pk=pk)
    owners = merchant.memberships.in_force(timezone.now()).filter(role=Membership.Role.OWNER)
    first = {} if owners.exists() else {"full_name": merchant.owner_name, "phone": merchant.phone}
    form = PersonForm(typed_in(request), initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                person = User.objects.filter(phone=form.cleaned_data["phone"]).first()
                if person is None:
                    person = add_person(full_name=form.cleaned_data["full_name"], phone=form.cleaned_data["phone"])
                membership = grant_role(
                    user=person,
                    role=form.cleaned_data["role"],
                    merchant=merchant,
                    until=form.end(),
                    granted_by=request.user,
                )
                _record(request, "membership.granted", membership, merchant)
        except GrantRefused as refusal:
            form.add_error("role", REFUSALS[refusal.code])
        except ValidationError as error:
            form.add_error("phone", error.messages)
        else:
            messages.success(request, _("%(name)s can now work for the business.") % {"name": person.get_full_name()})
            return redirect("merchants:business", pk=merchant.pk)
    return render(request, "merchants/person_form.html", {"form": form, "business": merchant, "section": "businesses"})


@login_required
@never_cache
@require_POST
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an activation code and show it once, as a QR for the person's phone."""
    membership = find_permitted(
        request,
        Act.PERSON_ACTIVATE,
        Membership.objects.in_force(timezone.now()).select_related("user", "merchant__commune"),
        pk=pk,
    )
    person = membership.user
    try:
        with transaction.atomic():
            code = issue_activation_code(user=person, officer=signed_in(request), grants=request_grants(request))
            _record(request, "activation.issued", membership, membership.merchant)
    except ActivationRefused as refusal:
        messages.error(request, REFUSALS[refusal.code])
        return redirect("merchants:business", pk=membership.merchant_id)
    address = request.build_absolute_uri(reverse("users:activate", args=[code]))
    drawn = draw_svg(address, title=_("Activation code"))
    context = {
        "section": "businesses",
        "business": membership.merchant,
        "person": person,
        "membership": membership,
        "address": address,
        "picture": f"data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}",
        "expires_at": timezone.now() + LIFETIME,
    }
    return render(request, "merchants/activation.html", context)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """An officer takes a role back at once."""
    membership = find_permitted(
        request, Act.PERSON_REVOKE, Membership.objects.select_related("user", "merchant__commune"), pk=pk
    )
    if not request_grants(request).may(Act.REGISTER_VIEW, membership.merchant):
        raise Http404("no such object here")
    _revoke(request, membership)
    return redirect("merchants:business", pk=membership.merchant_id)


@login_required
@require_POST
def revoke_own(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner ends the grant of whoever works for her; another owner's only an officer can end."""
    others = Membership.objects.exclude(role=Membership.Role.OWNER).select_related("user", "merchant__commune")
    membership = find_permitted(request, Act.PERSON_REVOKE, others, pk=pk)
    roles = request_grants(request).merchant_roles.get(membership.merchant_id or 0, frozenset())
    if Membership.Role.OWNER not in roles:
        raise Http404("no such object here")
    _revoke(request, membership)
    return redirect("workspace:home")


def _revoke(request: HttpRequest, membership: Membership) -> None:
    with transaction.atomic():
        if revoke_role(membership=membership):
            _record(request, "membership.revoked", membership, membership.merchant)
    messages.success(request, _("The role of %(name)s has ended.") % {"name": membership.user.get_full_name()})


def _record(request: HttpRequest, action: str, membership: Membership, merchant: Merchant | None) -> None:
    audit.record(
        action=action,
        obj=membership,
        actor=request.user,
        commune=merchant.commune if merchant else None,
        on_behalf_of=merchant,
        after={"person": membership.user_id, "role": membership.role, "until": membership.until},
        request=request,
    )

"""The demo's page of people to sign in as, with the second-factor code of this moment. A 404 outside the demo."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from merchants.models import Membership
from shop.users.demo import PASSWORD, PEOPLE
from shop.users.demo_second_factor import current_code
from shop.users.models import User


@dataclass(frozen=True)
class ShownPerson:
    """One row; `code` is empty for people without a second factor, `place` for people without a merchant."""

    name: str
    role: str
    place: str
    email: str
    phone: str
    code: str


@require_safe
@never_cache
def demo_people(request: HttpRequest) -> HttpResponse:
    """Who may be tried, in the order of the work: producers first."""
    if not settings.DEMO:
        raise Http404
    response = render(request, "account/demo.html", {"people": list(shown_people()), "password": PASSWORD})
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def shown_people() -> Iterator[ShownPerson]:
    """The invented people who are in the database; one query and one per second factor."""
    emails = [person.email for person in PEOPLE]
    users = {
        user.email: user for user in User.objects.filter(email__in=emails).prefetch_related("memberships__merchant")
    }
    labels = dict(Membership.Role.choices) | {"staff": _("platform's staff"), "shopper": _("shopper")}
    for person in sorted(PEOPLE, key=lambda person: bool(person.totp)):
        user = users.get(person.email)
        if user is None:
            continue
        grant = next(iter(user.memberships.all()), None)
        yield ShownPerson(
            name=user.full_name,
            role=str(labels[person.role]),
            place=grant.merchant.name if grant and grant.merchant else "",
            email=person.email,
            phone=person.phone or "",
            code=current_code(user=user) if person.totp else "",
        )

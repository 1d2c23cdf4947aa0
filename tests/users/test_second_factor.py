"""Staff screens and officers' pages open only after a second factor; others do not learn that they exist."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from merchants.models import Membership
from shop.users.editors import drop_ended_editors
from shop.users.models import User
from tests.factories import CommuneFactory, MembershipFactory, UserFactory
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db
STAFF_PAGES = ["/cms/", "/cms/pages/", "/dashboard/", "/dashboard/orders/", "/admin/", "/admin/users/user/"]


def staff() -> User:
    return UserFactory(is_staff=True, is_superuser=True, email="staff@example.test")


def editor(**fields: Any) -> User:
    person = UserFactory(email="editor@example.test")
    MembershipFactory(
        user=person, role=Membership.Role.EDITOR, merchant=None, commune=CommuneFactory(code="17605"), **fields
    )
    return person


@pytest.mark.parametrize("page", [*STAFF_PAGES, "/cms/gibt-es-nicht/", "/dashboard/nichts/"])
def test_stranger_is_asked_to_sign_in_with_us(client: Client, page: str) -> None:
    answer = client.get(page)

    assert answer.status_code == 302
    assert answer.url == f"{reverse('account_login')}?next={page}"


@pytest.mark.parametrize(
    ("page", "then"), [("/cms/login/", "/cms/"), ("/admin/login/", "/admin/"), ("/dashboard/login/", "/dashboard/")]
)
def test_other_sign_in_pages_lead_to_ours(client: Client, page: str, then: str) -> None:
    assert client.get(page).url == f"{reverse('account_login')}?next={then}"
    assert client.get(page + "?next=/cms/pages/3/").url == f"{reverse('account_login')}?next=/cms/pages/3/"
    assert client.get(page + "?next=https://evil.example/").url == f"{reverse('account_login')}?next={then}"


@pytest.mark.parametrize("page", STAFF_PAGES)
def test_staff_without_second_factor_is_told_to_set_one_up(client: Client, page: str) -> None:
    sign_in(client, staff())

    answer = client.get(page)

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("users:second_factor_needed") + "?next=")


@pytest.mark.parametrize("page", STAFF_PAGES)
def test_staff_with_a_factor_not_given_in_this_session_is_asked_for_it(client: Client, page: str) -> None:
    person = staff()
    TOTP.activate(person, generate_totp_secret())
    sign_in(client, person)

    assert client.get(page).url.startswith(reverse("mfa_reauthenticate") + "?next=")


@pytest.mark.parametrize("page", STAFF_PAGES)
def test_staff_who_passed_the_second_factor_gets_in(client: Client, page: str) -> None:
    sign_in(client, staff(), second_factor=True)

    assert client.get(page).status_code == 200


def test_giving_the_code_opens_the_page_that_was_wanted(client: Client) -> None:
    person = staff()
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    sign_in(client, person)
    asked = client.get("/admin/users/user/")
    code = format_hotp_value(hotp_value(secret, list(counters())[1]))

    answer = client.post(asked.url, {"code": code, "next": "/admin/users/user/"})

    assert answer.url == "/admin/users/user/"
    assert client.get("/admin/users/user/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_up_the_app_counts_as_the_second_factor_of_this_session(client: Client) -> None:
    sign_in(client, staff())
    client.get("/admin/")
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    code = format_hotp_value(hotp_value(secret, list(counters())[1]))

    client.post(reverse("mfa_activate_totp"), {"code": code})

    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("page", STAFF_PAGES)
@pytest.mark.parametrize("role", ["owner", "officer", "head_officer", "nobody"])
def test_people_without_business_there_find_nothing(client: Client, page: str, role: str) -> None:
    person = UserFactory()
    if role == "owner":
        MembershipFactory(user=person)
    elif role != "nobody":
        MembershipFactory(user=person, role=role, merchant=None, commune=CommuneFactory())
    sign_in(client, person, second_factor=True)

    assert client.get(page).status_code == 404


def test_editor_gets_into_the_pages_and_nowhere_else(client: Client) -> None:
    sign_in(client, editor(), second_factor=True)

    assert client.get("/cms/").status_code == 200
    assert client.get("/dashboard/").status_code == 404
    assert client.get("/admin/").status_code == 404


def test_editor_needs_the_second_factor(client: Client) -> None:
    sign_in(client, editor())

    assert client.get("/cms/").url.startswith(reverse("users:second_factor_needed"))


def test_editing_that_runs_out_closes_the_door_before_the_clock_has_cleared_the_group(client: Client) -> None:
    person = editor(until=timezone.now() + timedelta(hours=1))
    sign_in(client, person, second_factor=True)
    assert client.get("/cms/").status_code == 200

    Membership.objects.update(until=timezone.now() - timedelta(seconds=1))  # a QuerySet sends no signal

    assert client.get("/cms/").status_code == 404
    assert person.groups.count() == 1
    assert drop_ended_editors() == 1
    assert drop_ended_editors() == 0
    assert person.groups.count() == 0


def test_second_factor_of_one_person_does_not_carry_over_to_another_in_the_same_browser(client: Client) -> None:
    sign_in(client, staff(), second_factor=True)
    other = UserFactory(is_staff=True, is_superuser=True)

    client.force_login(other, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get("/admin/").status_code == 302

"""The demo's page of people exists in the demo only and shows codes that open the second lock."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from merchants.demo import seed as register
from merchants.demo.plan import DemoPlan
from shop.users import demo
from shop.users.demo_page import shown_people

pytestmark = pytest.mark.django_db

ADDRESS = "/tai-khoan/ban-trinh-dien/"


def seed_people() -> None:
    plan = DemoPlan(now=timezone.localtime())
    register.seed(plan)
    demo.seed(plan)


def test_outside_the_demo_there_is_no_such_page(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 404


def test_the_page_names_everybody_and_shows_codes_that_hold_now(client: Client, settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    seed_people()

    response = client.get(ADDRESS)

    page = response.content.decode()
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    assert all(person.email in page for person in demo.PEOPLE)
    staff = next(person for person in shown_people() if person.email == "quantri@example.com")
    assert staff.code in page
    authenticator = Authenticator.objects.get(user__email="quantri@example.com", type="totp")
    assert authenticator.wrap().validate_code(staff.code)


def test_before_seeding_the_page_is_empty_but_there(client: Client, settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]

    assert client.get(ADDRESS).status_code == 200

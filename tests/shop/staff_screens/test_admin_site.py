"""Django's admin shows Oscar's tables and writes none of them; every page of it opens."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from shop.delivery.models import DeliveryOption
from shop.order.models import Order
from shop.partner.models import StockRecord
from shop.staff_screens.admin_site import NOT_USED, TO_LOOK_AT
from tests.factories import UserFactory
from tests.factories.purchases import placed_order
from tests.people import quang_of_the_platform
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    return sign_in(client, quang_of_the_platform(), second_factor=True)


def test_goods_stock_and_orders_are_shown_and_not_written(staff: Client) -> None:
    order = placed_order()
    stock = StockRecord.objects.get()
    for thing in (order, stock, order.lines.get().product):
        change = reverse(f"admin:{thing._meta.label_lower.replace('.', '_')}_change", args=[thing.pk])
        base = change.removesuffix(f"{thing.pk}/change/")

        shown = staff.get(change)
        answers = [
            staff.post(change, {"fulfilment": "delivered", "payment": "paid", "num_in_stock": "999"}).status_code,
            staff.post(f"{base}add/", {}).status_code,
            staff.post(f"{base}{thing.pk}/delete/", {"post": "yes"}).status_code,
        ]

        assert shown.status_code == 200
        assert 'name="_save"' not in shown.content.decode()
        assert answers == [403, 403, 403], change
    fresh = Order.objects.get(pk=order.pk)
    assert (fresh.fulfilment, fresh.payment) == (order.fulfilment, order.payment)
    assert StockRecord.objects.get().num_in_stock == stock.num_in_stock


def test_every_list_of_the_admin_opens_and_unused_tables_are_gone(staff: Client) -> None:
    registered = {model._meta.app_label for model in admin.site._registry}

    assert registered.isdisjoint(NOT_USED)
    assert registered >= TO_LOOK_AT | {"users", "delivery"}
    assert staff.get(reverse("admin:index")).status_code == 200
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert staff.get(address).status_code == 200, address


def test_delivery_options_are_written_there(staff: Client) -> None:
    option = DeliveryOption.objects.create(kind="flat_rate", price_vnd=30_000)
    address = reverse("admin:delivery_deliveryoption_change", args=[option.pk])

    staff.post(address, {"kind": "flat_rate", "price_vnd": "25000", "is_active": "on", "merchant": ""})

    option.refresh_from_db()
    assert option.price_vnd == 25_000


def test_a_second_factor_can_be_taken_away_and_its_secret_is_not_shown(staff: Client) -> None:
    lost = Authenticator.objects.create(user=UserFactory(), type="totp", data={"secret": "HOPMINHGEHEIM"})
    address = reverse("admin:mfa_authenticator_change", args=[lost.pk])

    shown = staff.get(address)
    changed = staff.post(address, {"data": "{}"})
    taken = staff.post(reverse("admin:mfa_authenticator_delete", args=[lost.pk]), {"post": "yes"})

    assert (shown.status_code, changed.status_code, taken.status_code) == (200, 403, 302)
    assert "HOPMINHGEHEIM" not in shown.content.decode()
    assert not Authenticator.objects.filter(pk=lost.pk).exists()

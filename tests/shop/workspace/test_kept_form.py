"""A session that ends while a form is filled in costs no word of it; nothing is done before she presses again."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.models import Product
from merchants.models import Merchant
from shop.order.models import Order
from shop.users import kept_form
from tests.people import hoa_the_officer
from tests.shop.workspace.scene import Scene, photo_file, says
from tests.sign_in import sign_in

ADD = reverse("workspace:product_add")
TYPED = {"title": "Gạo nếp cái hoa vàng", "price_new": "25.000", "stock_new": "3", "net_quantity": "1", "unit": "kg"}


def send(client: Client, path: str, typed: dict[str, Any], *, page: str = "", **more: Any) -> Any:
    return client.post(path, typed, headers={"referer": f"http://testserver{page or path}"}, **more)


def next_of(answer: Any) -> str:
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/tai-khoan/login/?next=")
    return str(answer.headers["Location"].partition("?next=")[2])


def value(page: Any, name: str) -> Any:
    return page.context["form"][name].value()


def test_a_new_product_typed_before_the_session_ended_is_there_after_signing_in(lan: Scene) -> None:
    lan.client.logout()
    before = Product.objects.count()

    assert next_of(send(lan.client, ADD, {**TYPED, "photos": photo_file()})) == ADD
    sign_in_page = lan.client.get(f"/tai-khoan/login/?next={ADD}").content.decode()
    assert "những gì vừa nhập vẫn còn nguyên" in sign_in_page
    sign_in(lan.client, lan.user)
    page = lan.client.get(ADD)

    assert (value(page, "title"), value(page, "price_new")) == ("Gạo nếp cái hoa vàng", "25.000")
    assert any("vẫn còn đây" in said for said in says(page))
    assert Product.objects.count() == before
    assert value(lan.client.get(ADD), "title") is None  # handed back once


def test_a_step_pressed_after_the_session_ended_leads_back_to_the_order_and_is_not_taken(lan: Scene) -> None:
    order = lan.order()
    page = reverse("workspace:order", args=[order.number])
    lan.client.logout()

    answer = send(lan.client, reverse("workspace:order_step", args=[order.number]), {"to": "confirmed"}, page=page)

    assert next_of(answer) == page
    assert Order.objects.get(pk=order.pk).fulfilment == "placed"
    sign_in(lan.client, lan.user)
    assert lan.client.get(page).status_code == 200


def test_the_words_for_the_buyer_and_the_sum_that_came_are_still_there(lan: Scene) -> None:
    order = lan.order()
    page = reverse("workspace:order", args=[order.number])
    for path, typed, shown in (
        ("order_cancel", {"words": "Mưa to, hỏng hàng", "reason": ""}, 'value="Mưa to, hỏng hàng"'),
        ("money_in", {"amount": "12.345"}, 'value="12.345"'),
    ):
        lan.client.logout()
        send(lan.client, reverse(f"workspace:{path}", args=[order.number]), typed, page=page)
        sign_in(lan.client, lan.user)

        assert shown in lan.client.get(page).content.decode()
        assert Order.objects.get(pk=order.pk).fulfilment == "placed"


def test_an_officers_form_survives_the_way_through_the_second_factor_without_the_tax_code(lan: Scene) -> None:
    hoa = hoa_the_officer(lan.merchant.commune)
    address = reverse("merchants:add")
    client = Client()
    before = Merchant.objects.count()
    assert next_of(send(client, address, {"name": "Quán Mới", "tax_code": "001099012345"})) == address
    sign_in(client, hoa)
    assert client.get(address).status_code == 302  # to the second factor

    sign_in(client, hoa, second_factor=True)
    page = client.get(address)

    assert value(page, "name") == "Quán Mới"
    assert not value(page, "tax_code")
    assert Merchant.objects.count() == before


def test_what_was_kept_is_shown_on_its_own_page_only_and_not_for_ever(
    lan: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    lan.client.logout()
    send(lan.client, ADD, TYPED)
    sign_in(lan.client, lan.user)
    other = lan.client.get(reverse("workspace:product", args=[lan.product.pk]))
    assert value(other, "title") == lan.product.title

    monkeypatch.setattr(kept_form, "KEPT_FOR_S", -1)
    assert value(lan.client.get(ADD), "title") is None


@pytest.mark.parametrize("referer", ["", "https://evil.example/quan-ly/hang/them/", "http://testserver/san-pham/"])
def test_a_form_from_elsewhere_is_not_kept(lan: Scene, referer: str) -> None:
    lan.client.logout()

    answer = lan.client.post(ADD, TYPED, headers={"referer": referer})

    assert next_of(answer) == reverse("workspace:home")
    sign_in(lan.client, lan.user)
    assert value(lan.client.get(ADD), "title") is None


def test_a_very_long_form_is_not_kept_in_the_session(lan: Scene) -> None:
    lan.client.logout()

    send(lan.client, ADD, {**TYPED, "description": "x" * 30_000})

    assert "kept_form" not in lan.client.session


class TestAnOldToken:
    """She signed in anew in another tab; the first tab's form carries the token of before."""

    @staticmethod
    def strict(scene: Scene) -> Client:
        return sign_in(Client(enforce_csrf_checks=True), scene.user)

    def test_her_own_form_comes_back_with_what_she_typed(self, lan: Scene) -> None:
        client = self.strict(lan)

        ours = {"referer": f"http://testserver{ADD}", "origin": "http://testserver"}
        answer = client.post(ADD, TYPED, headers=ours)

        assert (answer.status_code, answer.headers["Location"]) == (302, ADD)
        assert value(client.get(ADD), "title") == "Gạo nếp cái hoa vàng"

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "https://evil.example", "referer": f"http://testserver{ADD}"},
            {"origin": "null", "sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "cross-site", "referer": f"http://testserver{ADD}"},
            {},
        ],
    )
    def test_another_sites_form_is_refused_and_not_kept(self, lan: Scene, headers: dict[str, str]) -> None:
        client = self.strict(lan)
        before = Product.objects.count()

        assert client.post(ADD, TYPED, headers=headers).status_code == 403

        assert "kept_form" not in client.session
        assert Product.objects.count() == before


@pytest.mark.parametrize("to", ["confirmed", "packed", "sent", "delivered"])
def test_a_step_pressed_twice_is_taken_once_and_said_kindly(lan: Scene, to: str) -> None:
    from shop.order.models import OrderTransition
    from tests.shop.workspace.scene import DELIVER_AND_CASH

    order = lan.order(DELIVER_AND_CASH)
    steps = ["confirmed", "packed", "sent", "delivered"]
    address = reverse("workspace:order_step", args=[order.number])
    for step in steps[: steps.index(to)]:
        lan.client.post(address, {"to": step, "sure": "1"})

    lan.client.post(address, {"to": to, "sure": "1"})
    answer = lan.client.post(address, {"to": to, "sure": "1"}, follow=True)

    assert "Đơn đã ở bước này rồi; không có gì bị làm hai lần." in says(answer)
    assert OrderTransition.objects.filter(order=order, to_state=to).count() == 1

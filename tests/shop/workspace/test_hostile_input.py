"""What people or programs may type at work: strange digits, letters that turn the line, pictures in names."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.models import Product
from merchants.models import Merchant
from shop.payments.models import Receipt
from tests.people import hoa_the_officer
from tests.shop.workspace.scene import Scene
from tests.sign_in import sign_in

ADD = reverse("workspace:product_add")
TYPED = {"title": "Gạo", "price_new": "25.000", "stock_new": "3", "net_quantity": "1", "unit": "kg"}
TURNED = "Lan\u202e000.1\u202c \u2067Nguyễn\u2069\u200f"
STRANGE = ["1e9", "१२", "-5", "0,5", "٣٠٠٠", "0x10", "NaN", "inf", "1_000", "½", "²5", "٫", "9" * 400]


@pytest.fixture
def office(lan: Scene) -> Client:
    return sign_in(Client(), hoa_the_officer(lan.merchant.commune), second_factor=True)


@pytest.mark.parametrize("typed", STRANGE)
@pytest.mark.parametrize("field", ["price_new", "stock_new"])
def test_a_strange_number_is_refused_in_words_and_makes_no_product(lan: Scene, field: str, typed: str) -> None:
    before = Product.objects.count()

    page = lan.client.post(ADD, {**TYPED, field: typed})

    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert Product.objects.count() == before


@pytest.mark.parametrize("typed", [one for one in STRANGE if one != "0,5"])
def test_a_strange_quantity_is_refused(lan: Scene, typed: str) -> None:
    page = lan.client.post(ADD, {**TYPED, "net_quantity": typed})

    assert list(page.context["form"].errors) == ["net_quantity"]


@pytest.mark.parametrize("typed", STRANGE)
def test_a_strange_sum_is_no_money(lan: Scene, typed: str) -> None:
    order = lan.order()

    answer = lan.client.post(reverse("workspace:money_in", args=[order.number]), {"amount": typed, "seen": typed})

    assert answer.status_code == 302
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("typed", ["1e9", "१२", "-5", "0,5", "9" * 40, "\x00"])
def test_a_strange_page_or_filter_is_answered_quietly(lan: Scene, office: Client, typed: str) -> None:
    for name in ("orders", "products", "receipts"):
        address = reverse(f"workspace:{name}")
        assert lan.client.get(address, {"trang": typed, "loc": typed, "q": typed}).status_code == 200
    found = office.get(reverse("merchants:businesses"), {"thon": typed, "ma": typed, "trang": typed, "q": typed})
    assert found.status_code == 200


def test_letters_that_turn_the_line_are_dropped_from_what_is_written(lan: Scene, office: Client) -> None:
    lan.client.post(ADD, {**TYPED, "title": f"Gạo {TURNED}"})
    office.post(
        reverse("merchants:add"),
        {"name": f"Quán {TURNED}", "legal_form": "household", "status": "active", "owner_name": TURNED},
    )
    person = {"full_name": TURNED, "phone": "0912345678", "role": "seller"}
    office.post(reverse("workspace:person_add", args=[lan.merchant.pk]), person)
    lan.client.post(reverse("users:home"), {"full_name": TURNED})

    lan.user.refresh_from_db()
    plain = "Lan000.1 Nguyễn"
    made = Merchant.objects.order_by("pk").last()
    assert made is not None
    assert (made.name, made.owner_name) == (f"Quán {plain}", plain)
    assert Product.objects.order_by("pk").last().title == f"Gạo {plain}"  # type: ignore[union-attr]
    assert lan.merchant.memberships.order_by("pk").last().user.full_name == plain  # type: ignore[union-attr]
    assert lan.user.full_name == plain


def test_the_reason_a_buyer_reads_turns_no_line(lan: Scene) -> None:
    order = lan.order()

    lan.client.post(reverse("workspace:order_cancel", args=[order.number]), {"words": TURNED})

    order.refresh_from_db()
    assert (order.fulfilment, order.cancel_reason) == ("cancelled", "Lan000.1 Nguyễn")


def test_emoji_and_joined_emoji_stay(lan: Scene) -> None:
    lan.client.post(ADD, {**TYPED, "title": "Mật ong 🐝 👨‍👩‍👧 thơm"})

    assert Product.objects.order_by("pk").last().title == "Mật ong 🐝 👨‍👩‍👧 thơm"  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["Quán 🐝 Ong", "مخبز النور", "店", "x" * 120, "Ầ̂̂̂̂̂̂̂̂n"])
def test_any_name_gets_its_poster(lan: Scene, office: Client, name: str) -> None:
    Merchant.objects.filter(pk=lan.merchant.pk).update(name=name)
    account: Any = lan.merchant.bank_accounts.get()
    office.post(reverse("merchants:code_issue", args=[account.pk]))
    code = account.payment_codes.get()

    answer = office.get(reverse("merchants:poster", args=[code.pk]))

    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")

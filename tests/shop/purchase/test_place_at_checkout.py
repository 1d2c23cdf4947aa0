"""At the checkout old communes are found, the buyer confirms, and the order stores today's."""

import re
from typing import Any

import pytest
from django.test import Client

from shop.delivery.models import DeliveryOption
from shop.purchase.models import Purchase
from tests.factories import ProductFactory
from tests.people import lan_the_producer
from tests.shop.purchase.test_buying_pages import bought, checkout_form, put

pytestmark = pytest.mark.django_db
WHOLE = "Xóm 3, xã Long Thành, huyện Yên Thành, Nghệ An"


@pytest.fixture(autouse=True)
def basket(client: Client) -> None:
    DeliveryOption.objects.create(kind="flat_rate", price_vnd=30_000)
    put(client, ProductFactory(merchant=lan_the_producer().merchant))


def sent(client: Client, **changes: str) -> Any:
    return client.post("/thanh-toan/", checkout_form(client, commune="", street="", **changes))


def test_an_old_address_is_proposed_and_nothing_is_bought_before_it_is_confirmed(client: Client) -> None:
    response = sent(client, place=WHOLE)

    page = response.content.decode()
    assert response.status_code == 422
    assert "Long Thành (cũ) → xã Hợp Minh, Nghệ An" in page
    assert "Có phải nơi này không?" in page
    assert '<input type="radio" name="found" value="17605" checked' in page
    assert not Purchase.objects.exists()


def test_the_confirmed_commune_is_stored_by_its_new_name_and_what_was_typed_stays(client: Client) -> None:
    response = sent(client, place=WHOLE, found="17605", province="01")

    address = Purchase.objects.get(token=response.headers["Location"].strip("/").split("/")[-1]).shipping_address
    assert (address.line1, address.line4, address.state) == ("Xóm 3", "Xã Hợp Minh", "Nghệ An")
    assert (address.commune_code, address.province_code) == ("17605", "40")
    assert address.former_address == "Xã Long Thành, Huyện Yên Thành, Nghệ An"
    shown = client.get(response.headers["Location"]).content.decode()
    assert "<br>Địa chỉ cũ: Xã Long Thành, Huyện Yên Thành, Nghệ An" in shown


def test_what_the_buyer_wrote_herself_is_not_overwritten(client: Client) -> None:
    form = checkout_form(
        client, commune="", street="Nhà bà Hiên", former_address="Chợ Dinh", place=WHOLE, found="17605"
    )

    client.post("/thanh-toan/", form)

    address = Purchase.objects.get().shipping_address
    assert (address.line1, address.former_address) == ("Nhà bà Hiên", "Chợ Dinh")


def test_without_scripts_the_button_brings_what_fits_and_the_next_page_shows_the_choice(client: Client) -> None:
    page = sent(client, place="long thanh", refresh="place").content.decode()
    assert "Nơi nào trong số này?" in page
    assert "xã Long Thành, Đồng Nai" in page
    assert page.index("Long Thành (cũ) → xã Hợp Minh, Nghệ An") < page.index("xã Long Thành, Đồng Nai")
    assert 'name="found" value="17605" checked' not in page
    assert re.search(r'value="place" formaction="#find-place" formnovalidate>', page)
    assert page.index('id="find-place"') < page.index("Nơi nào trong số này?")

    page = sent(client, place="long thanh", found="26368", refresh="place").content.decode()

    assert '<option value="75" selected>' in page
    assert '<option value="26368" selected>' in page
    assert 'name="found"' not in page
    assert not Purchase.objects.exists()


def test_without_scripts_the_button_says_that_nothing_fits(client: Client) -> None:
    words = '<p class="notice notice--warn no-js-only">'
    assert words not in sent(client, place="long thanh", refresh="place").content.decode()
    assert words not in sent(client, refresh="place").content.decode()

    page = sent(client, place="xyzzy", refresh="place").content.decode()

    assert words in page
    assert "Không có xã, phường nào tên như vậy." in page


def test_a_commune_that_was_divided_is_asked_about(client: Client) -> None:
    page = sent(client, place="Cổ Bi, Gia Lâm, Hà Nội").content.decode()

    assert page.count('name="found"') == 4
    assert "checked data-refresh" not in page.split('name="found"', 1)[1].split("</fieldset>")[0]
    assert "đã chia cho nhiều nơi" in page


def test_a_name_in_the_list_and_one_typed_must_agree(client: Client) -> None:
    response = client.post("/thanh-toan/", checkout_form(client, commune="17506", place="Hợp Minh, Nghệ An"))
    assert response.status_code == 422
    assert not Purchase.objects.exists()

    assert bought(client, commune="17605", place="Hợp Minh").shipping_address.commune_code == "17605"


def test_a_name_that_nothing_has_is_said_once(client: Client) -> None:
    response = sent(client, place="Không Có Đâu")

    page = response.content.decode()
    assert response.status_code == 422
    assert "Không có xã, phường nào tên như vậy" in page
    assert "Vui lòng chọn xã, phường." not in page.split("data-error-list")[1].split("</ul>")[0]


@pytest.mark.parametrize("found", ["26368", "00001", "x", "<b>", "99999999"])
def test_a_code_that_does_not_fit_what_was_typed_is_not_taken(client: Client, found: str) -> None:
    response = sent(client, place="Hợp Minh, Nghệ An", found=found)

    assert response.status_code == 422
    assert not Purchase.objects.exists()


def test_the_fragment_offers_communes_without_a_session(client: Client, django_assert_num_queries: Any) -> None:
    strange = Client(enforce_csrf_checks=True)
    with django_assert_num_queries(1):  # whose site it is
        response = strange.post("/thanh-toan/xa/", {"place": "long thanh", "province": "40"})

    page = response.content.decode()
    assert page.index('data-code="17605"') < page.index('data-code="26368"')
    assert response.headers["Cache-Control"] == "no-store, private"
    assert not response.cookies
    assert client.get("/thanh-toan/xa/").status_code == 405
    assert "<script" not in strange.post("/thanh-toan/xa/", {"place": "<script>x"}).content.decode()

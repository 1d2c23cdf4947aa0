"""One producer: her goods, her story, and the law's seller block."""

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.models import StoryMerchant
from merchants.models import Merchant
from shop.delivery.models import DeliveryOption
from shop.storefront.catalogue_page import GOODS_A_PAGE
from tests.factories import BankAccountFactory, MerchantFactory, ProductFactory, listed_product
from tests.factories.pages import story_index, story_page

pytestmark = pytest.mark.django_db


def seller(**fields: object) -> Merchant:
    return MerchantFactory(
        name="HTX Ong Đồi Mơ", legal_form="cooperative", owner_name="Bà Lan", address="Xóm 2", phone="+84912345678",
        summary="Quay mật theo mùa hoa.", story="Mười một hộ.\n\nBa bốn đợt.", collection_note="Cạnh đình", **fields,
    )  # fmt: skip


def test_the_page_tells_who_sells_as_the_law_wants_it(client: Client) -> None:
    merchant = seller()
    merchant.tax_code = "2901234567"
    merchant.save()
    response = client.get(merchant.get_absolute_url())
    text = response.content.decode()

    assert response.status_code == 200
    assert dict(response.context["seller_facts"]) == {
        "Người bán": "HTX Ong Đồi Mơ",
        "Loại hình": "hợp tác xã",
        "Người đại diện": "Bà Lan",
        "Địa chỉ": f"Xóm 2, {merchant.commune.name}, Nghệ An",
        "Số điện thoại": "0912 345 678",
        "Mã số thuế": "2901234567",
    }
    for said in ("Quay mật theo mùa hoa.", "<p>Ba bốn đợt.</p>", "Cạnh đình", 'href="tel:+84912345678"'):
        assert said in text


def test_the_page_tells_who_is_paid_and_what_delivery_costs(client: Client) -> None:
    DeliveryOption.objects.create(kind="flat_rate", price_vnd=30_000, free_from_vnd=300_000)
    DeliveryOption.objects.create(kind="collect")
    merchant = seller()
    assert "Nhận hàng rồi trả tiền mặt cho HTX Ong Đồi Mơ" in client.get(merchant.get_absolute_url()).content.decode()

    BankAccountFactory(merchant=merchant)
    text = client.get(merchant.get_absolute_url()).content.decode()

    for said in ("Tiền vào thẳng tài khoản của HTX Ong Đồi Mơ", "Giao tận nơi 30.000\xa0₫", "Miễn phí từ 300.000\xa0₫"):
        assert said in text


def test_a_personal_tax_code_shows_its_last_four_digits_only(client: Client) -> None:
    merchant = seller()
    merchant.tax_code = "040123456789"
    merchant.save()
    text = client.get(merchant.get_absolute_url()).content.decode()

    assert "••••••••6789" in text
    assert "0401" not in text


def test_only_her_goods_are_shown_those_in_stock_first(client: Client) -> None:
    merchant = seller()
    listed_product(title="Có", merchant=merchant)
    listed_product(title="Hết", merchant=merchant, in_stock=0)
    listed_product(title="Nhà khác")
    cards = client.get(merchant.get_absolute_url()).context["page"].object_list

    assert [card.name for card in cards] == ["Có", "Hết"]


def test_a_producer_without_goods_still_has_her_page(client: Client) -> None:
    assert client.get(seller().get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "fields", [{"is_public": False}, {"status": "paused"}, {"status": "closed", "status_reason": "x"}]
)
def test_a_business_that_is_not_public_is_404(client: Client, fields: dict[str, object]) -> None:
    merchant = seller()
    Merchant.objects.filter(pk=merchant.pk).update(**fields)

    assert client.get(merchant.get_absolute_url()).status_code == 404


def test_another_slug_leads_to_the_right_one(client: Client) -> None:
    merchant = seller()
    response = client.get(f"/en/co-so/cu-{merchant.pk}/")

    assert (response.status_code, response["Location"]) == (301, "/en" + merchant.get_absolute_url())


@pytest.mark.parametrize("page", ["2", "51", "x", "0", "9" * 50])
def test_pages_that_are_not_there_are_404(client: Client, page: str) -> None:
    assert client.get(f"{seller().get_absolute_url()}?trang={page}").status_code == 404


def test_many_goods_are_spread_over_pages(client: Client) -> None:
    merchant = seller()
    for _ in range(GOODS_A_PAGE + 1):
        listed_product(merchant=merchant)
    first = client.get(merchant.get_absolute_url())
    second = client.get(f"{merchant.get_absolute_url()}?trang=2")

    assert len(first.context["page"].object_list) == GOODS_A_PAGE
    assert len(second.context["page"].object_list) == 1
    assert f'rel="canonical" href="http://testserver{merchant.get_absolute_url()}?trang=2"' in second.content.decode()


def test_search_engines_read_the_organization(client: Client) -> None:
    merchant = seller()
    text = client.get(merchant.get_absolute_url()).content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    organization = json.loads(found[1])["@graph"][0]

    assert organization["name"] == "HTX Ong Đồi Mơ"
    assert organization["address"]["addressLocality"] == merchant.commune.name
    assert organization["telephone"] == "+84912345678"


def test_twenty_goods_need_no_more_queries_than_two(client: Client) -> None:
    merchant = seller()
    counts = []
    for more in (2, 18):
        for _ in range(more):
            listed_product(merchant=merchant)
        client.get(merchant.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(merchant.get_absolute_url())
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12


def test_a_draft_is_not_among_her_goods(client: Client) -> None:
    merchant = seller()
    ProductFactory(title="Nháp", merchant=merchant, is_public=False)

    assert "Nháp" not in client.get(merchant.get_absolute_url()).content.decode()


def test_stories_about_her_follow_on_her_page(client: Client) -> None:
    merchant = seller()
    index = story_index()
    about = story_page(index, title="Mùa mật ở Đồi Mơ", slug="mua-mat")
    StoryMerchant.objects.create(page=about, merchant=merchant)
    story_page(index, title="Chuyện nhà khác", slug="nha-khac")
    text = client.get(merchant.get_absolute_url()).content.decode()

    assert "Mùa mật ở Đồi Mơ" in text
    assert "Chuyện nhà khác" not in text

"""A commune's host shows its own goods, and nothing of its neighbours."""

from dataclasses import dataclass

import pytest
from django.test import Client

from catalogue.models import Product
from merchants.models import Commune, PaymentCode
from shop.storefront.home_goods import goods_by_id, goods_for_block, producers_for_block
from tests.factories import BankAccountFactory, CertificateFactory, MerchantFactory, VillageFactory, listed_product
from tests.shop.storefront.sites import site_of

pytestmark = pytest.mark.django_db

HERE, THERE, ALL = "minh.example.test", "son.example.test", "tinh.example.test"


@dataclass(frozen=True)
class Place:
    commune: Commune
    product: Product


def place(host: str, title: str) -> Place:
    village = VillageFactory()
    site_of(village.commune, host=host)
    return Place(village.commune, listed_product(title=title, merchant=MerchantFactory(village=village), stars=4))


@pytest.fixture
def here() -> Place:
    return place(HERE, "Mật ong đây")


@pytest.fixture
def there() -> Place:
    return place(THERE, "Mật ong kia")


def get(client: Client, host: str, path: str) -> tuple[int, str]:
    response = client.get(path, headers={"host": host})
    return response.status_code, response.content.decode().replace("<mark>", "").replace("</mark>", "")


def test_each_host_lists_its_own_goods(client: Client, here: Place, there: Place) -> None:
    site_of(None, host=ALL)
    for query in ("", "?q=mat+ong", "?sao=4", "?sap_xep=gia"):
        text = get(client, HERE, f"/san-pham/{query}")[1]
        assert "Mật ong đây" in text
        assert "Mật ong kia" not in text
        text = get(client, ALL, f"/san-pham/{query}")[1]
        assert "Mật ong đây" in text
        assert "Mật ong kia" in text


def test_facets_of_a_neighbour_find_nothing_here(client: Client, here: Place, there: Place) -> None:
    for query in (f"xa={there.commune.code}", f"co-so={there.product.merchant_id}"):
        text = get(client, HERE, f"/san-pham/?{query}")[1]
        assert "Mật ong" not in text
        assert there.product.merchant.name not in text


def test_products_and_producers_of_a_neighbour_are_404_here(client: Client, here: Place, there: Place) -> None:
    for path in (there.product.get_absolute_url(), there.product.merchant.get_absolute_url()):
        status, text = get(client, HERE, path)
        assert status == 404
        assert "Mật ong kia" not in text
        assert get(client, THERE, path)[0] == 200


def test_the_page_of_a_missing_product_offers_this_host_s_goods(client: Client, here: Place, there: Place) -> None:
    text = get(client, HERE, there.product.get_absolute_url())[1]

    assert here.product.get_absolute_url() in text


def test_neighbours_of_a_product_are_of_this_host(client: Client, here: Place, there: Place) -> None:
    assert "Mật ong kia" not in get(client, HERE, here.product.get_absolute_url())[1]


def test_a_certificate_is_open_everywhere_with_this_host_s_goods(client: Client, here: Place, there: Place) -> None:
    certificate = CertificateFactory(holder=there.product.merchant, products=[here.product, there.product])
    status, text = get(client, HERE, certificate.get_absolute_url())

    assert status == 200
    assert "Mật ong đây" in text
    assert "Mật ong kia" not in text
    assert there.product.merchant.get_absolute_url() not in text


def test_a_printed_code_of_a_neighbour_is_still_known(client: Client, here: Place, there: Place) -> None:
    account = BankAccountFactory(merchant=there.product.merchant)
    PaymentCode.objects.create(account=account, public_code="K7M2PQ", payload="x")
    status, text = get(client, HERE, "/ma/K7M2PQ/")

    assert status == 200
    assert there.product.merchant.name in text
    assert there.product.merchant.get_absolute_url() not in text


def test_the_area_stands_in_title_and_header(client: Client) -> None:
    site_of(VillageFactory().commune, host=HERE, area_name="Long Thành")

    assert "· Long Thành</title>" in get(client, HERE, "/san-pham/")[1]


def test_a_hosts_counts_are_its_own_even_when_both_are_asked_within_a_minute(
    client: Client, here: Place, there: Place
) -> None:
    listed_product(merchant=there.product.merchant)
    totals = [client.get("/san-pham/", headers={"host": host}).context["total_label"] for host in (HERE, THERE, HERE)]

    assert totals == ["1", "2", "1"]


def test_blocks_show_goods_and_producers_of_their_commune(here: Place, there: Place) -> None:
    for choice in ("newest", "certified"):
        cards = goods_for_block(commune=here.commune, choice=choice, count=8)
        assert [card.name for card in cards] == ["Mật ong đây"]
    assert [card.name for card in goods_for_block(commune=None, choice="set", ocop_set=4, count=8)] == [
        "Mật ong kia",
        "Mật ong đây",
    ]
    assert goods_by_id(commune=here.commune, product_ids=[there.product.pk]) == []
    assert [card.name for card in producers_for_block(commune=here.commune, count=6)] == [here.product.merchant.name]

"""/api/v1/: what it tells, what it refuses, and that it tells nothing personal."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalogue.listed_product import refresh_listed_products
from catalogue.season import season_of
from merchants.models import Merchant, PaymentCode
from tests.factories import BankAccountFactory, CertificateFactory, MerchantFactory, ProductFactory, VillageFactory

pytestmark = pytest.mark.django_db


def test_a_good_is_told_with_price_stars_and_seller(client: Client) -> None:
    product = ProductFactory(title="Tương Nam Đàn", price=65_000)
    certificate = CertificateFactory(products=[product])
    refresh_listed_products()

    [item] = client.get("/api/v1/products").json()["items"]

    assert item["id"] == product.pk
    assert item["price_from_vnd"] == 65_000
    assert (item["ocop_stars"], item["ocop_stars_until"]) == (4, certificate.expires_on.isoformat())
    assert item["seller"]["name"] == product.merchant.name
    assert item["url"] == f"http://testserver/san-pham/tuong-nam-dan-{product.pk}/"
    assert client.get(f"/api/v1/products/{product.pk}").json() == item


def test_words_are_found_without_tone_marks(client: Client) -> None:
    ProductFactory(title="Tương Nam Đàn")
    ProductFactory(title="Mật ong")
    refresh_listed_products()

    found = client.get("/api/v1/products", {"q": "tuong nam dan"}).json()

    assert [item["title"] for item in found["items"]] == ["Tương Nam Đàn"]
    assert found["count"] == 1


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=10000000000", "page=x", "page_size=101", "ocop_set=27", "stars=2", "page_size=-1", "stars=%00"],
)
def test_a_bad_parameter_is_named_in_the_readers_language(client: Client, query: str) -> None:
    response = client.get(f"/api/v1/products?{query}", headers={"Accept-Language": "en"})

    assert response.status_code == 422
    assert response.json()["error"] == "bad_parameters"
    assert response.json()["message"] == f"Not understood: {query.partition('=')[0]}"


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999999"])
def test_an_unknown_good_is_not_there(client: Client, number: str) -> None:
    response = client.get(f"/api/v1/products/{number}")

    assert response.status_code == 404
    assert response.json()["error"] == "not_found"


def test_producers_without_a_public_page_are_not_told(client: Client) -> None:
    shown = MerchantFactory(name="Hộ công khai")
    MerchantFactory(is_public=False)
    MerchantFactory(status=Merchant.Status.CLOSED, status_reason="nghỉ bán")

    answer = client.get("/api/v1/merchants").json()

    assert [item["id"] for item in answer["items"]] == [shown.pk]
    assert set(answer["items"][0]) == {"id", "name", "legal_form", "trade", "village", "commune", "url"}


def test_coverage_counts_active_businesses_and_their_codes(client: Client) -> None:
    village = VillageFactory()
    with_code, with_account = MerchantFactory(village=village), MerchantFactory(village=village)
    MerchantFactory(village=village)
    MerchantFactory(village=village, status=Merchant.Status.CLOSED, status_reason="nghỉ bán")
    PaymentCode.objects.create(account=BankAccountFactory(merchant=with_code), public_code="AAAA", payload="x")
    BankAccountFactory(merchant=with_account)

    [item] = client.get("/api/v1/coverage").json()["items"]

    assert item == {
        "commune": {"code": village.commune.code, "name": village.commune.name},
        "month": timezone.localdate().strftime("%Y-%m"),
        "on_the_register": 3,
        "account_known": 2,
        "code_valid": 1,
    }


def test_the_description_names_every_address_and_the_docs_page_shows_them(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()

    paths = ["/api/v1/products", "/api/v1/products/{product_id}", "/api/v1/merchants", "/api/v1/coverage"]
    assert list(described["paths"]) == paths
    page = client.get("/api/v1/docs").content.decode()
    assert all(path in page for path in paths)


def test_the_docs_page_speaks_the_readers_language_and_explains_each_parameter(client: Client) -> None:
    page = client.get("/api/v1/docs").content.decode()

    described = client.get("/api/v1/openapi.json").json()
    assert "<p>Hàng đang bán</p>" in page
    assert "Goods on sale" not in page
    assert described["paths"]["/api/v1/products"]["get"]["summary"] == "Goods on sale"
    assert "<td></td>" not in page


def test_lists_cost_as_many_queries_at_20_rows_as_at_2(client: Client, django_assert_num_queries: Any) -> None:
    for _ in range(2):
        ProductFactory()
    refresh_listed_products()
    client.get("/api/v1/products")  # what is kept of the host is read anew after each change of the goods
    with django_assert_num_queries(3):
        client.get("/api/v1/products")
    with django_assert_num_queries(3):
        client.get("/api/v1/merchants")

    for _ in range(18):
        ProductFactory()
    refresh_listed_products()
    client.get("/api/v1/products")

    with django_assert_num_queries(3):
        assert client.get("/api/v1/products").json()["count"] == 20
    with django_assert_num_queries(3):
        assert client.get("/api/v1/merchants").json()["count"] == 20


def test_goods_tell_the_months_of_their_season(client: Client) -> None:
    oranges = ProductFactory(title="Cam", season=season_of([11, 12, 1]))
    ProductFactory(title="Tương")
    refresh_listed_products()

    items = client.get("/api/v1/products").json()["items"]
    assert {item["title"]: item["season_months"] for item in items} == {"Cam": [1, 11, 12], "Tương": []}
    assert client.get(f"/api/v1/products/{oranges.pk}").json()["season_months"] == [1, 11, 12]

"""The product feeds: well-formed, complete, harmless, the same for everyone."""

import csv
import io
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client

from catalogue.listed_product import refresh_listed_products
from catalogue.models import Product
from merchants.spreadsheet_files import harmless
from shop.marketplaces.feeds.meta import COLUMNS
from tests.factories import CertificateFactory, ProductFactory, VariantsFactory
from tests.factories.catalogue import give_picture

pytestmark = pytest.mark.django_db
G = "{http://base.google.com/ns/1.0}"


def body(client: Client, path: str) -> bytes:
    return b"".join(client.get(path).streaming_content)


def google_items(client: Client) -> list[dict[str, str]]:
    document = fromstring(body(client, "/feeds/google.xml").decode())
    return [{field.tag.removeprefix(G): field.text or "" for field in item} for item in document.iter("item")]


def a_good(**fields: Any) -> Product:
    product = ProductFactory(**fields)
    give_picture(product)
    return product


def test_google_reads_a_good_with_price_seller_and_absolute_addresses(client: Client) -> None:
    product = a_good(title="Mật ong & <hoa>", price=235_000, description="<p>Ngọt\nthanh</p>")
    refresh_listed_products()

    [item] = google_items(client)

    assert item["id"] == str(product.pk)
    assert item["title"] == "Mật ong & <hoa>"
    assert item["description"] == "Ngọt thanh"
    assert item["price"] == "235000 VND"
    assert item["availability"] == "in_stock"
    assert item["link"] == f"http://testserver/san-pham/mat-ong-hoa-{product.pk}/"
    assert item["image_link"].startswith("http://testserver/media/")
    assert item["brand"] == product.merchant.name


def test_variants_share_a_group_and_carry_their_own_price(client: Client) -> None:
    parent = VariantsFactory(title="Mật ong", labels={"500 ml": 90_000, "1 l": 170_000})
    give_picture(parent)
    refresh_listed_products()

    items = google_items(client)

    assert [(item["item_group_id"], item["title"], item["price"]) for item in items] == [
        (str(parent.pk), "Mật ong, 500 ml", "90000 VND"),
        (str(parent.pk), "Mật ong, 1 l", "170000 VND"),
    ]


def test_an_expired_certificate_gives_no_stars_to_the_feed(client: Client) -> None:
    with_stars, without = a_good(), a_good()
    CertificateFactory(products=[with_stars])
    CertificateFactory(products=[without], issued_on="2020-01-01", expires_on="2022-12-31")
    refresh_listed_products()

    labels = {item["id"]: item.get("custom_label_0", "") for item in google_items(client)}

    assert labels == {str(with_stars.pk): "OCOP 4", str(without.pk): ""}


def test_a_withdrawn_good_and_one_without_a_picture_are_not_fed(client: Client) -> None:
    a_good(is_public=False)
    ProductFactory()
    refresh_listed_products()

    assert google_items(client) == []


def test_control_characters_do_not_break_the_xml(client: Client) -> None:
    a_good(title="Mật\x0bong\x00".replace("\x00", "\x01"))
    refresh_listed_products()

    assert google_items(client)[0]["title"] == "Mậtong"


def test_meta_reads_the_same_good_as_csv(client: Client) -> None:
    product = a_good(title="=1+2 mật ong", price=50_000, in_stock=0)
    refresh_listed_products()

    header, row = list(csv.reader(io.StringIO(body(client, "/feeds/meta.csv").decode())))

    assert header == COLUMNS
    assert row[0] == str(product.pk)
    assert row[1] == "'=1+2 mật ong"
    assert row[3:6] == ["out of stock", "new", "50000 VND"]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx"])
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(cell: str) -> None:
    assert harmless(cell) == "'" + cell


def test_an_unchanged_feed_answers_304_and_a_changed_one_200(client: Client) -> None:
    a_good()
    refresh_listed_products()
    etag = client.get("/feeds/google.xml").headers["ETag"]

    assert client.get("/feeds/google.xml", headers={"If-None-Match": etag}).status_code == 304

    a_good()
    refresh_listed_products()
    assert client.get("/feeds/google.xml", headers={"If-None-Match": etag}).status_code == 200


def test_the_feed_costs_as_many_queries_at_20_goods_as_at_2(client: Client, django_assert_num_queries: Any) -> None:
    for _ in range(2):
        a_good()
    refresh_listed_products()
    client.get("/healthz")
    body(client, "/feeds/google.xml")  # the host's commune is looked up once and kept, until goods change
    with django_assert_num_queries(5):
        body(client, "/feeds/google.xml")

    for _ in range(18):
        a_good()
    refresh_listed_products()
    body(client, "/feeds/google.xml")

    with django_assert_num_queries(5):
        assert len(body(client, "/feeds/google.xml")) > 10_000

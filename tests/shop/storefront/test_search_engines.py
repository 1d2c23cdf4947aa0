"""robots.txt and the sitemap."""

from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client

from catalogue.listed_product import refresh_listed_products
from shop.storefront import search_engines
from tests.factories import MerchantFactory, ProductFactory

pytestmark = pytest.mark.django_db
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def locations(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200
    text = response.getvalue().decode()
    return [element.text or "" for element in fromstring(text).iter(LOC)]


def test_robots_keep_out_of_private_pages_and_find_the_sitemap_of_their_host(client: Client) -> None:
    lines = client.get("/robots.txt", headers={"host": "xa-khac.example.test"}).content.decode().splitlines()

    assert "Disallow: /mua/" in lines
    assert "Disallow: /en/gio-hang/" in lines
    assert lines[-1] == "Sitemap: http://xa-khac.example.test/sitemap.xml"


def test_the_sitemap_names_goods_and_producers_in_both_languages(client: Client) -> None:
    product = ProductFactory(title="Tương Nam Đàn")
    refresh_listed_products()

    assert locations(client, "/sitemap.xml") == [
        "http://testserver/sitemap-trang.xml",
        "http://testserver/sitemap-hang-1.xml",
    ]
    assert locations(client, "/sitemap-hang-1.xml") == [
        f"http://testserver/san-pham/tuong-nam-dan-{product.pk}/",
        f"http://testserver/en/san-pham/tuong-nam-dan-{product.pk}/",
    ]
    pages = locations(client, "/sitemap-trang.xml")
    assert f"http://testserver{product.merchant.get_absolute_url()}" in pages


def test_many_goods_are_spread_over_files(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_engines, "ADDRESSES_PER_FILE", 2)
    for _ in range(3):
        ProductFactory()
    refresh_listed_products()

    assert len(locations(client, "/sitemap.xml")) == 3
    assert len(locations(client, "/sitemap-hang-2.xml")) == 2
    assert client.get("/sitemap-hang-3.xml").status_code == 404
    assert client.get("/sitemap-hang-99999999999.xml").status_code == 404


def test_the_page_file_costs_as_many_queries_at_20_producers_as_at_2(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    MerchantFactory.create_batch(20)
    with django_assert_max_num_queries(12):
        assert len(locations(client, "/sitemap-trang.xml")) >= 40

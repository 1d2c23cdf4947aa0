"""A visitor reports a listing: what is kept, what is refused, and that nobody learns who it was."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from catalogue.listing_reports import MOST_OPEN_PER_PRODUCT, report_listing
from catalogue.models import ListingReport, Product
from merchants.models import AuditEntry
from tests.factories import MerchantFactory, listed_product

pytestmark = pytest.mark.django_db
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet() -> None:
    cache.clear()


@pytest.fixture
def product() -> Product:
    return listed_product(title="Mật ong", merchant=MerchantFactory(name="Nhà Lan"))


def send(client: Client, product: Product, *, headers: dict[str, str] | None = None, **fields: str) -> Any:
    given = {"reason": "false_stars", "text": "Sao này hết hạn rồi", "contact": "0912 345 678", **fields}
    return client.post(
        product.get_absolute_url() + "phan-anh/gui/", given, headers=OURS if headers is None else headers
    )


def test_the_product_page_leads_to_the_form_which_names_the_goods(client: Client, product: Product) -> None:
    address = product.get_absolute_url() + "phan-anh/"
    assert f'href="{address}" rel="nofollow"' in client.get(product.get_absolute_url()).content.decode()

    response = client.get(address)

    text = response.content.decode()
    assert "Mật ong" in text
    assert "Nhà Lan" in text
    assert f'action="{address}gui/"' in text
    assert '<meta name="robots" content="noindex">' in text
    assert response.cookies == {}


def test_a_report_is_kept_with_its_contact_sealed_and_leads_to_thanks(client: Client, product: Product) -> None:
    response = send(client, product)

    report = ListingReport.objects.get()
    assert (response.status_code, response["Location"]) == (302, product.get_absolute_url() + "phan-anh/cam-on/")
    assert "Cảm ơn" in client.get(response["Location"]).content.decode()
    assert (report.product, report.merchant, report.product_title) == (product, product.merchant, "Mật ong")
    assert (report.reason, report.text, report.state) == ("false_stars", "Sao này hết hạn rồi", "new")
    assert report.contact == "0912 345 678"
    assert "0912" not in report.sealed_contact


def test_the_audit_log_learns_neither_who_reported_nor_from_where(client: Client, product: Product) -> None:
    send(client, product)

    entry = AuditEntry.objects.get(action="listing_report.made")
    assert (entry.actor, entry.actor_label, entry.address, entry.request_id) == (None, "visitor", None, "")
    assert entry.after == {"product": product.pk, "reason": "false_stars"}
    assert entry.commune == product.merchant.commune


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": ""}, "Chọn điều chưa đúng."),
        ({"reason": "nonsense"}, "nonsense"),
        ({"reason": "other", "text": "  "}, "Bạn viết vài chữ cho biết có gì chưa đúng."),
        ({"text": "a" * 1_001}, "1000"),
        ({"text": "a\x00b"}, "NULL"),
        ({"contact": "0" * 121}, "120"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(
    client: Client, product: Product, fields: dict[str, str], said: str
) -> None:
    response = send(client, product, **fields)

    assert response.status_code == 422
    assert said in response.content.decode() or said == "NULL"
    assert "no-store" in response["Cache-Control"]
    assert not ListingReport.objects.exists()


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}])
def test_another_sites_form_is_refused(client: Client, product: Product, headers: dict[str, str]) -> None:
    response = send(client, product, headers=headers)

    assert response.status_code == 403
    assert not ListingReport.objects.exists()


def test_a_machine_that_fills_in_everything_is_thanked_and_forgotten(client: Client, product: Product) -> None:
    response = send(client, product, website="http://spam.example")

    assert response.status_code == 302
    assert not ListingReport.objects.exists()


def test_the_sixth_report_of_an_hour_from_one_place_is_too_many(client: Client, product: Product) -> None:
    for _ in range(5):
        assert send(client, product).status_code == 302

    response = send(client, product)

    assert response.status_code == 429
    assert ListingReport.objects.count() == 5


def test_a_flood_about_one_product_buries_nothing(client: Client, product: Product) -> None:
    for _ in range(MOST_OPEN_PER_PRODUCT):
        report_listing(product=product, reason="other", text="x", contact="")

    response = send(client, product)

    assert response.status_code == 302
    assert ListingReport.objects.count() == MOST_OPEN_PER_PRODUCT


def test_goods_that_are_not_on_sale_here_cannot_be_reported(client: Client, product: Product) -> None:
    Product.objects.filter(pk=product.pk).update(is_public=False)

    assert client.get(product.get_absolute_url() + "phan-anh/").status_code == 404
    assert send(client, product).status_code == 404
    assert not ListingReport.objects.exists()


def test_asking_for_the_form_s_target_changes_nothing(client: Client, product: Product) -> None:
    assert client.get(product.get_absolute_url() + "phan-anh/gui/").status_code == 405

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.utils import timezone

from catalogue.listed_product import (
    listing_breaches,
    product_changed,
    refresh_ended_stars,
    refresh_listed_products,
    stock_changed,
    unit_price_of,
)
from catalogue.models import ListedProduct, Product
from catalogue.search import find_words, matching
from shop.partner.models import StockRecord
from tests.factories import CertificateFactory, MerchantFactory, ProductFactory, VariantsFactory, listed_product

pytestmark = pytest.mark.django_db


def found(words: str) -> set[str]:
    query = find_words(words)
    return set(ListedProduct.objects.filter(matching(query)).values_list("title", flat=True)) if query else set()


@pytest.mark.parametrize(
    ("price", "unit", "quantity", "expected"),
    [
        (60_000, "g", "500", (Decimal(120_000), "kg")),
        (95_000, "ml", "750", (Decimal(126_667), "l")),
        (60_000, "kg", "5", (Decimal(12_000), "kg")),
        (60_000, "kg", "1", (None, "")),
        (60_000, "piece", "1", (None, "")),
        (60_000, "piece", "10", (Decimal(6_000), "piece")),
    ],
)
def test_unit_price_is_whole_dong_and_absent_where_it_says_nothing_new(price, unit, quantity, expected):
    assert unit_price_of(price=Decimal(price), unit=unit, net_quantity=Decimal(quantity)) == expected


def test_beside_other_sizes_the_whole_litre_has_a_unit_price_too():
    price = unit_price_of(price=Decimal(330_000), unit="l", net_quantity=Decimal(1), to_compare=True)
    assert price == (Decimal(330_000), "l")


def test_a_page_with_variants_is_listed_once_from_its_lowest_price():
    parent = listed_product(labels={"500 ml": 95_000, "1 l": 180_000}, title="Tương Nam Đàn")

    row = ListedProduct.objects.get()
    assert row.product_id == parent.pk
    assert (row.price_from, row.price_to) == (Decimal(95_000), Decimal(180_000))
    assert row.in_stock is True
    assert row.folded_title == "tuong nam dan"
    assert row.place == f"{parent.merchant.village.name}, {parent.merchant.commune.name}"


@pytest.mark.parametrize(
    "hide",
    [
        lambda product: Product.objects.filter(pk=product.pk).update(is_public=False),
        lambda product: StockRecord.objects.filter(product=product).delete(),
    ],
)
def test_a_withdrawn_product_leaves_list_and_search(hide):
    product = listed_product(title="Mật ong hoa nhãn")
    assert found("mat ong") == {"Mật ong hoa nhãn"}

    hide(product)
    product_changed(product.pk)

    assert not ListedProduct.objects.exists()
    assert found("mat ong") == set()
    assert list(listing_breaches()) == []


def test_saving_a_merchant_renames_hides_and_shows_its_goods():
    product = listed_product()
    merchant = product.merchant

    merchant.name = "Hợp tác xã Đồng Xanh"
    merchant.save()
    assert ListedProduct.objects.get().merchant_name == "Hợp tác xã Đồng Xanh"
    assert found("dong xanh") == {product.title}

    merchant.is_public = False
    merchant.save()
    assert not ListedProduct.objects.exists()

    merchant.is_public = True
    merchant.save()
    assert ListedProduct.objects.count() == 1


def test_stars_are_those_of_the_best_certificate_that_holds_today():
    product = listed_product()
    today = timezone.localdate()
    CertificateFactory(products=[product], stars=5, issued_on=date(2020, 1, 1), expires_on=today - timedelta(days=1))
    CertificateFactory(products=[product], stars=5, issued_on=today + timedelta(days=1))
    three = CertificateFactory(products=[product], stars=3, expires_on=today + timedelta(days=30))

    row = ListedProduct.objects.get()
    assert (row.stars, row.stars_until) == (3, today + timedelta(days=30))

    three.revoked_on = today
    three.save()
    assert ListedProduct.objects.get().stars == 0


def test_a_lower_certificate_takes_over_when_the_better_one_has_ended():
    product = listed_product()
    today = timezone.localdate()
    CertificateFactory(products=[product], stars=4, expires_on=today)
    CertificateFactory(products=[product], stars=3, expires_on=today + timedelta(days=90))
    assert ListedProduct.objects.get().stars == 4

    refresh_ended_stars(today=today + timedelta(days=1))

    row = ListedProduct.objects.get()
    assert (row.stars, row.stars_until) == (3, today + timedelta(days=90))


@pytest.mark.parametrize("end", ["delete", "remove", "clear", "clear_from_product"])
def test_a_certificate_that_goes_takes_its_stars_along(end, django_capture_on_commit_callbacks):
    product = listed_product(stars=4)
    certificate = product.certificates.get()
    assert ListedProduct.objects.get().stars == 4

    with django_capture_on_commit_callbacks(execute=True):
        if end == "delete":
            certificate.delete()
        elif end == "remove":
            certificate.products.remove(product)
        elif end == "clear":
            certificate.products.clear()
        else:
            product.certificates.clear()

    assert ListedProduct.objects.get().stars == 0


def test_availability_follows_the_last_variant_and_is_not_written_while_it_stays(django_assert_num_queries):
    parent = listed_product(labels={"a": 10_000, "b": 20_000}, in_stock=1)
    first, second = StockRecord.objects.order_by("pk")

    StockRecord.objects.filter(pk=first.pk).update(num_allocated=F("num_in_stock"))
    stock_changed([first.product_id])
    assert ListedProduct.objects.get().in_stock is True

    StockRecord.objects.filter(pk=second.pk).update(num_allocated=F("num_in_stock"))
    stock_changed([second.product_id])
    assert ListedProduct.objects.get().in_stock is False

    StockRecord.objects.filter(pk=first.pk).update(num_in_stock=5)
    stock_changed([first.product_id])
    assert ListedProduct.objects.get().in_stock is True
    assert list(listing_breaches()) == []
    assert parent.pk == ListedProduct.objects.get().pk


def test_refreshing_everything_repairs_each_kind_of_breach_and_may_run_twice():
    kept, unlisted = listed_product(title="Gạo nếp"), ProductFactory(title="Lạc rang")
    hidden = listed_product(title="Chè xanh")
    Product.objects.filter(pk=hidden.pk).update(is_public=False)
    ListedProduct.objects.filter(pk=kept.pk).update(price_from=1, stars=5)
    assert sorted(list(listing_breaches())) == [
        f"product {kept.pk}: listed with price_from 1, but it should be 50000",
        f"product {kept.pk}: listed with stars 5, but it should be 0",
        f"product {unlisted.pk}: public and sellable, but not listed",
        f"product {hidden.pk}: listed, but not public or nothing to sell",
    ]

    assert refresh_listed_products().listed == 2
    assert refresh_listed_products().listed == 2

    assert list(listing_breaches()) == []
    assert found("gao") == {"Gạo nếp"}
    assert found("che") == set()


def test_refreshing_one_merchant_leaves_the_others_alone():
    ours, theirs = MerchantFactory(), MerchantFactory()
    ProductFactory(merchant=ours)
    ProductFactory(merchant=theirs)

    assert refresh_listed_products(merchant_id=ours.pk).listed == 1

    assert [row.merchant_id for row in ListedProduct.objects.all()] == [ours.pk]


def test_refresh_asks_as_many_questions_for_twenty_products_as_for_two(django_assert_num_queries):
    few = [ProductFactory().pk, VariantsFactory(labels={"x": 1_000}).pk]
    many = [ProductFactory().pk for _ in range(20)]

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for ids in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            refresh_listed_products(product_ids=ids)
        counts.append(len([q for q in seen if "FTS" not in q["sql"] and "listed_words" not in q["sql"]]))
    assert counts[0] == counts[1]

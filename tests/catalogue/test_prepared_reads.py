"""Reads whose statement is composed once: fresh rows each time, the same as the QuerySet gives, faults told at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet, Value
from django.test.utils import CaptureQueriesContext

from catalogue.models import ListedProduct, OcopCertificate, Product
from catalogue.prepared_reads import CannotBePrepared, prepared_read
from tests.factories import ProductFactory, listed_product

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@prepared_read
def named(pk: int, title: str) -> "QuerySet[Product]":
    return Product.objects.select_related("merchant__commune").filter(pk=pk, title=title)


@prepared_read
def valid(product_id: int, day: date) -> "QuerySet[OcopCertificate]":
    return OcopCertificate.objects.filter(products=product_id).valid_on(day)


@prepared_read
def titles(merchant_id: int | None) -> "QuerySet[Product, tuple[Any, ...]]":
    found = Product.objects.order_by("title").values_list("title", "net_quantity")
    return found if merchant_id is None else found.filter(merchant=merchant_id)


@prepared_read
def two_lists(first: int, second: int) -> "list[QuerySet[ListedProduct]]":
    rows = ListedProduct.objects.for_cards().order_by("-title")
    return [
        rows.filter(merchant=merchant)[:1].annotate(number=Value(number))
        for number, merchant in enumerate((first, second))
    ]


def test_rows_are_those_of_the_arguments_and_of_this_moment() -> None:
    honey, tea = ProductFactory(title="Mật ong"), ProductFactory(title="Chè xanh")

    assert named(honey.pk, "Mật ong") == [honey]
    assert named(tea.pk, "Chè xanh") == [tea]
    assert named(tea.pk, "Mật ong") == []
    Product.objects.filter(pk=tea.pk).update(title="Mật ong")
    assert named(tea.pk, "Mật ong") == [tea]


def test_objects_come_with_what_select_related_names_and_the_right_kinds_of_values() -> None:
    honey = ProductFactory(title="Mật ong", net_quantity="1.5")
    named(honey.pk, "Mật ong")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = named(honey.pk, "Mật ong")[0]
        place = found.merchant.commune.name

    assert len(queries) == 1
    assert place == honey.merchant.commune.name
    assert found.net_quantity == Product.objects.get(pk=honey.pk).net_quantity
    assert titles(honey.merchant_id) == list(Product.objects.values_list("title", "net_quantity"))


def test_days_are_compared_as_days() -> None:
    honey = ProductFactory()
    certificate = OcopCertificate.objects.create(
        holder=honey.merchant, ocop_set=1, stars=4, issued_on=TODAY, expires_on=TODAY + timedelta(days=1)
    )
    certificate.products.add(honey)

    assert valid(honey.pk, TODAY - timedelta(days=1)) == []
    assert valid(honey.pk, TODAY) == [certificate]
    assert valid(honey.pk, TODAY + timedelta(days=1)) == [certificate]
    assert valid(honey.pk, TODAY + timedelta(days=2)) == []


def test_none_makes_a_statement_of_its_own() -> None:
    honey, tea = ProductFactory(title="Mật ong"), ProductFactory(title="Chè xanh")

    assert [title for title, _quantity in titles(honey.merchant_id)] == ["Mật ong"]
    assert [title for title, _quantity in titles(None)] == ["Chè xanh", "Mật ong"]
    assert [title for title, _quantity in titles(tea.merchant_id)] == ["Chè xanh"]


def test_several_lists_keep_their_limits_and_say_which_they_are() -> None:
    honey, tea = listed_product(title="Mật ong"), listed_product(title="Chè xanh")
    listed_product(title="An", merchant=tea.merchant)

    found = two_lists(honey.merchant_id, tea.merchant_id)

    assert [(row.title, row.number) for row in found] == [("Mật ong", 0), ("Chè xanh", 1)]  # type: ignore[attr-defined]


def test_a_number_beyond_every_column_finds_nothing() -> None:
    honey = ProductFactory(title="Mật ong")

    assert named(honey.pk, "Mật ong") == [honey]
    assert named(10**30, "Mật ong") == []


def test_numbers_of_every_width_are_taken_by_the_statement_that_a_small_one_made() -> None:
    """PostgreSQL's driver binds a number as wide as it is; a statement made for a narrow one failed with a wide one."""
    honey = ProductFactory(title="Mật ong")

    assert named(honey.pk, "Mật ong") == [honey]
    for number in (2**15, 2**31, 2**62):
        assert named(number + honey.pk, "Mật ong") == []
        assert titles(number + honey.merchant_id) == []
    assert named(honey.pk, "Mật ong") == [honey]


def test_an_argument_that_changes_the_statement_is_refused() -> None:
    def by_length(count: int) -> "QuerySet[Product]":
        return Product.objects.all()[:count]

    with pytest.raises(CannotBePrepared):
        prepared_read(by_length)(3)


def test_an_argument_that_the_statement_does_not_hold_is_refused() -> None:
    def forgets(pk: int, title: str) -> "QuerySet[Product]":
        return Product.objects.filter(pk=pk)

    with pytest.raises(CannotBePrepared, match="argument 1 is not in the statement"):
        prepared_read(forgets)(3, "Mật ong")


def test_an_argument_that_is_counted_with_is_refused() -> None:
    def adds(pk: int) -> "QuerySet[Product]":
        return Product.objects.filter(pk=pk + 1)

    with pytest.raises(CannotBePrepared, match="instead of an argument"):
        prepared_read(adds)(3)

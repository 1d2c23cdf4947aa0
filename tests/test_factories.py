"""The factories make objects that the database's own rules accept."""

from decimal import Decimal

import pytest

from tests.factories import CertificateFactory, ProductFactory, VariantsFactory
from tests.people import lan_the_producer

pytestmark = pytest.mark.django_db


def test_a_product_comes_with_one_stock_record_and_its_opening_movement() -> None:
    product = ProductFactory(price=120_000, in_stock=3)

    record = product.stockrecords.get()
    assert (record.price, record.num_in_stock, record.num_allocated) == (Decimal(120_000), 3, 0)
    assert record.movements.get().in_stock_change == 3


def test_variants_are_sold_by_the_parents_merchant() -> None:
    parent = VariantsFactory(labels={"500 ml": 90_000, "1 l": 170_000})

    assert [child.merchant_id for child in parent.children.all()] == [parent.merchant_id] * 2


def test_a_certificate_is_attached_to_its_products() -> None:
    product = ProductFactory()

    assert list(CertificateFactory(products=[product]).products.all()) == [product]


def test_lan_owns_a_business_with_a_receiving_account() -> None:
    lan = lan_the_producer()

    assert lan.account.is_receiving
    assert lan.user.memberships.get().merchant == lan.merchant

"""Which delivery a merchant offers, and what it costs."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from merchants.models import Merchant
from shop.delivery.models import DeliveryOption
from shop.delivery.rates import offers_for
from tests.factories import MerchantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def merchant() -> Merchant:
    DeliveryOption.objects.all().delete()
    return MerchantFactory()


def offers(merchant: Merchant, goods_vnd: int = 100_000) -> list[tuple[str, int]]:
    found = offers_for({merchant.pk: Decimal(goods_vnd)})[merchant.pk]
    return [(offer.kind, int(offer.price_vnd)) for offer in found]


def test_where_nothing_is_set_goods_are_collected(merchant: Merchant) -> None:
    assert offers(merchant) == [("collect", 0)]


def test_general_options_hold_for_merchants_without_their_own(merchant: Merchant) -> None:
    DeliveryOption.objects.create(kind="collect")
    DeliveryOption.objects.create(kind="flat_rate", price_vnd=30_000)

    assert offers(merchant) == [("collect", 0), ("flat_rate", 30_000)]


def test_own_options_take_the_place_of_the_general_ones(merchant: Merchant) -> None:
    DeliveryOption.objects.create(kind="collect")
    DeliveryOption.objects.create(merchant=merchant, kind="flat_rate", price_vnd=20_000)

    assert offers(merchant) == [("flat_rate", 20_000)]


def test_merchant_that_switched_everything_off_offers_nothing(merchant: Merchant) -> None:
    DeliveryOption.objects.create(kind="collect")
    DeliveryOption.objects.create(merchant=merchant, kind="collect", is_active=False)

    assert offers(merchant) == []


@pytest.mark.parametrize(("goods", "price", "missing"), [(299_999, 30_000, 1), (300_000, 0, 0), (500_000, 0, 0)])
def test_delivery_is_free_from_a_sum_of_goods(merchant: Merchant, goods: int, price: int, missing: int) -> None:
    DeliveryOption.objects.create(kind="flat_rate", price_vnd=30_000, free_from_vnd=300_000)

    offer = offers_for({merchant.pk: Decimal(goods)})[merchant.pk][0]

    assert (offer.price_vnd, offer.full_price_vnd, offer.missing_for_free_vnd) == (price, 30_000, missing)


def test_twenty_merchants_take_one_query(django_assert_num_queries: Callable) -> None:
    goods = {MerchantFactory().pk: Decimal(1) for _ in range(20)}

    with django_assert_num_queries(1):
        assert len(offers_for(goods)) == 20

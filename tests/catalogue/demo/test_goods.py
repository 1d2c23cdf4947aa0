"""The demo's goods say only what may be said, and the generated ones are the same every time."""

import re
from dataclasses import asdict
from datetime import date
from itertools import islice

import pytest

from catalogue.demo.goods import GOODS, Good
from catalogue.demo.seed import months_before
from catalogue.demo.variety import FAMILIES, invented_goods
from catalogue.models import Product
from catalogue.ocop.product_sets import SETS
from merchants.demo.register import MERCHANTS
from merchants.folding import fold_text

# Words that would make a food a medicine (NĐ 15/2018, advertising law); none of the texts may use one.
CLAIMS = ("chua benh", "dieu tri", "tri benh", "giam can", "tot cho", "bo than", "tang cuong", "phong benh", "ung thu",
          "suc khoe", "da day", "thai doc", "cures", "healthy", "immune")  # fmt: skip


def words_of(good: Good) -> str:
    return fold_text(" ".join(str(value) for value in asdict(good).values()))


def test_there_are_forty_goods_of_named_sellers_in_official_sets() -> None:
    sellers = {merchant.key for merchant in MERCHANTS if merchant.account}

    assert len(GOODS) == len({good.key for good in GOODS}) == 40
    assert {good.merchant for good in GOODS} <= sellers
    assert all(good.ocop_set in SETS and good.unit in Product.Unit.values for good in GOODS)


def test_no_text_claims_an_effect_on_health() -> None:
    said = [(good.key, claim) for good in GOODS for claim in CLAIMS if re.search(rf"\b{claim}\b", words_of(good))]

    assert said == []


def test_food_says_what_is_in_it_and_how_to_keep_it() -> None:
    food = [good for good in GOODS if good.ocop_set <= 17 and good.ocop_set not in (1, 2)]

    assert [good.key for good in food if not good.ingredients and good.key != "che-tuoi"] == []
    assert [good.key for good in GOODS if not good.storage or not good.origin] == []


def test_two_goods_have_variants_and_one_certificate_belongs_to_another_than_the_seller() -> None:
    assert [good.key for good in GOODS if good.variants] == ["gao-thom", "mat-ong"]
    assert [
        (good.merchant, good.certificate.holder) for good in GOODS if good.certificate and good.certificate.holder
    ] == [("nga-ba-dinh", "doi-gio")]


def test_certificates_have_three_to_five_stars_and_exactly_one_has_run_out() -> None:
    given = [good.certificate for good in GOODS if good.certificate]

    assert {certificate.stars for certificate in given} == {3, 4, 5}
    assert len([certificate for certificate in given if certificate.months_ago >= 36]) == 1


def test_prices_are_whole_thousands_of_dong() -> None:
    prices = [good.price for good in GOODS] + [variant.price for good in GOODS for variant in good.variants]

    assert all(price >= 5_000 and price % 1000 == 0 for price in prices)


def test_generated_goods_are_the_same_for_the_same_seed_and_differ_for_another() -> None:
    first = list(invented_goods(first=41, last=240, seed=1))

    assert first == list(invented_goods(first=41, last=240, seed=1))
    assert first[100:] == list(invented_goods(first=141, last=240, seed=1))
    assert first != list(invented_goods(first=41, last=240, seed=2))
    assert len({good.title for good in first}) > 190
    assert all(good.price >= 5_000 and good.price % 1000 == 0 for good in first)


def test_every_family_leans_on_a_named_good() -> None:
    keys = {good.key for good in GOODS}

    assert [family.like for family in FAMILIES if family.like not in keys] == []
    assert all(good.like.ocop_set in SETS for good in islice(invented_goods(first=41, last=90, seed=3), 50))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 24), 9, date(2026, 2, 24)),
        (date(2026, 1, 31), 11, date(2025, 2, 28)),
        (date(2023, 12, 15), -36, date(2026, 12, 15)),
    ],
)
def test_months_are_counted_across_years(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected

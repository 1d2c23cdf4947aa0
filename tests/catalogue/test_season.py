"""The months of goods: one number, told in words over the turn of the year, in the database only as what it may be."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from catalogue.listed_product import listing_breaches, product_changed
from catalogue.models import ListedProduct, Product
from catalogue.season import NOT_SAID, WHOLE_YEAR, describe, in_season, months_of, season_of, seasonal_in
from tests.factories import ProductFactory, listed_product

YEAR = tuple(range(1, 13))


@pytest.mark.parametrize(
    ("months", "vietnamese", "english"),
    [
        ((), "", ""),
        ((5,), "tháng 5", "May"),
        ((9, 10, 11), "tháng 9 – tháng 11", "September – November"),
        ((12, 1, 2), "tháng 12 – tháng 2", "December – February"),
        ((12, 1), "tháng 12 – tháng 1", "December – January"),
        ((3, 9), "tháng 3 và tháng 9", "March and September"),
        ((1, 2, 5, 6, 7, 12), "tháng 5 – tháng 7 và tháng 12 – tháng 2", "May – July and December – February"),
        ((2, 5, 6, 10), "tháng 2, tháng 5 – tháng 6 và tháng 10", "February, May – June and October"),
        ((1, 12), "tháng 12 – tháng 1", "December – January"),
        (tuple(set(YEAR) - {6}), "tháng 7 – tháng 5", "July – May"),
        (YEAR, "quanh năm", "all year round"),
    ],
)
def test_months_are_told_as_people_say_them(months: tuple[int, ...], vietnamese: str, english: str) -> None:
    season = season_of(months)

    assert months_of(season) == tuple(sorted(months))
    assert describe(season) == vietnamese
    with translation.override("en"):
        assert describe(season) == english


@pytest.mark.parametrize("month", [0, 13, -1])
def test_what_is_no_month_is_refused(month: int) -> None:
    with pytest.raises(ValueError, match="no month"):
        season_of([month])


@pytest.mark.parametrize(
    ("season", "on", "expected"),
    [
        (season_of([12, 1, 2]), date(2026, 12, 31), True),
        (season_of([12, 1, 2]), date(2027, 2, 28), True),
        (season_of([12, 1, 2]), date(2027, 3, 1), False),
        (NOT_SAID, date(2026, 12, 31), False),
        (WHOLE_YEAR, date(2026, 12, 31), False),
    ],
)
def test_only_goods_with_a_season_are_in_season(season: int, on: date, expected: bool) -> None:
    assert in_season(season, on=on) is expected


@pytest.mark.django_db
def test_the_database_finds_what_shares_a_month_and_leaves_out_the_whole_year() -> None:
    for title, months in {"Cam": (11, 12, 1), "Lạc": (6, 7), "Trứng": YEAR, "Tương": ()}.items():
        listed_product(title=title, season=season_of(months))

    def found(*months: int) -> set[str]:
        return set(ListedProduct.objects.filter(seasonal_in(months)).values_list("title", flat=True))

    assert found(1) == {"Cam"}
    assert found(6, 12) == {"Cam", "Lạc"}
    assert found(3) == set()
    assert found() == set()


@pytest.mark.django_db
@pytest.mark.parametrize("season", [4096, 32_767])
def test_the_database_takes_no_thirteenth_month(season: int) -> None:
    product = ProductFactory(season=WHOLE_YEAR)

    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(pk=product.pk).update(season=season)

    product.refresh_from_db()
    assert product.season == WHOLE_YEAR


@pytest.mark.django_db
def test_the_listing_takes_the_season_of_the_page_and_the_doctor_sees_another() -> None:
    parent = listed_product(labels={"250 ml": 90_000, "500 ml": 170_000}, season=season_of([3, 4]))
    assert ListedProduct.objects.get().season == 0b1100

    Product.objects.filter(pk=parent.pk).update(season=season_of([4]))
    assert list(listing_breaches()) == [f"product {parent.pk}: listed with season 12, but it should be 8"]

    product_changed(parent.children.first().pk)
    assert ListedProduct.objects.get().season == 0b1000
    assert list(listing_breaches()) == []

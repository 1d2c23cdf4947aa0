"""Cards are drawn once while they say the same, and anew as soon as they say anything else."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.template import Context, Template

from catalogue.search import find_words
from shop.storefront.cards import ProductCard
from shop.storefront.templatetags import goods

CARD = ProductCard(
    url="/san-pham/tuong-1/",
    name="Tương Nam Đàn",
    picture=None,
    price=Decimal(60_000),
    is_from=False,
    unit_price=None,
    unit="",
    stars=4,
    seller="Cơ sở Lan",
    place="Xóm 3, xã Hợp Minh",
    is_available=True,
)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    goods.forget_cards()


def drawn(card: ProductCard, *, tag: str = "{% product_card card %}", **context: object) -> str:
    page = Template("{% load goods %}" + tag)
    return page.render(Context({"card": card, "LANGUAGE_CODE": "vi", **context}))


def test_the_same_card_is_drawn_once() -> None:
    first = drawn(CARD)

    assert drawn(replace(CARD)) == first
    assert len(goods._kept) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"price": Decimal(65_000)}, "65.000"),
        ({"name": "Tương Sa Nam"}, "Tương Sa Nam"),
        ({"is_available": False}, "product-card__sold-out"),
        ({"is_in_season": True}, "product-card__season"),
        ({"stars": 5}, "OCOP 5"),
        ({"seller": "Cơ sở Minh"}, "Cơ sở Minh"),
    ],
)
def test_what_changes_is_seen_at_once(change: dict[str, object], said: str) -> None:
    before = drawn(CARD)

    after = drawn(replace(CARD, **change))  # type: ignore[arg-type]

    assert said not in before
    assert said in after


def test_heading_and_haste_and_language_make_another_drawing() -> None:
    found = {
        drawn(CARD),
        drawn(CARD, tag='{% product_card card heading="h2" %}'),
        drawn(CARD, LANGUAGE_CODE="en"),
    }

    assert len(found) == 3


def test_the_words_of_a_search_are_marked_and_not_kept() -> None:
    plain = drawn(CARD)

    marked = drawn(CARD, match=find_words("tương"))

    assert "<mark>Tương</mark>" in marked
    assert drawn(CARD) == plain
    assert len(goods._kept) == 1


def test_only_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(goods, "MOST_KEPT", 3)

    for number in range(5):
        drawn(replace(CARD, name=f"Món {number}"))

    assert len(goods._kept) == 3
    assert [key[0].name for key in goods._kept] == ["Món 2", "Món 3", "Món 4"]  # type: ignore[index]

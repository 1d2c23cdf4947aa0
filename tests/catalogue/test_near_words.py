"""Slips of the finger: what was probably meant."""

import pytest
from django.test import Client

from catalogue.near_words import mend, slips
from tests.factories import listed_product


@pytest.mark.parametrize(
    ("typed", "meant", "count"),
    [("tuonh", "tuong", 1), ("tuogn", "tuong", 1), ("tuon", "tuong", 1), ("ttuong", "tuong", 1), ("tuong", "tuong", 0),
     ("cam", "tuong", 5), ("", "abc", 3), ("abc", "", 3), ("ca", "abc", 3)],
)  # fmt: skip
def test_slips_are_counted_a_swap_as_one(typed: str, meant: str, count: int) -> None:
    assert slips(typed, meant) == count


@pytest.mark.sqlite
@pytest.mark.django_db
def test_on_sqlite_nothing_is_guessed_and_the_page_shows_the_ways_out(client: Client) -> None:
    listed_product(title="Tương nếp", ocop_set=9)
    response = client.get("/san-pham/?q=tuonh")

    assert mend(("tuonh",), commune_id=None) == ""
    assert response.context["total_label"] == "0"
    assert response.context["suggestions"][0]["label"] == "Gia vị"


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tuonh", "tương"), ("tuogn nep", "tương nep"), ("mat onggg", ""), ("tuong", ""), 
        ("tuonh nam dam", "tương nam dam"),
        ("qwertyuiop", ""), ("12345", ""), ("nhutt", "nhút"),
    ],
)  # fmt: skip
def test_a_slip_is_mended_by_a_word_of_a_name_on_sale(typed: str, meant: str) -> None:
    listed_product(title="Tương nếp Nam Đàn")
    listed_product(title="Nhút mít")

    assert mend(tuple(typed.split()), commune_id=None) == meant


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_page_shows_what_was_meant_and_says_so(client: Client) -> None:
    product = listed_product(title="Tương nếp", stars=4)
    response = client.get("/san-pham/?q=tuonh+nep")
    text = response.content.decode()

    assert [card.name for card in response.context["page"].object_list] == ["Tương nếp"]
    assert 'Không thấy “tuonh nep”, đang hiện kết quả cho “<strong lang="vi">tương nep</strong>”.' in text
    assert "data-vain-search" in text
    narrowed = client.get("/san-pham/?q=tuonh+nep&sao=5")
    assert narrowed.context["mended"] == "tương nep"
    assert narrowed.context["relaxed"][0]["count"] == "1"
    assert mend(("tuonh",), commune_id=product.merchant.commune_id + 1) == ""

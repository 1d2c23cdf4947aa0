"""Communes are found by new name, old name and whole addresses; what is not clear stays a question."""

import unicodedata
from collections import Counter

import pytest
from vietnam_provinces import Province, Ward

from shop.address.commune_table import commune_table
from shop.address.commune_words import words_of
from shop.address.find_commune import FoundCommune, find_communes
from shop.address.places import communes_of, provinces

HOP_MINH = "17605"


def only(text: str) -> FoundCommune:
    [found] = find_communes(text)
    return found


def test_the_communes_of_today_are_those_that_another_package_knows() -> None:
    """By name: 114 codes of vietnam-provinces 2025.10.1 are of an early numbering (README.md)."""
    theirs = Counter((f"{int(ward.province_code):02d}", words_of(ward.name)) for ward in Ward.iter_all())

    ours = Counter((province, words_of(name)) for _code, province, name in commune_table().communes())

    assert ours == theirs
    assert {place.code: place.name for place in provinces()} == {
        f"{int(item.code):02d}": item.name for item in Province.iter_all()
    }
    assert len(communes_of("40")) == 130


def test_every_name_leads_to_a_commune_of_today() -> None:
    table = commune_table()

    rows = list(table.beginning_with(""))

    assert len(rows) == 3321 + 10040
    assert all(table.name_of(code) for row in rows for code in row.codes)
    assert sum(row.former is not None for row in rows) == 10040
    assert {code for row in rows if row.former for code in row.codes} == {code for code, *_ in table.communes()}


@pytest.mark.parametrize(
    "typed",
    [
        "Hợp Minh, Nghệ An",
        "hop minh nghe an",
        "xã Hợp Minh, tỉnh Nghệ An",
        "Long Thành, Yên Thành",
        "long thanh yen thanh",
        "LONG THANH YEN THANH NGHE AN",
        "xã Long Thành, huyện Yên Thành, Nghệ An",
        "x. Long Thành, h. Yên Thành, t. Nghệ An",
        "Bảo Thành, Yên Thành",
        "Xã Hợp Minh, huyện Yên Thành, Nghệ An",
        unicodedata.normalize("NFD", "Long Thành, Yên Thành"),
    ],
)
def test_a_commune_is_found_by_new_and_old_names_with_and_without_marks(typed: str) -> None:
    assert (only(typed).code, only(typed).short_name) == (HOP_MINH, "xã Hợp Minh, Nghệ An")


@pytest.mark.parametrize(
    ("typed", "street"),
    [
        ("Xóm 3, xã Long Thành, huyện Yên Thành, Nghệ An", "Xóm 3"),
        ("Xóm 3 xã Long Thành huyện Yên Thành tỉnh Nghệ An", "Xóm 3"),
        ("xom 3 long thanh yen thanh nghe an", "xom 3"),
        ("Xóm 3\nXã Long Thành\nHuyện Yên Thành\nNghệ An, Việt Nam", "Xóm 3"),
        ("Nhà bà Hiên, ngõ 12/3, xóm Đông, Long Thành, Yên Thành", "Nhà bà Hiên, ngõ 12/3, xóm Đông"),
        ("Xóm 3 - Hợp Minh - Nghệ An", "Xóm 3"),
    ],
)
def test_a_whole_address_gives_the_commune_and_what_stands_before_it(typed: str, street: str) -> None:
    found = only(typed)

    assert (found.code, found.street) == (HOP_MINH, street)


def test_what_was_found_by_its_old_name_says_so() -> None:
    found = only("long thanh, yen thanh")

    assert found.former_address == "Xã Long Thành, Huyện Yên Thành, Nghệ An"
    assert not found.is_divided
    assert only("hop minh nghe an").former_address == ""


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("12 Lê Lợi, P.1, Q.3, TP.HCM", ["phường Bàn Cờ, Hồ Chí Minh"]),
        ("p1 q3 hcm", ["phường Bàn Cờ, Hồ Chí Minh"]),
        ("Phường 01, quận 3, Sài Gòn", ["phường Bàn Cờ, Hồ Chí Minh"]),
        ("phường 1, vũng tàu", ["phường Vũng Tàu, Hồ Chí Minh"]),
        ("huyện Lý Sơn", []),  # a district; what follows is the island that it has become
        ("Lý Sơn", ["đặc khu Lý Sơn, Quảng Ngãi"]),
        ("TT Yên Thành, H. Yên Thành", ["xã Yên Thành, Nghệ An"]),
    ],
)
def test_short_forms_and_numbers_are_understood(typed: str, expected: list[str]) -> None:
    assert [found.short_name for found in find_communes(typed)] == expected


def test_an_old_name_of_several_places_is_asked_about_and_the_near_one_comes_first() -> None:
    found = find_communes("Long Thành", near_province="40")

    exact = [(one.short_name, one.former) for one in found if "Long Thành" in (one.former or one.name)[-10:]]
    assert exact == [
        ("xã Hợp Minh, Nghệ An", "Xã Long Thành"),
        ("xã Long Thành, Đồng Nai", ""),
        ("xã Long Thành, Vĩnh Long", ""),
    ]
    assert found[0].code == HOP_MINH


def test_a_commune_that_was_divided_gives_each_of_its_parts() -> None:
    found = find_communes("Cổ Bi, Gia Lâm, Hà Nội")

    assert {one.code for one in found} == {"00136", "00541", "00562", "00565"}
    assert all(one.is_divided for one in found)


def test_a_name_is_found_while_it_is_typed() -> None:
    for length in range(2, len("long thanh yen thanh")):
        found = find_communes("long thanh yen thanh"[:length], near_province="40", most=40)
        assert HOP_MINH in {one.code for one in found}, length


def test_marks_that_were_typed_come_first() -> None:
    names = [one.former or one.name for one in find_communes("Tân Thạnh", most=60)]

    first_other = next(place for place, name in enumerate(names) if not name.endswith("Tân Thạnh"))
    assert first_other > 1
    assert not any(name.endswith("Tân Thạnh") for name in names[first_other:])


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "a", "12", "12/3 Nguyễn Huệ", "Nghệ An", "huyện Yên Thành", "xóm 3", "((((", "%", "\x00", "🍯",
        "không biết", "Long Thành, Mars", "٣",
    ],
)  # fmt: skip
def test_what_is_no_commune_finds_none(typed: str) -> None:
    assert find_communes(typed) == ()


def test_a_very_long_text_is_read_only_in_part() -> None:
    assert all(len(found.street) < 300 for found in find_communes("Long Thành, " * 10_000))

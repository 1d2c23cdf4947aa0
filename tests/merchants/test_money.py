"""Amounts as people type them: understood without guessing, or refused with what to write instead."""

from decimal import Decimal

import pytest

from merchants.money import DONG_MESSAGES, DongRefused, format_dong, parse_dong


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("25000", 25_000),
        ("25.000", 25_000),
        ("25 000", 25_000),
        ("1.200.000", 1_200_000),
        ("1 200 000", 1_200_000),
        (" 25.000 ", 25_000),
        ("25.000\u00a0₫", 25_000),
        ("25.000đ", 25_000),
        ("25.000 đồng", 25_000),
        ("25000 VND", 25_000),
        ("500", 500),
        ("999", 999),
        ("1000000000", 1_000_000_000),
        ("007000", 7_000),
    ],
)
def test_amounts_that_can_be_read_one_way_only(typed: str, amount: int) -> None:
    assert parse_dong(typed) == Decimal(amount)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("25k", "shorthand"),
        ("25 K", "shorthand"),
        ("25 nghìn", "shorthand"),
        ("25 ngàn đồng", "shorthand"),
        ("1tr2", "shorthand"),
        ("1,2 triệu", "shorthand"),
        ("1.200,5", "comma"),
        ("25,000", "comma"),
        ("25,5", "comma"),
        ("1,200,000", "comma"),
        ("1.5", "grouping"),
        ("2.50", "grouping"),
        ("25.00", "grouping"),
        ("25.0000", "grouping"),
        ("1.200 000", "grouping"),
        (".500", "grouping"),
        ("25.", "grouping"),
        ("0", "zero"),
        ("0.000", "zero"),
        ("000", "zero"),
        ("-25000", "negative"),
        ("−25.000", "negative"),
        ("hai mươi lăm", "not_a_number"),
        ("25000-30000", "not_a_number"),
        ("1e5", "not_a_number"),
        ("0x10", "not_a_number"),
        ("٢٥٠٠٠", "not_a_number"),
        ("２５０００", "not_a_number"),
        ("²5000", "not_a_number"),
        ("25_000", "not_a_number"),
        ("25000\x00", "not_a_number"),
        ("=25000", "not_a_number"),
        ("NaN", "not_a_number"),
        ("∞", "not_a_number"),
        ("1000000001", "too_large"),
        ("999999999999999", "too_large"),
        ("9" * 60, "too_large"),
    ],
)
def test_amounts_that_would_have_to_be_guessed_are_refused(typed: str, code: str) -> None:
    with pytest.raises(DongRefused) as refusal:
        parse_dong(typed)

    assert refusal.value.code == code
    assert str(refusal.value) == str(DONG_MESSAGES[code])


def test_price_below_the_floor_asks_for_the_zeros() -> None:
    with pytest.raises(DongRefused) as refusal:
        parse_dong("25", at_least=500)

    assert refusal.value.code == "too_small"


def test_shown_amounts_read_back_as_themselves() -> None:
    for amount in (1, 999, 1_000, 235_000, 1_000_000_000):
        assert parse_dong(format_dong(amount)) == amount

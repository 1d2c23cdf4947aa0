"""Phone numbers: stored as E.164, shown as people here write them."""

import pytest

from merchants.phone_numbers import PhoneField, shown_phone


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("+84912345678", "0912 345 678"),
        ("+842383123456", "0238 3123 456"),
        ("0912345678", "0912 345 678"),
        ("+4915112345678", "+49 1511 2345678"),
        ("113", "113"),
        ("gọi cho chị Lan", "gọi cho chị Lan"),
        ("", ""),
    ],
)
def test_phones_are_shown_as_people_read_them(stored: str, shown: str) -> None:
    assert shown_phone(stored) == shown


def test_the_field_shows_what_is_stored_and_keeps_what_was_typed() -> None:
    field = PhoneField()

    assert field.prepare_value("+84912345678") == "0912 345 678"
    assert field.prepare_value("0912.345") == "0912.345"
    assert field.clean("0912 345 678") == "+84912345678"

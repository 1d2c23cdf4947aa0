"""Telling cards from accounts."""

import pytest
from django.core.exceptions import ValidationError

from merchants.models import BankAccount
from merchants.vietqr.account_numbers import looks_like_card_number


@pytest.mark.parametrize(
    "number",
    [
        "9704368625581601018",  # NAPAS, 19 digits, public example
        "9704 3686 2558 1601 018",
        "9704-3686-2558-1601-018",
        "4111111111111111",  # the networks' own test numbers
        "5555555555554444",
        "2223003122003222",
        "3530111333300000",
        "6200000000000005",
    ],
)
def test_card_numbers_are_recognised(number):
    assert looks_like_card_number(number)


@pytest.mark.parametrize(
    "number",
    [
        "9704368625581601019",  # wrong Luhn digit
        "4111111111111112",
        "3601205123456",
        "19036781234015",
        "0011012345678",
        "970436862558160101",  # NAPAS cards have 16 or 19 digits
        "1111111111111117",  # Luhn is right, no issuer
        "DEMO000000000012",
        "99ZP24009M07248267",
        "４１１１１１１１１１１１１１１１",
        "",
        "9" * 5000,
    ],
)
def test_account_numbers_and_aliases_are_not(number):
    assert not looks_like_card_number(number)


def test_a_merchants_account_is_never_a_card_number():
    with pytest.raises(ValidationError) as refusal:
        BankAccount(bank_code="VCB", bank_bin="970436", number="9704368625581601018", holder_name="A").clean()
    BankAccount(bank_code="VCB", bank_bin="970436", number="1031933430", holder_name="A").clean()

    assert list(refusal.value.message_dict) == ["number"]

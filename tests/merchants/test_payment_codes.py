"""Issuing and withdrawing the code on the wall, and the register behind it; every change leaves a trace."""

import random

import pytest

from merchants.models import AuditEntry, BankAccount, Merchant, PaymentCode
from merchants.payment_codes import (
    ALPHABET,
    CodeRefused,
    issue_code,
    new_public_code,
    read_public_code,
    withdraw_code,
)
from merchants.register import RegisterRefused, add_account, add_merchant, correct_merchant, end_account
from merchants.vietqr.payload import decode
from tests.factories import BankAccountFactory, CommuneFactory, MerchantFactory, UserFactory, VillageFactory


@pytest.fixture
def officer(db: None):
    return UserFactory(full_name="Phan Thị Hoa")


def test_issued_code_says_exactly_what_the_account_says(officer) -> None:
    account = BankAccountFactory()

    code = issue_code(account=account, actor=officer)

    told = decode(code.payload)
    assert (told.bin, told.account, told.amount, told.memo, told.dynamic) == (
        account.bank_bin,
        account.number,
        None,
        None,
        False,
    )
    assert (code.status, code.origin, code.account) == ("valid", "issued", account)
    entry = AuditEntry.objects.get(action="code.issued")
    assert (entry.actor, entry.on_behalf_of, entry.commune) == (officer, account.merchant, account.merchant.commune)
    assert account.number not in str(entry.after)


def test_second_code_of_an_account_is_refused(officer) -> None:
    account = BankAccountFactory()
    issue_code(account=account, actor=officer)

    with pytest.raises(CodeRefused) as refusal:
        issue_code(account=account, actor=officer)

    assert refusal.value.code == "has_valid_code"
    assert PaymentCode.objects.count() == 1


def test_after_withdrawal_a_new_code_has_a_new_number(officer) -> None:
    account = BankAccountFactory()
    first = issue_code(account=account, actor=officer)

    withdraw_code(code=first, reason=" Bị dán đè ", actor=officer)
    second = issue_code(account=account, actor=officer)

    first.refresh_from_db()
    assert (first.status, first.withdrawn_reason) == ("withdrawn", "Bị dán đè")
    assert first.withdrawn_at is not None
    assert second.public_code != first.public_code
    with pytest.raises(CodeRefused) as refusal:
        withdraw_code(code=first, reason="again", actor=officer)
    assert refusal.value.code == "not_valid"


@pytest.mark.parametrize(
    ("account_fields", "merchant_fields", "code"),
    [
        ({"status": "ended"}, {}, "account_ended"),
        ({}, {"status": "paused"}, "merchant_not_active"),
        ({}, {"status": "closed", "status_reason": "x"}, "merchant_not_active"),
        ({"number": "4111111111111111"}, {}, "card_number"),
        ({"bank_bin": "abcdef"}, {}, "unpayable"),
    ],
)
def test_codes_that_must_not_exist_are_refused(officer, account_fields, merchant_fields, code: str) -> None:
    account = BankAccountFactory(merchant=MerchantFactory(**merchant_fields), **account_fields)

    with pytest.raises(CodeRefused) as refusal:
        issue_code(account=account, actor=officer)

    assert refusal.value.code == code
    assert PaymentCode.objects.count() == 0
    assert AuditEntry.objects.count() == 0


def test_withdrawing_wants_a_reason(officer) -> None:
    code = issue_code(account=BankAccountFactory(), actor=officer)

    with pytest.raises(CodeRefused) as refusal:
        withdraw_code(code=code, reason="  ", actor=officer)

    assert refusal.value.code == "no_reason"
    code.refresh_from_db()
    assert code.status == "valid"


def test_public_numbers_are_short_unambiguous_and_checked() -> None:
    rng = random.Random(3)
    for _one in range(300):
        number = new_public_code()
        assert len(number) == 8
        assert not set(number) & set("ILOU")
        assert read_public_code(f" {number[:4].lower()}-{number[4:]} ") == number
        place = rng.randrange(8)
        other = rng.choice(
            [char for char in ALPHABET if ALPHABET.index(char) % 31 != ALPHABET.index(number[place]) % 31]
        )
        assert read_public_code(number[:place] + other + number[place + 1 :]) is None


def test_letters_that_look_like_digits_are_read_as_such() -> None:
    number = next(code for code in iter(new_public_code, "") if "0" in code and "1" in code)

    assert read_public_code(number.replace("0", "O").replace("1", "l")) == number


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "ÀÁÂÃÈÉÊÌ", "x" * 500, "1234-567U", "\x00" * 8])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert read_public_code(typed) is None


# --- the register ---

VALUES = {"name": "Cơ sở Thử", "legal_form": "household", "status": "active", "status_reason": "", "is_public": True}


def test_business_is_added_with_its_trace(officer) -> None:
    commune = CommuneFactory()

    merchant = add_merchant(commune=commune, values=VALUES, tax_code="036075000012", actor=officer)

    merchant.refresh_from_db()
    assert (merchant.commune, merchant.name, merchant.folded_name) == (commune, "Cơ sở Thử", "co so thu")
    assert (merchant.tax_code, merchant.tax_code_shown) == ("036075000012", "••••••••0012")
    entry = AuditEntry.objects.get(action="merchant.added")
    assert "036075000012" not in str(entry.after)
    assert entry.after["tax_code_last4"] == "0012"


def test_village_of_another_commune_is_refused(officer) -> None:
    with pytest.raises(RegisterRefused) as refusal:
        add_merchant(commune=CommuneFactory(), values={**VALUES, "village": VillageFactory()}, actor=officer)

    assert refusal.value.code == "foreign_village"
    assert Merchant.objects.count() == 0


def test_correction_logs_only_what_changed_and_keeps_the_tax_code(officer) -> None:
    merchant = add_merchant(commune=CommuneFactory(), values=VALUES, tax_code="036075000012", actor=officer)

    correct_merchant(merchant=merchant, values={**VALUES, "name": "Cơ sở Mới"}, actor=officer)
    correct_merchant(merchant=merchant, values={**VALUES, "name": "Cơ sở Mới"}, actor=officer)

    entry = AuditEntry.objects.get(action="merchant.corrected")
    assert (entry.before, entry.after) == ({"name": "Cơ sở Thử"}, {"name": "Cơ sở Mới"})
    merchant.refresh_from_db()
    assert merchant.tax_code == "036075000012"


def test_first_account_receives_and_the_second_does_not(officer) -> None:
    merchant = MerchantFactory()
    first = add_account(merchant=merchant, bank_code="VCB", number="DEMO1", holder_name="LAN", actor=officer)
    second = add_account(merchant=merchant, bank_code="TCB", number="DEMO2", holder_name="LAN", actor=officer)

    assert (first.is_receiving, second.is_receiving) == (True, False)
    assert first.bank_bin == "970436"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"bank_code": "NOBANK"}, "unknown_bank"),
        ({"number": "4111111111111111"}, "card_number"),
        ({"number": "DEMO00000001"}, "account_is_there"),
    ],
)
def test_accounts_that_cannot_be_are_refused(officer, fields: dict, code: str) -> None:
    merchant = MerchantFactory()
    BankAccountFactory(merchant=merchant, number="DEMO00000001")

    with pytest.raises(RegisterRefused) as refusal:
        add_account(
            merchant=merchant,
            **{"bank_code": "VCB", "number": "DEMO9", "holder_name": "LAN", **fields},
            actor=officer,
        )

    assert refusal.value.code == code
    assert BankAccount.objects.count() == 1


def test_ending_the_wrong_account_lets_the_right_one_receive_the_payments(officer) -> None:
    wrong = BankAccountFactory()
    right = BankAccountFactory(merchant=wrong.merchant, is_receiving=False)

    end_account(account=wrong, actor=officer)

    wrong.refresh_from_db()
    right.refresh_from_db()
    assert (wrong.is_receiving, right.is_receiving) == (False, True)
    entry = AuditEntry.objects.get(action="account.receives")
    assert (entry.before, entry.after["is_receiving"]) == ({"is_receiving": False}, True)


def test_account_entered_wrongly_can_be_ended_but_one_in_use_cannot(officer) -> None:
    wrong, used = BankAccountFactory(), BankAccountFactory()
    issue_code(account=used, actor=officer)

    end_account(account=wrong, actor=officer)
    with pytest.raises(RegisterRefused) as refusal:
        end_account(account=used, actor=officer)

    wrong.refresh_from_db()
    used.refresh_from_db()
    assert (wrong.status, wrong.is_receiving) == ("ended", False)
    assert refusal.value.code == "account_in_use"
    assert used.status == "active"

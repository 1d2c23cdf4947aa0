"""The demo's businesses cannot be anybody: names, phones, tax codes and accounts are marked or impossible."""

import phonenumbers
import pytest
from stdnum.vn import mst

from merchants.demo.register import FORMER_COMMUNES, MERCHANTS, NamedMerchant
from merchants.folding import fold_text
from merchants.models.merchant import VIETNAMESE_PHONE
from merchants.vietqr.account_numbers import looks_like_card_number
from merchants.vietqr.banks import all_banks

IDS = [merchant.key for merchant in MERCHANTS]


def test_there_are_twelve_and_every_key_name_phone_and_account_is_its_own() -> None:
    assert len(MERCHANTS) == len(set(IDS)) == 12
    for values in (
        [m.name for m in MERCHANTS],
        [m.phone for m in MERCHANTS],
        [m.account for m in MERCHANTS if m.account],
    ):
        assert len(values) == len(set(values))


@pytest.mark.parametrize("merchant", MERCHANTS, ids=IDS)
def test_names_say_that_they_are_samples(merchant: NamedMerchant) -> None:
    assert merchant.name.endswith("(mẫu)")
    assert "Mẫu" in merchant.owner_name


@pytest.mark.parametrize("merchant", MERCHANTS, ids=IDS)
def test_phones_are_well_formed_but_belong_to_no_network(merchant: NamedMerchant) -> None:
    VIETNAMESE_PHONE(merchant.phone)
    number = phonenumbers.parse(merchant.phone)

    assert phonenumbers.is_possible_number(number)
    assert not phonenumbers.is_valid_number(number)


@pytest.mark.parametrize("merchant", [m for m in MERCHANTS if m.tax_code], ids=lambda m: m.key)
def test_tax_codes_pass_the_check_but_begin_as_none_does(merchant: NamedMerchant) -> None:
    if merchant.legal_form == "household":
        assert len(merchant.tax_code) == 12
        assert merchant.tax_code.startswith("999")
    else:
        assert mst.is_valid(merchant.tax_code)
        assert merchant.tax_code.startswith("99")


@pytest.mark.parametrize("merchant", [m for m in MERCHANTS if m.account], ids=lambda m: m.key)
def test_accounts_cannot_exist_and_holders_are_not_the_business_names(merchant: NamedMerchant) -> None:
    assert merchant.account.startswith("DEMO")
    assert len(merchant.account) <= 19 and merchant.account.isalnum()
    assert not looks_like_card_number(merchant.account)
    assert merchant.bank_code in all_banks()
    assert merchant.holder_name == fold_text(merchant.holder_name).upper()
    assert "MAU" in merchant.holder_name.split()


def test_places_are_the_communes_that_became_hop_minh() -> None:
    assert {merchant.former_commune for merchant in MERCHANTS} <= set(FORMER_COMMUNES)
    assert FORMER_COMMUNES["Long Thành"][0] == "17578"

"""Two entries that are one business: what moves is shown first, what sells never moves, and it can be taken back."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from merchants.merging import MergeRefused, merge_merchants, plan_merge, undo_merge
from merchants.models import AuditEntry, BankAccount, Commune, Merchant, MerchantMerge
from merchants.payment_codes import issue_code
from shop.users.models import User
from tests.factories import (
    BankAccountFactory,
    CommuneFactory,
    MembershipFactory,
    MerchantFactory,
    ProductFactory,
    VillageFactory,
)
from tests.people import hoa_the_officer
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune() -> Commune:
    return CommuneFactory(code="17605", name="xã Hợp Minh")


@pytest.fixture
def hoa(commune: Commune) -> User:
    return hoa_the_officer(commune)


@pytest.fixture
def kept(commune: Commune) -> Merchant:
    return MerchantFactory(commune=commune, village=None, name="Quán Lan", phone="", owner_name="Lan", address="")


@pytest.fixture
def gone(commune: Commune) -> Merchant:
    village = VillageFactory(commune=commune)
    merchant = MerchantFactory(village=village, name="Tạp hóa Lan", phone="+84912345678", owner_name="Nguyễn Lan")
    merchant.tax_code = "040075000012"
    merchant.save()
    return merchant


def everything() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (Merchant, BankAccount, MerchantMerge)]


def test_accounts_codes_people_and_missing_facts_move_and_the_other_is_closed(
    kept: Merchant, gone: Merchant, hoa: User
) -> None:
    account = BankAccountFactory(merchant=gone)
    code = issue_code(account=account, actor=hoa)
    person = MembershipFactory(merchant=gone)

    merge = merge_merchants(kept=kept, gone=gone, actor=hoa)

    kept.refresh_from_db()
    gone.refresh_from_db()
    account.refresh_from_db()
    person.refresh_from_db()
    code.refresh_from_db()
    assert (account.merchant, account.is_receiving, code.status) == (kept, True, "valid")
    assert person.merchant == kept
    assert (kept.phone, kept.village, kept.owner_name) == ("+84912345678", gone.village, "Lan")
    assert kept.tax_code == "040075000012"
    assert (gone.status, gone.status_reason, gone.is_public) == ("closed", "Gộp vào “Quán Lan”", False)
    assert {entry.action for entry in AuditEntry.objects.filter(actor=hoa)} >= {"merchant.took_over", "merchant.merged"}
    assert "040075000012" not in str(merge.moved) and "040075000012" not in str(
        list(AuditEntry.objects.values("after"))
    )


def test_taking_it_back_makes_two_entries_as_they_were_but_for_what_was_corrected_since(
    kept: Merchant, gone: Merchant, hoa: User
) -> None:
    account = BankAccountFactory(merchant=gone)
    issue_code(account=account, actor=hoa)
    person = MembershipFactory(merchant=gone)
    merge = merge_merchants(kept=kept, gone=gone, actor=hoa)
    Merchant.objects.filter(pk=kept.pk).update(phone="+84987654321")

    undo_merge(merge=merge, actor=hoa)

    kept.refresh_from_db()
    gone.refresh_from_db()
    account.refresh_from_db()
    person.refresh_from_db()
    assert (account.merchant, account.is_receiving, person.merchant) == (gone, True, gone)
    assert (gone.status, gone.status_reason, gone.is_public) == ("active", "", True)
    assert (kept.phone, kept.village, kept.tax_code) == ("+84987654321", None, "")
    with pytest.raises(MergeRefused, match="undone_already"):
        undo_merge(merge=merge, actor=hoa)
    merge_merchants(kept=kept, gone=gone, actor=hoa)  # and once more, the same two


def test_an_account_on_both_stands_once_afterwards(kept: Merchant, gone: Merchant, hoa: User) -> None:
    numbers = {"bank_code": "VCB", "bank_bin": "970436", "number": "0123456789"}
    here = BankAccountFactory(merchant=kept, **numbers)
    there = BankAccountFactory(merchant=gone, **numbers)
    issue_code(account=there, actor=hoa)

    merge = merge_merchants(kept=kept, gone=gone, actor=hoa)

    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.status, here.is_receiving) == ("ended", False)
    assert (there.merchant, there.status, there.is_receiving) == (kept, "active", True)
    undo_merge(merge=merge, actor=hoa)
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.merchant, here.status, here.is_receiving) == (kept, "active", True)
    assert (there.merchant, there.is_receiving) == (gone, True)


def test_the_staying_entrys_own_account_goes_on_receiving(kept: Merchant, gone: Merchant, hoa: User) -> None:
    own = BankAccountFactory(merchant=kept)
    other = BankAccountFactory(merchant=gone)

    merge_merchants(kept=kept, gone=gone, actor=hoa)

    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.is_receiving, other.is_receiving, other.merchant) == (True, False, kept)


def test_what_sells_never_moves_and_the_other_way_round_is_offered(
    kept: Merchant, gone: Merchant, hoa: User, client: Client
) -> None:
    ProductFactory(merchant=gone)
    before = everything()

    with pytest.raises(MergeRefused, match="blocked"):
        merge_merchants(kept=kept, gone=gone, actor=hoa)

    assert everything() == before
    office = sign_in(client, hoa, second_factor=True)
    page = office.get(reverse("merchants:merge", args=[kept.pk]), {"voi": gone.pk}).content.decode()
    assert "Theo chiều này thì không gộp được." in page
    assert f"/quan-ly/co-so/{gone.pk}/gop/?voi={kept.pk}" in page
    assert plan_merge(kept=gone, gone=kept).blocks == []


def test_two_codes_of_one_account_block(kept: Merchant, gone: Merchant, hoa: User) -> None:
    numbers = {"bank_code": "VCB", "bank_bin": "970436", "number": "0123456789"}
    for merchant in (kept, gone):
        issue_code(account=BankAccountFactory(merchant=merchant, **numbers), actor=hoa)
    before = everything()

    with pytest.raises(MergeRefused) as refusal:
        merge_merchants(kept=kept, gone=gone, actor=hoa)

    assert "…6789" in refusal.value.blocks[0]
    assert everything() == before


def test_an_entry_is_not_merged_with_itself_nor_over_the_border_nor_twice(
    kept: Merchant, gone: Merchant, hoa: User
) -> None:
    for other, code in ((kept, "same"), (MerchantFactory(), "other_commune")):
        with pytest.raises(MergeRefused, match=code):
            merge_merchants(kept=kept, gone=other, actor=hoa)
    merge_merchants(kept=kept, gone=gone, actor=hoa)
    with pytest.raises(MergeRefused, match="gone_already"):
        merge_merchants(kept=gone, gone=kept, actor=hoa)


@pytest.mark.parametrize("event", ["code", "opened", "moved"])
def test_what_happened_since_keeps_them_one(kept: Merchant, gone: Merchant, hoa: User, event: str) -> None:
    account = BankAccountFactory(merchant=gone)
    merge = merge_merchants(kept=kept, gone=gone, actor=hoa)
    account.refresh_from_db()
    if event == "code":
        issue_code(account=account, actor=hoa)
    elif event == "opened":
        Merchant.objects.filter(pk=gone.pk).update(status="active", status_reason="")
    else:
        BankAccount.objects.filter(pk=account.pk).update(merchant=MerchantFactory())
    before = everything()

    with pytest.raises(MergeRefused, match="changed_since"):
        undo_merge(merge=merge, actor=hoa)

    assert everything() == before


def test_an_officer_finds_the_other_entry_looks_presses_and_takes_it_back(
    kept: Merchant, gone: Merchant, hoa: User, client: Client
) -> None:
    office = sign_in(client, hoa, second_factor=True)
    BankAccountFactory(merchant=gone, bank_code="VCB", bank_bin="970436", number="0123456789")
    address = reverse("merchants:merge", args=[kept.pk])

    assert f'href="?voi={gone.pk}"' in office.get(address).content.decode()  # a similar name
    assert f'href="?voi={gone.pk}"' in office.get(address, {"q": "tap hoa"}).content.decode()
    page = office.get(address, {"voi": gone.pk}).content.decode()
    assert "VCB ••••6789" in page and "0123456789" not in page
    assert MerchantMerge.objects.count() == 0
    done = office.post(address, {"voi": gone.pk}, follow=True).content.decode()
    assert "Hai mục đã thành một." in done and "Tách lại thành hai" in done
    merge = MerchantMerge.objects.get()
    again = office.post(reverse("merchants:merge_undo", args=[merge.pk]), follow=True).content.decode()
    assert "Đã tách lại thành hai mục." in again

    foreign = MerchantFactory()
    assert office.get(address, {"voi": foreign.pk}).status_code == 404
    assert office.post(address, {"voi": foreign.pk}).status_code == 404
    assert office.get(address, {"voi": "x"}).status_code == 404
    stranger = sign_in(Client(), hoa_the_officer(CommuneFactory(), role="head_officer"), second_factor=True)
    assert stranger.post(reverse("merchants:merge_undo", args=[merge.pk])).status_code == 404

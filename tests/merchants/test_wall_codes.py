"""Adopting the code on the wall: recognised, warned of, saved once; it never changes where orders are paid."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from merchants.models import AuditEntry, BankAccount, Commune, Merchant, OtherCode, PaymentCode
from merchants.payment_codes import CodeRefused, issue_code
from merchants.vietqr.payload import crc16, encode
from merchants.wall_codes import adopt_code, read_wall_code, record_other_code
from shop.users.models import User
from tests.factories import BankAccountFactory, CommuneFactory, MerchantFactory, UserFactory, VillageFactory
from tests.people import hoa_the_officer
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db

STATIC = encode(bin="970405", account="DEMO7654321")
# npm vietnam-qr-pay 1.5.1, README, read 2026-11-23
VNPAY = (
    "00020101021126280010A0000007750110010531314453037045408210900005802VN5910CELLPHONES62600312CPSHN ONLINE"
    "0517021908061613127850705ONLHN0810CellphoneS63047685"
)
CARD = "00020101021238630010A00000072701330006970436011997043686255816010180208QRIBFTTC5303704540720000005802VN6304A2DC"


def named(payload: str, name: str) -> str:
    body = payload[:-8] + f"59{len(name):02d}{name}6304"
    return body + crc16(body)


@pytest.fixture
def commune() -> Commune:
    return CommuneFactory(code="17605", name="xã Hợp Minh")


@pytest.fixture
def shop(commune: Commune) -> Merchant:
    return MerchantFactory(village=VillageFactory(commune=commune), name="Quán Bún Cổng Chợ")


@pytest.fixture
def hoa(commune: Commune) -> User:
    return hoa_the_officer(commune)


@pytest.fixture
def office(client: Client, hoa: User) -> Client:
    return sign_in(client, hoa, second_factor=True)


@pytest.mark.parametrize(
    ("text", "kind", "scheme"),
    [
        (STATIC, "vietqr", ""),
        (f"  {STATIC}\n", "vietqr", ""),
        (VNPAY, "other", "VNPAY"),
        ("2|99|0900000000|NGUYEN VAN A", "other", "MoMo"),
        ("https://qr.zalopay.vn/x", "other", "ZaloPay"),
        ("https://viettelmoney.vn/x", "other", "Viettel Money"),
        ("https://hopminh.example/ma/K7M2PX3/", "check", ""),
        (CARD, "card", ""),
        ("hello", "bad", ""),
        (STATIC[:-4] + "0000", "bad", ""),
        ("0" * 10_000, "bad", ""),
        ("", "bad", ""),
        (encode(bin="999999", account="1"), "bad", ""),
    ],
)
def test_scanned_text_is_told_apart(text: str, kind: str, scheme: str) -> None:
    wall = read_wall_code(text)

    assert (wall.kind, wall.scheme) == (kind, scheme)
    assert bool(wall.why) == (kind == "bad")


def test_wallet_as_vietqr_is_adopted_under_the_wallets_name() -> None:
    wall = read_wall_code(encode(bin="971025", account="99MM23312M12345"))

    assert wall.kind == "vietqr" and wall.banks[0].short_name == "MoMo"


def test_fixed_amount_and_one_time_mark_are_warned_of() -> None:
    assert read_wall_code(STATIC).warnings == ()
    assert read_wall_code(encode(bin="970405", account="1", amount=5000)).warnings == ("fixed_amount", "one_time")
    assert read_wall_code(encode(bin="970405", account="1", memo="ban 5")).warnings == ("one_time", "fixed_memo")


def test_new_account_and_code_are_registered_as_the_wall_says(shop: Merchant, hoa: User) -> None:
    code = adopt_code(merchant=shop, payload=STATIC, holder_name="Bùi Văn Lộc", actor=hoa)

    account = shop.bank_accounts.get()
    assert (account.bank_code, account.number, account.holder_name) == ("AGRIBANK", "DEMO7654321", "BUI VAN LOC")
    assert account.is_receiving
    assert (code.account, code.origin, code.payload, code.status) == (account, "adopted", STATIC, "valid")
    entry = AuditEntry.objects.get(action="code.adopted")
    assert (entry.actor, entry.on_behalf_of, entry.after["last_digits"]) == (hoa, shop, "4321")
    assert "DEMO7654321" not in str(entry.after)


def test_adopting_twice_is_adopting_once(shop: Merchant, hoa: User) -> None:
    first = adopt_code(merchant=shop, payload=STATIC, holder_name="A", actor=hoa)

    assert adopt_code(merchant=shop, payload=STATIC, holder_name="A", actor=hoa) == first
    assert (BankAccount.objects.count(), PaymentCode.objects.count()) == (1, 1)
    assert AuditEntry.objects.filter(action="code.adopted").count() == 1


def test_second_account_from_the_wall_does_not_change_where_orders_are_paid(shop: Merchant, hoa: User) -> None:
    known = BankAccountFactory(merchant=shop)

    adopt_code(merchant=shop, payload=STATIC, holder_name="A", actor=hoa)

    known.refresh_from_db()
    assert known.is_receiving
    assert not shop.bank_accounts.get(number="DEMO7654321").is_receiving


@pytest.mark.parametrize(
    ("payload", "fields", "why"),
    [
        (VNPAY, {}, "not_adoptable"),
        (CARD, {"holder_name": "A"}, "not_adoptable"),
        ("x", {}, "not_adoptable"),
        (STATIC, {"holder_name": " "}, "no_holder"),
        (encode(bin="970405", account="1", amount=5000), {"holder_name": "A"}, "needs_second_look"),
    ],
)
def test_refused_adoption_changes_nothing(shop: Merchant, hoa: User, payload: str, fields: Any, why: str) -> None:
    with pytest.raises(CodeRefused) as refusal:
        adopt_code(merchant=shop, payload=payload, actor=hoa, **({"holder_name": ""} | fields))

    assert refusal.value.code == why
    assert (BankAccount.objects.count(), PaymentCode.objects.count()) == (0, 0)


def test_account_with_an_issued_code_gets_no_second_one(shop: Merchant, hoa: User) -> None:
    issue_code(account=BankAccountFactory(merchant=shop, bank_bin="970405", number="DEMO7654321"), actor=hoa)

    with pytest.raises(CodeRefused) as refusal:
        adopt_code(merchant=shop, payload=named(STATIC, "BUI VAN LOC"), holder_name="A", actor=hoa)

    assert refusal.value.code == "has_valid_code"
    assert PaymentCode.objects.count() == 1


def test_other_scheme_is_noted_only_where_it_counts(shop: Merchant, commune: Commune, hoa: User) -> None:
    with pytest.raises(CodeRefused) as refusal:
        record_other_code(merchant=shop, payload=VNPAY, actor=hoa)
    assert refusal.value.code == "scheme_not_counted"

    commune.counted_schemes = ["VNPAY"]
    commune.save()
    first = record_other_code(merchant=shop, payload=VNPAY, actor=hoa)

    assert record_other_code(merchant=shop, payload=VNPAY, actor=hoa) == first
    assert OtherCode.objects.get().scheme == "VNPAY"
    assert AuditEntry.objects.filter(action="other_code.added").count() == 1


def test_officer_scans_sees_and_saves(office: Client, shop: Merchant) -> None:
    url = reverse("merchants:adopt")
    assert 'type="module" src="/static/shop/js/scan_form.js"' in office.get(url, {"co-so": shop.pk}).content.decode()

    seen = office.post(url, {"payload": named(STATIC, "BUI VAN LOC"), "co-so": shop.pk}).content.decode()
    assert "Agribank" in seen and "DEMO7654321" in seen and 'value="BUI VAN LOC"' in seen
    assert PaymentCode.objects.count() == 0

    saved = office.post(
        url, {"payload": named(STATIC, "BUI VAN LOC"), "co-so": shop.pk, "save": "1", "holder_name": "Bùi Văn Lộc"}
    )
    assert saved["Location"] == reverse("merchants:business", args=[shop.pk])
    assert shop.bank_accounts.get().holder_name == "BUI VAN LOC"
    assert PaymentCode.objects.get().origin == "adopted"
    poster = reverse("merchants:poster", args=[PaymentCode.objects.get().pk])
    assert office.get(poster).status_code == 404  # it hangs there already


def test_officer_finds_the_business_after_the_scan(office: Client, shop: Merchant) -> None:
    page = office.post(reverse("merchants:adopt"), {"payload": STATIC, "q": "cong cho"})

    assert [row.pk for row in page.context["choices"]] == [shop.pk]


def test_warning_must_be_read_before_saving(office: Client, shop: Merchant) -> None:
    fixed = encode(bin="970405", account="DEMO7654321", amount=20_000)
    posted = {"payload": fixed, "co-so": shop.pk, "save": "1", "holder_name": "A"}

    page = office.post(reverse("merchants:adopt"), posted)
    assert "20.000" in page.content.decode() and PaymentCode.objects.count() == 0

    office.post(reverse("merchants:adopt"), posted | {"warnings_seen": "on"})
    assert PaymentCode.objects.get().payload == fixed


def test_same_account_at_another_business_is_shown_but_not_another_communes_name(
    office: Client, shop: Merchant, commune: Commune
) -> None:
    neighbour = MerchantFactory(village=VillageFactory(commune=commune), name="Hàng xóm")
    foreign = MerchantFactory(village=VillageFactory(commune=CommuneFactory(code="17606")), name="Ở xã khác")
    for merchant in (neighbour, foreign):
        BankAccountFactory(merchant=merchant, bank_bin="970405", number="DEMO7654321")

    page = office.post(reverse("merchants:adopt"), {"payload": STATIC, "co-so": shop.pk})

    assert [(h.merchant_id, h.name) for h in page.context["holdings"]] == [
        (neighbour.pk, "Hàng xóm"),
        (None, "một cơ sở ở xã khác"),
    ]
    assert "Ở xã khác" not in page.content.decode()


def test_business_of_another_commune_is_404_also_when_saving(client: Client, shop: Merchant) -> None:
    sign_in(client, hoa_the_officer(CommuneFactory(code="17606")), second_factor=True)
    posted = {"payload": STATIC, "co-so": shop.pk, "save": "1", "holder_name": "A"}

    assert client.get(reverse("merchants:adopt"), {"co-so": shop.pk}).status_code == 404
    assert client.post(reverse("merchants:adopt"), posted).status_code == 404
    assert PaymentCode.objects.count() == 0


@pytest.mark.parametrize("payload", ["0" * 10_000, "\x00", "2|99|09", "https://[", VNPAY + "x", "Ư" * 600])
def test_hostile_scan_is_answered_in_words(office: Client, shop: Merchant, payload: str) -> None:
    page = office.post(reverse("merchants:adopt"), {"payload": payload, "co-so": shop.pk, "save": "1"})

    assert page.status_code == 200
    assert PaymentCode.objects.count() == 0


def test_other_code_is_taken_off_once(office: Client, shop: Merchant) -> None:
    code = OtherCode.objects.create(merchant=shop, scheme="VNPAY", payload="x", added_by=UserFactory())
    url = reverse("merchants:other_code_remove", args=[code.pk])

    office.post(url)
    office.post(url)

    code.refresh_from_db()
    assert code.removed_at is not None
    assert AuditEntry.objects.filter(action="other_code.removed").count() == 1

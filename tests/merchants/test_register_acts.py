"""Duplicates shown before saving, positions, the photo of the front; suspending, closing and reopening."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from merchants.duplicates import find_possible_duplicates, name_likeness
from merchants.models import AuditEntry, Commune, Merchant
from merchants.positions import read_position
from merchants.register import RegisterRefused, move_merchant
from shop.users.models import User
from tests.factories import BankAccountFactory, CommuneFactory, MerchantFactory, VillageFactory
from tests.people import hoa_the_officer
from tests.shop.workspace.scene import photo_file
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db

NEW = {"name": "Tạp hóa Bé Lan", "legal_form": "household", "status": "active"}


@pytest.fixture
def commune() -> Commune:
    return CommuneFactory(code="17605", name="xã Hợp Minh")


@pytest.fixture
def hoa(commune: Commune) -> User:
    return hoa_the_officer(commune)


@pytest.fixture
def office(client: Client, hoa: User) -> Client:
    return sign_in(client, hoa, second_factor=True)


def on_register(commune: Commune, name: str, **fields: Any) -> Merchant:
    return MerchantFactory(commune=commune, village=None, **{"name": name, "phone": "", **fields})


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("Tạp hóa Bé Lan", "TẠP HOÁ BÉ LAN", True),
        ("Hộ kinh doanh Bé Lan", "Cửa hàng bé lan", True),
        ("Quán Bé Lan", "Quán Bé Lam", True),
        ("Quán Bé Lan", "Quán Cô Hạnh", False),
        ("Ki-ốt 1", "Ki-ốt 2", False),
        ("Tạp hóa", "Tạp hóa", True),
        ("Tạp hóa", "Tạp hóa Bé Lan", False),
    ],
)
def test_names_are_alike_without_marks_and_without_what_every_name_has(one: str, other: str, is_alike: bool) -> None:
    assert (name_likeness(one, other) >= 0.82) is is_alike


def test_a_possible_duplicate_is_found_by_numbers_and_by_name_close_by(commune: Commune) -> None:
    village = VillageFactory(commune=commune)
    by_phone = on_register(commune, "Quán A", phone="+84912345678")
    by_tax = on_register(commune, "Quán B")
    by_tax.tax_code = "040075000012"
    by_tax.save()
    close = on_register(commune, "Cửa hàng Bé Lan", latitude=Decimal("18.9"), longitude=Decimal("105.4"))
    far = MerchantFactory(commune=commune, village=VillageFactory(commune=commune), name="Bé Lan", phone="")
    MerchantFactory(name="Tạp hóa Bé Lan", phone="+84912345678")  # in another commune

    with CaptureQueriesContext(connection) as asked:
        found = find_possible_duplicates(
            commune=commune,
            name="Tạp hóa Bé Lan",
            village_id=village.pk,
            phone="+84912345678",
            tax_code="040075000012",
            position=(Decimal("18.9003"), Decimal("105.4002")),
        )

    assert [(one.merchant, one.reasons) for one in found] == [
        (by_tax, ("trùng mã số thuế",)), (close, ("tên gần giống, ở rất gần",)), (by_phone, ("trùng số điện thoại",)),
    ]  # fmt: skip
    assert far not in [one.merchant for one in found]
    assert len(asked) == 1


def test_a_duplicate_is_shown_before_saving_and_saved_only_when_it_is_another(office: Client, commune: Commune) -> None:
    there = on_register(commune, "Quán Bé Lan", owner_name="Lan")
    address = reverse("merchants:add")

    page = office.post(address, NEW)
    text = page.content.decode()
    assert "Đã có trong sổ rồi chăng?" in text and f'href="/quan-ly/co-so/{there.pk}/"' in text
    assert Merchant.objects.count() == 1
    office.post(address, {**NEW, "another": "on"})
    assert Merchant.objects.count() == 2

    corrected = reverse("merchants:correct", args=[there.pk])
    same = {**NEW, "name": "Quán Bé Lan", "email": "lan@example.test"}
    assert office.post(corrected, same).status_code == 302  # its name was not touched: nobody is asked
    assert office.post(corrected, {**same, "name": "Bé Lan"}).status_code == 200


def test_the_same_account_at_another_business_is_pointed_out(office: Client, commune: Commune) -> None:
    other = on_register(commune, "Quán Kia")
    BankAccountFactory(merchant=other, bank_code="VCB", bank_bin="970436", number="0123456789")
    merchant = on_register(commune, "Quán Này")

    page = office.post(
        reverse("merchants:account_add", args=[merchant.pk]),
        {"bank_code": "VCB", "number": "0123456789", "holder_name": "LAN"},
        follow=True,
    )

    assert "Tài khoản này cũng đang ghi cho Quán Kia. Cùng một chủ" in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "position"),
    [
        ("", None),
        ("18.98765, 105.4321", ("18.987650", "105.432100")),
        ("18.98765,105.4321", ("18.987650", "105.432100")),
        ("18,98765; 105,4321", ("18.987650", "105.432100")),
        ("18,98765 105,4321", ("18.987650", "105.432100")),
        ("18.9° 105.4°", ("18.900000", "105.400000")),
    ],
)
def test_a_position_is_read_as_map_apps_copy_it(typed: str, position: tuple[str, str] | None) -> None:
    found = read_position(typed)

    assert (found and tuple(map(str, found))) == position


@pytest.mark.parametrize(
    "typed", ["18.9", "a, b", "105.4, 18.9", "48.8, 2.3", "18.9, 105.4, 3", "1e1, 105", "NaN, 105"]
)
def test_a_wrong_position_is_refused_and_nothing_is_written(office: Client, typed: str) -> None:
    page = office.post(reverse("merchants:add"), {**NEW, "position": typed})

    assert list(page.context["form"].errors) == ["position"]
    assert Merchant.objects.count() == 0


def test_position_photo_and_branch_are_kept_and_a_new_photo_takes_the_olds_place(
    office: Client, commune: Commune
) -> None:
    office.post(
        reverse("merchants:add"), {**NEW, "position": "18.98765, 105.4321", "vsic_section": "G", "front": photo_file()}
    )
    merchant = Merchant.objects.get()
    assert (str(merchant.latitude), str(merchant.longitude), merchant.vsic_section) == ("18.987650", "105.432100", "G")
    first = merchant.portrait.name
    assert first.startswith("photos/")
    page = office.get(reverse("merchants:business", args=[merchant.pk])).content.decode()
    assert "18.987650, 105.432100" in page and "<img" in page

    office.post(reverse("merchants:correct", args=[merchant.pk]), {**NEW, "front": photo_file("hai.jpg")})
    merchant.refresh_from_db()
    assert merchant.portrait.name not in {"", first}
    assert merchant.latitude is None
    office.post(reverse("merchants:correct", args=[merchant.pk]), NEW)
    kept = merchant.portrait.name
    merchant.refresh_from_db()
    assert merchant.portrait.name == kept

    bad = office.post(
        reverse("merchants:correct", args=[merchant.pk]), {**NEW, "front": photo_file("x.txt", size=(8, 8))}
    )
    assert list(bad.context["form"].errors) == ["front"]


def test_a_business_is_suspended_closed_with_a_reason_and_opened_again(
    office: Client, commune: Commune, hoa: User
) -> None:
    merchant = on_register(commune, "Quán", is_public=True)
    address = reverse("merchants:move", args=[merchant.pk])

    page = office.post(address, {"to": "closed", "reason": " "}, follow=True).content.decode()
    merchant.refresh_from_db()
    assert merchant.status == "active" and "Vui lòng" in page

    for to, reason in (("paused", ""), ("closed", "Nghỉ hẳn"), ("active", "Mở lại sau Tết")):
        office.post(address, {"to": to, "reason": reason})
    merchant.refresh_from_db()
    assert (merchant.status, merchant.status_reason) == ("active", "")
    entries = AuditEntry.objects.filter(object_type="merchants.merchant")
    assert [(entry.action, entry.actor, entry.after["said"]) for entry in entries] == [
        ("merchant.paused", hoa, ""),
        ("merchant.closed", hoa, "Nghỉ hẳn"),
        ("merchant.reopened", hoa, "Mở lại sau Tết"),
    ]  # fmt: skip


def test_a_move_that_is_not_listed_changes_nothing(commune: Commune, hoa: User) -> None:
    merchant = on_register(commune, "Quán", status="closed", status_reason="x")

    for to in ("paused", "closed", "", "gold"):
        with pytest.raises(RegisterRefused, match="no_such_move"):
            move_merchant(merchant=merchant, to=to, reason="y", actor=hoa)

    merchant.refresh_from_db()
    assert (merchant.status, merchant.status_reason) == ("closed", "x")

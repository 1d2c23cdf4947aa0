"""The officer's pages: the register by village, one business, codes, posters, people; and who never gets in."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from merchants.folding import sort_key
from merchants.models import AuditEntry, BankAccount, Commune, Membership, Merchant, PaymentCode
from merchants.payment_codes import issue_code
from shop.users.models import ActivationCode, User
from tests.factories import (
    BankAccountFactory,
    CommuneFactory,
    MembershipFactory,
    MerchantFactory,
    UserFactory,
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
def office(client: Client, hoa: User) -> Client:
    return sign_in(client, hoa, second_factor=True)


def business(commune: Commune, name: str = "Cơ sở Thử", **fields: Any) -> Merchant:
    return MerchantFactory(village=VillageFactory(commune=commune), name=name, **fields)


def with_code(commune: Commune, name: str = "Có Mã", **fields: Any) -> PaymentCode:
    account = BankAccountFactory(merchant=business(commune, name, **fields))
    return issue_code(account=account, actor=UserFactory())


def names(page: Any) -> list[str]:
    return [row.name for group in page.context["villages"] for row in group.businesses]


def test_register_counts_and_filters_by_code_and_village(office: Client, commune: Commune) -> None:
    code = with_code(commune)
    missing = business(commune, "Chưa Mã")
    business(commune, "Đóng Cửa", status="closed", status_reason="nghỉ hẳn")
    MerchantFactory(name="Xã Khác")
    address = reverse("merchants:businesses")

    page = office.get(address)
    assert sorted(names(page)) == ["Chưa Mã", "Có Mã", "Đóng Cửa"]
    assert (page.context["coverage"].with_code, page.context["coverage"].total) == (1, 2)
    assert page.context["coverage"].percent == 50
    assert names(office.get(address, {"ma": "co"})) == ["Có Mã"]
    assert sorted(names(office.get(address, {"ma": "chua"}))) == ["Chưa Mã", "Đóng Cửa"]
    assert names(office.get(address, {"thon": missing.village_id})) == ["Chưa Mã"]
    assert names(office.get(address, {"q": "chua ma"})) == ["Chưa Mã"]
    assert names(office.get(address, {"q": "CÓ MÃ"})) == ["Có Mã"]
    assert names(office.get(address, {"q": code.account.merchant.phone.replace("+84", "0")})) == ["Có Mã"]


def test_code_that_was_withdrawn_no_longer_counts(office: Client, commune: Commune) -> None:
    code = with_code(commune)

    office.post(reverse("merchants:code_withdraw", args=[code.pk]), {"reason": "Bị dán đè"})

    assert office.get(reverse("merchants:businesses")).context["coverage"].with_code == 0


@pytest.mark.parametrize(
    "query", [{"thon": "abc"}, {"thon": "9" * 30}, {"trang": "10^9"}, {"q": "%_'\x00"}, {"ma": "x"}]
)
def test_bad_questions_are_answered_quietly(office: Client, query: dict[str, str]) -> None:
    assert office.get(reverse("merchants:businesses"), query).status_code == 200


def test_list_costs_the_same_queries_at_2_and_20_rows_and_shows_fifty(office: Client, commune: Commune) -> None:
    address = reverse("merchants:businesses")
    for number in range(2):
        with_code(commune, f"A{number}")
    office.get(address)
    with CaptureQueriesContext(connection) as few:
        office.get(address)
    for number in range(52):
        with_code(commune, f"B{number}") if number < 18 else business(commune, f"C{number}")
    office.get(address)  # the first visit after a change to the register reads the host anew

    with CaptureQueriesContext(connection) as many:
        page = office.get(address)

    assert len(many) == len(few)
    assert len(names(page)) == 50
    assert len(names(office.get(address, {"trang": "2"}))) == 4


def test_code_is_issued_and_its_poster_is_a_pdf_with_the_warning_for_samples(office: Client, commune: Commune) -> None:
    account = BankAccountFactory(merchant=business(commune, is_sample=True))

    office.post(reverse("merchants:code_issue", args=[account.pk]))
    code = PaymentCode.objects.get(account=account)
    page = office.get(reverse("merchants:poster", args=[code.pk]))

    assert page.headers["Content-Type"] == "application/pdf"
    assert page.content.startswith(b"%PDF-")
    assert f"ma-{code.public_code}.pdf" in page.headers["Content-Disposition"]
    assert AuditEntry.objects.filter(action="code.poster_opened", object_id=str(code.pk)).count() == 1
    shown = office.get(reverse("merchants:business", args=[account.merchant_id])).content.decode()
    assert code.public_code in shown


def test_withdrawn_code_has_no_poster(office: Client, commune: Commune) -> None:
    code = with_code(commune)
    PaymentCode.objects.update(status="withdrawn")

    assert office.get(reverse("merchants:poster", args=[code.pk])).status_code == 404


def test_business_is_added_and_corrected_in_the_form(office: Client, commune: Commune, hoa: User) -> None:
    village = VillageFactory(commune=commune)
    form = {
        "name": "Bánh đa Bà Tư",
        "legal_form": "household",
        "village": village.pk,
        "phone": "0912 345 678",
        "status": "active",
        "tax_code": "",
    }

    answer = office.post(reverse("merchants:add"), form)

    merchant = Merchant.objects.get(name="Bánh đa Bà Tư")
    assert answer.url == reverse("merchants:business", args=[merchant.pk])
    assert (merchant.phone, merchant.village, merchant.commune) == ("+84912345678", village, commune)
    office.post(reverse("merchants:correct", args=[merchant.pk]), form | {"name": "Bánh đa Bà Năm"})
    merchant.refresh_from_db()
    assert merchant.name == "Bánh đa Bà Năm"
    assert [entry.actor for entry in AuditEntry.objects.order_by("pk")] == [hoa, hoa]


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"name": ""}, "name", "phải điền"),
        ({"phone": "12"}, "phone", "số điện thoại"),
        ({"tax_code": "123"}, "tax_code", "10, 12 hoặc 13"),
        ({"tax_code": "1234567890"}, "tax_code", "chưa đúng"),
        ({"status": "closed"}, "status_reason", "lý do"),
        ({"village": "999999"}, "village", "hợp lệ"),
        ({"legal_form": "kingdom"}, "legal_form", "hợp lệ"),
    ],
)
def test_bad_business_is_named_and_nothing_is_written(office: Client, changes: dict, field: str, says: str) -> None:
    form = {"name": "Bà Tư", "legal_form": "household", "status": "active", **changes}

    answer = office.post(reverse("merchants:add"), form)

    assert says in " ".join(answer.context["form"].errors[field])
    assert Merchant.objects.count() == 0


def test_village_of_another_commune_cannot_be_chosen(office: Client) -> None:
    form = {"name": "Bà Tư", "legal_form": "household", "status": "active", "village": VillageFactory().pk}

    assert "village" in office.post(reverse("merchants:add"), form).context["form"].errors


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"number": "4111 1111 1111 1111"}, "number"),
        ({"number": "123 456 789 012 345 678 90"}, "number"),
        ({"number": "số một"}, "number"),
        ({"number": ""}, "number"),
        ({"bank_code": "NOBANK"}, "bank_code"),
        ({"holder_name": ""}, "holder_name"),
    ],
)
def test_bad_account_is_named_and_nothing_is_written(office: Client, commune: Commune, typed: dict, field: str) -> None:
    merchant = business(commune)
    form = {"bank_code": "VCB", "number": "DEMO 0001", "holder_name": "LAN", **typed}

    answer = office.post(reverse("merchants:account_add", args=[merchant.pk]), form)

    assert answer.context["form"].errors[field]
    assert BankAccount.objects.count() == 0


def test_a_very_short_number_is_asked_about_once(office: Client, commune: Commune) -> None:
    merchant = business(commune)
    address = reverse("merchants:account_add", args=[merchant.pk])
    form = {"bank_code": "VCB", "number": "1 2", "holder_name": "LAN"}
    assert "is_short_on_purpose" not in office.get(address).context["form"].fields

    asked = office.post(address, form)
    assert asked.context["form"].errors.as_data()["number"][0].code == "short"
    assert "Đúng, số tài khoản ngắn như vậy" in asked.content.decode()
    assert not merchant.bank_accounts.exists()

    office.post(address, {**form, "is_short_on_purpose": "on"})
    assert merchant.bank_accounts.get().number == "12"
    assert "is_short_on_purpose" not in office.post(address, {**form, "number": ""}).context["form"].fields


def test_the_account_form_begins_with_the_owner_and_another_holder_is_pointed_out(
    office: Client, commune: Commune
) -> None:
    merchant = business(commune, owner_name="Đỗ Thị Bé")
    address = reverse("merchants:account_add", args=[merchant.pk])
    assert 'value="DO THI BE"' in office.get(address).content.decode()

    form = {"bank_code": "VCB", "number": "0123456789", "holder_name": "Đỗ Thị Bé"}
    assert "tài khoản đứng tên" not in office.post(address, form, follow=True).content.decode()
    other = office.post(address, {**form, "number": "9876543210", "holder_name": "Lê Văn Chồng"}, follow=True)

    assert "tài khoản đứng tên LE VAN CHONG, còn chủ cơ sở là Đỗ Thị Bé." in other.content.decode()
    assert merchant.bank_accounts.count() == 2


def test_a_new_business_is_led_from_account_to_code_to_poster_to_check(office: Client, commune: Commune) -> None:
    merchant = business(commune)
    page = reverse("merchants:business", args=[merchant.pk])

    def step() -> str | None:
        shown = office.get(page).context["next_step"]
        return shown.key if shown else None

    assert step() == "account"
    assert "Việc tiếp theo: Tài khoản" in office.get(page).content.decode()
    account = BankAccountFactory(merchant=merchant)
    assert step() == "code"
    code = issue_code(account=account, actor=UserFactory())
    assert step() == "print"
    office.get(reverse("merchants:poster", args=[code.pk]))
    assert step() == "check"
    PaymentCode.objects.filter(pk=code.pk).update(created_at=timezone.now() - timedelta(days=8))
    assert step() is None


def test_banks_stand_in_vietnamese_order_banks_before_wallets(office: Client, commune: Commune) -> None:
    page = office.get(reverse("merchants:account_add", args=[business(commune).pk]))

    _empty, banks, wallets = page.context["form"].fields["bank_code"].choices
    shown = [label.partition(" – ")[0] for _code, label in banks[1]]
    assert shown == sorted(shown, key=sort_key)
    assert (str(banks[0]), str(wallets[0])) == ("Ngân hàng", "Ví điện tử, công ty tài chính")
    assert "MOMO" in dict(wallets[1])
    assert 'data-find="AGRIBANK|Agribank|970405|nongnghiep|nongthon|agri|VBARD"' in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Hộ kinh doanh Đỗ Thị Bé", "HO KINH DOANH DO THI BE"),
        ("ngô  thị\tmẫu lan ", "NGO THI MAU LAN"),
        ("CTY TNHH A&B (Nghệ An)", "CTY TNHH A&B (NGHE AN)"),
        ("Lan 🐝 Nguyễn", "LAN NGUYEN"),
    ],
)
def test_holders_name_is_kept_as_banks_write_it(office: Client, commune: Commune, typed: str, kept: str) -> None:
    merchant = business(commune)

    office.post(
        reverse("merchants:account_add", args=[merchant.pk]),
        {"bank_code": "VCB", "number": "0123456789", "holder_name": typed},
    )

    assert merchant.bank_accounts.get().holder_name == kept


def test_a_name_without_a_letter_is_refused(office: Client, commune: Commune) -> None:
    merchant = business(commune)

    page = office.post(
        reverse("merchants:account_add", args=[merchant.pk]),
        {"bank_code": "VCB", "number": "0123456789", "holder_name": "🐝 123"},
    )

    assert page.context["form"].errors["holder_name"] == ["Vui lòng ghi tên bằng chữ, đúng như ngân hàng hiện."]
    assert not merchant.bank_accounts.exists()


def test_account_number_is_shown_whole_to_the_head_officer_only_and_each_look_is_noted(
    office: Client, commune: Commune
) -> None:
    account = BankAccountFactory(merchant=business(commune))
    address = reverse("merchants:account_show", args=[account.pk])
    page = reverse("merchants:business", args=[account.merchant_id])
    assert account.number not in office.get(page).content.decode()
    assert office.post(address).status_code == 404

    head = hoa_the_officer(commune, role="head_officer")
    client = sign_in(Client(), head, second_factor=True)
    assert account.number not in client.get(page).content.decode()
    assert account.number in client.post(address).content.decode()

    entry = AuditEntry.objects.get(action="account.number_seen")
    assert (entry.actor, entry.object_id) == (head, str(account.pk))


def test_owner_is_taken_in_with_a_code_to_scan(office: Client, commune: Commune, hoa: User) -> None:
    merchant = business(commune)

    office.post(
        reverse("workspace:person_add", args=[merchant.pk]),
        {"full_name": "Nguyễn Thị Lan", "phone": "0912345678", "role": "owner"},
    )
    membership = Membership.objects.get(merchant=merchant)
    assert (membership.user.phone, membership.role, membership.granted_by) == ("+84912345678", "owner", hoa)

    page = office.post(reverse("workspace:person_activate", args=[membership.pk]))
    address = page.context["address"]
    assert page.context["picture"].startswith("data:image/svg+xml;base64,")
    code = address.rstrip("/").rpartition("/")[2]
    assert Client().post(reverse("users:activate", args=[code])).url == reverse("users:first_password")
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == ["membership.granted", "activation.issued"]


def test_the_first_owner_is_proposed_as_the_register_knows_her_and_nobody_else(
    office: Client, commune: Commune
) -> None:
    merchant = business(commune, owner_name="Đỗ Thị Bé", phone="+84912000111")
    address = reverse("workspace:person_add", args=[merchant.pk])

    form = office.get(address).context["form"]
    assert (form["full_name"].value(), form["phone"].value()) == ("Đỗ Thị Bé", "0912 000 111")

    MembershipFactory(merchant=merchant)
    form = office.get(address).context["form"]
    assert (form["full_name"].value(), form["phone"].value()) == (None, None)


def test_phone_number_that_is_known_gets_the_role_and_keeps_its_name(office: Client, commune: Commune) -> None:
    known = UserFactory(full_name="Lê Minh", phone="+84912345678")

    office.post(
        reverse("workspace:person_add", args=[business(commune).pk]),
        {"full_name": "Ai Đó Khác", "phone": "0912345678", "role": "seller"},
    )

    known.refresh_from_db()
    assert known.full_name == "Lê Minh"
    assert known.memberships.get().role == "seller"


def test_activation_of_whoever_has_an_own_account_is_refused_with_a_reason(office: Client, commune: Commune) -> None:
    membership = MembershipFactory(merchant=business(commune))

    answer = office.post(reverse("workspace:person_activate", args=[membership.pk]), follow=True)

    assert "đã có tài khoản và mật khẩu riêng" in answer.content.decode()
    assert ActivationCode.objects.count() == 0


@pytest.mark.parametrize(
    ("until", "says"),
    [("", "phải có hạn"), ("01/01/2020", "sắp tới"), ("31/12/2099", "một năm"), ("32/13/2026", "hợp lệ")],
)
def test_helper_needs_an_end_within_a_year(office: Client, commune: Commune, until: str, says: str) -> None:
    answer = office.post(
        reverse("workspace:person_add", args=[business(commune).pk]),
        {"full_name": "Đức", "phone": "0912345678", "role": "helper", "until": until},
    )

    assert says in " ".join(answer.context["form"].errors["until"])
    assert User.objects.filter(phone="+84912345678").count() == 0


def test_helpers_last_day_counts_whole(office: Client, commune: Commune) -> None:
    day = timezone.localdate() + timedelta(days=7)
    office.post(
        reverse("workspace:person_add", args=[business(commune).pk]),
        {"full_name": "Đức", "phone": "0912345678", "role": "helper", "until": f"{day:%d/%m/%Y}"},
    )

    until = timezone.localtime(Membership.objects.get(role="helper").until)
    assert (until.date(), until.hour, until.minute) == (day + timedelta(days=1), 0, 0)


def test_role_is_taken_back(office: Client, commune: Commune) -> None:
    membership = MembershipFactory(merchant=business(commune))

    office.post(reverse("workspace:person_revoke", args=[membership.pk]))

    membership.refresh_from_db()
    assert membership.revoked_at is not None


def every_address(code: PaymentCode, membership: Membership) -> list[tuple[str, str]]:
    merchant, account = code.account.merchant_id, code.account_id
    return [
        ("get", reverse("merchants:business", args=[merchant])),
        ("get", reverse("merchants:correct", args=[merchant])),
        ("post", reverse("merchants:correct", args=[merchant])),
        ("get", reverse("merchants:account_add", args=[merchant])),
        ("post", reverse("merchants:account_end", args=[account])),
        ("post", reverse("merchants:account_show", args=[account])),
        ("post", reverse("merchants:code_issue", args=[account])),
        ("post", reverse("merchants:code_withdraw", args=[code.pk])),
        ("get", reverse("merchants:poster", args=[code.pk])),
        ("get", reverse("workspace:person_add", args=[merchant])),
        ("post", reverse("workspace:person_activate", args=[membership.pk])),
        ("post", reverse("workspace:person_revoke", args=[membership.pk])),
    ]


def test_another_communes_objects_are_not_found(office: Client) -> None:
    code = with_code(CommuneFactory())
    membership = MembershipFactory(merchant=code.account.merchant)

    for method, address in every_address(code, membership):
        assert getattr(office, method)(address, {"reason": "x"}).status_code == 404, address
    assert office.get(reverse("merchants:businesses"), {"xa": code.account.merchant.commune.code}).status_code == 404
    code.refresh_from_db()
    membership.refresh_from_db()
    assert (code.status, membership.revoked_at) == ("valid", None)


@pytest.mark.parametrize("role", ["owner", "seller", "packer", "editor", "nobody"])
def test_people_who_are_no_officers_find_nothing_there(client: Client, commune: Commune, role: str) -> None:
    code = with_code(commune)
    membership = MembershipFactory(merchant=code.account.merchant)
    person = UserFactory()
    if role == "editor":
        MembershipFactory(user=person, role=role, merchant=None, commune=commune)
    elif role != "nobody":
        MembershipFactory(user=person, role=role, merchant=code.account.merchant)
    sign_in(client, person, second_factor=True)

    addresses = [
        *every_address(code, membership),
        ("get", reverse("merchants:businesses")),
        ("get", reverse("merchants:add")),
    ]
    for method, address in addresses:
        assert getattr(client, method)(address, {"reason": "x"}).status_code == 404, address


def test_officer_without_second_factor_is_asked_for_it_on_every_page(
    client: Client, commune: Commune, hoa: User
) -> None:
    code = with_code(commune)
    membership = MembershipFactory(merchant=code.account.merchant)
    sign_in(client, hoa)

    for method, address in [*every_address(code, membership), ("get", reverse("merchants:businesses"))]:
        answer = getattr(client, method)(address, {"reason": "x"})
        assert answer.status_code == 302, address
        assert answer.url.startswith(reverse("users:second_factor_needed")), address
    code.refresh_from_db()
    assert code.status == "valid"


def test_province_viewer_looks_at_every_register_and_changes_none(client: Client, commune: Commune) -> None:
    code = with_code(commune, owner_name="Nguyễn Văn Kín")
    membership = MembershipFactory(merchant=code.account.merchant)
    viewer = MembershipFactory(role="province_viewer", merchant=None).user
    sign_in(client, viewer, second_factor=True)

    page = client.get(reverse("merchants:businesses"), {"xa": commune.code})
    assert names(page) == ["Có Mã"]
    assert "Nguyễn Văn Kín" not in page.content.decode()
    one = client.get(reverse("merchants:business", args=[code.account.merchant_id]))
    assert one.status_code == 200
    assert "Nguyễn Văn Kín" not in one.content.decode()
    assert code.account.merchant.phone not in one.content.decode()
    for method, address in every_address(code, membership)[1:]:
        assert getattr(client, method)(address, {"reason": "x"}).status_code == 404, address


def test_officers_grant_that_ends_closes_the_next_page(office: Client, commune: Commune) -> None:
    assert office.get(reverse("merchants:businesses")).status_code == 200

    Membership.objects.update(until=timezone.now() - timedelta(seconds=1))

    assert office.get(reverse("merchants:businesses")).status_code == 404

"""A change of account: two people, a day, everybody told; money asked for before keeps its account."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from merchants.account_changes import (
    WAIT,
    ChangeRefused,
    agree,
    ask_for_change,
    carry_out_due,
    phones_to_tell,
    stop_change,
)
from merchants.models import AccountChange, AuditEntry, BankAccount, Membership, PaymentCode
from merchants.payment_codes import issue_code
from merchants.register import correct_merchant
from shop.messages.account_letters import send_account_letter
from shop.outbox.errors import NotConfigured, Refused
from shop.outbox.models import OutboxMessage
from shop.payments.models import PaymentAttempt
from shop.users.models import User
from tests.factories import BankAccountFactory, MembershipFactory, UserFactory
from tests.people import hoa_the_officer
from tests.shop.workspace.scene import Scene, another_shop, lans_shop
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db

NEW = {"bank_code": "VCB", "number": "DEMO999888", "holder_name": "Nguyễn Thị Lan"}


@pytest.fixture
def lan() -> Scene:
    scene = lans_shop()
    scene.merchant.phone = "+84740000101"
    scene.merchant.save()
    return scene


@pytest.fixture
def hoa(lan: Scene) -> User:
    return hoa_the_officer(lan.merchant.commune)


@pytest.fixture
def quang(lan: Scene) -> User:
    return MembershipFactory(
        user=UserFactory(), role=Membership.Role.OFFICER, merchant=None, commune=lan.merchant.commune
    ).user


def asked_by_owner(lan: Scene, **changed: Any) -> AccountChange:
    given = NEW | {"reason": "Đổi ngân hàng"} | changed
    return ask_for_change(merchant=lan.merchant, **given, actor=lan.user, as_owner=True)


def asked_by(officer: User, lan: Scene) -> AccountChange:
    return ask_for_change(merchant=lan.merchant, **NEW, reason="Chủ nhờ", actor=officer, as_owner=False)


def receiving(lan: Scene) -> BankAccount:
    return lan.merchant.bank_accounts.get(status="active", is_receiving=True)


def test_owner_asks_officer_agrees_and_a_day_later_it_happens(lan: Scene, hoa: User) -> None:
    old = receiving(lan)
    code = issue_code(account=old, actor=hoa)
    change = asked_by_owner(lan)

    agreed = agree(change=change, actor=hoa, as_owner=False)
    assert agreed.state == "confirmed"
    assert agreed.due_at is not None
    assert carry_out_due(agreed.due_at - timedelta(seconds=1)) == 0
    assert receiving(lan) == old

    assert carry_out_due(agreed.due_at) == 1
    assert carry_out_due(agreed.due_at) == 0

    new = receiving(lan)
    assert (new.bank_code, new.number, new.holder_name) == ("VCB", "DEMO999888", "NGUYEN THI LAN")
    old.refresh_from_db()
    code.refresh_from_db()
    change.refresh_from_db()
    assert (old.status, old.is_receiving) == ("ended", False)
    assert (code.status, code.withdrawn_reason) == ("withdrawn", "Cơ sở nay nhận tiền ở tài khoản khác.")
    assert (change.state, change.new_account) == ("done", new)
    assert [entry.action for entry in AuditEntry.objects.filter(object_type="merchants.accountchange")] == [
        "account_change.asked",
        "account_change.agreed",
        "account_change.done",
    ]
    assert not AuditEntry.objects.filter(after__icontains="DEMO999888").exists()


def test_the_day_is_a_whole_day() -> None:
    assert timedelta(days=1) == WAIT


def test_officer_who_asked_cannot_agree_and_another_can(lan: Scene, hoa: User, quang: User) -> None:
    change = asked_by(hoa, lan)

    with pytest.raises(ChangeRefused) as refusal:
        agree(change=change, actor=hoa, as_owner=False)
    assert refusal.value.code == "asked_yourself"

    agree(change=change, actor=quang, as_owner=False)
    change.refresh_from_db()
    assert change.state == "open"  # the owner has not agreed
    assert agree(change=change, actor=lan.user, as_owner=True).state == "confirmed"


def test_owner_who_is_also_an_officer_is_not_two_people(lan: Scene) -> None:
    MembershipFactory(user=lan.user, role=Membership.Role.OFFICER, merchant=None, commune=lan.merchant.commune)
    by_staff = asked_by(UserFactory(), lan)
    agree(change=by_staff, actor=lan.user, as_owner=True)

    with pytest.raises(ChangeRefused) as refusal:
        agree(change=by_staff, actor=lan.user, as_owner=False)

    assert refusal.value.code == "same_person"
    assert carry_out_due(timezone.now() + timedelta(days=9)) == 0


def test_database_itself_refuses_one_person_twice(lan: Scene, hoa: User) -> None:
    change = asked_by_owner(lan)

    with pytest.raises(IntegrityError), transaction.atomic():
        AccountChange.objects.filter(pk=change.pk).update(officer=lan.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountChange.objects.filter(pk=change.pk).update(state="confirmed")


def test_agreeing_twice_does_not_lengthen_the_day(lan: Scene, hoa: User) -> None:
    change = asked_by_owner(lan)
    first = agree(change=change, actor=hoa, as_owner=False)

    assert agree(change=change, actor=hoa, as_owner=False).due_at == first.due_at


@pytest.mark.parametrize("confirmed", [False, True])
def test_stopped_change_never_happens(lan: Scene, hoa: User, confirmed: bool) -> None:
    old = receiving(lan)
    change = asked_by_owner(lan)
    if confirmed:
        agree(change=change, actor=hoa, as_owner=False)

    stop_change(change=change, reason="Không phải tôi", actor=lan.user)

    assert carry_out_due(timezone.now() + timedelta(days=9)) == 0
    assert receiving(lan) == old
    with pytest.raises(ChangeRefused):
        stop_change(change=change, reason="lại", actor=lan.user)
    with pytest.raises(ChangeRefused):
        agree(change=change, actor=hoa, as_owner=False)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"bank_code": "NOBANK"}, "unknown_bank"),
        ({"number": "4111111111111111"}, "card_number"),
        ({"number": "ký tự"}, "unpayable"),
        ({"reason": " "}, "no_reason"),
    ],
)
def test_what_cannot_be_paid_is_refused_at_once(lan: Scene, changed: Any, why: str) -> None:
    with pytest.raises(ChangeRefused) as refusal:
        asked_by_owner(lan, **changed)

    assert refusal.value.code == why
    assert (AccountChange.objects.count(), OutboxMessage.objects.filter(kind="account.letter").count()) == (0, 0)


def test_same_account_and_second_change_are_refused(lan: Scene) -> None:
    old = receiving(lan)
    with pytest.raises(ChangeRefused) as same:
        asked_by_owner(lan, bank_code=old.bank_code, number=old.number)
    asked_by_owner(lan)
    with pytest.raises(ChangeRefused) as second:
        asked_by_owner(lan, number="DEMO5")

    assert (same.value.code, second.value.code) == ("same_account", "change_under_way")
    assert AccountChange.objects.count() == 1


def test_account_that_is_on_the_register_already_begins_to_receive(lan: Scene, hoa: User) -> None:
    other = BankAccountFactory(
        merchant=lan.merchant, bank_code="VCB", bank_bin="970436", number="DEMO999888", is_receiving=False
    )
    kept = issue_code(account=other, actor=hoa)
    change = agree(change=asked_by_owner(lan), actor=hoa, as_owner=False)

    carry_out_due(change.due_at)

    assert receiving(lan) == other
    kept.refresh_from_db()
    assert kept.status == "valid"


def test_open_attempt_keeps_the_account_it_showed(lan: Scene, hoa: User) -> None:
    old = receiving(lan)
    attempt = PaymentAttempt.objects.get(order=lan.order())
    change = agree(change=asked_by_owner(lan), actor=hoa, as_owner=False)

    carry_out_due(change.due_at)

    before = (attempt.account_id, attempt.account_number, attempt.payload, attempt.state)
    attempt.refresh_from_db()
    assert (attempt.account_id, attempt.account_number, attempt.payload, attempt.state) == before
    assert attempt.account_id == old.pk
    assert PaymentAttempt.objects.get(order=lan.order()).account_number == "DEMO999888"


# --- who is told


def test_phone_of_today_and_the_one_before_are_both_told(lan: Scene, hoa: User) -> None:
    correct_merchant(merchant=lan.merchant, values={"phone": "+84740000999"}, actor=hoa)

    change = asked_by(hoa, lan)

    assert sorted(phones_to_tell(change).values()) == ["+84740000101", "+84740000999"]
    payloads = [message.payload for message in OutboxMessage.objects.filter(kind="account.letter")]
    assert sorted(payload.get("phone", "") for payload in payloads if "phone" in payload) == sorted(
        phones_to_tell(change)
    )
    assert "+8474" not in str(payloads)


def test_phone_replaced_long_ago_is_not_told(lan: Scene, hoa: User) -> None:
    correct_merchant(merchant=lan.merchant, values={"phone": "+84740000999"}, actor=hoa)
    change = asked_by(hoa, lan)
    change.asked_at += timedelta(days=91)

    change.old_phone = "+84740000999"
    assert list(phones_to_tell(change).values()) == ["+84740000999"]


def test_owner_reads_a_letter_at_each_step_and_phones_wait_for_a_channel(lan: Scene, hoa: User) -> None:
    change = agree(change=asked_by_owner(lan), actor=hoa, as_owner=False)
    messages = OutboxMessage.objects.filter(kind="account.letter").order_by("pk")
    assert [message.payload["news"] for message in messages if "user_id" in message.payload] == ["asked", "confirmed"]

    for message in messages:
        if "user_id" in message.payload:
            send_account_letter(message.payload, dedupe_key=str(message.dedupe_key))
        else:
            with pytest.raises(NotConfigured):
                send_account_letter(message.payload, dedupe_key=str(message.dedupe_key))

    assert len(mail.outbox) == 2
    assert mail.outbox[0].to == ["lan@example.test"]
    assert "9888" in mail.outbox[1].body and "DEMO999888" not in mail.outbox[1].body
    carry_out_due(change.due_at)
    overtaken = messages.filter(payload__news="asked").first()
    assert overtaken is not None
    with pytest.raises(Refused):
        send_account_letter(overtaken.payload, dedupe_key="x")


# --- the pages


def test_officer_asks_owner_agrees_another_officer_agrees_on_the_pages(lan: Scene, hoa: User, quang: User) -> None:
    first, second = sign_in(Client(), hoa, second_factor=True), sign_in(Client(), quang, second_factor=True)
    posted = NEW | {"reason": "Mất điện thoại"}
    asked = first.post(reverse("merchants:account_change_ask", args=[lan.merchant.pk]), posted)
    change = AccountChange.objects.get()
    assert asked["Location"] == reverse("merchants:account_change", args=[change.pk])

    first.post(reverse("merchants:account_change_agree", args=[change.pk]))
    change.refresh_from_db()
    assert change.officer is None
    assert "Có đề nghị đổi tài khoản" in lan.client.get(reverse("workspace:home")).content.decode()
    assert "DEMO999888" in lan.client.get(reverse("workspace:account_changes")).content.decode()
    lan.client.post(reverse("workspace:account_change_agree", args=[change.pk]))
    second.post(reverse("merchants:account_change_agree", args=[change.pk]))

    change.refresh_from_db()
    assert (change.state, change.owner, change.officer) == ("confirmed", lan.user, quang)


def test_owner_asks_and_stops_on_her_page(lan: Scene) -> None:
    lan.client.post(reverse("workspace:account_change_ask", args=[lan.merchant.pk]), NEW | {"reason": "Đổi"})
    change = AccountChange.objects.get()
    assert change.owner == lan.user

    lan.client.post(reverse("workspace:account_change_stop", args=[change.pk]))

    change.refresh_from_db()
    assert change.state == "stopped"


def test_another_owner_finds_nothing(lan: Scene) -> None:
    change = asked_by_owner(lan)
    tam = another_shop()

    for name in ("workspace:account_change_agree", "workspace:account_change_stop"):
        assert tam.client.post(reverse(name, args=[change.pk])).status_code == 404
    change.refresh_from_db()
    assert change.state == "open"
    assert PaymentCode.objects.count() == 0

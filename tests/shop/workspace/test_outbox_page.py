"""The platform's staff and the outbox: what was given up or waits, in plain words; tried again or set aside, noted."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from merchants.models import AuditEntry
from shop.messages import announce
from shop.messages.described import LETTERS, describe, mask_addresses
from shop.outbox.models import DeliveryAttempt, OutboxMessage
from shop.users.models import User
from shop.workspace.outbox_page import plain_words
from tests.people import quang_of_the_platform
from tests.shop.workspace.scene import Scene
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db
PAGE = reverse("workspace:outbox")


@pytest.fixture
def quang() -> User:
    return quang_of_the_platform()


@pytest.fixture
def staff(client: Client, quang: User) -> Client:
    return sign_in(client, quang, second_factor=True)


def message(
    state: str = "dead", *, error: str = "550 5.1.1 <minh.le@example.com> unknown", **payload: Any
) -> OutboxMessage:
    is_over = state in {"dead", "aside", "sent"}
    now = timezone.now()
    made = OutboxMessage.objects.create(
        kind="letter.send",
        payload=payload or {"letter": "buyer.order_sent"},
        state=state,
        attempts=12,
        not_before=now + timedelta(hours=6),
        finished_at=now if is_over else None,
        claimed_until=now + timedelta(minutes=2) if state == "claimed" else None,
        last_error=error,
    )
    DeliveryAttempt.objects.create(message=made, number=12, started_at=now, outcome="refused", detail=error)
    return made


def press(client: Client, name: str, *pks: int) -> str:
    page = client.post(reverse(f"workspace:{name}", args=pks), follow=True)
    return str(next(iter(page.context["messages"])))


def state_of(one: OutboxMessage) -> tuple[str, int, bool]:
    one.refresh_from_db()
    return (one.state, one.attempts, one.not_before <= timezone.now())


def test_a_letter_that_was_given_up_says_what_to_whom_and_why_without_the_whole_address(
    staff: Client, lan: Scene
) -> None:
    order = lan.order()
    assert order.purchase is not None
    order.purchase.buyer_email = "minh.le@example.com"
    order.purchase.save(update_fields=["buyer_email"])
    message(letter="buyer.order_sent", order_id=order.pk)

    text = staff.get(PAGE).content.decode()

    assert "Thư cho người mua: hàng đang trên đường" in text
    assert "m•••@example.com" in text
    assert order.number in text
    assert "Hộp thư không tồn tại hoặc không nhận thư." in text
    assert "minh.le" not in text
    assert "12 lần thử" in text


def test_a_sellers_letter_names_her_and_her_business(staff: Client, lan: Scene) -> None:
    order = lan.order()
    message(letter="seller.new_order", order_id=order.pk, user_id=lan.user.pk)

    row = staff.get(PAGE).context["rows"][0]

    assert row.reader == "Nguyễn Thị Lan · Mật ong Lan (mẫu)"
    assert row.address == "l•••@example.test"


def test_tried_again_it_gets_all_its_tries_anew_and_that_is_noted(staff: Client, quang: User) -> None:
    one = message()

    assert press(staff, "outbox_retry", one.pk) == "Đang gửi lại; kết quả hiện ở đây trong vòng một phút."

    assert state_of(one) == ("waiting", 0, True)
    entry = AuditEntry.objects.get(action="outbox.tried_again")
    assert (entry.actor, entry.object_id, entry.before) == (quang, str(one.pk), {"state": "dead", "attempts": 12})


def test_one_that_waits_for_hours_is_tried_now(staff: Client) -> None:
    one = message("waiting")
    assert state_of(one) == ("waiting", 12, False)

    press(staff, "outbox_retry", one.pk)

    assert state_of(one) == ("waiting", 12, True)


@pytest.mark.parametrize("state", ["dead", "waiting"])
def test_set_aside_it_is_not_sent_is_noted_and_can_be_taken_back(staff: Client, state: str) -> None:
    one = message(state)

    press(staff, "outbox_set_aside", one.pk)

    one.refresh_from_db()
    assert one.state == "aside"
    assert one.finished_at is not None
    assert AuditEntry.objects.filter(action="outbox.set_aside").count() == 1
    assert [row.pk for row in staff.get(PAGE, {"loc": "de-rieng"}).context["rows"]] == [one.pk]
    press(staff, "outbox_retry", one.pk)
    assert state_of(one) == ("waiting", 0, True)


@pytest.mark.parametrize("state", ["claimed", "sent"])
@pytest.mark.parametrize("name", ["outbox_retry", "outbox_set_aside"])
def test_what_is_being_sent_or_was_sent_stays_as_it_is(staff: Client, state: str, name: str) -> None:
    one = message(state)
    before = OutboxMessage.objects.values().get()

    assert press(staff, name, one.pk) == "Không cần làm gì: thư đang được gửi hoặc đã gửi xong."

    assert OutboxMessage.objects.values().get() == before
    assert not AuditEntry.objects.filter(action__startswith="outbox.").exists()


def test_pressed_twice_it_is_set_aside_and_noted_once(staff: Client) -> None:
    one = message()

    press(staff, "outbox_set_aside", one.pk)
    press(staff, "outbox_set_aside", one.pk)

    assert AuditEntry.objects.filter(action="outbox.set_aside").count() == 1


def test_all_that_was_given_up_is_tried_again_at_once_and_nothing_else(staff: Client) -> None:
    dead = [message() for _number in range(3)]
    aside = message("aside")

    assert press(staff, "outbox_retry_all") == "Đang gửi lại 3 thư."

    assert [state_of(one) for one in dead] == [("waiting", 0, True)] * 3
    aside.refresh_from_db()
    assert aside.state == "aside"
    assert AuditEntry.objects.filter(action="outbox.tried_again").count() == 3


def test_the_start_page_counts_what_was_given_up_for_staff_only(staff: Client, lan: Scene) -> None:
    message()

    letters = [task for task in staff.get(reverse("workspace:home")).context["tasks"] if task.url == PAGE]
    assert [(task.title, task.number, task.is_urgent) for task in letters] == [("Thư gửi đi", 1, True)]
    assert PAGE not in lan.client.get(reverse("workspace:home")).content.decode()


def test_the_dashboard_leads_here(staff: Client) -> None:
    assert f'href="{PAGE}"' in staff.get(reverse("dashboard:index")).content.decode()


def test_staff_without_the_second_factor_are_asked_for_it_also_in_english(quang: User) -> None:
    client = sign_in(Client(), quang)
    for path in (PAGE, f"/en{PAGE}"):
        answer = client.get(path)
        assert (answer.status_code, "/tai-khoan/" in answer.headers.get("Location", "")) == (302, True)
    one = message()
    assert client.post(reverse("workspace:outbox_retry", args=[one.pk])).status_code == 302
    assert state_of(one)[0] == "dead"


def test_the_page_says_that_no_worker_runs(staff: Client) -> None:
    assert "Tiến trình gửi thư không chạy" in staff.get(PAGE).content.decode()


def test_the_list_costs_the_same_queries_at_2_and_20_rows(
    staff: Client, lan: Scene, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    order = lan.order()

    def fill(number: int) -> None:
        for _one in range(number):
            message(letter="seller.new_order", order_id=order.pk, user_id=lan.user.pk)
            message(letter="buyer.purchase_placed", purchase_id=order.purchase_id)

    fill(1)
    staff.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        staff.get(PAGE)
    fill(9)
    with CaptureQueriesContext(connection) as many:
        assert len(staff.get(PAGE).context["rows"]) == 20
    assert len(many) == len(few)


def test_the_doctor_says_where_to_decide(capsys: pytest.CaptureFixture[str]) -> None:
    message()

    call_command("doctor")

    assert "notice: outbox: 1 letter.send given up; staff decide about them at /quan-ly/he-thong/thu-di/" in (
        capsys.readouterr().out
    )


def test_every_letter_is_described() -> None:
    written = {*announce._TO_BUYER.values(), *announce._TO_SELLER.values(), "buyer.purchase_placed", "seller.new_order"}

    assert written - set(LETTERS) == set(), "say in shop.messages.described.LETTERS what it is"


def test_a_kind_nobody_described_and_a_subject_that_is_gone_are_no_error() -> None:
    odd = OutboxMessage(pk=1, kind="feed.push", payload={})
    gone = OutboxMessage(pk=2, kind="letter.send", payload={"letter": "buyer.order_sent", "order_id": 10**9})

    about = describe([odd, gone])

    assert (about[1].what, about[1].orders, about[1].address) == ("feed.push", (), "")
    assert (about[2].orders, about[2].reader, about[2].address) == ((), "người mua", "")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("550 <minh.le+x@mail.example.com>: no", "550 <m•••@mail.example.com>: no"),
        ("a@b.vn and c.d@e-f.com.vn", "a•••@b.vn and c•••@e-f.com.vn"),
        ("no address", "no address"),
        ("", ""),
    ],
)
def test_addresses_are_masked(text: str, masked: str) -> None:
    assert mask_addresses(text) == masked


@pytest.mark.parametrize(
    ("error", "outcome", "words"),
    [
        ("550 5.1.1 unknown user", "refused", "Hộp thư không tồn tại hoặc không nhận thư."),
        ("452 4.2.2 full", "try_later", "Hộp thư đã đầy."),
        ("overtaken by a later step", "refused", "Đơn đã sang bước khác, thư này gửi ra sẽ gây hiểu lầm."),
        (
            "ConnectionRefusedError: [Errno 111]",
            "try_later",
            "Không kết nối được với bên nhận, hoặc bên nhận đang bận.",
        ),
        ("EMAIL_URL names no mail server", "not_configured", "Chưa cài đặt máy chủ thư (EMAIL_URL)."),
        ("KeyError: 'x'", "crashed", "Lỗi trong chương trình; nhật ký có ghi chi tiết."),
        ("host:1:ab did not come back", "crashed", "Lỗi trong chương trình; nhật ký có ghi chi tiết."),
        ("", "", ""),
    ],
)
def test_last_words_are_said_plainly(error: str, outcome: str, words: str) -> None:
    assert plain_words(error, outcome=outcome) == words

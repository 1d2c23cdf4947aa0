"""Notices all at once, decisions at the same moment, a process killed in the middle: the books stay right."""

import os
import random
import signal
import threading
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection as database
from django.db import connections
from django.test import Client
from django.utils.module_loading import import_string

from shop.payments import attempts
from shop.payments.by_word import cash_collected, sellers_word
from shop.payments.connections import installation_connection
from shop.payments.decisions import accept_receipt, set_aside
from shop.payments.errors import PaymentRefused
from shop.payments.models import Allocation, PaymentAttempt, Receipt, TransferNotice
from tests.people import lan_the_producer, tam_the_producer
from tests.shop.payments.sale import body, buy, connect, place_order, post, sepay_notice, sign

pytestmark = pytest.mark.django_db(transaction=True)


def breaches() -> list[str]:
    """What the doctor would say."""
    return [breach for path in settings.DOCTOR_CHECKS for breach in import_string(path)()]


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run the calls in threads of their own, all starting together; return answers and exceptions in their order."""
    start = threading.Barrier(len(calls))
    answers: list[object] = [None] * len(calls)

    def run(place: int, call: Callable[[], object]) -> None:
        try:
            start.wait(30)
            answers[place] = call()
        except Exception as error:
            answers[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive(), "a deadlock"
    return answers


class Storm:
    """Two producers, 24 orders; transfers exact, too small, too large, in parts, again, late, unknown, told twice."""

    def __init__(self, *, seed: int) -> None:
        dice = random.Random(seed)
        self.expected: dict[int, tuple[str, int]] = {}
        self.posts: list[tuple[str, bytes, str]] = []
        installation = installation_connection(provider="sepay")
        self.installation_secret = "the-installation"
        for producer in (lan_the_producer(), tam_the_producer()):
            installation.accounts.add(producer.account)
            own = f"/webhooks/sepay/{connect(producer.merchant).token}/"
            for number in range(12):
                attempt = buy(producer.account)
                paid = [[100_000], [60_000], [150_000], [60_000, 40_000], [100_000, 100_000], []][number % 6]
                for minute, amount in enumerate(paid):
                    told = sepay_notice(attempt, transferAmount=amount, transactionDate=f"2026-11-20 09:{minute:02}:00")
                    self.tell(own, told)
                    if number % 2:
                        self.tell("/webhooks/sepay/", told | {"id": told["id"] + 5_000_000})
                total = 100_000 if paid == [100_000, 100_000] else sum(paid)
                self.expected[attempt.pk] = ("settled" if total >= 100_000 else "open", total)
            self.tell(own, sepay_notice(attempt, content="tien com"))
            self.tell(own, sepay_notice(attempt, accountNumber="0000"))
            self.tell(own, sepay_notice(attempt, transferType="out"))
        self.posts *= 3
        dice.shuffle(self.posts)

    def tell(self, address: str, told: dict[str, Any]) -> None:
        self.posts.append((address, body(told), "the-installation" if address == "/webhooks/sepay/" else ""))

    def blow(self, *, threads: int) -> None:
        """Post everything, cut into as many streams as there are threads."""

        def stream(mine: list[tuple[str, bytes, str]]) -> list[int]:
            client = Client()
            codes = []
            for address, data, secret in mine:
                headers = sign(data, secret=secret) if secret else sign(data)
                answer = client.post(address, data, content_type="application/json", headers=headers)
                codes.append(answer.status_code)
            return codes

        answers = at_once(*[lambda part=part: stream(self.posts[part::threads]) for part in range(threads)])  # type: ignore[misc]
        assert {code for codes in answers for code in codes} == {200}  # type: ignore[attr-defined]

    def assert_right(self) -> None:
        found = {a.pk: (a.state, int(a.allocated_vnd)) for a in PaymentAttempt.objects.all()}
        assert found == self.expected
        of_order: dict[int, Decimal] = defaultdict(Decimal)
        for allocation in Allocation.objects.filter(undone_at__isnull=True).select_related("attempt"):
            of_order[allocation.attempt.order_id] += allocation.amount_vnd
        for attempt in PaymentAttempt.objects.select_related("order"):
            assert attempt.order.received_vnd == of_order[attempt.order_id]
        assert TransferNotice.objects.count() == len(self.posts)
        assert breaches() == []


@pytest.fixture
def storm(settings: Any) -> Storm:
    settings.SEPAY_WEBHOOK_SECRET = "the-installation"
    return Storm(seed=7)


def test_doubled_and_shuffled_notices_leave_the_books_right(storm: Storm) -> None:
    storm.blow(threads=1)

    storm.assert_right()


@pytest.mark.postgres
def test_storm_of_notices_from_eight_sides_leaves_the_books_right(storm: Storm) -> None:
    storm.blow(threads=8)

    storm.assert_right()


@pytest.mark.postgres
def test_same_notice_eight_times_at_once_counts_once() -> None:
    lan = lan_the_producer()
    connection, attempt = connect(lan.merchant), buy(lan.account)
    told = sepay_notice(attempt, transferAmount=60_000)
    unknown = sepay_notice(attempt, accountNumber="0000")

    answers = at_once(
        *[lambda: post(connection, told).status_code] * 8, *[lambda: post(connection, unknown).status_code] * 8
    )

    assert answers == [200] * 16
    assert Receipt.objects.count() == 2
    attempt.refresh_from_db()
    assert (attempt.state, attempt.allocated_vnd) == ("open", Decimal(60_000))
    assert breaches() == []


@pytest.mark.postgres
def test_word_and_notice_at_once_count_once() -> None:
    lan = lan_the_producer()
    connection = connect(lan.merchant)
    for _ in range(6):
        attempt = buy(lan.account)
        told = sepay_notice(attempt)

        answers = at_once(
            lambda told=told: post(connection, told).status_code,  # type: ignore[misc]
            lambda attempt=attempt: sellers_word(attempt=attempt, amount_vnd=Decimal(100_000), actor=lan.user),  # type: ignore[misc]
        )

        assert answers[0] == 200
        assert isinstance(answers[1], Receipt) or str(answers[1]) == "already_paid"
        attempt.refresh_from_db()
        assert (attempt.state, attempt.allocated_vnd) == ("settled", Decimal(100_000))
    assert breaches() == []


@pytest.mark.postgres
def test_two_people_decide_at_once_and_one_wins() -> None:
    lan = lan_the_producer()
    connection, attempt = connect(lan.merchant), buy(lan.account)
    post(connection, sepay_notice(attempt, content=""))
    receipt = Receipt.objects.get()

    answers = at_once(
        lambda: accept_receipt(receipt=receipt, order=attempt.order, actor=lan.user),
        lambda: set_aside(receipt=receipt, actor=lan.user),
        lambda: accept_receipt(receipt=receipt, order=attempt.order, actor=lan.user),
    )

    assert sum(isinstance(answer, Receipt) for answer in answers) == 1
    assert {answer.code for answer in answers if isinstance(answer, PaymentRefused)} == {"not_doubtful"}
    assert breaches() == []


@pytest.mark.postgres
def test_cash_pressed_on_two_phones_at_once_counts_once() -> None:
    lan = lan_the_producer()
    attempt = buy(lan.account, in_cash=True)

    answers = at_once(*[lambda: cash_collected(order=attempt.order, actor=lan.user)] * 3)

    assert sum(isinstance(answer, Receipt) for answer in answers) == 1
    attempt.refresh_from_db()
    assert attempt.allocated_vnd == Decimal(100_000)
    assert breaches() == []


def kill_self(*_args: object, **_kwargs: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_while(action: Callable[[], object]) -> int:
    """Run the action in a process of its own, which kills itself; return the signal that ended it."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            action()
        finally:
            os._exit(3)
    _pid, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -1


@pytest.mark.parametrize(
    "place",
    [
        "shop.payments.reconciliation._match",  # the receipt is written, nothing else
        "shop.payments.reconciliation._distribute",
        "shop.payments.attempts.count_allocations",  # the allocation is written, the attempt not yet
        "shop.payments.notice_intake._mark_alive",  # all is written, nothing committed
    ],
)
def test_killed_inside_the_webhook_keeps_nothing_and_the_retry_heals(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lan = lan_the_producer()
    connection, attempt = connect(lan.merchant), buy(lan.account)
    told = sepay_notice(attempt)

    with monkeypatch.context() as patched:
        patched.setattr(place, kill_self)
        assert killed_while(lambda: post(connection, told)) == signal.SIGKILL

    assert breaches() == []
    assert not Receipt.objects.exists()
    assert not TransferNotice.objects.exists()
    attempt.refresh_from_db()
    assert (attempt.state, attempt.allocated_vnd) == ("open", Decimal(0))

    assert post(connection, told).json() == {"success": True}
    attempt.refresh_from_db()
    assert (attempt.state, attempt.allocated_vnd) == ("settled", Decimal(100_000))
    assert breaches() == []


def test_killed_after_the_commit_is_known_at_the_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    lan = lan_the_producer()
    connection, attempt = connect(lan.merchant), buy(lan.account)
    told = sepay_notice(attempt)

    with monkeypatch.context() as patched:
        patched.setattr("shop.payments.webhooks.JsonResponse", kill_self)
        assert killed_while(lambda: post(connection, told)) == signal.SIGKILL

    attempt.refresh_from_db()
    assert attempt.state == "settled"
    assert post(connection, told).json() == {"success": True}
    assert Receipt.objects.count() == 1
    assert [notice.outcome for notice in TransferNotice.objects.all()] == ["recorded", "repeated"]
    assert breaches() == []


@pytest.mark.postgres
def test_notice_waits_for_no_checkout() -> None:
    """Placing orders refers to the account's row; notices that queue on it must not wait for that."""
    lan = lan_the_producer()
    connection, attempt = connect(lan.merchant), buy(lan.account)
    order = place_order(lan.merchant)
    told = sepay_notice(attempt)
    done = threading.Event()

    def checkout() -> None:
        from django.db import transaction

        with transaction.atomic():
            attempts.open_transfer_attempt(
                order=order, account=lan.account, amount_vnd=Decimal(100_000), expires_at=None
            )
            assert done.wait(20), "the notice waited for the checkout"

    def notice() -> int:
        try:
            return int(post(connection, told).status_code)
        finally:
            done.set()

    assert at_once(checkout, notice) == [None, 200]
    assert database.vendor == "postgresql"

"""The doctor's questions about money: silent on sound books, one text for each thing broken on purpose."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from merchants.models import BankAccount, Merchant
from shop.order.models import Order
from shop.payments.by_word import sellers_word
from shop.payments.ledger import check_ledger, payment_notices
from shop.payments.models import Allocation, NoticeConnection, PaymentAttempt, Receipt, Refund
from shop.payments.refunds import mark_refund_sent, refund_due
from tests.people import lan_the_producer, tam_the_producer
from tests.shop.payments.sale import ask_transfer, connect, post, sepay_notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> None:
    """A paid order with a refund, one whose word the bank replaced, one still open, and doubtful money."""
    lan = lan_the_producer()
    connection = connect(lan.merchant)
    paid, worded, _still_open = (ask_transfer(lan.account) for _ in range(3))
    post(connection, sepay_notice(paid))
    paid.refresh_from_db()
    mark_refund_sent(refund=refund_due(attempt=paid, amount_vnd=Decimal(20_000), reason="vỡ"), actor=lan.user)
    sellers_word(attempt=worded, amount_vnd=Decimal(100_000), actor=lan.user)
    post(connection, sepay_notice(worded))
    post(connection, sepay_notice(paid, content=""))
    tam_the_producer()


def test_sound_books_are_not_complained_about(books: None) -> None:
    assert list(check_ledger()) == []
    assert list(payment_notices()) == []


def matched() -> Receipt:
    return Receipt.objects.filter(state="matched").earliest("pk")


def attempt() -> PaymentAttempt:
    return PaymentAttempt.objects.filter(state="settled").earliest("pk")


def another_account() -> BankAccount:
    return BankAccount.objects.latest("pk")


def update(row: Receipt | PaymentAttempt | Allocation | Refund | Order, **values: object) -> None:
    """Write past all rules, as a fault would."""
    type(row)._default_manager.filter(pk=row.pk).update(**values)


def tell_twice() -> None:
    row = matched()
    row.pk = None
    row.source, row.state, row.allocated_vnd = "connection:999", "matched", row.amount_vnd
    row.save()


BROKEN: list[tuple[str, Callable[[], None]]] = [
    ("allocations say", lambda: update(matched(), allocated_vnd=Decimal(1))),
    ("allocations say", lambda: update(attempt(), allocated_vnd=Decimal(100_001))),
    ("doubtful with 100000 of 100000", lambda: update(matched(), state="doubtful", reason="repeated")),
    ("received with", lambda: update(Receipt.objects.get(state="doubtful"), state="received")),
    ("doubtful without a reason", lambda: update(Receipt.objects.get(state="doubtful"), reason="")),
    ("on another merchant's account", lambda: update(matched(), account=another_account())),
    ("bytes were not kept", lambda: update(matched(), notice=None)),
    ("counted from 2 sources", tell_twice),
    ("open although", lambda: update(attempt(), state="open", closed_at=None)),
    ("settled with 0", lambda: update(PaymentAttempt.objects.get(state="open"), state="settled")),
    ("closed at None", lambda: update(attempt(), closed_at=None)),
    (
        "open although its order is cancelled",
        lambda: update(
            PaymentAttempt.objects.get(state="open").order, fulfilment="cancelled", cancel_reason="hết hàng"
        ),
    ),
    ("not with its order's number", lambda: update(attempt(), reference="OC0000000")),
    ("asks for money on another merchant's account", lambda: update(attempt(), account=another_account())),
    (
        "money of one merchant pays an order of another",
        lambda: update(matched(), merchant=tam(), account=None),
    ),
    ("superseded by None", lambda: update(Receipt.objects.get(state="superseded"), superseded_by=None)),
    ("superseded by one that is superseded", lambda: update(last_bank(), state="superseded", superseded_by=matched())),
    ("superseded by one that is no bank's", lambda: update(last_bank(), evidence="cash")),
    ("superseded by another merchant's", lambda: update(last_bank(), merchant=tam(), account=None)),
    ("go back of", lambda: update(Refund.objects.get(), amount_vnd=Decimal(100_001))),
    ("sent at None", lambda: update(Refund.objects.get(), sent_at=None)),
]


def last_bank() -> Receipt:
    return Receipt.objects.filter(evidence="bank_notice", state="matched").latest("pk")


def tam() -> Merchant:
    return Merchant.objects.latest("pk")


@pytest.mark.parametrize(("text", "break_it"), BROKEN, ids=[text for text, _ in BROKEN])
def test_each_broken_thing_is_named(books: None, text: str, break_it: Callable[[], None]) -> None:
    break_it()

    assert any(text in breach for breach in check_ledger()), list(check_ledger())


def test_connections_that_can_verify_nothing_are_noticed(books: None) -> None:
    merchant = NoticeConnection.objects.earliest("pk").merchant
    NoticeConnection.objects.create(provider="sepay", merchant=merchant)
    NoticeConnection.objects.create(provider="gone", merchant=merchant)

    assert [notice.split(": ")[1] for notice in payment_notices()] == [
        "has neither secret nor key and refuses every notice",
        "provider gone is not in the registry",
    ]

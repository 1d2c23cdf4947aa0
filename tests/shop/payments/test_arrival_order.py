"""The same notices end alike in whatever order they arrive, doubled or not."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.order.models import Order
from shop.payments.connections import installation_connection
from shop.payments.ledger import check_ledger
from shop.payments.models import NoticeConnection, PaymentAttempt, Receipt
from shop.payments.notice_intake import take_notice
from tests.factories import BankAccountFactory
from tests.people import lan_the_producer
from tests.shop.payments.sale import ask_transfer, body, connect, sepay_notice

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Told:
    """One telling of one bank transfer: `number` names the transfer, `by` who tells it."""

    number: int
    amount: int
    minute: int
    by: str = "own"
    about: str = "order"


def transfers(number: int) -> st.SearchStrategy[list[Told]]:
    """A transfer as one or both connections tell it."""
    return st.builds(
        lambda amount, minute, about, by: [Told(number, amount, minute, who, about) for who in by],
        amount=st.sampled_from([30_000, 50_000, 60_000, 100_000, 120_000]),
        minute=st.integers(0, 3),
        about=st.sampled_from(["order", "order", "order", "order", "other", "nothing", "both", "elsewhere"]),
        by=st.sampled_from([["own"], ["installation"], ["own", "installation"]]),
    )


stories = (
    st.integers(1, 5)
    .flatmap(lambda count: st.tuples(*[transfers(n) for n in range(count)]))
    .map(lambda groups: [told for group in groups for told in group])
)


class Stage:
    """One merchant with two accounts, two orders and two connections; each story is played and rolled back."""

    def __init__(self) -> None:
        lan = lan_the_producer()
        self.elsewhere = BankAccountFactory(merchant=lan.merchant, is_receiving=False)
        self.order = ask_transfer(lan.account)
        self.other = ask_transfer(lan.account, amount=50_000)
        installation = installation_connection(provider="sepay")
        installation.accounts.add(lan.account, self.elsewhere)
        self.connections: dict[str, NoticeConnection] = {"own": connect(lan.merchant), "installation": installation}

    def body_of(self, told: Told) -> bytes:
        content = {
            "order": self.order.reference,
            "other": self.other.reference,
            "nothing": "chuyen tien",
            "both": f"{self.order.reference} {self.other.reference}",
            "elsewhere": self.order.reference,
        }[told.about]
        account = self.elsewhere.number if told.about == "elsewhere" else self.order.account_number
        return body(
            sepay_notice(
                None,
                id=told.number + 1 + (1_000 if told.by == "installation" else 0),
                accountNumber=account,
                content=content,
                transferAmount=told.amount,
                transactionDate=f"2026-11-20 09:0{told.minute}:00",
                referenceCode=f"FT{told.number}",
            )
        )

    def play(self, story: list[Told]) -> Any:
        with transaction.atomic():
            for told in story:
                take_notice(connection=self.connections[told.by], raw_body=self.body_of(told))
            assert list(check_ledger()) == []
            end = (
                list(PaymentAttempt.objects.order_by("pk").values_list("pk", "state", "allocated_vnd")),
                list(Order.objects.order_by("pk").values_list("pk", "payment", "received_vnd", "excess_vnd")),
                # Which of two tellings came first is a matter of arrival; what they come to is not.
                Counter(
                    Receipt.objects.values_list("bank_reference", "amount_vnd", "state", "reason", "allocated_vnd")
                ),
            )
            transaction.set_rollback(True)
        return end


@pytest.fixture
def stage() -> Stage:
    return Stage()


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), story=stories)
def test_any_order_of_the_same_notices_ends_alike(stage: Stage, data: st.DataObject, story: list[Told]) -> None:
    shuffled = data.draw(st.permutations(story + data.draw(st.lists(st.sampled_from(story), max_size=3))))

    assert stage.play(list(shuffled)) == stage.play(story)


@pytest.mark.parametrize(
    "story",
    [
        [Told(0, 60_000, 1), Told(1, 100_000, 2)],
        [Told(0, 60_000, 1), Told(1, 60_000, 1), Told(2, 100_000, 1)],
        [Told(0, 60_000, 1), Told(1, 100_000, 1), Told(1, 100_000, 1, by="installation")],
        [Told(0, 100_000, 3), Told(1, 100_000, 1)],
    ],
)
def test_known_traps_end_alike_backwards(stage: Stage, story: list[Told]) -> None:
    assert stage.play(story[::-1]) == stage.play(story)

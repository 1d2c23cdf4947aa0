"""Whatever buyers, banks, sellers and the clock do in whatever order, the doctor finds nothing to complain of.

A stateful Hypothesis machine: small shelves, so that goods run out; every step uses the shop's own functions; what they
refuse must leave no trace. The judge after each step is every check of `manage.py doctor` on stock, orders and money.
"""

import os
import re
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shop.order.models import Fulfilment, Order, OrderTransition
from shop.partner import stock
from shop.partner.models import StockRecord
from shop.payments import by_word, decisions, refunds
from shop.payments.errors import CannotAccept, PaymentRefused
from shop.payments.ledger import check_ledger
from shop.payments.models import PaymentAttempt, Receipt, Refund
from shop.purchase.basket import Basket, BasketRefused, add_to_basket
from shop.purchase.doctor_checks import check_holds, check_money, check_orders, check_stories
from shop.purchase.holds import HoldRefused, end_due_holds, extend_hold
from shop.purchase.place_purchase import PurchaseRefused
from shop.purchase.states import TransitionRefused, advance_fulfilment
from tests.factories import ProductFactory, UserFactory
from tests.factories.purchases import COLLECT_AND_CASH, COLLECT_AND_TRANSFER, basket_with, place, sellable_product
from tests.shop.payments.sale import connect, post, sepay_notice

By = OrderTransition.By
REFUSALS = (
    BasketRefused,
    CannotAccept,
    HoldRefused,
    PaymentRefused,
    PurchaseRefused,
    TransitionRefused,
    stock.StockRefused,
)
SHELF = 4
amounts = st.sampled_from([1_000, 20_000, 50_000, 60_000, 100_000, 150_000, 10_000_000])
pick = st.integers(0, 5)


class Storm(RuleBasedStateMachine):
    """Two merchants, three goods with four pieces each, one seller's hand for all, a clock that only goes on."""

    happened: ClassVar[Counter[str]] = Counter()

    @initialize()
    def open_shop(self) -> None:
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        first, second = sellable_product(price=50_000, in_stock=SHELF), sellable_product(price=60_000, in_stock=SHELF)
        self.goods = [first, second, ProductFactory(merchant=first.merchant, price=20_000, in_stock=SHELF)]
        self.connections = {product.merchant_id: connect(product.merchant) for product in (first, second)}
        self.seller = UserFactory()
        self.now: datetime = timezone.now()
        self.sent: list[tuple[int, dict[str, Any]]] = []
        for product, choice in zip(
            self.goods, (COLLECT_AND_TRANSFER, COLLECT_AND_TRANSFER, COLLECT_AND_CASH), strict=True
        ):
            place(basket_with({product: 2}), choice, now=self.now)

    def teardown(self) -> None:
        if hasattr(self, "transaction"):
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    def attempt_to(self, name: str, step: Any) -> None:
        """Run a step; what it refuses counts as refused, anything else that is raised fails the test."""
        try:
            with transaction.atomic():
                step()
        except REFUSALS as refusal:
            name = f"{name} refused: {re.split('[ :]', str(refusal))[0]}"
        self.happened[name] += 1

    def one(self, queryset: Any, n: int) -> Any:
        rows = list(queryset.order_by("pk"))
        return rows[n % len(rows)] if rows else None

    @rule(quantities=st.tuples(*[st.integers(0, 3)] * 3), in_cash=st.booleans())
    def buy(self, quantities: tuple[int, ...], in_cash: bool) -> None:
        def step() -> None:
            basket = Basket()
            for product, quantity in zip(self.goods, quantities, strict=True):
                if quantity:
                    add_to_basket(basket=basket, product_id=product.pk, quantity=quantity, commune=None)
            place(basket, COLLECT_AND_CASH if in_cash else COLLECT_AND_TRANSFER, now=self.now)

        self.attempt_to("buy", step)

    @rule(n=pick, amount=st.one_of(st.none(), amounts))
    def bank_tells_of_a_transfer(self, n: int, amount: int | None) -> None:
        attempt = self.one(PaymentAttempt.objects.filter(method="transfer"), n)
        if attempt is None:
            return
        told = sepay_notice(attempt, **({} if amount is None else {"transferAmount": amount}))
        merchant_id = attempt.order.merchant_id
        self.sent.append((merchant_id, told))
        assert post(self.connections[merchant_id], told).status_code == 200
        last = Receipt.objects.order_by("pk").last()
        self.happened[f"transfer {last.state} {last.reason}"] += 1

    @precondition(lambda self: self.sent)
    @rule(n=pick)
    def bank_tells_again(self, n: int) -> None:
        merchant_id, told = self.sent[n % len(self.sent)]
        before = Receipt.objects.count()
        assert post(self.connections[merchant_id], told).status_code == 200
        assert Receipt.objects.count() == before

    @rule(n=pick, amount=amounts)
    def seller_says_money_came(self, n: int, amount: int) -> None:
        if attempt := self.one(PaymentAttempt.objects, n):
            self.attempt_to(
                "word",
                lambda: by_word.sellers_word(
                    attempt=attempt,
                    amount_vnd=Decimal(amount),
                    actor=self.seller,
                    seen_allocated_vnd=attempt.allocated_vnd,
                ),
            )

    @rule(n=pick)
    def seller_collects_cash(self, n: int) -> None:
        if order := self.one(Order.objects, n):
            self.attempt_to("cash", lambda: by_word.cash_collected(order=order, actor=self.seller))

    @rule(n=pick)
    def seller_takes_her_word_back(self, n: int) -> None:
        said = self.one(Receipt.objects.filter(evidence__in=["sellers_word", "cash"]), n)
        if said is not None:
            undo = by_word.undo_cash_collected if said.evidence == "cash" else by_word.undo_sellers_word
            self.attempt_to("word undone", lambda: undo(receipt=said, actor=self.seller))

    @rule(n=pick, m=pick)
    def seller_accepts_doubtful_money(self, n: int, m: int) -> None:
        receipt = self.one(Receipt.objects.filter(state__in=["doubtful", "part_matched"]), n)
        if receipt is not None:
            order = self.one(Order.objects.filter(merchant=receipt.merchant), m)
            self.attempt_to("accept", lambda: decisions.accept_receipt(receipt=receipt, order=order, actor=self.seller))

    @rule(n=pick)
    def seller_undoes_a_decision(self, n: int) -> None:
        if receipt := self.one(Receipt.objects.filter(evidence="bank_notice"), n):
            self.attempt_to("undo", lambda: decisions.undo(receipt=receipt, actor=self.seller))

    @rule(n=pick)
    def seller_moves_a_refund(self, n: int) -> None:
        refund = self.one(Refund.objects, n)
        if refund is None:
            return
        move = {"due": refunds.mark_refund_sent, "sent": refunds.undo_refund_sent}.get(refund.state)
        if move is not None:
            self.attempt_to(f"refund {refund.state}", lambda: move(refund=refund, actor=self.seller))

    @rule(n=pick, amount=amounts)
    def seller_owes_something_back(self, n: int, amount: int) -> None:
        if attempt := self.one(PaymentAttempt.objects.filter(allocated_vnd__gt=0), n):
            self.attempt_to(
                "refund",
                lambda: refunds.refund_due(
                    attempt=attempt, amount_vnd=Decimal(amount), reason="khiếu nại", by=By.SELLER, actor=self.seller
                ),
            )

    @rule(n=pick, to=st.sampled_from(Fulfilment.values), by=st.sampled_from([By.SELLER, By.SELLER, By.BUYER]))
    def someone_moves_an_order(self, n: int, to: str, by: str) -> None:
        if order := self.one(Order.objects, n):
            self.attempt_to(
                f"→ {to}",
                lambda: advance_fulfilment(
                    order=order,
                    to=to,
                    by=by,
                    actor=self.seller,
                    reason="thử",
                    confirm_unpaid=bool(n % 2),
                    goods_came_back=bool(n % 3),
                ),
            )

    @rule(n=pick)
    def buyer_extends_the_hold(self, n: int) -> None:
        if order := self.one(Order.objects, n):
            self.attempt_to("extend", lambda: extend_hold(order=order, now=self.now))

    @rule(minutes=st.sampled_from([5, 29, 31, 61]))
    def time_goes_on(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.happened["hold ended"] += end_due_holds(self.now)

    @rule(n=pick, what=st.sampled_from(["restock", "spoil", "count"]), quantity=st.integers(0, SHELF))
    def seller_minds_the_shelf(self, n: int, what: str, quantity: int) -> None:
        pk = self.one(StockRecord.objects, n).pk

        def step() -> None:
            if what == "count":
                stock.set_counted(stockrecord_id=pk, counted=quantity, actor=self.seller)
            elif what == "restock":
                stock.restock(stockrecord_id=pk, quantity=quantity, actor=self.seller)
            else:
                stock.spoil(stockrecord_id=pk, quantity=quantity, actor=self.seller)

        self.attempt_to(what, step)

    @invariant()
    def doctor_finds_nothing(self) -> None:
        checks = (stock.check_stock, check_orders, check_holds, check_money, check_stories, check_ledger)
        assert [breach for check in checks for breach in check()] == []


@pytest.mark.django_db
def test_no_storm_of_events_leaves_a_breach() -> None:
    Storm.happened.clear()
    run_state_machine_as_test(
        Storm,
        settings=settings(
            max_examples=int(os.environ.get("STORMS", 8)),
            stateful_step_count=50,
            deadline=None,
            derandomize="STORMS" not in os.environ,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # The machine must have been where it matters, or its silence says nothing.
    happened = Storm.happened
    assert happened["hold ended"] and happened["buy"] and happened["accept"] and happened["refund due"], happened
    assert not [name for name in happened if name.endswith("refused: order_refused")], happened

"""Whatever buyer, seller, commune and clock do with cases and their money, in whatever order, the doctor finds nothing.

A Hypothesis machine of its own beside the one of purchases (tests/shop/purchase/test_storm.py): orders that have come,
so that every step is about a case or its refund.
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
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from shop.order.models import Order
from shop.partner.stock import StockRefused, check_stock
from shop.payments import by_word, refunds
from shop.payments.errors import CannotAccept, PaymentRefused
from shop.payments.ledger import check_ledger
from shop.payments.models import Receipt, Refund
from shop.purchase.complaints import by_buyer, by_seller
from shop.purchase.complaints.by_commune import advise
from shop.purchase.complaints.clock import mind_complaints
from shop.purchase.complaints.doctor_checks import check_complaints
from shop.purchase.complaints.filing import file_complaint
from shop.purchase.complaints.models import OFFERED_REMEDIES, Complaint
from shop.purchase.complaints.states import By, ComplaintRefused, Who
from shop.purchase.complaints.writing import write
from shop.purchase.doctor_checks import check_money, check_orders, check_stories
from shop.purchase.states import TransitionRefused, advance_fulfilment
from tests.factories import UserFactory
from tests.factories.complaints import filed, sent_order

REFUSALS = (ComplaintRefused, PaymentRefused, CannotAccept, TransitionRefused, StockRefused)
TEXT = "Hàng hỏng mất một nửa."
amounts = st.sampled_from([1_000, 30_000, 50_000, 100_000, 150_000])
pick = st.integers(0, 3)


class CaseStorm(RuleBasedStateMachine):
    """Three orders: one on its way, one that came, one that came unpaid; one seller's hand for all."""

    happened: ClassVar[Counter[str]] = Counter()

    @initialize()
    def sell(self) -> None:
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.now: datetime = timezone.now()
        self.seller = Who(By.SELLER, UserFactory())
        filed(sent_order(), now=self.now)
        sent_order(delivered=False)
        sent_order(paid=False)

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

    def case_in(self, states: str, n: int) -> Complaint:
        """A case for which the step makes sense, else any: chance alone would mostly knock at closed doors."""
        wanted = self.one(Complaint.objects.filter(state__in=states.split()), n)
        return wanted or self.one(Complaint.objects, n)

    def one(self, queryset: Any, n: int) -> Any:
        rows = list(queryset.order_by("pk"))
        return rows[n % len(rows)] if rows else None

    @rule(n=pick, about_money=st.booleans())
    def buyer_complains(self, n: int, about_money: bool) -> None:
        order = self.one(Order.objects, n)
        refund = Refund.objects.filter(attempt__order=order).select_related("attempt").last() if about_money else None
        topic = "refund_missing" if refund else "damaged"
        self.attempt_to(
            f"file {topic}",
            lambda: file_complaint(
                order=order, topic=topic, wish="part_refund", text=TEXT, refund=refund, now=self.now
            ),
        )

    @rule(n=pick, kind=st.sampled_from(OFFERED_REMEDIES), amount=amounts)
    def seller_offers(self, n: int, kind: str, amount: int) -> None:
        case = self.case_in("open refused escalated advised offered", n)
        self.attempt_to(
            "offer",
            lambda: by_seller.offer(
                complaint=case, who=self.seller, kind=kind, amount_vnd=Decimal(amount), now=self.now
            ),
        )

    @rule(n=pick, what=st.sampled_from(["refuse", "goods back", "carry out", "write"]))
    def seller_answers(self, n: int, what: str) -> None:
        where = {"refuse": "open", "goods back": "returning agreed", "carry out": "agreed escalated advised"}
        case = self.case_in(where.get(what, ""), n)
        steps = {
            "refuse": lambda: by_seller.refuse(complaint=case, who=self.seller, text=TEXT, now=self.now),
            "goods back": lambda: by_seller.goods_came_back(complaint=case, who=self.seller, now=self.now),
            "carry out": lambda: by_seller.carry_out(complaint=case, who=self.seller, text=TEXT, now=self.now),
            "write": lambda: write(complaint=case, who=self.seller, text=TEXT, now=self.now),
        }
        self.attempt_to(what, steps[what])

    @rule(n=pick, take_first=st.booleans())
    def buyer_accepts(self, n: int, take_first: bool) -> None:
        case = self.case_in("offered", n)
        offers = list(case.offers.values_list("pk", flat=True)) or [0]
        self.attempt_to(
            "accept",
            lambda: by_buyer.accept_offer(complaint=case, offer_id=offers[0 if take_first else -1], now=self.now),
        )

    @rule(n=pick, what=st.sampled_from(["decline", "escalate", "sent back", "yes", "no", "withdraw"]))
    def buyer_goes_on(self, n: int, what: str) -> None:
        where = {"decline": "offered", "escalate": "refused offered carried_out lapsed", "sent back": "returning"}
        case = self.case_in(where.get(what, "carried_out" if what in {"yes", "no"} else ""), n)
        offer = case.offers.order_by("-pk").values_list("pk", flat=True).first() or 0
        steps = {
            "decline": lambda: by_buyer.decline_offer(complaint=case, offer_id=offer, now=self.now),
            "escalate": lambda: by_buyer.escalate(complaint=case, now=self.now),
            "withdraw": lambda: by_buyer.withdraw(complaint=case, now=self.now),
            "sent back": lambda: by_buyer.send_goods_back(complaint=case, now=self.now),
            "yes": lambda: by_buyer.confirm_carried_out(complaint=case, now=self.now),
            "no": lambda: by_buyer.has_not_come(complaint=case, now=self.now),
        }
        self.attempt_to(what, steps[what])

    @rule(n=pick)
    def commune_advises(self, n: int) -> None:
        case, who = self.case_in("escalated", n), Who(By.OFFICER, self.seller.user)
        self.attempt_to("advise", lambda: advise(complaint=case, who=who, text=TEXT, now=self.now))

    @rule(n=pick, move=st.sampled_from(["sent", "sent", "undo", "not seen", "seen"]))
    def a_refund_moves(self, n: int, move: str) -> None:
        refund = self.one(Refund.objects, n)
        if refund is None:
            return
        steps = {
            "sent": lambda: refunds.mark_refund_sent(refund=refund, actor=self.seller.user),
            "undo": lambda: refunds.undo_refund_sent(refund=refund, actor=self.seller.user),
            "not seen": lambda: refunds.buyer_says_not_seen(refund=refund),
            "seen": lambda: refunds.buyer_says_seen(refund=refund),
        }
        self.attempt_to(f"refund {move}", steps[move])

    @rule(n=pick, amount=amounts, what=st.sampled_from(["owe", "word undone", "word", "delivered", "cancelled"]))
    def something_else_happens_to_the_order(self, n: int, amount: int, what: str) -> None:
        order, actor = self.one(Order.objects, n), self.seller.user
        attempt = order.payment_attempts.get()
        said = Receipt.objects.filter(evidence="sellers_word", merchant=order.merchant).last()
        steps = {
            "owe": lambda: refunds.refund_due(attempt=attempt, amount_vnd=Decimal(amount), reason="thừa", by=By.SELLER),
            "word undone": lambda: said and by_word.undo_sellers_word(receipt=said, actor=actor),
            "word": lambda: by_word.sellers_word(
                attempt=attempt, amount_vnd=Decimal(100_000), actor=actor, seen_allocated_vnd=attempt.allocated_vnd
            ),
            "delivered": lambda: advance_fulfilment(order=order, to="delivered", by=By.BUYER),
            "cancelled": lambda: advance_fulfilment(
                order=order, to="cancelled", by=By.SELLER, actor=actor, reason="thử"
            ),
        }
        self.attempt_to(what, steps[what])

    @rule(days=st.sampled_from([1, 1, 4, 15]))
    def time_goes_on(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.happened["clock"] += mind_complaints(self.now)

    @invariant()
    def doctor_finds_nothing(self) -> None:
        checks = (check_complaints, check_stock, check_orders, check_money, check_stories, check_ledger)
        assert [breach for check in checks for breach in check()] == []


@pytest.mark.django_db
def test_no_storm_about_a_case_leaves_a_breach() -> None:
    CaseStorm.happened.clear()
    run_state_machine_as_test(
        CaseStorm,
        settings=settings(
            max_examples=int(os.environ.get("STORMS", 25)),
            stateful_step_count=40,
            deadline=None,
            derandomize="STORMS" not in os.environ,
            suppress_health_check=list(HealthCheck),
        ),
    )
    happened = CaseStorm.happened
    been = ("offer", "accept", "decline", "refuse", "escalate", "advise", "withdraw", "refund sent", "clock")
    assert all(happened[name] for name in been), happened

"""Two at once on one case. Threads with real transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from shop.locks import LockedRows
from shop.order.models import Order
from shop.payments import refunds
from shop.payments.errors import PaymentRefused
from shop.payments.models import PaymentAttempt, Refund
from shop.purchase.complaints import agreed_refund, by_buyer, by_seller
from shop.purchase.complaints.doctor_checks import check_complaints
from shop.purchase.complaints.models import Complaint, State
from shop.purchase.complaints.states import ComplaintRefused
from tests.factories import UserFactory
from tests.factories.complaints import filed, in_state, seller, sent_order
from tests.shop.purchase.test_races import at_once, breaches

pytestmark = pytest.mark.django_db(transaction=True)


def codes(ends: list[Any]) -> list[str]:
    return sorted(end.code for end in ends if isinstance(end, Exception))


def all_breaches() -> list[str]:
    return [*breaches(), *check_complaints()]


def test_pressing_send_six_times_at_once_opens_one_case() -> None:
    order = sent_order()

    ends = at_once(*(lambda: filed(Order.objects.get(pk=order.pk)) for _ in range(6)))

    assert codes(ends) == ["another_open"] * 5
    assert Complaint.objects.count() == 1
    assert all_breaches() == []


def test_accepting_twice_and_withdrawing_at_once_leave_one_story() -> None:
    case = in_state(State.OFFERED)
    offer_id = case.offers.get().pk

    ends = at_once(
        lambda: by_buyer.accept_offer(complaint=case, offer_id=offer_id),
        lambda: by_buyer.accept_offer(complaint=case, offer_id=offer_id),
        lambda: by_seller.offer(complaint=case, who=seller(), kind="replacement"),
    )

    assert all(not isinstance(end, Exception) or isinstance(end, ComplaintRefused) for end in ends), ends
    assert Refund.objects.count() <= 1
    assert all_breaches() == []


def test_paid_back_twice_and_not_seen_at_once_leave_one_story() -> None:
    case = in_state(State.AGREED)
    lan = UserFactory()

    ends = at_once(
        lambda: refunds.mark_refund_sent(refund=case.refund, actor=lan),
        lambda: refunds.mark_refund_sent(refund=case.refund, actor=lan),
        lambda: by_buyer.withdraw(complaint=case),
    )

    assert all(not isinstance(end, Exception) or isinstance(end, ComplaintRefused | PaymentRefused) for end in ends)
    case.refresh_from_db()
    assert (case.state, case.refund.state) in {("carried_out", "sent"), ("withdrawn", "withdrawn")}
    assert all_breaches() == []


@pytest.mark.postgres
def test_two_agreements_over_the_same_money_the_fault_first_then_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """An offer of everything is accepted while the seller notes the same money as due elsewhere."""
    import threading
    from decimal import Decimal

    both, real = threading.Barrier(2), refunds.refundable_vnd

    def look(attempt: PaymentAttempt) -> Decimal:
        left = real(attempt)
        try:
            both.wait(timeout=1)  # with the lock the second cannot come this far
        except threading.BrokenBarrierError:
            pass
        return left

    @contextmanager
    def read_only(*, order_ids: Any, **_options: Any) -> Iterator[LockedRows]:
        with transaction.atomic():
            rows = PaymentAttempt.objects.filter(order_id__in=order_ids)
            yield LockedRows(attempts={row.pk: row for row in rows})

    def two_at_once() -> list[Any]:
        attempt = sent_order().payment_attempts.get()
        steps = [
            lambda reason=reason: refunds.refund_due(attempt=attempt, amount_vnd=Decimal(100_000), reason=reason)
            for reason in (agreed_refund.AGREED_IN_COMPLAINT, "thừa")
        ]
        return at_once(*steps)

    with monkeypatch.context() as patch:
        patch.setattr(refunds, "locked_orders", read_only)
        patch.setattr(refunds, "refundable_vnd", look)
        two_at_once()
    assert any("go back of" in breach for breach in breaches())  # twice the money promised
    known = len(breaches())

    both.reset()
    with monkeypatch.context() as patch:
        patch.setattr(refunds, "refundable_vnd", look)
        ends = two_at_once()
    assert codes(ends) == ["more_than_came"]
    assert len(breaches()) == known

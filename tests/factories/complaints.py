"""Orders that have come and cases about them, made by the shop's own functions."""

from decimal import Decimal
from typing import Any

from shop.order.models import Order
from shop.payments.by_word import sellers_word
from shop.payments.refunds import mark_refund_sent
from shop.purchase.complaints import by_buyer, by_commune, by_seller
from shop.purchase.complaints.filing import file_complaint
from shop.purchase.complaints.models import Complaint, State
from shop.purchase.complaints.states import By, Who
from shop.purchase.states import advance_fulfilment
from tests.factories.merchants import UserFactory
from tests.factories.purchases import placed_order

TEXT = "Hai lọ bị vỡ khi mở hộp."


def sent_order(*, paid: bool = True, delivered: bool = True, order: Order | None = None, **options: Any) -> Order:
    """An order of 100.000 ₫ (two at 50.000) that is paid and has come to the door."""
    order = order or placed_order(**options)
    Order.objects.filter(pk=order.pk).update(shipping_code="flat_rate")
    if paid:
        sellers_word(attempt=order.payment_attempts.get(), amount_vnd=order.total_incl_tax, actor=UserFactory())
    for to in ("packed", "sent", *(["delivered"] if delivered else [])):
        order = advance_fulfilment(order=order, to=to, by="seller", confirm_unpaid=True)
    return order


def filed(order: Order | None = None, **changes: Any) -> Complaint:
    """A case that waits for the seller."""
    arguments: dict[str, Any] = {"topic": "damaged", "wish": "part_refund", "text": TEXT}
    return file_complaint(order=order or sent_order(), **(arguments | changes))


def seller() -> Who:
    return Who(By.SELLER, UserFactory())


def officer() -> Who:
    return Who(By.OFFICER, UserFactory())


def in_state(state: str, *, kind: str = "part_refund", order: Order | None = None) -> Complaint:
    """A case taken to a state by its own steps; agreed ones by an offer of that kind over 30.000 ₫."""
    case = filed(order)
    amount = None if kind == "replacement" else Decimal(30_000)

    def offered() -> None:
        made = by_seller.offer(complaint=case, who=seller(), kind=kind, amount_vnd=amount)
        if state != State.OFFERED:
            by_buyer.accept_offer(complaint=case, offer_id=made.pk)

    if state == State.REFUSED:
        by_seller.refuse(complaint=case, who=seller(), text="Hàng gửi đi còn nguyên.")
    elif state == State.WITHDRAWN:
        by_buyer.withdraw(complaint=case)
    elif state in {State.ESCALATED, State.ADVISED}:
        by_seller.refuse(complaint=case, who=seller(), text="Hàng gửi đi còn nguyên.")
        by_buyer.escalate(complaint=case)
        if state == State.ADVISED:
            by_commune.advise(complaint=case, who=officer(), text="Nên hoàn một nửa số tiền.")
    elif state != State.OPEN:
        offered()
        if state in {State.CARRIED_OUT, State.RESOLVED}:
            case.refresh_from_db()
            if case.refund is not None:
                mark_refund_sent(refund=case.refund, actor=UserFactory())
            else:
                by_seller.carry_out(complaint=case, who=seller())
        if state == State.RESOLVED:
            by_buyer.confirm_carried_out(complaint=case)
    case.refresh_from_db()
    assert case.state == state, f"{case.state} instead of {state}"
    return case


def complaint_before_commune(*, order: Order, **changes: Any) -> Complaint:
    """A case that the seller has refused and the buyer has brought before the commune."""
    case = filed(order, **changes)
    by_seller.refuse(complaint=case, who=seller(), text="Hàng gửi đi còn nguyên.")
    by_buyer.escalate(complaint=case)
    case.refresh_from_db()
    return case

"""What must hold of purchases and orders whatever happened; `manage.py doctor` prints every breach.

Each check is one or a few queries over all orders and yields one text per breach.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, DecimalField, Exists, F, Model, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.timezone import now
from oscar.core.loading import get_model

from shop.order.models import Fulfilment, Order, OrderTransition, Payment, PaymentMethod
from shop.partner.stock import STATES_THAT_HOLD_STOCK
from shop.payments.models import Allocation, PaymentAttempt, Refund
from shop.purchase.models import Purchase
from shop.purchase.states import FULFILMENT_TABLE, PAYMENT_TABLE, MoneyOfOrder, payment_state_of

Line = get_model("order", "Line")

HOLD_GRACE = timedelta(minutes=10)  # the clock may be that late before someone must look at the worker


def _sum_per_order(rows: QuerySet[Model], field: str, order: str) -> Coalesce:
    """The sum of a column over an order's rows, 0 where there are none, as a subquery."""
    sums = rows.filter(**{order: OuterRef("pk")}).order_by().values(order).annotate(total=Sum(field)).values("total")
    money = DecimalField(max_digits=20, decimal_places=2)
    return Coalesce(Subquery(sums, output_field=money), Value(Decimal(0)), output_field=money)


def check_orders() -> Iterator[str]:
    """Sums of lines, price rows and delivery; one merchant per order; Oscar's status; the state of the attempts."""
    orders = Order.objects.filter(purchase__isnull=False)
    sums = orders.annotate(
        goods=_sum_per_order(Line.objects.all(), "line_price_incl_tax", "order"),
        promised_units=_sum_per_order(Line.objects.all(), "num_allocated", "order"),
        units=_sum_per_order(Line.objects.all(), "quantity", "order"),
    )
    for order in sums.exclude(total_incl_tax=F("goods") + F("shipping_incl_tax")).iterator():
        yield (
            f"order {order.number}: total {order.total_incl_tax:.0f}, "
            f"lines and delivery are {order.goods + order.shipping_incl_tax:.0f}"
        )
    holds = Q(fulfilment__in=STATES_THAT_HOLD_STOCK)
    for order in sums.filter(holds & ~Q(promised_units=F("units")) | ~holds & ~Q(promised_units=0)).iterator():
        yield f"order {order.number}: {order.fulfilment} with {order.promised_units:.0f} of {order.units:.0f} promised"
    for line in Line.objects.filter(order__purchase__isnull=False).exclude(
        line_price_incl_tax=F("unit_price_incl_tax") * F("quantity")
    ):
        yield f"order line {line.pk}: {line.quantity} × {line.unit_price_incl_tax:.0f} ≠ {line.line_price_incl_tax:.0f}"
    for order in orders.exclude(status=F("fulfilment")).iterator():
        yield f"order {order.number}: status {order.status!r} does not repeat fulfilment {order.fulfilment!r}"
    foreign = Line.objects.filter(order=OuterRef("pk")).exclude(product=None)
    for order in orders.filter(Exists(foreign.exclude(product__merchant=OuterRef("merchant")))).iterator():
        yield f"order {order.number}: holds goods of another merchant"
    for order in orders.filter(~Exists(Line.objects.filter(order=OuterRef("pk")))).iterator():
        yield f"order {order.number}: has no lines"
    for purchase in Purchase.objects.filter(orders__isnull=True):
        yield f"purchase {purchase.pk}: has no orders"
    twice = Purchase.objects.values("pk", "orders__merchant").annotate(count=Count("orders")).filter(count__gt=1)
    for row in twice:
        yield f"purchase {row['pk']}: {row['count']} orders of merchant {row['orders__merchant']}"


def check_holds() -> Iterator[str]:
    """Holds past their time are cancelled; what is paid, confirmed, over or paid in cash has none."""
    overdue = Order.objects.filter(hold_until__lt=now() - HOLD_GRACE, fulfilment=Fulfilment.PLACED)
    for order in overdue.iterator():
        yield f"order {order.number}: its hold ran out at {order.hold_until:%Y-%m-%d %H:%M} UTC, it is still placed"
    wrong = Order.objects.filter(hold_until__isnull=False).filter(
        ~Q(fulfilment=Fulfilment.PLACED) | Q(payment=Payment.PAID) | ~Q(payment_method=PaymentMethod.TRANSFER)
    )
    for order in wrong.iterator():
        yield f"order {order.number}: {order.fulfilment}, {order.payment}, and yet on hold"


def check_money() -> Iterator[str]:
    """Payment states and sums are what allocations and refunds add up to; attempts fit their orders."""
    allocations = Allocation.objects.filter(undone_at__isnull=True)
    orders = Order.objects.filter(purchase__isnull=False).annotate(
        came=_sum_per_order(allocations, "amount_vnd", "attempt__order"),
        went_back=_sum_per_order(Refund.objects.filter(state=Refund.State.SENT), "amount_vnd", "attempt__order"),
        goes_back=_sum_per_order(Refund.objects.filter(state=Refund.State.DUE), "amount_vnd", "attempt__order"),
    )
    for order in orders.iterator():
        money = MoneyOfOrder(
            total_vnd=order.total_incl_tax,
            received_vnd=order.came,
            refunded_vnd=order.went_back,
            refund_due_vnd=order.goes_back,
            is_cancelled=order.fulfilment == Fulfilment.CANCELLED,
            is_cash=order.payment_method == PaymentMethod.CASH_ON_DELIVERY,
        )
        if order.payment != (state := payment_state_of(money)):
            yield f"order {order.number}: payment is {order.payment}, the money says {state}"
        kept = (order.received_vnd, order.refunded_vnd, order.excess_vnd)
        if kept != (money.received_vnd, money.refunded_vnd, money.excess_vnd):
            yield f"order {order.number}: sums {kept} do not follow from allocations and refunds"
        if money.is_cancelled and money.kept_vnd != money.refund_due_vnd:
            yield (
                f"order {order.number}: cancelled, holds {money.kept_vnd:.0f} of the buyer's, "
                f"{money.refund_due_vnd:.0f} noted as due back"
            )
    bought = PaymentAttempt.objects.filter(order__purchase__isnull=False)
    for attempt in bought.exclude(amount_vnd=F("order__total_incl_tax")).iterator():
        yield f"attempt {attempt.pk}: asks {attempt.amount_vnd:.0f}, not its order's total"
    still_open = bought.filter(state=PaymentAttempt.State.OPEN, order__fulfilment=Fulfilment.CANCELLED)
    for attempt in still_open.iterator():
        yield f"attempt {attempt.pk}: open, its order is cancelled"
    asked = PaymentAttempt.objects.filter(order=OuterRef("pk"), state=PaymentAttempt.State.OPEN)
    waiting = Order.objects.filter(
        purchase__isnull=False,
        fulfilment__in=STATES_THAT_HOLD_STOCK,
        payment__in=[Payment.AWAITING, Payment.PART_PAID, Payment.COD_DUE],
    )
    for order in waiting.filter(~Exists(asked)).iterator():
        yield f"order {order.number}: waits for money, but nobody is asked to pay"


def check_stories() -> Iterator[str]:
    """Every order's log of steps is whole: each begins where the last ended, all are listed, the last is the state."""
    tables = {OrderTransition.Axis.FULFILMENT: FULFILMENT_TABLE, OrderTransition.Axis.PAYMENT: PAYMENT_TABLE}
    reached: dict[tuple[int, str], str] = {}
    steps = OrderTransition.objects.order_by("order_id", "pk").values_list(
        "order_id", "axis", "from_state", "to_state", "by"
    )
    for order_id, axis, from_state, to_state, by in steps.iterator():
        before = reached.get((order_id, axis), "")
        if from_state != before:
            yield f"order id {order_id}: {axis} step from {from_state!r}, but it was {before!r}"
        if from_state and by not in tables[OrderTransition.Axis(axis)].get((from_state, to_state), ()):
            yield f"order id {order_id}: {axis} {from_state} → {to_state} by {by} is not listed"
        reached[order_id, axis] = to_state
    states = Order.objects.filter(purchase__isnull=False).values_list("pk", "number", "fulfilment", "payment")
    for pk, number, fulfilment, payment in states.iterator():
        if (reached.get((pk, "fulfilment")), reached.get((pk, "payment"))) != (fulfilment, payment):
            yield f"order {number}: is {fulfilment}, {payment}; its story does not end there"

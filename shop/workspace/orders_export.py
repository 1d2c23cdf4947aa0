"""The producer's orders as a table to keep or hand to the accountant: .xlsx or .csv. Texts never run as formulas."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from merchants.phone_numbers import shown_phone
from merchants.spreadsheet_files import harmless, table_file
from shop.order.models import Fulfilment, Order, Payment, PaymentMethod
from shop.workspace.order_lists import rows_of
from shop.workspace.order_page import order_facts

MOST_ROWS = 5_000
WIDTHS = (12, 17, 24, 40, 14, 12, 14, 24, 20, 18, 24, 16, 24, 16, 40, 30)


def headings() -> list[str]:
    return [
        _("Order number"),
        _("Placed at"),
        _("Business"),
        _("Goods of this order"),
        _("Price of the goods"),
        _("Delivery"),
        _("Together"),
        _("Way of paying"),
        _("Payment"),
        _("Goods are"),
        _("Buyer"),
        _("Buyer's phone"),
        _("Recipient"),
        _("Recipient's phone"),
        _("Address"),
        _("Note"),
    ]


def table_of(orders: Sequence[Order]) -> Iterator[list[Any]]:
    """One row per order, sums as whole numbers of dong, texts harmless; the same queries however many orders."""
    for order, row in zip(orders, rows_of(orders), strict=True):
        facts = order_facts(order)
        texts = [
            order.number,
            timezone.localtime(order.date_placed).strftime("%d/%m/%Y %H:%M"),
            row.merchant_name,
            row.summary,
            int(facts["goods_total"]),
            int(facts["delivery_price"]),
            int(facts["total"]),
            str(PaymentMethod(order.payment_method).label),
            str(Payment(order.payment).label),
            str(Fulfilment(order.fulfilment).label),
            facts["buyer_name"],
            shown_phone(facts["buyer_phone"]),
            facts["recipient_name"],
            shown_phone(facts["recipient_phone"]),
            ", ".join(facts["address_lines"]),
            facts["note"],
        ]
        yield [cell if isinstance(cell, int) else harmless(str(cell or "")) for cell in texts]


def orders_file(orders: Sequence[Order], *, kind: str) -> bytes:
    """The file's bytes; `kind` is a key of TYPES."""
    return table_file(title=_("Orders"), headings=headings(), rows=table_of(orders), widths=WIDTHS, kind=kind)

"""Oscar's report of orders with the buyer's name and phone from the purchase: most buyers have no account.

Found by Oscar by the names of module and classes. Its own asks an absent user for a name.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from oscar.apps.order import reports as oscars

from merchants.phone_numbers import shown_phone
from shop.order.models import Order


class OrderReportCSVFormatter(oscars.OrderReportCSVFormatter):
    def generate_csv(self, response: Any, orders: Iterable[Order]) -> None:
        writer = self.get_csv_writer(response)
        writer.writerow(
            [_("Order number"), _("Buyer"), _("Phone"), _("E-mail"), _("Total"), _("Date of purchase"), _("Seller")]
        )
        for order in orders:
            purchase = order.purchase
            writer.writerow(
                [
                    order.number,
                    purchase.buyer_name if purchase else "",
                    shown_phone(purchase.buyer_phone) if purchase else "",
                    order.email or "",
                    int(order.total_incl_tax),
                    self.format_datetime(order.date_placed),
                    order.merchant.name if order.merchant else "",
                ]
            )


class OrderReportGenerator(oscars.OrderReportGenerator):
    formatters = {
        "CSV_formatter": OrderReportCSVFormatter,
        "HTML_formatter": oscars.OrderReportHTMLFormatter,
    }

    def get_queryset(self) -> QuerySet[Order]:
        found: QuerySet[Order] = super().get_queryset().select_related("purchase", "merchant", "user")
        return found

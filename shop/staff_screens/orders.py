"""Oscar's orders for the platform's staff: a list to search, one order to read; states are written elsewhere."""

import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from oscar.apps.dashboard.orders import views as oscars
from oscar.core.utils import datetime_combine
from oscar.forms.widgets import DatePickerInput
from oscar.views import sort_queryset

from merchants.folding import fold_text
from merchants.permissions import request_grants
from shop.order.models import Fulfilment, Order, Payment
from shop.staff_screens.elsewhere import link_to_order
from shop.staff_screens.reports import HarmlessWriter, days_in_words
from shop.workspace.order_page import events_of, latest_attempt, lines_of_orders, money_part, order_facts

SEARCHED_BUYERS = 5_000  # the newest; names are compared folded, which no index of purchases knows


def capitalised(choices: list[tuple[str, Any]]) -> list[tuple[str, str]]:
    return [(value, capfirst(str(label))) for value, label in choices]


class OrderSearchForm(forms.Form):
    """The filters of the list; `response_format=csv` gives what is found as a file."""

    order_number = forms.CharField(required=False, max_length=16, label=_("Order number"))
    name = forms.CharField(required=False, max_length=80, label=_("Buyer or phone"))
    product_title = forms.CharField(required=False, max_length=80, label=_("Product or seller"))
    status = forms.ChoiceField(required=False, label=pgettext_lazy("state of an order", "Goods"))
    payment = forms.ChoiceField(required=False, label=_("Money"))
    date_from = forms.DateField(required=False, label=pgettext_lazy("first day", "From"), widget=DatePickerInput)
    date_to = forms.DateField(required=False, label=pgettext_lazy("last day", "To"), widget=DatePickerInput)
    response_format = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("status", Fulfilment.choices), ("payment", Payment.choices)):
            self.fields[name].choices = [("", _("all")), *capitalised(choices)]  # type: ignore[attr-defined]


class OrderStatsForm(forms.Form):
    """From which day to which day, both included; Oscar's leaves the last one out."""

    date_from = forms.DateField(required=False, label=pgettext_lazy("first day", "From"), widget=DatePickerInput)
    date_to = forms.DateField(required=False, label=pgettext_lazy("last day", "To"), widget=DatePickerInput)

    def get_filters(self) -> dict[str, Any]:
        return placed_between(self.cleaned_data["date_from"], self.cleaned_data["date_to"]) if self.is_valid() else {}

    def get_filter_description(self) -> str:
        given = self.cleaned_data if self.is_valid() else {}
        return " ".join([str(_("Orders")), days_in_words(given.get("date_from"), given.get("date_to"))]).strip()


class OrderStatsView(oscars.OrderStatsView):
    form_class = OrderStatsForm


class OrderListView(oscars.OrderListView):
    """Every order of the installation, newest first."""

    form_class = OrderSearchForm
    actions: tuple[str, ...] = ()

    def get_queryset(self) -> QuerySet[Order]:
        found = sort_queryset(self.base_queryset, self.request, ["number", "total_incl_tax"])
        found = found.select_related("purchase", "merchant", "shipping_address").prefetch_related("lines")
        self.form = self.form_class(self.request.GET)
        return filtered(found, self.form.cleaned_data) if self.form.is_valid() else found

    def get_search_filter_descriptions(self) -> list[str]:
        return []  # the form above the list keeps showing what was asked for

    CSV_COLUMNS = {
        "number": _("Order number"),
        "date": _("Date of purchase"),
        "merchant": _("Seller"),
        "customer": _("Buyer"),
        "num_items": _("Number of items"),
        "value": _("Total"),
        "status": pgettext_lazy("state of an order", "Goods"),
        "payment": _("Money"),
    }

    def download_selected_orders(self, request: HttpRequest, orders: QuerySet[Order]) -> HttpResponse:
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f"attachment; filename={self.get_download_filename(request)}"
        writer = HarmlessWriter(open_file=response)
        writer.writerow(self.CSV_COLUMNS.values())
        for order in orders:
            writer.writerow(self.get_row_values(order).values())
        return response

    def get_row_values(self, order: Order) -> dict[str, Any]:
        return {
            "number": order.number,
            "date": f"{order.date_placed.astimezone():%d/%m/%Y %H:%M}",
            "merchant": order.merchant.name if order.merchant else "",
            "customer": order.purchase.buyer_name if order.purchase else "",
            "num_items": order.num_items,
            "value": int(order.total_incl_tax),
            "status": capfirst(order.get_fulfilment_display()),
            "payment": capfirst(order.get_payment_display()),
        }


def filtered(orders: QuerySet[Order], asked: dict[str, Any]) -> QuerySet[Order]:
    """The orders that fit everything that was asked for."""
    if asked["order_number"]:
        orders = orders.filter(number__istartswith=asked["order_number"].strip())
    if asked["name"]:
        orders = orders.filter(_of_buyer(orders, asked["name"]))
    if asked["product_title"]:
        words = asked["product_title"]
        lines = Order.objects.filter(lines__title__icontains=words)
        orders = orders.filter(Q(pk__in=lines.values("pk")) | Q(merchant__folded_name__contains=fold_text(words)))
    if asked["status"]:
        orders = orders.filter(fulfilment=asked["status"])
    if asked["payment"]:
        orders = orders.filter(payment=asked["payment"])
    return orders.filter(**placed_between(asked["date_from"], asked["date_to"]))


def placed_between(first: datetime.date | None, last: datetime.date | None) -> dict[str, datetime.datetime]:
    """Conditions on an order's day here, first and last day included; None leaves that side open."""
    conditions = {}
    if first:
        conditions["date_placed__gte"] = datetime_combine(first, datetime.time.min)
    if last:
        conditions["date_placed__lte"] = datetime_combine(last, datetime.time.max)
    return conditions


def _of_buyer(orders: QuerySet[Order], words: str) -> Q:
    """By the digits of a phone, or by buyer's or recipient's name with or without tone marks."""
    folded = fold_text(words)
    digits = "".join(char for char in folded if char.isascii() and char.isdigit()).lstrip("0")
    if len(digits) >= 4:
        return Q(purchase__buyer_phone__contains=digits) | Q(purchase__recipient_phone__contains=digits)
    names = orders.values_list("purchase_id", "purchase__buyer_name", "purchase__recipient_name")[:SEARCHED_BUYERS]
    found = {pk for pk, buyer, recipient in names if pk and folded in fold_text(f"{buyer or ''} {recipient or ''}")}
    return Q(purchase_id__in=sorted(found)[-1_000:])


class OrderPage(oscars.OrderDetailView):
    """One order to read: who, what, the two states, the money, the story, and where it is worked on."""

    order_actions: tuple[str, ...] = ()
    line_actions: tuple[str, ...] = ()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order = self.object
        context: dict[str, Any] = super(oscars.OrderDetailView, self).get_context_data(**kwargs)
        return {
            **context,
            "facts": order_facts(order),
            "rows": lines_of_orders([order])[order.pk],
            "money": money_part(order),
            "attempt": latest_attempt(order),
            "events": events_of(order),
            "notes": order.notes.select_related("user"),
            "elsewhere": link_to_order(self.request, request_grants(self.request), order),
        }

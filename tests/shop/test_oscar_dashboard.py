"""Oscar's dashboard opens on every page for the platform's staff, and none of its forms writes anything."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from oscar.core.loading import get_model

from catalogue.models import Product
from shop.order.models import Order
from shop.oscar_dashboard import is_form
from shop.partner.models import Partner, StockRecord
from tests.factories import UserFactory
from tests.factories.purchases import placed_order
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    return sign_in(client, UserFactory(is_staff=True, is_superuser=True), second_factor=True)


def patterns_of_dashboard() -> Iterator[URLPattern]:
    def walk(resolver: URLResolver) -> Iterator[URLPattern]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry)
            else:
                yield entry

    for entry in get_resolver().url_patterns:
        if isinstance(entry, URLResolver) and entry.namespace == "dashboard":
            yield from walk(entry)


NAMES = sorted({pattern.name for pattern in patterns_of_dashboard() if pattern.name})


def address_of(name: str) -> str | None:
    """The page's address without arguments; None for one that always needs some."""
    try:
        return reverse(f"dashboard:{name}")
    except Exception:
        return None


OPENABLE = [name for name in NAMES if address_of(name) and name not in {"login", "logout"}]


def one_of_everything() -> Order:
    order = placed_order()
    category = get_model("catalogue", "Category")
    category.add_root(name="Mật ong")
    get_model("order", "OrderNote").objects.create(order=order, message="note")
    return order


@pytest.mark.parametrize("name", OPENABLE)
def test_every_page_of_the_dashboard_opens(staff: Client, name: str) -> None:
    one_of_everything()

    answer = staff.get(address_of(name))

    assert answer.status_code == 200
    assert "ajax.googleapis.com" not in answer.content.decode()


def test_the_walk_found_the_dashboard() -> None:
    assert len(NAMES) > 80
    assert {"index", "order-list", "catalogue-product-list", "users-index", "reports-index"} <= set(OPENABLE)


@pytest.mark.parametrize(
    "code", ["order_report", "product_analytics", "user_analytics", "open_baskets", "submitted_baskets"]
)
def test_reports_open(staff: Client, code: str) -> None:
    one_of_everything()

    answer = staff.get(reverse("dashboard:reports-index"), {"report_type": code})

    assert answer.status_code == 200


def test_order_opens_with_its_lines_and_note(staff: Client) -> None:
    order = one_of_everything()
    line = order.lines.get()

    for address in (
        reverse("dashboard:order-detail", args=[order.number]),
        reverse("dashboard:order-line-detail", args=[order.number, line.pk]),
        reverse("dashboard:order-detail-note", args=[order.number, order.notes.get().pk]),
        reverse("dashboard:user-detail", args=[UserFactory().pk]),
        reverse("dashboard:order-list") + "?name=Minh&status=placed",
    ):
        assert staff.get(address).status_code == 200, address


FORMS: list[tuple[str, Any]] = [
    ("catalogue-product-create", lambda order: ["hang-hoa"]),
    ("catalogue-product", lambda order: [order.lines.get().product_id]),
    ("catalogue-product-create-child", lambda order: [order.lines.get().product_id]),
    ("catalogue-product-delete", lambda order: [order.lines.get().product_id]),
    ("catalogue-product-bulk-action", lambda order: []),
    ("partner-manage", lambda order: [Partner.objects.get().pk]),
    ("partner-delete", lambda order: [Partner.objects.get().pk]),
    ("order-shipping-address", lambda order: [order.number]),
    ("voucher-create", lambda order: []),
    ("offer-metadata", lambda order: []),
    ("page-create", lambda order: []),
]


@pytest.mark.parametrize(("name", "arguments"), FORMS, ids=[name for name, _arguments in FORMS])
def test_forms_are_closed_with_a_page_that_says_where_the_work_is_done(
    staff: Client, name: str, arguments: Any
) -> None:
    order = one_of_everything()
    address = reverse(f"dashboard:{name}", args=arguments(order))
    before = (Product.objects.count(), Partner.objects.count(), StockRecord.objects.values_list().get())

    shown, sent = staff.get(address), staff.post(address, {"title": "x", "action": "delete"})

    assert (shown.status_code, sent.status_code) == (200, 403)
    for answer in (shown, sent):
        assert "Việc này làm ở chỗ khác" in answer.content.decode()
    assert (Product.objects.count(), Partner.objects.count(), StockRecord.objects.values_list().get()) == before


@pytest.mark.parametrize(
    "data",
    [
        {"order_action": "change_order_status", "new_status": "cancelled"},
        {"order_action": "save_note", "message": "x"},
        {"order_action": "delete_note", "note_id": "1"},
        {"line_action": "change_line_statuses", "selected_line": ["1"], "new_status": "packed"},
        {"line_action": "create_payment_event", "selected_line": ["1"], "amount": "1000"},
    ],
)
def test_order_states_cannot_be_written_from_the_dashboard(staff: Client, data: dict[str, Any]) -> None:
    order = one_of_everything()

    answer = staff.post(reverse("dashboard:order-detail", args=[order.number]), data)
    listed = staff.post(
        reverse("dashboard:order-list"), {"action": "change_order_statuses", "selected_order": [order.pk]}
    )

    assert (answer.status_code, listed.status_code) == (403, 403)
    assert "/quan-ly/don-hang/" in answer.content.decode()
    fresh = Order.objects.get(pk=order.pk)
    assert (fresh.fulfilment, fresh.status, fresh.notes.count()) == ("placed", order.status, 1)


def test_every_form_of_the_dashboard_is_known_as_one() -> None:
    """A new Oscar version may bring new names: whoever is neither a list nor closed must be looked at."""
    readable = {
        "index",
        "login",
        "logout",
        "catalogue-product-list",
        "catalogue-product-lookup",
        "catalogue-category-list",
        "catalogue-category-detail-list",
        "catalogue-class-list",
        "catalogue-attribute-option-group-list",
        "catalogue-option-list",
        "stock-alert-list",
        "reports-index",
        "order-list",
        "order-stats",
        "order-detail",
        "order-detail-note",
        "order-line-detail",
        "users-index",
        "user-detail",
        "user-alert-list",
        "page-list",
        "partner-list",
        "offer-list",
        "offer-detail",
        "range-list",
        "range-products",
        "reviews-list",
        "voucher-list",
        "voucher-stats",
        "voucher-set-list",
        "voucher-set-detail",
        "voucher-set-download",
        "comms-list",
        "shipping-method-list",
        "shipping-method-detail",
    }

    assert {name for name in NAMES if not is_form(name)} == readable


def test_logging_out_of_the_dashboard_works(staff: Client) -> None:
    staff.post(reverse("dashboard:logout"))

    assert "_auth_user_id" not in staff.session

"""Orders as a table: one's own, as the list shows them, with no text that a spreadsheet would run."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from merchants.models import AuditEntry, Membership
from tests.factories import MembershipFactory
from tests.people import duc_the_helper
from tests.shop.workspace.scene import DELIVER_AND_CASH, Scene, another_shop
from tests.sign_in import sign_in

EXPORT = reverse("workspace:orders_export")


def as_csv(client: Client, **query: str) -> list[list[str]]:
    answer = client.get(EXPORT, {"dang": "csv", **query})
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]


def as_xlsx(client: Client) -> Any:
    answer = client.get(EXPORT)
    assert "attachment" in answer.headers["Content-Disposition"]
    return load_workbook(io.BytesIO(answer.content)).active


def test_both_files_hold_the_same_order_with_sums_as_numbers(lan: Scene) -> None:
    order = lan.order(DELIVER_AND_CASH, quantity=2)

    row = as_csv(lan.client)[0]
    sheet = as_xlsx(lan.client)

    assert (row[0], row[3], row[4:7]) == (order.number, "2 × Mật ong hoa rừng", ["100000", "30000", "130000"])
    assert [sheet.cell(2, column).value for column in (1, 5, 6, 7)] == [order.number, 100_000, 30_000, 130_000]
    assert sheet.cell(1, 1).value == "Số đơn hàng"


@pytest.mark.parametrize("typed", ["=1+1", '=HYPERLINK("http://evil")', "+84", "-2", "@SUM(A1)", "\t=1"])
def test_no_text_of_a_buyer_runs_as_a_formula(lan: Scene, typed: str) -> None:
    order = lan.order()
    assert order.purchase is not None
    order.purchase.buyer_name = order.purchase.note = typed
    order.purchase.save(update_fields=["buyer_name", "note"])

    row = as_csv(lan.client)[0]
    sheet = as_xlsx(lan.client)

    assert (row[10], row[15]) == (f"'{typed}", f"'{typed}")
    cells = [sheet.cell(2, column) for column in (11, 16)]
    assert [cell.data_type for cell in cells] == ["s", "s"]
    assert all(cell.value.startswith("'") for cell in cells)


def test_it_follows_the_lists_filter_and_search(lan: Scene) -> None:
    kept, other = lan.order(), lan.order()
    lan.client.post(reverse("workspace:order_step", args=[other.number]), {"to": "confirmed"})

    assert [row[0] for row in as_csv(lan.client, loc="placed")] == [kept.number]
    assert [row[0] for row in as_csv(lan.client, q=other.number)] == [other.number]


def test_another_shops_orders_are_not_in_it_and_each_one_taken_is_noted(lan: Scene) -> None:
    order = lan.order()
    tam = another_shop()

    assert as_csv(tam.client) == []
    assert [row[0] for row in as_csv(lan.client)] == [order.number]

    entry = AuditEntry.objects.get(action="orders.exported", actor=lan.user)
    assert entry.after == {"orders": 1, "kind": "csv"}


def test_a_packer_and_a_helper_take_no_table_of_buyers_along(lan: Scene) -> None:
    lan.order()
    packer = MembershipFactory(role=Membership.Role.PACKER, merchant=lan.merchant).user
    for person in (packer, duc_the_helper(lan.merchant)):
        client = sign_in(Client(), person)
        assert client.get(EXPORT).status_code == 404
        assert EXPORT not in client.get(reverse("workspace:orders")).content.decode()


def test_it_costs_the_same_queries_for_2_and_12_orders(lan: Scene) -> None:
    for _number in range(2):
        lan.order(DELIVER_AND_CASH)
    as_csv(lan.client)
    with CaptureQueriesContext(connection) as few:
        as_csv(lan.client)
    for _number in range(10):
        lan.order(DELIVER_AND_CASH)
    as_csv(lan.client)
    with CaptureQueriesContext(connection) as many:
        assert len(as_csv(lan.client)) == 12
    assert len(many) == len(few)

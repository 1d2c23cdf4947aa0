"""A checkout killed at any moment leaves nothing behind, or all of it; the buyer presses again and has one purchase."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from shop.order.models import Order
from shop.partner.stock import check_stock
from shop.payments.ledger import check_ledger
from shop.purchase.basket import Basket
from shop.purchase.doctor_checks import check_holds, check_money, check_orders, check_stories
from shop.purchase.models import Purchase
from tests.factories.purchases import basket_with, new_key, place, sellable_product

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[3]
# Runs checkout in a process of its own; the named function is replaced by one that kills the process when it is called.
KILLED_CHECKOUT = """
import os, signal, sys
import django
django.setup()
from unittest import mock
from shop.purchase.basket import Basket
from tests.factories.purchases import place

def die(*_arguments, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

target, basket_id, key = sys.argv[1:]
basket = Basket.objects.get(pk=basket_id)
with mock.patch(target, die):
    place(basket, idempotency_key=key)
    die()
"""


def own_database_url() -> str:
    """The address of this test's database, for another process."""
    parts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{parts['NAME']}"
    secret = f":{parts['PASSWORD']}" if parts["PASSWORD"] else ""
    who = f"{parts['USER']}{secret}@" if parts["USER"] else ""
    return f"postgres://{who}{parts['HOST']}:{parts['PORT'] or 5432}/{parts['NAME']}"


def checkout_killed_in(target: str, basket: Basket, key: str) -> None:
    environment = {**os.environ, "DATABASE_URL": own_database_url(), "DJANGO_SETTINGS_MODULE": "shop.settings.test"}
    command = [sys.executable, "-c", KILLED_CHECKOUT, target, str(basket.pk), key]
    ended = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr[-2_000:]


def breaches() -> list[str]:
    checks = (check_stock, check_orders, check_holds, check_money, check_stories, check_ledger)
    return [breach for check in checks for breach in check()]


@pytest.mark.parametrize(
    ("target", "is_bought"),
    [
        ("shop.purchase.place_purchase._write_lines", False),  # the orders are written, nothing is held
        ("shop.purchase.place_purchase.log_placed", False),  # the goods are held
        ("shop.purchase.place_purchase.enqueue", False),  # everything is written, nothing is committed
        ("shop.purchase.holds.recompute_payment", True),  # never called: killed just after the commit
    ],
)
def test_killed_checkout_leaves_all_or_nothing_and_can_be_repeated(target: str, is_bought: bool) -> None:
    honey = sellable_product(in_stock=3)
    basket, key = basket_with({honey: 2}), new_key()

    checkout_killed_in(target, basket, key)

    assert (Purchase.objects.count(), Order.objects.count()) == ((1, 1) if is_bought else (0, 0))
    assert honey.stockrecords.get().num_allocated == (2 if is_bought else 0)
    assert breaches() == []

    again = place(Basket.objects.get(pk=basket.pk), idempotency_key=key)
    assert again.is_new is not is_bought
    assert (Purchase.objects.count(), honey.stockrecords.get().num_allocated) == (1, 2)
    assert breaches() == []

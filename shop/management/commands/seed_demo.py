"""`manage.py seed_demo`: invented businesses, goods, people, pages, orders; always the same, twice does nothing."""

import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from merchants.demo.plan import NAMED_MERCHANTS, NAMED_PRODUCTS, DemoPlan

MOST_PRODUCTS = 100_000
MOST_MERCHANTS = 20_000
MOST_COMMUNES = 130
PRODUCTS_PER_MERCHANT = 60  # how many businesses a large demo gets when nobody says


def between(low: int, high: int) -> Callable[[str], int]:
    """An argument type: a whole number in these bounds."""

    def number(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise ArgumentTypeError(f"a whole number from {low} to {high}, not {text!r}")
        return int(text)

    return number


class Command(BaseCommand):
    help = "Fill the demo: accounts cannot exist, every name and number is marked as a sample. Refuses production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--merchants", type=between(1, MOST_MERCHANTS), metavar="N", help="default 12")
        parser.add_argument("--products", type=between(1, MOST_PRODUCTS), default=NAMED_PRODUCTS, metavar="N")
        parser.add_argument("--communes", type=between(1, MOST_COMMUNES), default=1, metavar="N")
        parser.add_argument("--seed", type=between(0, 2**31), default=1, metavar="S")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo is off (DEMO=0): nothing is seeded here.")
        merchants = options["merchants"] or max(NAMED_MERCHANTS, options["products"] // PRODUCTS_PER_MERCHANT)
        plan = DemoPlan(
            now=timezone.localtime(),
            merchants=merchants,
            products=options["products"],
            communes=options["communes"],
            seed=options["seed"],
            say=self.say if options["verbosity"] else lambda text: None,
        )
        began = time.monotonic()
        with translation.override("vi"):
            for name in settings.DEMO_SEEDERS:
                import_string(name)(plan)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # without statistics the first pages after many new rows take seconds
        plan.say(f"demo ready in {time.monotonic() - began:.1f} s")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

"""`manage.py demo_guide`: what to open and whom to sign in as; `make demo` prints it when the site answers."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from shop.payments.demo import OWN_SECRET, OWN_TOKEN
from shop.users.demo import PASSWORD
from shop.users.demo_page import shown_people


class Command(BaseCommand):
    help = "Print the demo's addresses and people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo is off (DEMO=0).")
        site = f"http://localhost:{options['port']}"
        with translation.override("en"):
            people = [
                f"  {person.email:<24} {person.role:<18} {person.place or person.name}" for person in shown_people()
            ]
        lines = [
            "",
            "The demo is ready. Everybody and everything in it is invented; please do not transfer money.",
            "",
            f"  Shop                     {site}/            English: {site}/en/",
            f"  Producers and officers   {site}/quan-ly/",
            f"  Pages                    {site}/cms/",
            f"  Platform's dashboard     {site}/dashboard/",
            f"  People and their codes   {site}/tai-khoan/ban-trinh-dien/",
            "",
            f"Sign in with one of these, password {PASSWORD}",
            *people,
            "",
            "Payment notices (SePay) for curl:",
            f"  most merchants           {site}/webhooks/sepay/",
            f"    secret                 {settings.SEPAY_WEBHOOK_SECRET or '(none set)'}",
            f"  HTX Ong Đồi Mơ (mẫu)     {site}/webhooks/sepay/{OWN_TOKEN}/",
            f"    secret                 {OWN_SECRET}",
            "",
            "Ctrl-C stops; make demo starts again with the same data; make reset throws it away.",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()

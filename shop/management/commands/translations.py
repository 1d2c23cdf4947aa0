"""`manage.py translations`: compile the catalogues; `--update` first brings them in line with the sources."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.translations import compile_catalogues, untranslated, update_catalogues


class Command(BaseCommand):
    help = "Compile message catalogues; --update merges new message ids, --check fails on missing translations."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--update", action="store_true")
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["update"]:
            for language, count in update_catalogues().items():
                self.stdout.write(f"{language}: {count} without translation")
        if options["check"]:
            missing = untranslated("vi")
            for message in missing:
                self.stdout.write(f"{message.place}: {message.id!r}")
            if missing:
                raise CommandError(f"{len(missing)} messages have no Vietnamese translation")
        compile_catalogues()

"""`manage.py picture_sizes`: make the sizes of all kept pictures anew, or what is missing; sweep left-over files."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management.base import BaseCommand

from merchants.picture_upkeep import complete_picture, picture_names, renew_picture, stem_of, sweep

MARK = "picture_sizes.json"  # how far an unfinished run came; in the private storage, beside what no address serves
MARK_EVERY = 20


class Command(BaseCommand):
    help = (
        "Make the sizes of all kept pictures anew (another edition of widths, a better encoder). Stopped, it goes on "
        "where it was. Pages keep their pictures all the while."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--missing", action="store_true", help="Only pictures without today's sizes.")
        parser.add_argument("--from-start", action="store_true", help="Forget how far a stopped run came.")
        parser.add_argument("--sweep", action="store_true", help="Remove files that no picture in the database names.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["sweep"]:
            self.stdout.write(f"{sweep()} left-over files removed")
            return
        only_missing = options["missing"]
        # whatever is missing is found again by looking; only a full run has to remember
        done_until = "" if only_missing or options["from_start"] else read_mark()
        names = [name for name in picture_names() if f"{stem_of(name)}-" > done_until]
        if done_until:
            self.stdout.write(f"going on behind {done_until}")
        changed, failed = 0, 0
        for number, name in enumerate(names, 1):
            try:
                if only_missing:
                    changed += complete_picture(name)
                else:
                    renew_picture(name)
                    changed += 1
            except (OSError, ValueError) as error:  # gone or damaged; the others are still wanted
                failed += 1
                self.stderr.write(f"{name}: {type(error).__name__}: {error}")
            if number % MARK_EVERY == 0:
                if not only_missing:
                    write_mark(f"{stem_of(name)}-~")
                self.say(f"{number} of {len(names)} pictures")
        if not only_missing:
            write_mark("")
        self.say(f"{changed} of {len(names)} pictures made anew" + (f", {failed} could not be read" if failed else ""))
        if failed:
            raise SystemExit(1)

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def read_mark() -> str:
    """Where a run was stopped; empty when none was."""
    storage = storages["private"]
    if not storage.exists(MARK):
        return ""
    with storage.open(MARK) as handle:
        return str(json.load(handle)["done_until"])


def write_mark(done_until: str) -> None:
    """Note how far the run is; empty when it is done."""
    storage = storages["private"]
    storage.delete(MARK)
    if done_until:
        storage.save(MARK, ContentFile(json.dumps({"done_until": done_until})))

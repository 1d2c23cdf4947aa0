"""`manage.py import_merchants`: a list of businesses into the register, whole or not at all."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from merchants.models import Commune
from merchants.register_check import check_list
from merchants.register_columns import COLUMNS
from merchants.register_import import ImportRefused, import_list
from merchants.spreadsheet_bytes import MOST_BYTES
from merchants.spreadsheets import Fault, SpreadsheetRefused, read_table


class Command(BaseCommand):
    help = (
        "Take a list of businesses (.xlsx, .csv) into a commune's register. Every fault is printed with row, column "
        "and remedy; with any fault nothing is written and the exit code is 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--commune", required=True, help="Code of the commune, five digits.")
        parser.add_argument("--dry-run", action="store_true", help="Only check; write nothing.")
        parser.add_argument("--add-villages", action="store_true", help="Add villages that are not known yet.")

    def handle(self, *args: Any, **options: Any) -> None:
        commune = Commune.objects.filter(code=options["commune"]).first()
        if commune is None:
            raise CommandError(_("No commune has the code %(code)s.") % {"code": options["commune"]})
        data = self._read(options["file"])
        if options["dry_run"]:
            self._check(commune, data, may_add_villages=options["add_villages"])
            return
        try:
            sent = import_list(
                commune=commune,
                data=data,
                file_name=options["file"].name,
                actor_label="manage.py import_merchants",
                add_villages=options["add_villages"],
            )
        except ImportRefused as refusal:
            raise CommandError(self._words(refusal)) from refusal
        if sent.state == sent.State.UNREADABLE:
            raise CommandError(sent.refusal)
        if sent.state != sent.State.DONE:
            self._refuse([Fault(**fault) for fault in sent.result["faults"]])
        self.stdout.write(_("%(count)s businesses are on the register.") % {"count": sent.rows_total})

    def _read(self, path: Path) -> bytes:
        try:
            with path.open("rb") as file:
                return file.read(MOST_BYTES + 1)
        except OSError as error:
            raise CommandError(str(error)) from error

    def _check(self, commune: Commune, data: bytes, *, may_add_villages: bool) -> None:
        try:
            table = read_table(data, columns=COLUMNS)
        except SpreadsheetRefused as refusal:
            raise CommandError(refusal.words) from refusal
        checked = check_list(commune=commune, table=table)
        self._print(checked.notes)
        if checked.faults:
            self._refuse(checked.faults)
        if checked.new_villages and not may_add_villages:
            names = tuple(name for name, _former in checked.new_villages)
            raise CommandError(self._words(ImportRefused("villages_not_confirmed", names)))
        self.stdout.write(_("%(count)s rows without a fault; nothing was written.") % {"count": len(table.rows)})

    def _words(self, refusal: ImportRefused) -> str:
        if refusal.code == "villages_not_confirmed":
            names = ", ".join(refusal.names)
            return _("Villages that are not known yet: %(names)s. Add them with --add-villages.") % {"names": names}
        return _("The register has changed meanwhile; nothing was written. Please look again.")

    def _print(self, faults: Sequence[Fault]) -> None:
        for fault in faults:
            words = _("row %(row)s, %(column)s “%(value)s”: %(words)s")
            facts = {"row": fault.row, "column": fault.column or "–", "value": fault.value, "words": fault.words}
            self.stderr.write(words % facts)

    def _refuse(self, faults: Sequence[Fault]) -> None:
        self._print(faults)
        self.stderr.write(_("%(count)s faults; nothing was written.") % {"count": len(faults)})
        sys.exit(1)

"""The dashboard's reports: those this shop has figures for, and their table files (CSV)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from oscar.apps.dashboard.reports.reports import ReportCSVFormatter, ReportGenerator
from oscar.core.compat import UnicodeCSVWriter

from merchants.spreadsheet_files import harmless

# Views of goods, purchases by account, offers and vouchers are not counted here: their reports would always be empty.
REPORTS = ("order_report", "open_baskets", "submitted_baskets")


class HarmlessWriter(UnicodeCSVWriter):
    """A spreadsheet must not run what a buyer or a seller typed.

    Writes texts that begin like a formula behind an apostrophe; numbers as they are.
    """

    def writerow(self, row: Iterable[Any]) -> None:
        super().writerow([cell if isinstance(cell, (int, float)) else harmless(_text(cell)) for cell in row])


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)


class ReportFile(ReportCSVFormatter):
    """Oscar's report files, written harmlessly."""

    def get_csv_writer(self, file_handle: Any, **kwargs: Any) -> HarmlessWriter:
        return HarmlessWriter(open_file=file_handle, **kwargs)


class Report(ReportGenerator):
    """Oscar's report with a heading that is a sentence also where no first or no last day was given."""

    def report_description(self) -> str:
        return f"{self.description} {days_in_words(self.start_date, self.end_date)}".strip()


def days_in_words(first: date | None, last: date | None) -> str:
    """“từ ngày 01/11/2026 đến 30/11/2026”; only one side, or nothing, where a day is not given."""
    parts = []
    if first:
        parts.append(_("from %(day)s") % {"day": f"{first:%d/%m/%Y}"})
    if last:
        parts.append(_("until %(day)s") % {"day": f"{last:%d/%m/%Y}"})
    return " ".join(parts)

"""The dashboard's reports: those this shop has figures for, and their table files (CSV)."""

from collections.abc import Iterable
from typing import Any

from django.template.defaultfilters import date as shown_date
from django.utils.translation import gettext as _
from oscar.apps.dashboard.reports.reports import ReportCSVFormatter, ReportGenerator
from oscar.core.compat import UnicodeCSVWriter

from shop.marketplaces.feeds.meta import harmless

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
        start, end = shown_date(self.start_date, "d/m/Y"), shown_date(self.end_date, "d/m/Y")
        parts = [str(self.description)]
        if start:
            parts.append(_("from %(day)s") % {"day": start})
        if end:
            parts.append(_("until %(day)s") % {"day": end})
        return " ".join(parts)

"""Tables that we hand out, as .xlsx or .csv: texts never run as formulas, Vietnamese letters stay."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
FORM_ROWS = 5_000  # rows of a form that carry formats and lists


def harmless(cell: str) -> str:
    """Keep a spreadsheet from running somebody's text as a formula (OWASP CSV injection, 2026-11)."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} else cell


def table_file(
    *, title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int], kind: str
) -> bytes:
    """The file's bytes; `kind` is a key of TYPES. Whole numbers stay numbers, everything else is harmless text."""
    plain = ([cell if isinstance(cell, int) else harmless(str(cell or "")) for cell in row] for row in rows)
    return _xlsx(title, headings, plain, widths) if kind == "xlsx" else _csv(headings, plain)


def _csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")  # without the mark Excel reads Vietnamese letters as Western ones


def _xlsx(title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, heading, is_bold=True) for heading in headings])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Any, *, is_bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula, whatever it begins with
    else:
        cell.number_format = "#,##0"
    if is_bold:
        cell.font = Font(bold=True)
    return cell


def form_file(
    *,
    headings: Mapping[str, str],
    required: frozenset[str],
    texts: frozenset[str],
    lists: Mapping[str, Sequence[str]],
    examples: Sequence[Mapping[str, str]],
    widths: Mapping[str, int],
) -> bytes:
    """An empty .xlsx to fill in: the headings by key, lists to choose from, examples on a sheet of their own.

    `texts`: keys whose cells are text, so that no leading zero is lost. Choosing from a list is offered, not forced:
    the check says in words what is wrong.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = "Danh sách"
    shown = book.create_sheet("Ví dụ")
    for table in (sheet, shown):
        for place, (key, heading) in enumerate(headings.items(), 1):
            cell = table.cell(1, place, f"{heading} (*)" if key in required else heading)
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="E7F0DD")
            table.column_dimensions[get_column_letter(place)].width = widths.get(key, 16)
        table.freeze_panes = "B2"
    for number, example in enumerate(examples, 2):
        for place, key in enumerate(headings, 1):
            shown.cell(number, place, example.get(key, "")).number_format = "@"
    words = book.create_sheet("Danh mục")
    words.sheet_state = "hidden"
    for place, key in enumerate(headings, 1):
        letter = get_column_letter(place)
        if key in texts:
            for row in range(2, FORM_ROWS // 5):
                sheet.cell(row, place).number_format = "@"
            sheet.column_dimensions[letter].number_format = "@"
        if choices := lists.get(key):
            for row, choice in enumerate(choices, 1):
                words.cell(row, place, choice)
            rule = DataValidation(
                type="list", formula1=f"'Danh mục'!${letter}$1:${letter}${len(choices)}", allow_blank=True
            )
            rule.showErrorMessage = False
            rule.add(f"{letter}2:{letter}{FORM_ROWS}")
            sheet.add_data_validation(rule)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()

"""From the bytes of an .xlsx or .csv file to a grid of cells, within bounds; what the cells mean is not here.

Hostile files are refused before a parser sees them: zip bombs, cells far away (a parser allocates the rectangle),
locked or foreign formats. Vietnamese text in an old encoding is read or refused by name, never guessed into garbage.
"""

import csv
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, load_workbook

MOST_BYTES = 15_000_000
MOST_UNPACKED = 150_000_000
MOST_PARTS = 2_000  # files inside one .xlsx
MOST_COLUMNS = 200

REFUSALS = {
    "empty": _("The file is empty."),
    "too_many_bytes": _("The file is larger than 15 MB. Please split the list into several files."),
    "old_excel": _("This is an old Excel file (.xls). Please open it in Excel and save it as .xlsx."),
    "locked": _("The file is locked with a password. Please save it without one."),
    "other_format": _("This is no .xlsx and no .csv file. Please save the list as .xlsx."),
    "broken": _("The file is damaged. Please save it again in Excel and send the new one."),
    "bomb": _("The file unpacks to an absurd size and was not read. Please copy the list into a new file."),
    "too_wide": _("The sheet has more than 200 columns. Please delete what stands far to the right of the list."),
    "too_many_rows": _("The sheet has rows down to number %(last)s; %(most)s are read at once. Please split the list."),
    "utf16_without_mark": _("The text is UTF-16 without its mark. Please save it as “CSV UTF-8” or as .xlsx."),
    "unknown_encoding": _(
        "The letters are in an old encoding (perhaps TCVN3 or VNI) that cannot be read safely. Please save the list as "
        ".xlsx or “CSV UTF-8” with a Unicode font."
    ),
    "garbled": _(
        "The Vietnamese letters in this file are broken (“%(sample)s”). Please export the list anew as .xlsx; "
        "repairing it here would be guessing."
    ),
    "csv_broken": _("Line %(line)s of the .csv cannot be read: a quotation mark is not closed. Please save as .xlsx."),
    "no_header": _(
        "No row with the headings was found. One row must hold at least: %(needed)s. The first rows hold: %(seen)s."
    ),
    "two_columns": _("Two columns say the same: “%(first)s” and “%(second)s”. Please delete one of them."),
    "no_rows": _("Below the headings there is nothing to read."),
}


class SpreadsheetRefused(Exception):
    """The file as a whole cannot be read; `code` is a key of REFUSALS, `words` say it with the remedy."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.words = str(REFUSALS[code]) % facts if facts else str(REFUSALS[code])


@dataclass(frozen=True)
class Grid:
    """One sheet: `rows[0]` is the sheet's row 1. `merged`: (first row, first column, last row, last column) from 0.

    `valueless`: cells (letters and number, as “B12”) that look empty but hold an error or a formula without its result.
    """

    name: str
    rows: Sequence[Sequence[Any]]
    merged: Sequence[tuple[int, int, int, int]] = ()
    valueless: frozenset[str] = frozenset()


def read_grids(data: bytes, *, most_rows: int) -> list[Grid]:
    """The sheets of the file in their order; of a .csv one for each delimiter that it may have been written with.

    Raises SpreadsheetRefused. `most_rows` bounds the rows of a sheet, title rows included.
    """
    if not data.strip():
        raise SpreadsheetRefused("empty")
    if len(data) > MOST_BYTES:
        raise SpreadsheetRefused("too_many_bytes")
    if data[:4] == b"PK\x03\x04":
        return _read_xlsx(data, most_rows)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":  # also the shell of an .xlsx with a password
        raise SpreadsheetRefused("locked" if b"E\0n\0c\0r\0y\0p\0t\0" in data else "old_excel")
    if data[:5] in {b"%PDF-", b"{\\rtf"} or data[:4] in {b"\x89PNG", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1"}:
        raise SpreadsheetRefused("other_format")
    return _read_csv(_decode(data), most_rows)


# --- .xlsx ----------------------------------------------------------------------------------------------------------

# a cell that holds something: the parser allocates the rectangle around all of them
_CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']([A-Za-z]{1,4})(\d{1,8})[\"'][^>/]*>(?!\s*</)")
_VALUELESS = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*?\bt\s*=\s*[\"']e[\"'])[^>]*?\br\s*=\s*[\"']([A-Za-z]{1,3}\d{1,7})[\"']"
    rb"|<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Za-z]{1,3}\d{1,7})[\"'][^>/]*>\s*<(?:\w+:)?f[^>]*>[^<]*</(?:\w+:)?f>\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</|</)"
)
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml\Z", re.IGNORECASE)


def _read_xlsx(data: bytes, most_rows: int) -> list[Grid]:
    valueless = _bound_xlsx(data, most_rows)
    try:
        book = load_workbook(io.BytesIO(data))
        names = [sheet.name for sheet in book.sheets_metadata if "WorkSheet" in str(sheet.typ)]
        sheets = [book.get_sheet_by_name(name) for name in names]
        # sheets are numbered in their order by every program seen; where the numbers do not fit, all cells count
        per_sheet = valueless if len(valueless) == len(sheets) else [frozenset().union(*valueless)] * len(sheets)
        return [
            Grid(
                name=sheet.name,
                rows=_with_last_rows(sheet.to_python(skip_empty_area=False), cells),
                merged=[(*first, *last) for first, last in (sheet.merged_cell_ranges or ())],
                valueless=cells,
            )
            for sheet, cells in zip(sheets, per_sheet, strict=True)
        ]
    except (CalamineError, ValueError, OSError) as error:
        raise SpreadsheetRefused("broken") from error


def _with_last_rows(rows: list[list[Any]], valueless: Iterable[str]) -> list[list[Any]]:
    """The parser ends at the last value; broken cells below it are rows as well."""
    last = max((int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for cell in valueless), default=0)
    return rows + [[] for _row in range(last - len(rows))]


def _bound_xlsx(data: bytes, most_rows: int) -> list[frozenset[str]]:
    """Refuse what would not fit into memory; trusts no size that the file states. Returns each sheet's broken cells."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SpreadsheetRefused("broken") from error
    if not any(part.filename.lower() == "xl/workbook.xml" for part in parts):
        raise SpreadsheetRefused("other_format")
    if len(parts) > MOST_PARTS:
        raise SpreadsheetRefused("bomb")
    unpacked = 0
    valueless: dict[tuple[int, str], frozenset[str]] = {}
    for part in parts:
        content = _unpack(data, part, MOST_UNPACKED - unpacked)
        unpacked += len(content)
        if _SHEET.match(part.filename):
            _bound_sheet(content, most_rows)
            place = (len(part.filename), part.filename)
            found = ((one[1] or one[2]).decode().upper() for one in _VALUELESS.finditer(content))
            valueless[place] = frozenset(found)
    return [valueless[place] for place in sorted(valueless)]


def _unpack(data: bytes, part: zipfile.ZipInfo, most: int) -> bytes:
    """One part of the archive as it really unpacks; its stated sizes may lie to us and not to the parser."""
    if part.flag_bits & 1:
        raise SpreadsheetRefused("locked")
    head = data[part.header_offset : part.header_offset + 30]
    if len(head) < 30:
        raise SpreadsheetRefused("broken")
    begin = part.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    raw = data[begin : begin + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        content = raw
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        try:
            content = zlib.decompressobj(-15).decompress(raw, max(most, 0) + 1)
        except zlib.error as error:
            raise SpreadsheetRefused("broken") from error
    else:
        raise SpreadsheetRefused("broken")
    if len(content) > most:
        raise SpreadsheetRefused("bomb")
    return content


def _bound_sheet(xml: bytes, most_rows: int) -> None:
    last_row, longest = 0, ""
    columns = set()
    for match in _CELL.finditer(xml):
        columns.add(match[1])
        last_row = max(last_row, int(match[2]))
    for letters in columns:
        text = letters.decode().upper()
        longest = max(longest, text, key=lambda one: (len(one), one))
    if last_row > most_rows:
        raise SpreadsheetRefused("too_many_rows", last=last_row, most=most_rows)
    if longest and (len(longest), longest) > (2, "GR"):  # the 200th column
        raise SpreadsheetRefused("too_wide")


# --- .csv -----------------------------------------------------------------------------------------------------------

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_VIETNAMESE = frozenset(
    "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
    "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
    "–—‘’“”…•·°₫€×\u00a0"
)
# how UTF-8 looks after somebody took it for a Western encoding
_BROKEN = re.compile("á»[^a-z\\s]|áº[^a-z\\s]|Ä‘|Ä\u0090|Æ°|Æ¡|Ã¡|Ã¢|Ãª|Ã´|\ufffd")


def _decode(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise SpreadsheetRefused("broken") from error
    if data[:2_000].count(0) > len(data[:2_000]) // 5:
        raise SpreadsheetRefused("utf16_without_mark")
    if b"\0" in data:
        raise SpreadsheetRefused("other_format")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_windows_1258(data)


def _decode_windows_1258(data: bytes) -> str:
    """Excel's “CSV” on a Vietnamese Windows; what is not Vietnamese through and through is another encoding."""
    try:
        text = unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError as error:
        raise SpreadsheetRefused("unknown_encoding") from error
    if any(char > "\x7f" and char not in _VIETNAMESE for char in text):
        raise SpreadsheetRefused("unknown_encoding")
    return text


def refuse_garbled(text: str) -> None:
    """Raise SpreadsheetRefused when the letters were broken before the file came to us."""
    if found := _BROKEN.search(text):
        raise SpreadsheetRefused("garbled", sample=text[max(found.start() - 8, 0) : found.end() + 8])


def _read_csv(text: str, most_rows: int) -> list[Grid]:
    refuse_garbled(text)
    lines = text.splitlines()
    if len(lines) > most_rows * 2:  # a field may hold line breaks, but not every one
        raise SpreadsheetRefused("too_many_rows", last=len(lines), most=most_rows)
    marks = [mark for mark in (",", ";", "\t") if any(mark in line for line in lines[:50])] or [","]
    grids = []
    for mark in marks:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
        try:
            rows = list(reader)
        except csv.Error as error:
            if len(marks) > 1:
                continue
            raise SpreadsheetRefused("csv_broken", line=reader.line_num) from error
        if len(rows) > most_rows:
            raise SpreadsheetRefused("too_many_rows", last=len(rows), most=most_rows)
        if max(map(len, rows), default=0) <= MOST_COLUMNS:
            grids.append(Grid(name="", rows=rows))
    if not grids:
        raise SpreadsheetRefused("csv_broken", line=1)
    return grids

"""The one intake of tables that people send (register, goods, bank statements): from a file to rows of known columns.

A caller names its columns with the headings that occur in real lists; title rows, the order of columns, empty rows
and columns nobody asked for do not matter. What a value means is the caller's business: it turns each row into what it
writes, and into Faults that say row, column and remedy.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from merchants.folding import fold_text
from merchants.spreadsheet_bytes import Grid, SpreadsheetRefused, read_grids, refuse_garbled
from merchants.typed_text import drop_turning

MOST_ROWS = 20_000
TITLE_ROWS = 30  # the headings are looked for in so many rows
VALUELESS = "#N/A"  # stands for an error or a formula without its result, so that it is not taken for empty
ROUNDED = 10**15  # Excel keeps fifteen digits of a number; what is longer has lost its end


@dataclass(frozen=True)
class Column:
    """One column a caller understands. `aliases`: other headings, in any case and with or without tone marks."""

    key: str
    heading: str
    aliases: tuple[str, ...] = ()
    is_required: bool = False


@dataclass(frozen=True)
class SheetRow:
    """One row: texts of the known columns ("" when empty, VALUELESS for a broken cell).

    `numbers`: keys of cells that the sheet holds as numbers.

    A number has lost its leading zeros; a caller that reads codes and phones must know.
    """

    number: int
    texts: Mapping[str, str]
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Table:
    """What was found: rows, and what was left out so that the person can see it."""

    sheet: str
    header_row: int
    letters: Mapping[str, str]  # column key → letter in the sheet
    ignored: Sequence[str]  # headings nobody asked for
    rows: Sequence[SheetRow]
    skipped: Sequence[int]  # rows with something in them, but nothing under a known heading
    merged: Mapping[int, str] = field(default_factory=dict)  # row → a merged range that makes its cells ambiguous


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell or row and how to mend it, for people."""

    row: int
    column: str
    value: str
    words: str


def read_table(data: bytes, *, columns: Sequence[Column], most_rows: int = MOST_ROWS) -> Table:
    """Find the headings in the first sheet that has them and return the rows below; raises SpreadsheetRefused. Pure."""
    best: tuple[int, Grid, int, dict[str, int]] | None = None
    grids = read_grids(data, most_rows=most_rows + TITLE_ROWS)
    for grid in grids:
        found = _find_header(grid, columns)
        if found is not None and (best is None or found[0] > best[0]):
            best = (found[0], grid, found[1], found[2])
    if best is None:
        needed = ", ".join(column.heading for column in columns if column.is_required)
        raise SpreadsheetRefused("no_header", needed=needed, seen=_seen(grids))
    _score, grid, header, places = best
    return _table(grid, header, places, most_rows)


def column_letter(place: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_text(value: Any) -> str:
    """A cell as one clean line: NFC, without control and turning letters; whole numbers without their ".0"."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 10**19 else repr(value)
    if not isinstance(value, str):
        return str(value)
    if value.isascii() and value.isprintable():
        return " ".join(value.split())
    plain = "".join(" " if char in "\r\n\t" else char for char in drop_turning(value))
    plain = "".join(char for char in plain if unicodedata.category(char) not in {"Cc", "Cs", "Cn"})
    return " ".join(unicodedata.normalize("NFC", plain).split())


_BRACKETS = re.compile(r"[(\[{].*?[)\]}]")


def fold_heading(text: str) -> str:
    """A heading without marks, brackets, stars and punctuation: “Số điện thoại (*)” and “SỐ ĐIỆN THOẠI:” are one."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold_text(_BRACKETS.sub(" ", text))).split())


def _find_header(grid: Grid, columns: Sequence[Column]) -> tuple[int, int, dict[str, int]] | None:
    """Score, row and places of the best row of headings; None when no row has all that are required."""
    known = {fold_heading(text): column.key for column in columns for text in (column.heading, *column.aliases)}
    required = {column.key for column in columns if column.is_required}
    best: tuple[int, int, dict[str, int]] | None = None
    for number, row in enumerate(grid.rows[:TITLE_ROWS]):
        places: dict[str, int] = {}
        doubled: tuple[str, str] | None = None
        for place, value in enumerate(row):
            key = known.get(fold_heading(value)) if isinstance(value, str) and value else None
            if key is None:
                continue
            if key in places:
                doubled = doubled or (str(row[places[key]]), str(value))
            else:
                places[key] = place
        is_better = best is None or len(places) > best[0]
        if required <= set(places) and len(places) >= min(2, len(columns)) and is_better:
            if doubled:
                raise SpreadsheetRefused("two_columns", first=cell_text(doubled[0]), second=cell_text(doubled[1]))
            best = (len(places), number, places)
    return best


def _seen(grids: Iterable[Grid]) -> str:
    words = [cell_text(value) for grid in grids for row in grid.rows[:5] for value in row]
    text = "; ".join(word[:30] for word in words if word)[:200]
    # An old font (TCVN3, VNI) turns letters into signs; its headings can match nothing.
    if sum(char in "¬\u00ad®µ¸¶·¹¨»¾¼½©§ëäñöùûüïÕß" for char in text) >= 2:
        raise SpreadsheetRefused("unknown_encoding")
    return text or "–"


def _table(grid: Grid, header: int, places: Mapping[str, int], most_rows: int) -> Table:
    rows: list[SheetRow] = []
    skipped: list[int] = []
    for number, row in enumerate(grid.rows[header + 1 :], header + 2):
        texts: dict[str, str] = {}
        numbers = set()
        for key, place in places.items():
            value = row[place] if place < len(row) else None
            texts[key] = cell_text(value)
            if not texts[key] and f"{column_letter(place)}{number}" in grid.valueless:
                texts[key] = VALUELESS
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                numbers.add(key)
        if not any(texts.values()):
            if any(cell_text(value) for value in row):
                skipped.append(number)
        elif not rows and _counts_columns(texts.values()):
            skipped.append(number)
        else:
            rows.append(SheetRow(number, texts, frozenset(numbers)))
    if not rows:
        raise SpreadsheetRefused("no_rows")
    if len(rows) > most_rows:
        raise SpreadsheetRefused("too_many_rows", last=rows[-1].number, most=most_rows)
    refuse_garbled("\n".join(text for row in rows for text in row.texts.values() if not text.isascii()))
    headings = [cell_text(value) for value in grid.rows[header]]
    return Table(
        sheet=grid.name,
        header_row=header + 1,
        letters={key: column_letter(place) for key, place in places.items()},
        ignored=[text for place, text in enumerate(headings) if text and place not in places.values()],
        rows=rows,
        skipped=skipped,
        merged=_merged_rows(grid, rows, places),
    )


def _counts_columns(texts: Iterable[str]) -> bool:
    """Whether this is the row “(1) (2) (3)” that official forms have below their headings."""
    filled = [text for text in texts if text]
    return len(filled) > 1 and all(re.fullmatch(r"\(?(?:[0-9]{1,2}|[A-Za-z])\)?", text) for text in filled)


def _merged_rows(grid: Grid, rows: Sequence[SheetRow], places: Mapping[str, int]) -> dict[int, str]:
    """Rows whose known cells are hidden by a merge: only its first cell holds the value, the others look empty."""
    wanted = {row.number for row in rows}
    found: dict[int, str] = {}
    for top, left, bottom, right in grid.merged:
        if not any(left <= place <= right for place in places.values()):
            continue
        name = f"{column_letter(left)}{top + 1}:{column_letter(right)}{bottom + 1}"
        for number in range(top + 1, min(bottom + 1, top + MOST_ROWS) + 1):
            if number in wanted:
                found.setdefault(number, name)
    return found

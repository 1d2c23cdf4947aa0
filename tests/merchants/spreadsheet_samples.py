"""Lists as communes really send them, made in memory."""

import io
import unicodedata
import zipfile
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

TONES = "\u0300\u0301\u0303\u0309\u0323"


def xlsx(*rows: Sequence[Any], merges: Sequence[str] = ()) -> bytes:
    """One sheet with these rows."""
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    for merge in merges:
        sheet.merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def windows_1258(text: str) -> bytes:
    """As Excel on a Vietnamese Windows writes “CSV”: letters with their shape, tone marks behind them."""
    out = b""
    for char in text:
        try:
            out += char.encode("cp1258")
        except UnicodeEncodeError:
            decomposed = unicodedata.normalize("NFD", char)
            tones = "".join(mark for mark in decomposed if mark in TONES)
            base = unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in TONES))
            out += base.encode("cp1258") + tones.encode("cp1258")
    return out


def zip_of(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_sheet(data: bytes, old: bytes, new: bytes) -> bytes:
    """The same .xlsx with something replaced in the text of its first sheet."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    assert old in parts[name]
    return zip_of({**parts, name: parts[name].replace(old, new)})

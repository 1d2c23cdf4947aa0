"""Printed signs in mm: codes → pages of vector PDF, drawn by the hundred so that a whole commune needs no more memory.

Each sign carries one payment code and nothing else that a phone could scan; the public check stands as text, its own
code only on strips (layout "strips") that are stuck apart from the sign. Which codes are printed, and the runs that
staff start, live in merchants.print_runs.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Literal, cast
from unicodedata import normalize

import pypdfium2
import typst
from django.utils.translation import gettext
from PIL import Image

from merchants.vietqr.banks import banks_by_bin
from merchants.vietqr.image import FAST_MASK, SPECIMEN_WORDS, bare_svg, draw_matrix, our_fonts
from merchants.vietqr.payload import decode

SIGNS_AT_ONCE = 24
"""Drawn in one go, a multiple of what any page holds; more at once cost memory (typst's) and save little time."""

LONGEST_UNBROKEN = 12
"""Letters after which a word may be broken, so that one endless word cannot leave its box."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Sizes in mm; `kind` says what is drawn."""

    page_width: float
    page_height: float
    width: float
    height: float
    columns: int = 1
    rows: int = 1
    gap: float = 0
    kind: Literal["sign", "strip"] = "sign"


LAYOUTS: Mapping[str, Layout] = {
    "a6": Layout(page_width=105, page_height=148, width=105, height=148),
    "a5": Layout(page_width=148, page_height=210, width=148, height=210),
    # Four signs a little smaller than A6: no printer reaches the edge of the paper, and a knife needs its marks.
    "a4": Layout(page_width=210, page_height=297, width=95, height=136, columns=2, rows=2, gap=4),
    "strips": Layout(page_width=210, page_height=297, width=95, height=44, columns=2, rows=6, gap=3, kind="strip"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What one sign says beside what its payload says itself."""

    payload: str
    business_name: str
    holder_name: str
    check_address: str
    """Where anyone can check the printed code, without https://."""
    bank_code: str = ""
    bank_name: str = ""
    """Empty: the short name of today's bank with the payload's BIN, or the BIN itself."""
    specimen: bool = False
    """Invented: nobody may pay it."""


@dataclass(frozen=True, slots=True)
class SheetWords:
    """The fixed words of signs and strips."""

    scan_to_pay: str
    account: str
    bank: str
    holder: str
    check_name: str
    check_here: str
    strip_title: str
    strip_hint: str


def sheet_words() -> SheetWords:
    """The fixed words in the language now active."""
    return SheetWords(
        scan_to_pay=gettext("Scan to pay"),
        account=gettext("Account number"),
        bank=gettext("Bank"),
        holder=gettext("Account holder"),
        check_name=gettext("Check the receiver's name before you confirm."),
        check_here=gettext("Check this code:"),
        strip_title=gettext("To check the code, not to pay"),
        strip_hint=gettext(
            "Whoever scans this sees whose payment code hangs here. Stick it apart from the payment code."
        ),
    )


@dataclass(frozen=True, slots=True)
class Marks:
    """Pictures (JPEG or PNG) that staff uploaded: `general` stand on every sign, `of_banks` by bank code."""

    general: Sequence[bytes] = ()
    of_banks: Mapping[str, bytes] | None = None


def draw_sheets(signs: Sequence[Sign], *, layout: str, words: SheetWords, marks: Marks | None = None) -> bytes:
    """Return the signs as one vector PDF, in their order; for more than a few hundred use `draw_parts`.

    `layout` is a key of LAYOUTS. The words reach typst as data, never as markup. Raises PayloadError rather than print
    a code nobody can pay, ValueError without signs. The same signs give the same bytes.
    """
    if not signs:
        raise ValueError("no signs to draw")
    shape, marks = LAYOUTS[layout], marks or Marks()
    pictures = {f"general-{number}": _as_svg(picture) for number, picture in enumerate(marks.general)}
    general = list(pictures)
    banks = {sign.bank_code for sign in signs}
    pictures |= {f"bank-{code}": _as_svg(mark) for code, mark in (marks.of_banks or {}).items() if code in banks}
    content = {
        "title": signs[0].business_name if len(signs) == 1 else "VietQR",
        "layout": asdict(shape),
        "labels": asdict(words),
        "specimen": SPECIMEN_WORDS,
        "marks": pictures,
        "general_marks": general,
        "signs": [_drawn(sign, shape, pictures) for sign in signs],
    }
    pdf = typst.Compiler(_template(), font_paths=our_fonts(), sys_inputs={"content": json.dumps(content)}).compile(
        format="pdf", timestamp=0
    )
    return cast(bytes, pdf)


def draw_parts(signs: Iterable[Sign], *, layout: str, words: SheetWords, marks: Marks | None = None) -> Iterator[bytes]:
    """Yield one PDF for each SIGNS_AT_ONCE signs, as `draw_sheets` draws them."""
    rest = iter(signs)
    while some := list(islice(rest, SIGNS_AT_ONCE)):
        yield draw_sheets(some, layout=layout, words=words, marks=marks)


def join_parts(parts: Iterable[bytes], out: Path) -> int:
    """Write the pages of the parts, in order, into one PDF at `out`, replacing it, and return how many pages.

    The file appears whole or not at all. Memory: one part and the pages so far, some 4 kB for each sign.
    """
    whole = pypdfium2.PdfDocument.new()
    try:
        for part in parts:
            document = pypdfium2.PdfDocument(part)
            whole.import_pages(document)
            document.close()
        waiting = out.with_name(out.name + ".part")
        whole.save(waiting)
        waiting.replace(out)
        return len(whole)
    finally:
        whole.close()


def _drawn(sign: Sign, shape: Layout, pictures: Mapping[str, str]) -> dict[str, str | bool | None]:
    """What the template needs of one sign; account and bank come from the payload, so that text and code agree."""
    told = decode(sign.payload)
    banks = banks_by_bin(told.bin)
    mark = f"bank-{sign.bank_code}"
    drawn: dict[str, str | bool | None] = {
        "business_name": _breakable(sign.business_name),
        "holder": _breakable(sign.holder_name),
        "bank": _breakable(sign.bank_name or (banks[0].short_name if banks else told.bin)),
        "account": told.account,
        "check_address": sign.check_address,
        "bank_mark": mark if mark in pictures else None,
        "specimen": sign.specimen,
    }
    if shape.kind == "strip":
        drawn["check_code"] = bare_svg(draw_matrix(f"https://{sign.check_address}", mask=FAST_MASK))
    else:
        drawn["code"] = bare_svg(draw_matrix(sign.payload, error_correction="Q", mask=FAST_MASK))
    return drawn


def _breakable(text: str) -> str:
    """NFC, with a place to break in words that are too long for any line."""
    words = normalize("NFC", text).split()
    pieces = ([word[i : i + LONGEST_UNBROKEN] for i in range(0, len(word), LONGEST_UNBROKEN)] for word in words)
    return " ".join("\u200b".join(piece) for piece in pieces)


def _as_svg(picture: bytes) -> str:
    """A picture wrapped as SVG, because text is what the template can be handed."""
    with Image.open(BytesIO(picture)) as opened:
        width, height, kind = opened.width, opened.height, (opened.format or "").lower()
    data = base64.b64encode(picture).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/{kind};base64,{data}"/></svg>'
    )


@cache
def _template() -> bytes:
    return files(__package__).joinpath("print_sheets.typ").read_bytes()

"""Pictures of a code: SVG and PNG of the code alone, a PNG card for a phone's gallery.

What people read beside the code (account, amount, memo) is taken from the payload itself, so that text
and code cannot disagree. Printed signs live in `merchants.print_sheets`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from io import BytesIO
from typing import Literal
from unicodedata import normalize
from xml.sax.saxutils import escape, quoteattr

import qrcode
import typst
from PIL import Image, ImageDraw, ImageFont
from qrcode import constants

from merchants.money import format_dong
from merchants.vietqr.banks import banks_by_bin
from merchants.vietqr.payload import DecodedCode, decode

SPECIMEN_WORDS = "MẪU – KHÔNG CHUYỂN TIỀN"
"""Across every picture of a code that must not be paid. Always Vietnamese: it warns whoever holds the paper."""

QUIET_ZONE = 4
"""Light modules around the code (ISO/IEC 18004)."""

_SPECIMEN_COLOURS = 16
SPECIMEN_BAND = 5
"""Height in modules of the red bands with the warning, all around outside the quiet zone."""

FAST_MASK = 3
"""A fixed mask for print runs: the search for the best of eight takes most of the time of drawing one code."""

ErrorCorrection = Literal["L", "M", "Q", "H"]

_LEVELS: Mapping[str, int] = {
    "L": constants.ERROR_CORRECT_L,
    "M": constants.ERROR_CORRECT_M,
    "Q": constants.ERROR_CORRECT_Q,
    "H": constants.ERROR_CORRECT_H,
}

_INK = "#000000"
_PAPER = "#ffffff"
_PALE_RED = "#ffc4c4"  # under dark modules: still light for a reader (luminance > 0.6)
_RED = "#c41e1e"
_GREY = "#5b6168"
_TEXT = "#1a1d21"

Matrix = Sequence[Sequence[bool]]


def draw_matrix(payload: str, *, error_correction: ErrorCorrection = "M", mask: int | None = None) -> Matrix:
    """Return the modules of the code, row by row, True = dark, without quiet zone.

    `mask` 0–7 skips the search for the best mask (about five times faster); any reader accepts any mask.
    """
    code = qrcode.QRCode(error_correction=_LEVELS[error_correction], border=0, mask_pattern=mask)
    code.add_data(payload.encode())
    code.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in code.modules)


# The code alone


def draw_svg(
    payload: str,
    *,
    title: str,
    error_correction: ErrorCorrection = "M",
    mask: int | None = None,
    specimen: bool = False,
) -> str:
    """Return the code as an SVG document of one path, scaling to any size, with `title` for screen readers.

    Presentation attributes only, so that it may stand in a page under a strict CSP.
    """
    matrix = draw_matrix(payload, error_correction=error_correction, mask=mask)
    inner = len(matrix) + 2 * QUIET_ZONE
    edge = SPECIMEN_BAND if specimen else 0
    side = inner + 2 * edge
    warning = ""
    if specimen:
        title = f"{title} – {SPECIMEN_WORDS}"
        warning = _svg_warning(side)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" aria-label={quoteattr(title)}>'
        f"<title>{escape(title)}</title>"
        f'<path fill="{_PAPER}" d="M0 0h{side}v{side}h-{side}z"/>{warning}'
        f'<path fill="{_INK}" shape-rendering="crispEdges" d="{_outline(matrix, edge + QUIET_ZONE)}"/></svg>'
    )


def _svg_warning(side: int) -> str:
    """Write the warning in a red band above and below the code, and in pale red slantwise under it."""
    middle = side / 2
    fitted = f'textLength="{side * 0.74:.1f}" lengthAdjust="spacingAndGlyphs"'
    across = "".join(
        f'<text x="{middle:g}" y="{middle + shift * side:.1f}" {fitted}>{SPECIMEN_WORDS}</text>'
        for shift in (-0.2, 0.03, 0.26)
    )
    bands = "".join(
        f'<path fill="{_RED}" d="M0 {top}h{side}v{SPECIMEN_BAND}h-{side}z"/>'
        f'<text x="{middle:g}" y="{top + SPECIMEN_BAND * 0.71:.2f}" fill="{_PAPER}" {fitted}>{SPECIMEN_WORDS}</text>'
        for top in (0, side - SPECIMEN_BAND)
    )
    return (
        f'<g font-family="sans-serif" font-weight="bold" font-size="{SPECIMEN_BAND * 0.5:g}" text-anchor="middle">'
        f'<g fill="{_PALE_RED}" transform="rotate(-30 {middle:g} {middle:g})">{across}</g>{bands}</g>'
    )


def _outline(matrix: Matrix, edge: int) -> str:
    """Write dark modules as one path, each run of a row one rectangle, `edge` modules from top and left."""
    parts: list[str] = []
    for y, row in enumerate(matrix, edge):
        x = 0
        while x < len(row):
            if row[x]:
                start = x
                while x < len(row) and row[x]:
                    x += 1
                parts.append(f"M{start + edge} {y}h{x - start}v1h-{x - start}z")
            x += 1
    return "".join(parts)


def draw_png(
    payload: str,
    *,
    module_px: int = 10,
    error_correction: ErrorCorrection = "M",
    mask: int | None = None,
    specimen: bool = False,
) -> bytes:
    """Return the code as PNG, each module `module_px` pixels wide, with its quiet zone (and warning)."""
    if not 1 <= module_px <= 100:
        raise ValueError("A module is 1 to 100 pixels wide.")
    matrix = draw_matrix(payload, error_correction=error_correction, mask=mask)
    code = _code_picture(matrix, module_px=module_px, specimen=specimen)
    if not specimen:
        return _png(code)
    edge = SPECIMEN_BAND * module_px
    picture = Image.new("RGB", (code.width + 2 * edge, code.height + 2 * edge), _PAPER)
    picture.paste(code, (edge, edge))
    pen = ImageDraw.Draw(picture)
    _draw_band(pen, top=0, width=picture.width, height=edge)
    _draw_band(pen, top=picture.height - edge, width=picture.width, height=edge)
    # ink, paper, red and what lies between: a palette of these takes a quarter of the bytes
    return _png(picture.quantize(_SPECIMEN_COLOURS, dither=Image.Dither.NONE))


def _code_picture(matrix: Matrix, *, module_px: int, specimen: bool) -> Image.Image:
    side = len(matrix) + 2 * QUIET_ZONE
    dark = Image.new("1", (side, side), 0)
    for y, row in enumerate(matrix, QUIET_ZONE):
        for x, is_dark in enumerate(row, QUIET_ZONE):
            if is_dark:
                dark.putpixel((x, y), 1)
    size = (side * module_px, side * module_px)
    dark = dark.resize(size, Image.Resampling.NEAREST)
    if not specimen:
        return Image.eval(dark.convert("L"), lambda value: 255 - value).convert("1")
    picture = Image.new("RGB", size, _PAPER)
    _write_across(picture)
    picture.paste(_INK, (0, 0), dark)
    return picture


def _write_across(picture: Image.Image) -> None:
    """Write the warning three times slantwise in pale red; what is dark is drawn over it afterwards."""
    width, height = picture.size
    reach = int((width**2 + height**2) ** 0.5)
    stamp = Image.new("L", (reach, reach), 0)
    pen = ImageDraw.Draw(stamp)
    font = _fitting_font(SPECIMEN_WORDS, bold=True, size=width // 8, width=int(width * 0.98))
    for shift in (-0.3, 0, 0.3):
        pen.text((reach / 2, reach / 2 + shift * height), SPECIMEN_WORDS, font=font, fill=255, anchor="mm")
    stamp = stamp.rotate(30, Image.Resampling.BICUBIC)
    left, top = (reach - width) // 2, (reach - height) // 2
    picture.paste(_PALE_RED, (0, 0), stamp.crop((left, top, left + width, top + height)))


# With the words around it


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLabels:
    """The fixed words of cards in the reader's language (see `labels`)."""

    scan_to_pay: str
    bank: str
    account: str
    holder: str
    amount: str
    memo: str
    any_bank_app: str
    check_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSheet:
    """What a card shows beside what the payload says itself."""

    payload: str
    business_name: str
    holder_name: str
    """As registered with the bank; shown in capitals as given, never folded."""
    bank_name: str | None = None
    """None: the short name of today's bank with the payload's BIN, or the BIN itself."""
    check_address: str | None = None
    """Where anyone can check the printed code, without https://."""
    specimen: bool = False

    def details(self) -> DecodedCode:
        """Return what the payload says; raises PayloadError rather than print a code nobody can pay."""
        return decode(self.payload)


@dataclass(frozen=True, slots=True)
class _Line:
    label: str
    value: str
    is_strong: bool


def _lines(sheet: CodeSheet, labels: SheetLabels) -> list[_Line]:
    code = sheet.details()
    banks = banks_by_bin(code.bin)
    bank = sheet.bank_name or (banks[0].short_name if banks else code.bin)
    lines = [
        _Line(labels.bank, bank, False),
        _Line(labels.account, code.account, True),
        _Line(labels.holder, sheet.holder_name, False),
    ]
    if code.amount is not None:
        lines.append(_Line(labels.amount, format_dong(code.amount), True))
    if code.memo:
        lines.append(_Line(labels.memo, code.memo, True))
    return [_Line(line.label, normalize("NFC", line.value), line.is_strong) for line in lines]


CARD_WIDTH_PX = 1080


def draw_card(sheet: CodeSheet, labels: SheetLabels, *, mask: int | None = None) -> bytes:
    """Return a PNG for the phone's gallery: the code with name, bank, account, amount and memo, 1080 px wide.

    Made to be opened from the gallery in a bank's app on the same phone, or sent to whoever pays.
    """
    lines = _lines(sheet, labels)
    margin, gap = 60, 18
    inner = CARD_WIDTH_PX - 2 * margin
    matrix = draw_matrix(sheet.payload, mask=mask)
    module_px = 840 // (len(matrix) + 2 * QUIET_ZONE)
    code = _code_picture(matrix, module_px=module_px, specimen=sheet.specimen)

    title = _wrapped(normalize("NFC", sheet.business_name), bold=True, size=56, width=inner, most_lines=2)
    title_px = sum(_line_px(font) for _, font in title)
    rows = [(_font(34, bold=False), line, _fitting_value(line, inner - 330)) for line in lines]
    row_px = 66
    band_px = 96 if sheet.specimen else 0
    height = (
        margin + band_px + title_px + 64 + gap + code.height + gap + row_px * len(rows) + 70 + band_px + margin // 2
    )

    picture = Image.new("RGB", (CARD_WIDTH_PX, height), _PAPER)
    pen = ImageDraw.Draw(picture)
    y = margin // 2
    if sheet.specimen:
        _draw_band(pen, top=y, width=CARD_WIDTH_PX, height=band_px)
        y += band_px
    y += margin // 2
    for text, font in title:
        pen.text((CARD_WIDTH_PX / 2, y), text, font=font, fill=_TEXT, anchor="ma")
        y += _line_px(font)
    y += 8
    pen.text((CARD_WIDTH_PX / 2, y), labels.scan_to_pay, font=_font(34, bold=False), fill=_GREY, anchor="ma")
    y += 56 + gap
    picture.paste(code, ((CARD_WIDTH_PX - code.width) // 2, y))
    y += code.height + gap
    for label_font, line, value_font in rows:
        pen.line((margin, y, CARD_WIDTH_PX - margin, y), fill="#e3e6ea", width=2)
        middle = y + row_px / 2
        pen.text((margin, middle), line.label, font=label_font, fill=_GREY, anchor="lm")
        value, font = value_font
        pen.text((CARD_WIDTH_PX - margin, middle), value, font=font, fill=_TEXT, anchor="rm")
        y += row_px
    pen.line((margin, y, CARD_WIDTH_PX - margin, y), fill="#e3e6ea", width=2)
    pen.text((CARD_WIDTH_PX / 2, y + 36), labels.any_bank_app, font=_font(28, bold=False), fill=_GREY, anchor="mm")
    y += 70
    if sheet.specimen:
        _draw_band(pen, top=y, width=CARD_WIDTH_PX, height=band_px)
    return _png(picture)


def _draw_band(pen: ImageDraw.ImageDraw, *, top: int, width: int, height: int) -> None:
    pen.rectangle((0, top, width, top + height - 1), fill=_RED)
    font = _fitting_font(SPECIMEN_WORDS, bold=True, size=max(1, height // 2), width=int(width * 0.94), smallest=1)
    pen.text((width / 2, top + height * 0.54), SPECIMEN_WORDS, font=font, fill=_PAPER, anchor="mm")


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG", optimize=False, compress_level=6)
    return out.getvalue()


@cache
def _font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    name = "BeVietnamPro-Bold.ttf" if bold else "BeVietnamPro-Regular.ttf"
    return ImageFont.truetype(BytesIO(files(__package__).joinpath("fonts", name).read_bytes()), size)


def _line_px(font: ImageFont.FreeTypeFont) -> int:
    ascent, descent = font.getmetrics()
    return ascent + descent


def _fitting_font(text: str, *, bold: bool, size: int, width: int, smallest: int = 16) -> ImageFont.FreeTypeFont:
    """Return the font at `size` or the largest smaller one in which `text` fits into `width` pixels."""
    font = _font(size, bold=bold)
    taken = font.getlength(text)
    if taken > width:
        font = _font(max(smallest, int(size * width / taken)), bold=bold)
    return font


def _fitting_value(line: _Line, width: int) -> tuple[str, ImageFont.FreeTypeFont]:
    font = _fitting_font(line.value, bold=line.is_strong, size=40, width=width, smallest=22)
    return _shortened(line.value, font, width), font


def _shortened(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


def _wrapped(
    text: str, *, bold: bool, size: int, width: int, most_lines: int
) -> list[tuple[str, ImageFont.FreeTypeFont]]:
    """Break `text` between words into at most `most_lines` lines; smaller, then shortened, if need be."""
    for smaller in range(size, size // 2, -4):
        font = _font(smaller, bold=bold)
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and font.getlength(longer) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        if len(lines) <= most_lines and all(font.getlength(line) <= width for line in lines):
            return [(line, font) for line in lines]
    kept = [*lines[: most_lines - 1], " ".join(lines[most_lines - 1 :])]
    return [(_shortened(line, font, width), font) for line in kept]


# For print sheets


@cache
def our_fonts() -> typst.Fonts:
    """Our two fonts for typst, loaded once; threads may share them."""
    with as_file(files(__package__).joinpath("fonts")) as folder:
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


def bare_svg(matrix: Matrix) -> str:
    """Return only the dark modules with their quiet zone: the paper is the background."""
    side = len(matrix) + 2 * QUIET_ZONE
    path = f'<path fill="{_INK}" d="{_outline(matrix, QUIET_ZONE)}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">{path}</svg>'

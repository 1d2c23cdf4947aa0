"""Names of communes, districts and provinces as words: their kinds, the short forms people write, the fold."""

import re
from dataclasses import dataclass

from merchants.folding import fold_text

_KINDS_IN_NAMES = (
    "Tỉnh ", "Thành phố ", "Thị xã ", "Thị trấn ", "Huyện ", "Quận ", "Xã ", "Phường ", "Đặc khu ",
)  # fmt: skip

# Kinds as people write them before a name, folded. Of communes and wards, and of what stands above them.
OF_COMMUNES = {("xa",), ("x",), ("phuong",), ("p",), ("f",), ("thi", "tran"), ("tt",), ("dac", "khu")}
OF_DISTRICTS = {("huyen",), ("h",), ("quan",), ("q",), ("thi", "xa"), ("tx",), ("thanh", "pho"), ("tp",)}
OF_PROVINCES = {("tinh",), ("t",), ("thanh", "pho"), ("tp",)}

# What people write for a province. Folded; only whole, at the end.
_OTHER_NAMES = {
    ("hcm",): ("ho", "chi", "minh"),
    ("tphcm",): ("ho", "chi", "minh"),
    ("sai", "gon"): ("ho", "chi", "minh"),
    ("sg",): ("ho", "chi", "minh"),
    ("hn",): ("ha", "noi"),
    ("thua", "thien", "hue"): ("hue",),
    ("vung", "tau"): ("ba", "ria", "vung", "tau"),
    ("brvt",): ("ba", "ria", "vung", "tau"),
}
_COUNTRY = (("viet", "nam"), ("vietnam",), ("vn",))

_WORD = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True)
class Word:
    """One folded word of what was typed, and where it stood: whether behind a comma (or a line), or a dash."""

    text: str
    typed: str  # in lower case, with its marks
    start: int
    after_comma: bool
    after_dash: bool


def bare_name(name: str) -> str:
    """`Xã Hợp Minh` → `Hợp Minh`; what is called by a number stays so: `Phường 1` → `1`."""
    for kind in _KINDS_IN_NAMES:
        if name.startswith(kind):
            return name[len(kind) :]
    return name


def typed_words(text: str) -> list[Word]:
    """The words of an address (NFC) as somebody typed it; digits and letters apart (`P3` is `p`, `3`), 01 is 1."""
    found: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        word = match.group().lstrip("0") or "0" if match.group().isdigit() else fold_text(match.group())
        between = text[end : match.start()]
        found.append(
            Word(
                text=word,
                typed=match.group().casefold(),
                start=match.start(),
                after_comma=bool(re.search(r"[,;\n\r]", between)),
                after_dash=bool(re.search(r"[/–-]", between)),
            )
        )
        end = match.end()
    return found


def words_of(text: str) -> tuple[str, ...]:
    """Folded words of a name or of what was typed."""
    return tuple(word.text for word in typed_words(text))


def readings_of_the_end(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The words without the country at the end; and, as a second reading, with the province's full name."""
    for country in _COUNTRY:
        if len(words) >= len(country) and words[-len(country) :] == country:
            words = words[: -len(country)]
    readings = [words]
    for short, name in _OTHER_NAMES.items():
        if words[-len(short) :] == short and words[-len(name) :] != name:
            readings.append(words[: -len(short)] + name)
    return readings

"""From what somebody types, or pastes, to the communes of today it can mean: by new name, by old name, by both.

Nothing is guessed: whatever fits is returned, and the person chooses. Pure but for the table, which is read once.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shop.address.commune_table import CommuneTable, Row, commune_table
from shop.address.commune_words import (
    OF_COMMUNES,
    OF_DISTRICTS,
    OF_PROVINCES,
    Word,
    bare_name,
    readings_of_the_end,
    typed_words,
)

LONGEST = 300  # characters of an address that are looked at
_LONGEST_NAME = 6  # words
_LEAST_LETTERS = 2  # of a name that is still being typed
_MOST_WORDS = 40


_KINDS = {
    "xa": "Xã ", "x": "Xã ", "phuong": "Phường ", "p": "Phường ", "f": "Phường ", "thi tran": "Thị trấn ",
    "tt": "Thị trấn ", "dac khu": "Đặc khu ",
}  # fmt: skip


@dataclass(frozen=True)
class FoundCommune:
    """A commune of today that fits what was typed.

    `former` is the old commune by which it was found, `former_place` its district and province as they were called;
    both empty where the new name was typed. `is_divided`: the old commune went into several, of which this is one.
    `street` is what stood before the commune's name.
    """

    code: str
    name: str
    province_code: str
    province: str
    former: str = ""
    former_place: str = ""
    is_divided: bool = False
    street: str = ""

    @property
    def short_name(self) -> str:
        """`xã Hợp Minh, Nghệ An`."""
        return f"{self.name[0].lower()}{self.name[1:]}, {bare_name(self.province)}"

    @property
    def former_name(self) -> str:
        """`Long Thành`."""
        return bare_name(self.former)

    @property
    def former_address(self) -> str:
        """What a carrier who knows the old names is told; empty where the new name was typed."""
        return f"{self.former}, {self.former_place}" if self.former else ""


@dataclass(frozen=True)
class _Fit:
    row: Row
    first: int  # word at which the commune (or its kind) begins
    kind: str  # as typed, "" without one
    typed: str  # the name with the marks that were typed
    is_whole: bool  # the name is complete, not just its beginning


def find_communes(text: str, *, near_province: str = "", most: int = 12) -> tuple[FoundCommune, ...]:
    """Communes that fit, the likeliest first: whole names before beginnings, the given province before others.

    `text` may be the beginning of a name ("long tha"), a name with district or province ("Long Thành, Yên Thành"), or
    a whole address of today or of before 2025-07-01, with or without tone marks, commas and kinds. Of what is no
    address nothing is returned. An old commune that was divided gives every part of it.
    """
    plain = unicodedata.normalize("NFC", text[:LONGEST])
    words = typed_words(plain)[:_MOST_WORDS]
    table = commune_table()
    ranked = [
        (_rank(fit, table.name_of(code), table.province_of(code) == near_province), code, fit)
        for fit in _fits(table, words)
        for code in fit.row.codes
    ]
    ranked.sort(key=lambda one: one[:2])
    once = {code: fit for _rank_of_it, code, fit in reversed(ranked)}  # of several ways to one commune the best
    likeliest = list(dict.fromkeys(code for _rank_of_it, code, _fit in ranked))[:most]
    return tuple(_found(table, code, once[code], words, plain) for code in likeliest)


def _fits(table: CommuneTable, words: Sequence[Word]) -> list[_Fit]:
    """Every reading that begins at the earliest place: it explains most of what was typed."""
    for first in range(len(words)):
        texts = tuple(word.text for word in words)
        if _is_above_a_commune(texts, first):
            continue  # "huyện Yên Thành" is no commune, though one is called so
        fits: list[_Fit] = []
        for begin in {first, *_behind_kind(texts, first, OF_COMMUNES)}:
            fits += _fits_at(table, words, texts, first, begin)
        if fits:
            return fits
    return []


def _fits_at(table: CommuneTable, words: Sequence[Word], texts: tuple[str, ...], first: int, begin: int) -> list[_Fit]:
    kind = " ".join(texts[first:begin])
    # Before the commune may stand a street; then something must say that a commune begins here: a comma, its kind,
    # or its district or province behind it.
    is_marked = first == 0 or bool(kind) or words[first].after_comma or words[first].after_dash
    found: list[_Fit] = []
    for end in range(begin + 1, min(len(texts), begin + _LONGEST_NAME) + 1):
        if end > begin + 1 and words[end - 1].after_comma:
            return found  # no name goes over a comma
        name, rest = " ".join(texts[begin:end]), texts[end:]
        if name.isdigit() and not kind:
            continue  # a house number; "phường 3" has its kind
        for row in table.called(name):
            if _explains(row, rest) if is_marked else rest and _explains(row, rest, whole=True):
                found.append(_Fit(row, first, kind, " ".join(word.typed for word in words[begin:end]), is_whole=True))
    name = " ".join(texts[begin:])
    if is_marked and len(texts) - begin <= _LONGEST_NAME and len(name) >= _LEAST_LETTERS and not name.isdigit():
        typed = " ".join(word.typed for word in words[begin:])
        found += [_Fit(row, first, kind, typed, is_whole=row.name == name) for row in table.beginning_with(name)]
    return found


def _is_above_a_commune(texts: tuple[str, ...], first: int) -> bool:
    """Whether the word before says that a district or province is named here."""
    before = {texts[max(0, first - 1) : first], texts[max(0, first - 2) : first]}
    return bool(before & (OF_DISTRICTS | OF_PROVINCES))


def _behind_kind(texts: tuple[str, ...], place: int, kinds: Iterable[tuple[str, ...]]) -> set[int]:
    ends = {place + len(kind) for kind in kinds if texts[place : place + len(kind)] == kind}
    return {end for end in ends if end < len(texts)}


def _explains(row: Row, rest: tuple[str, ...], *, whole: bool = False) -> bool:
    """Whether the words behind the commune are its district, its province, both, or (not `whole`) begin them."""
    return any(_is_place(row, reading, whole) for reading in readings_of_the_end(rest))


def _is_place(row: Row, rest: tuple[str, ...], whole: bool) -> bool:
    if (
        not rest
        or _is_one(row.districts, rest, OF_DISTRICTS, whole)
        or _is_one(row.provinces, rest, OF_PROVINCES, whole)
    ):
        return True
    for begin in {0, *_behind_kind(rest, 0, OF_DISTRICTS)}:
        for district in row.districts:
            end = begin + district.count(" ") + 1
            if " ".join(rest[begin:end]) == district and _is_one(row.provinces, rest[end:], OF_PROVINCES, whole):
                return True
    return False


def _is_one(names: Iterable[str], typed: tuple[str, ...], kinds: set[tuple[str, ...]], whole: bool) -> bool:
    """Whether what was typed is one of the names, with or without its kind, or the beginning of one."""
    for begin in {0, *_behind_kind(typed, 0, kinds)}:
        so_far = " ".join(typed[begin:])
        if any(name == so_far if whole else name.startswith(so_far) for name in names):
            return True
    return not whole and typed in kinds


def _found(table: CommuneTable, code: str, fit: _Fit, words: Sequence[Word], text: str) -> FoundCommune:
    commune, district, province = fit.row.former or ("", "", "")
    return FoundCommune(
        code=code,
        name=table.name_of(code),
        province_code=table.province_of(code),
        province=table.provinces[table.province_of(code)],
        former=commune,
        former_place=", ".join(filter(None, (district, province))),
        is_divided=len(fit.row.codes) > 1,
        street=text[: words[fit.first].start].strip(" ,;\n\r\t-–/"),
    )


def _rank(fit: _Fit, name_today: str, is_near: bool) -> tuple[bool, bool, bool, bool, bool, int]:
    """What is shown first: whole names, as they were typed, near by, of today; then as the alphabet goes."""
    name = fit.row.former[0] if fit.row.former else name_today
    return (
        not fit.is_whole,
        bool(fit.kind) and not name.startswith(_KINDS[fit.kind]),
        not bare_name(name).casefold().startswith(fit.typed),
        not is_near,
        fit.row.former is not None,
        fit.row.place,
    )

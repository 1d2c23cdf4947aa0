"""The table of communes as it lies in memory: sorted texts, no objects (4 MB in each process, once it is asked)."""

import gzip
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "communes_2025-07-01.tsv.gz"


@dataclass(frozen=True)
class Row:
    """A commune of today (`former` empty, one code) or a former one with the codes it went into.

    `districts` and `provinces` are folded names that may stand behind the commune's in an address.
    """

    place: int  # in the order of names
    name: str
    codes: tuple[str, ...]
    former: tuple[str, str, str] | None  # commune, district, province as they were called
    districts: tuple[str, ...]
    provinces: tuple[str, ...]


class CommuneTable:
    """Rows by their folded name, communes by code, provinces by code. Texts are cut apart when they are asked for."""

    def __init__(self, text: str) -> None:
        self.provinces: dict[str, str] = {}
        self._communes: dict[str, str] = {}
        self._names: list[str] = []
        self._rows: list[str] = []
        for line in text.splitlines():
            kind, key, rest = line.split("\t", 2) if line[0] != "#" else ("#", "", "")
            if kind == "N":
                self._names.append(key)
                self._rows.append(rest)
            elif kind == "C":
                self._communes[key] = rest
            elif kind == "P":
                self.provinces[key] = rest

    def province_of(self, code: str) -> str:
        """Code of the province in which the commune lies; empty for an unknown one."""
        return self._communes.get(code, "").split("\t")[0]

    def name_of(self, code: str) -> str:
        """Name of a commune of today with its kind; empty for an unknown one."""
        return self._communes.get(code, "").partition("\t")[2]

    def communes(self) -> Iterator[tuple[str, str, str]]:
        """Code, province's code and name of every commune of today."""
        for code, line in self._communes.items():
            province_code, _tab, name = line.partition("\t")
            yield code, province_code, name

    def called(self, name: str) -> Iterator[Row]:
        """Rows of exactly this folded name."""
        return self._between(bisect_left(self._names, name), bisect_right(self._names, name))

    def beginning_with(self, name: str) -> Iterator[Row]:
        """Rows whose folded name begins so, the exact ones first."""
        return self._between(bisect_left(self._names, name), bisect_left(self._names, name + "\uffff"))

    def _between(self, first: int, end: int) -> Iterator[Row]:
        for place in range(first, end):
            codes, commune, district, province, districts, provinces = self._rows[place].split("\t")
            yield Row(
                place=place,
                name=self._names[place],
                codes=tuple(codes.split(",")),
                former=(commune, district, province) if commune else None,
                districts=tuple(filter(None, districts.split("|"))),
                provinces=tuple(provinces.split("|")),
            )


@cache
def commune_table() -> CommuneTable:
    """The table, read once in each process, when it is first asked for."""
    return CommuneTable(gzip.decompress(TABLE.read_bytes()).decode())

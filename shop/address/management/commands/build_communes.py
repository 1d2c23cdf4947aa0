"""Makes data/communes_2025-07-01.tsv.gz anew from the data of the PyPI package vietnamadminunits (see README.md)."""

import gzip
import json
import sqlite3
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.address.commune_table import TABLE
from shop.address.commune_words import bare_name, words_of

HEAD = """\
# Communes and provinces of Viet Nam since 2025-07-01, and into which of them the former communes went.
# From the data of vietnamadminunits 1.0.4 (PyPI, MIT licence, (c) 2025 Tran Ngoc Minh Hieu), made 2026-11-24.
# P code name | C code province name
# N folded name | code(s) | name, district, province of a former commune | folded districts | folded provinces
# N is sorted and holds each name that is looked for, of today and of then, with the places of both times behind it.
"""

# Former communes that the package gives to one heir too few, by their codes of then: the state's table of conversion
# (as vietnam-provinces 2026.9.0 carries it, compared 2026-11-24) has these besides. Nothing else is missing.
ALSO_WENT_INTO = {"00553": ("00562",), "09013": ("09817",), "01615": ("01648",), "02485": ("02494",)}


class Command(BaseCommand):
    help = "Make the table of communes anew from a folder vietnamadminunits/data (install it outside of this project)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="…/site-packages/vietnamadminunits/data")
        parser.add_argument("--out", type=Path, default=TABLE)

    def handle(self, *_args: Any, folder: Path, out: Path, **_options: Any) -> None:
        for name in ("dataset.db", "converter_2025.json"):
            if not (folder / name).is_file():
                raise CommandError(f"{folder / name} is missing.")
        lines = table_lines(folder)
        out.write_bytes(gzip.compress((HEAD + "\n".join(lines) + "\n").encode(), mtime=0))
        self.stdout.write(f"{len(lines)} rows in {out}")


def table_lines(folder: Path) -> list[str]:
    """The rows of the table, in an order that does not change."""
    with sqlite3.connect(f"file:{folder / 'dataset.db'}?mode=ro", uri=True) as data:
        data.row_factory = sqlite3.Row
        today = data.execute("select * from admin_units").fetchall()
        former = data.execute("select * from admin_units_legacy").fetchall()
    codes = {(row["provinceKey"], row["wardKey"]): row["wardCode"] for row in today}
    went_into = _went_into(json.loads((folder / "converter_2025.json").read_text()), codes, former)
    provinces = {row["provinceCode"]: row["province"].removeprefix("Tỉnh ") for row in today}
    return [
        *(f"P\t{code}\t{provinces[code]}" for code in sorted(provinces)),
        *sorted(f"C\t{row['wardCode']}\t{row['provinceCode']}\t{row['ward']}" for row in today),
        *_name_lines(today, former, {_key(row): went_into[_key(row)] for row in former}),
    ]


def _name_lines(today: list[sqlite3.Row], former: list[sqlite3.Row], went_into: Mapping[str, set[str]]) -> list[str]:
    todays_province = {row["wardCode"]: _folded(row["province"]) for row in today}
    districts: dict[str, set[str]] = defaultdict(set)
    provinces: dict[str, set[str]] = defaultdict(set)
    rows: list[list[str]] = []
    for row in former:
        # Five island districts had no communes: there the district itself went over.
        name, district = (row["ward"], row["district"]) if row["ward"] else (row["district"], "")
        codes = sorted(went_into[_key(row)] | set(ALSO_WENT_INTO.get(row["wardCode"], ())))
        behind = {_folded(row["province"]), *(todays_province[code] for code in codes)}
        rows.append(
            [_folded(name), ",".join(codes), name, district, row["provinceShort"], _folded(district), _joined(behind)]
        )
        for code in codes:
            districts[code].add(_folded(district))
            provinces[code].add(_folded(row["province"]))
    for row in today:
        code = row["wardCode"]
        behind = provinces[code] | {todays_province[code]}
        rows.append([_folded(row["ward"]), code, "", "", "", _joined(districts[code]), _joined(behind)])
    return ["\t".join(["N", *row]) for row in sorted(rows)]


def _folded(name: str) -> str:
    return " ".join(words_of(bare_name(name)))


def _joined(names: set[str]) -> str:
    return "|".join(sorted(names - {""}))


def _key(row: sqlite3.Row) -> str:
    return f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"


def _went_into(
    converter: Mapping[str, Any], codes: Mapping[tuple[str, str], str], former: list[sqlite3.Row]
) -> dict[str, set[str]]:
    """Codes of today by the key of each former commune."""
    found: dict[str, set[str]] = defaultdict(set)
    for province, wholes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, keys in wholes.items():
            for key in keys:
                found[key].add(codes[province, commune])
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        main = {key: codes[province, part["newWardKey"]] for key, parts in divided.items() for part in parts
                if part["isDefaultNewWard"]}  # fmt: skip
        for key, parts in divided.items():
            name = key.rsplit("_", 1)[1]
            # The package mixes up communes of one name whose provinces were merged: each is then given the other's
            # heir as well. What is the main heir of the namesake is not this one's.
            namesakes = {code for other, code in main.items() if other != key and other.rsplit("_", 1)[1] == name}
            own = {codes[province, part["newWardKey"]] for part in parts}
            found[key] = {code for code in own if code not in namesakes or code == main.get(key)} or own
    return found

"""The banks and wallets a VietQR can point to, from `banks.json`. Pure; keyed by code.

Not keyed by BIN: a bank that took over another keeps its BIN, so two codes may share one (970414
OceanBank and MBV). The table is data with source and date inside; correct it there.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from merchants.folding import fold_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """One bank, branch of a foreign bank, or wallet."""

    code: str
    bin: str
    short_name: str
    name: str
    aliases: tuple[str, ...]
    is_bank: bool
    """False for wallets and finance companies."""
    sends_vietqr: bool
    """Whether its own app can pay a VietQR; all of them can receive."""
    successor: str | None
    """Code of the bank that took it over; such a bank is offered to nobody, only recognised."""


@cache
def all_banks() -> Mapping[str, Bank]:
    """Return every bank by code, in the order of short names, those taken over included."""
    table = json.loads(files(__package__).joinpath("banks.json").read_text(encoding="utf-8"))
    banks = (Bank(**{**row, "aliases": tuple(row["aliases"])}) for row in table["banks"])
    return MappingProxyType({bank.code: bank for bank in banks})


def current_banks() -> tuple[Bank, ...]:
    """Return the banks to offer in a form: all but those taken over by another."""
    return tuple(bank for bank in all_banks().values() if bank.successor is None)


def bank_by_code(code: str) -> Bank | None:
    """Return the bank with this code in any case of letters, None when there is none."""
    return all_banks().get(code.strip().upper())


@cache
def _banks_by_bin() -> Mapping[str, tuple[Bank, ...]]:
    found: dict[str, list[Bank]] = {}
    for bank in sorted(all_banks().values(), key=lambda bank: bank.successor is not None):
        found.setdefault(bank.bin, []).append(bank)
    return {bin: tuple(banks) for bin, banks in found.items()}


def banks_by_bin(bin: str) -> tuple[Bank, ...]:
    """Return the banks with this BIN, today's first; empty for a BIN not in the table."""
    return _banks_by_bin().get(bin, ())


_PREFIXES = re.compile(r"^(?:ngan hang|nh)\s+(?:(?:tmcp|tnhh|mtv|thuong mai|co phan|so)\s+)*")


def _words(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold_text(text)).split())


@cache
def _keys() -> Mapping[str, tuple[Bank, ...]]:
    """Every way to write a bank, without marks and spaces, → banks, today's first."""
    found: dict[str, list[Bank]] = {}
    for bank in sorted(all_banks().values(), key=lambda bank: bank.successor is not None):
        for text in (bank.code, bank.bin, bank.short_name, bank.name, *bank.aliases):
            for words in {_words(text), _PREFIXES.sub("", _words(text))}:
                banks = found.setdefault(words.replace(" ", ""), [])
                if bank not in banks:
                    banks.append(bank)
    return {key: tuple(banks) for key, banks in found.items()}


def find_banks(text: str) -> tuple[Bank, ...]:
    """Return the banks that a person may mean by `text`: code, BIN, short or full name, alias.

    Marks, case, spaces and "Ngân hàng TMCP" do not matter; words after the name (a branch) neither.
    More than one answer means that the person must choose. Empty for unknown or empty text.
    """
    words = _words(text[:200])
    for candidate in (words, _PREFIXES.sub("", words)):
        banks = _keys().get(candidate.replace(" ", ""))
        if candidate and banks:
            return banks
        # "Agribank CN Hợp Minh": the longest beginning that is a bank
        parts = candidate.split()
        for length in range(len(parts) - 1, 0, -1):
            banks = _keys().get("".join(parts[:length]))
            if banks:
                return banks
    return ()

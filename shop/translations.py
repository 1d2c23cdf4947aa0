"""Reading, checking and compiling our message catalogues in Python alone: no xgettext, no msgfmt needed.

`manage.py translations` is the command over it; the tests compile and check through it.
"""

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as BabelMessage
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PROJECT_ROOT = Path(__file__).resolve().parents[1]
LOCALE = PROJECT_ROOT / "shop" / "locale"
LIBRARY_LOCALE = PROJECT_ROOT / "shop" / "library_locale"  # kept by hand: their message ids are not in our sources
LANGUAGES = ("vi", "en")
PACKAGES = ("merchants", "catalogue", "shop", "cms")
# function name → which arguments are (context, singular, plural), as Babel wants them
KEYWORDS: dict[str, tuple[Any, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HEADER_LINES_DROPPED = (
    '"POT-Creation-Date',
    '"PO-Revision-Date',
    '"Generated-By',
    '"Report-Msgid-Bugs-To',
    '"Last-Translator',
    '"Language-Team',
    "# Copyright",
    "# This file is distributed",
    "# FIRST AUTHOR",
)


@dataclass(frozen=True)
class Message:
    """One message id as it stands in the sources."""

    id: str
    plural: str
    context: str
    place: str


def catalogue_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _read(language: str) -> Catalog:
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as handle:
        return read_po(handle, locale=language)


def _messages_of(source: str, place: str) -> list[Message]:
    found: list[Message] = []
    extracted = extract_python(BytesIO(source.encode()), KEYWORDS, [], {"encoding": "utf-8"})
    for line, function, arguments, _comments in extracted:
        strings = list(arguments) if isinstance(arguments, (tuple, list)) else [arguments]
        context = ""
        name = str(function)
        if name in {"pgettext", "pgettext_lazy", "npgettext"}:
            context, strings = strings[0] or "", strings[1:]
        if not strings or not strings[0]:
            continue
        plural = strings[1] if name.startswith(("ng", "np")) and len(strings) > 1 and strings[1] else ""
        found.append(Message(id=strings[0], plural=plural, context=context, place=f"{place}:{line}"))
    return found


def messages_in_sources() -> list[Message]:
    """Every message id in our Python files and templates, in the order of the files."""
    found: list[Message] = []
    for package in PACKAGES:
        for path in sorted((PROJECT_ROOT / package).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            found += _messages_of(path.read_text(encoding="utf-8"), path.relative_to(PROJECT_ROOT).as_posix())
    for path in sorted((PROJECT_ROOT / "templates").rglob("*.*")):
        if path.suffix not in {".html", ".txt", ".xml", ".svg"}:
            continue
        place = path.relative_to(PROJECT_ROOT).as_posix()
        # What templatize leaves between the calls is X and blanks; without indentation it reads as Python.
        code = re.sub(r"^[ \t]+", "", templatize(path.read_text(encoding="utf-8"), origin=place), flags=re.MULTILINE)
        found += _messages_of(code, place)
    return found


def _strings_of(entry: BabelMessage) -> list[str]:
    """The translation, one per plural form; an empty one counts as missing."""
    return [entry.string] if isinstance(entry.string, str) else list(entry.string or [""])


def untranslated(language: str) -> list[Message]:
    """Messages of the sources that lack a translation (or are marked fuzzy); English is its own message id."""
    if language == "en":
        return []
    catalogue = _read(language)
    missing = []
    for message in messages_in_sources():
        entry = catalogue.get(message.id, message.context or None)
        if entry is None or entry.fuzzy or not all(_strings_of(entry)):
            missing.append(message)
    return missing


def update_catalogues() -> dict[str, int]:
    """Add what the sources have, drop what they lost, order by place; returns the missing count per language."""
    messages = messages_in_sources()
    for language in LANGUAGES:
        old = _read(language)
        new = Catalog(
            locale=language,
            charset="utf-8",
            project="OCOP",
            version="1",
            copyright_holder="",
            fuzzy=False,
            language_team="",
            last_translator="",
        )
        for message in messages:
            key: str | tuple[str, str] = (message.id, message.plural) if message.plural else message.id
            known = old.get(message.id, message.context or None)
            strings = _strings_of(known) if known is not None and not known.fuzzy else [""]
            string: str | tuple[str, ...] = strings[0]
            if message.plural:
                string = tuple(strings) if len(strings) == new.num_plurals else ("",) * new.num_plurals
            flags = ["python-format"] if "%(" in message.id else []
            path, _, _line = message.place.partition(":")
            new.add(key, string, context=message.context or None, locations=[(path, 0)], flags=flags)
        target = catalogue_path(language)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as handle:
            write_po(handle, new, width=118, omit_header=False, sort_by_file=True, include_lineno=False)
        _drop_header_lines(target)
    return {language: len(untranslated(language)) for language in LANGUAGES}


def _drop_header_lines(path: Path) -> None:
    """Header lines that change at every run would make every commit conflict; the others are empty forms."""
    kept = [
        line
        for line in path.read_text(encoding="utf-8").splitlines(keepends=True)
        if not line.startswith(HEADER_LINES_DROPPED)
    ]
    path.write_text("".join(kept), encoding="utf-8")


def _say_message_ids(catalogue: Catalog) -> None:
    """Give English entries without a text their message id, or an English of Oscar's ("Cart") would be said instead."""
    for entry in catalogue:
        if entry.id and not any(_strings_of(entry)):
            entry.string = entry.id


def compile_catalogues() -> list[Path]:
    """Write a .mo beside each .po that is newer; returns the written ones. Safe when several processes do it."""
    written = []
    for source in sorted([*LOCALE.glob("*/LC_MESSAGES/*.po"), *LIBRARY_LOCALE.glob("*/LC_MESSAGES/*.po")]):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as handle:
            catalogue = read_po(handle, locale=source.parts[-3])
        if source.parts[-3] == "en":
            _say_message_ids(catalogue)
        half_written = target.with_suffix(f".mo.{id(catalogue)}")
        with half_written.open("wb") as handle:
            write_mo(handle, catalogue)
        half_written.replace(target)
        written.append(target)
    return written

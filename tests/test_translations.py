"""Every text a person reads has its Vietnamese, with the same placeholders; English is the message id itself."""

import re
from collections import Counter

import pytest
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation import gettext, ngettext, npgettext, pgettext

from shop.translations import (
    LANGUAGES,
    LIBRARY_LOCALE,
    catalogue_path,
    messages_in_sources,
    untranslated,
)

PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?([a-zA-Z])|(?<!%)%([sd])|\{(\w*)\}")
PO_FILES = [*(catalogue_path(language) for language in LANGUAGES), *sorted(LIBRARY_LOCALE.glob("*/LC_MESSAGES/*.po"))]


def _placeholders(text: str) -> set[tuple[str, ...]]:
    return {tuple(part for part in found) for found in PLACEHOLDER.findall(text)}


def test_nothing_is_without_vietnamese() -> None:
    assert [f"{message.place}: {message.id}" for message in untranslated("vi")] == []


@pytest.mark.parametrize("path", PO_FILES, ids=lambda path: f"{path.parts[-4]}-{path.parts[-3]}")
def test_translations_carry_the_placeholders_of_their_message_and_none_is_fuzzy(path) -> None:
    with path.open("rb") as handle:
        catalogue = read_po(handle, locale=path.parts[-3], abort_invalid=True)
    wrong = []
    for entry in catalogue:
        ids = [entry.id] if isinstance(entry.id, str) else list(entry.id)
        strings = [entry.string] if isinstance(entry.string, str) else list(entry.string)
        if not ids[0]:
            continue
        # the last of one or two English forms names the count, which a "one" form may leave out
        asked = _placeholders(ids[-1])
        wrong += [f"{ids[0]!r}: {said!r}" for said in strings if said and _placeholders(said) != asked]
        wrong += [f"{ids[0]!r} is fuzzy"] if entry.fuzzy else []
    assert wrong == []


@pytest.mark.parametrize("path", PO_FILES, ids=lambda path: f"{path.parts[-4]}-{path.parts[-3]}")
def test_a_catalogue_says_each_message_once(path) -> None:
    """Branches are merged line by line; an entry that came in twice would hide one of its two texts."""
    with path.open("rb") as handle:
        catalogue = read_po(handle, locale=path.parts[-3], abort_invalid=True)
    lines = Counter(line.split()[0] for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    assert lines["msgid"] == len([entry for entry in catalogue if entry.id]) + 1  # the header's is empty


def test_english_pages_say_the_message_id_and_not_the_english_of_a_library() -> None:
    other = {}
    with translation.override("en"):
        for message in messages_in_sources():
            expected = message.plural or message.id
            if message.context and message.plural:
                said = npgettext(message.context, message.id, message.plural, 2)
            elif message.context:
                said = pgettext(message.context, message.id)
            elif message.plural:
                said = ngettext(message.id, message.plural, 2)
            else:
                said = gettext(message.id)
            if said != expected:
                other[expected] = said
    assert other == {}, "run manage.py translations --update"

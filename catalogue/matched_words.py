"""Where in a text the words of a search stand, so that a page can mark them and say why something was found. Pure."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from catalogue.search import WordQuery
from catalogue.words import WORD, Phrase
from merchants.folding import fold_text

SNIPPET_LETTERS = 64
LETTERS_BEFORE = 24  # of a snippet before the first word that was looked for


@dataclass(frozen=True)
class Found:
    """Where one term stands: letters from `start` to before `end`."""

    term: int
    start: int
    end: int


# Names of goods, sellers and places say the same few thousand words again and again.
_folded = lru_cache(maxsize=8_192)(fold_text)


def find_in(text: str, query: WordQuery) -> list[Found]:
    """Return every place of every term in the text, in the order of the text. The text must be composed (NFC)."""
    hits = list(WORD.finditer(text))
    words = [_folded(hit.group()) for hit in hits]
    found = [
        Found(number, hits[first].start(), hits[first + len(phrase) - 1].end())
        for number, term in enumerate(query.terms)
        for place, phrase in enumerate(term.phrases)
        for first in _places_of(phrase, words, is_prefix=term.is_prefix and place == 0)
    ]
    return sorted(found, key=lambda hit: (hit.start, -hit.end)) if len(found) > 1 else found


def _places_of(phrase: Phrase, words: list[str], *, is_prefix: bool) -> list[int]:
    """The numbers of the words at which the phrase begins; as a prefix its last word may go on."""
    *whole, last = phrase
    before = len(whole)
    ends = [place for place, word in enumerate(words) if (word.startswith(last) if is_prefix else word == last)]
    if not before:
        return ends
    return [end - before for end in ends if end >= before and words[end - before : end] == whole]


def terms_in(text: str, query: WordQuery) -> frozenset[int]:
    """Return the numbers of the terms that the text has."""
    return frozenset(hit.term for hit in find_in(unicodedata.normalize("NFC", text), query))


def split_at_words(text: str, query: WordQuery) -> Iterator[tuple[str, bool]]:
    """Yield the text in pieces, each with whether it was looked for; together they are the text, composed."""
    text = unicodedata.normalize("NFC", text)
    done = 0
    for hit in find_in(text, query):
        if hit.end <= done:
            continue
        start = max(hit.start, done)
        if start > done:
            yield text[done:start], False
        yield text[start : hit.end], True
        done = hit.end
    if done < len(text):
        yield text[done:], False


def snippet_of(text: str, query: WordQuery, *, terms: frozenset[int]) -> str:
    """Return the piece of the text around the first of these terms, cut at words: “… chấm tương bần là …”.

    Empty where the text has none of them.
    """
    text = " ".join(unicodedata.normalize("NFC", text).split())
    hit = next((hit for hit in find_in(text, query) if hit.term in terms), None)
    if hit is None:
        return ""
    start, end = max(0, hit.start - LETTERS_BEFORE), max(hit.end, hit.start - LETTERS_BEFORE + SNIPPET_LETTERS)
    if hit.end <= SNIPPET_LETTERS - LETTERS_BEFORE:  # near the beginning: begin there
        start, end = 0, max(hit.end, SNIPPET_LETTERS)
    if start > 0:
        blank = text.find(" ", start - 1, hit.start)
        start = blank + 1 if blank >= 0 else hit.start
    if end < len(text):
        blank = text.rfind(" ", hit.end, end + 1)
        end = blank if blank >= 0 else hit.end
    piece = text[start:end].strip(" ,;:.–-")
    return f"{'… ' if start > 0 else ''}{piece}{' …' if end < len(text) else ''}"

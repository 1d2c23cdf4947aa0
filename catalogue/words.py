"""What a word is to the search: letters and digits, compared without case and tone marks. Pure."""

import re
import unicodedata

from merchants.folding import fold_text

WORD = re.compile(r"[^\W_]+")

Phrase = tuple[str, ...]  # folded words that follow each other


def search_words(text: str) -> str:
    """Return the words of the text, folded, one blank between; punctuation and symbols are gone."""
    return " ".join(WORD.findall(fold_text(text)))


def spelled_words(text: str) -> str:
    """The same with tone marks kept, lower-cased: tells “cá” from “cà” where one took the trouble to type it."""
    return " ".join(WORD.findall(unicodedata.normalize("NFC", text.casefold())))

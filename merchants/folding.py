"""One fold for comparing and searching Vietnamese text, one key for sorting names, one slug."""

import re
import unicodedata

# Order of the Vietnamese alphabet; f, j, w, z take their usual places for foreign names.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: index for index, letter in enumerate(_ALPHABET)}
# ngang, huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries
_TONE_RANK = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPE_MARKS = {"\u0306", "\u0302", "\u031b"}  # breve, circumflex, horn belong to the letter, not to the tone


def fold_text(text: str) -> str:
    """Return text lower-cased, without tone marks, đ as d, white space collapsed; pure.

    `fold_text("Tương Nam Đàn") == "tuong nam dan"`, whether the input is composed or decomposed.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.split())


def fold_holder_name(text: str) -> str:
    """Return an account holder's name as banks write it: capitals without marks, nothing else but . , & - ( ) / '.

    `fold_holder_name("Hộ kinh doanh Đỗ Thị Bé") == "HO KINH DOANH DO THI BE"`. Empty when no letter is left.
    """
    plain = re.sub(r"[^A-Z0-9 .,&()/'-]+", " ", fold_text(text).upper())
    return " ".join(plain.split()) if re.search(r"[A-Z]", plain) else ""


def slugify_vietnamese(text: str, *_args: object, **_kwargs: object) -> str:
    """Return an ASCII slug of at most 80 characters; empty text gives "-"-free "x" so that URLs stay valid."""
    slug = re.sub(r"[^a-z0-9]+", "-", fold_text(text)).strip("-")[:80].strip("-")
    return slug or "x"


def sort_key(text: str) -> str:
    """Return a string whose plain comparison orders names as a Vietnamese dictionary does.

    Letters decide first, tones break ties. At most 240 characters, ASCII only, so that every database
    collation orders it alike.
    """
    letters: list[str] = []
    tones: list[str] = []
    composed = unicodedata.normalize("NFC", " ".join(text.casefold().split()))
    for char in composed:
        if char == " ":
            letters.append("  ")
            continue
        base, tone, shape = char, 0, ""
        for mark in unicodedata.normalize("NFD", char):
            if mark in _TONE_RANK:
                tone = _TONE_RANK[mark]
            elif mark in _SHAPE_MARKS:
                shape = mark
            elif not unicodedata.combining(mark):
                base = mark
        letter = unicodedata.normalize("NFC", base + shape)
        if letter in _LETTER_RANK:
            letters.append(f"{_LETTER_RANK[letter] + 40:02d}")
        elif letter.isdigit():
            letters.append(f"{20 + unicodedata.digit(letter, 0):02d}")
        else:
            letters.append("10")
        tones.append(str(tone))
    return "".join(letters)[:180] + "!" + "".join(tones)[:59]

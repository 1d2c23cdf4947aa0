"""What a person typed outside of a form field: cut, trimmed, without characters that no keyboard makes.

Of all that is sent by a form, `shop.plain_text` has dropped the letters that turn the line before a view reads it.
"""

import re
import unicodedata

from django.http import HttpRequest, QueryDict

# Unseen letters that turn the direction of what follows: a name could then show another sum than the one beside it.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def drop_turning(text: str) -> str:
    """Return text without letters that turn the line; joined emoji and all writing systems stay. Pure."""
    return _TURNING.sub("", text)


def typed_in(request: HttpRequest) -> QueryDict | None:
    """What a form is to show as typed: what was sent, or what was kept while the person had to sign in again.

    None on a fresh page. Only for showing: a view acts on POST alone. What was kept is handed out once.
    """
    if request.method == "POST":
        return request.POST
    take = getattr(request, "take_typed", None)  # shop.users.kept_form
    kept: QueryDict | None = take() if take is not None else None
    return kept


def clean_line(text: str, *, longest: int = 80) -> str:
    """Return one line of at most that many characters, NFC, without control characters.

    PostgreSQL refuses a NUL in any text; Django's form fields check for it, raw query parameters do not.
    """
    plain = "".join(char for char in drop_turning(text[: longest * 2]) if unicodedata.category(char) != "Cc")
    return unicodedata.normalize("NFC", plain).strip()[:longest]


def clean_paragraphs(text: str, *, longest: int) -> str:
    """Return a text of several lines of at most that many characters, NFC, without other control characters.

    However the browser ends lines, they end alike here; several empty lines become one.
    """
    lines = text[: longest * 2].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    plain = ["".join(char for char in line if unicodedata.category(char) != "Cc").rstrip() for line in lines]
    kept = [line for number, line in enumerate(plain) if line or (number and plain[number - 1])]
    return unicodedata.normalize("NFC", "\n".join(kept)).strip()[:longest]

"""What a person typed outside of a form field: cut, trimmed, without characters that no keyboard makes."""

import unicodedata


def clean_line(text: str, *, longest: int = 80) -> str:
    """Return one line of at most that many characters, NFC, without control characters.

    PostgreSQL refuses a NUL in any text; Django's form fields check for it, raw query parameters do not.
    """
    plain = "".join(char for char in text[: longest * 2] if unicodedata.category(char) != "Cc")
    return unicodedata.normalize("NFC", plain).strip()[:longest]

"""The order number, which is also the reference a buyer's bank sends: OC + 6 base-32 characters + check character.

Nine letters and digits (payOS allows nine, domain B8); no I, L, O, U, which people misread or mistype.
"""

import re
import secrets
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
_VALUE = {char: index for index, char in enumerate(ALPHABET)}
PREFIX = "OC"
LENGTH = 9
_CANDIDATE = re.compile(r"(?=OC([0-9A-Z]{7}))")
_LOOKALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


@dataclass(frozen=True)
class TransferReference:
    """A reference whose check character is right; `number` equals Order.number."""

    number: str


def check_character(body: str) -> str:
    """Weighted sum modulo 31 over up to six characters; complaint numbers use it too.

    Weights 1 to 6 and a prime modulus find every single wrong character but the pair 0/Z (both 0 modulo 31),
    and every swap of two characters that differ modulo 31.
    """
    return ALPHABET[sum((index + 1) * _VALUE[char] for index, char in enumerate(body)) % 31]


def new_reference() -> str:
    """Return a fresh reference; a billion possibilities, uniqueness is the database's to keep (Order.number)."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(6))
    return PREFIX + body + check_character(body)


def is_reference(text: str) -> bool:
    """Whether text is exactly one well-formed reference."""
    body, check = text[2:8], text[8:]
    return (
        len(text) == LENGTH
        and text.startswith(PREFIX)
        and all(char in _VALUE for char in body)
        and check == check_character(body)
    )


def find_references(bank_text: str) -> list[TransferReference]:
    """Find every reference in the free text of a bank transfer, each once, in order; pure.

    Banks drop dashes, change case and insert spaces or their own codes around it; people type O for 0 and
    I or L for 1. Only candidates with a right check character count.
    """
    squeezed = re.sub(r"[^0-9A-Z]", "", bank_text[:2_000].upper())
    found: list[TransferReference] = []
    for match in _CANDIDATE.finditer(squeezed):
        reference = PREFIX + match.group(1).translate(_LOOKALIKE)
        if is_reference(reference) and TransferReference(reference) not in found:
            found.append(TransferReference(reference))
    return found


def find_reference(bank_text: str) -> TransferReference | None:
    """Return the one reference in the text; None when nothing, or more than one, has a right check character."""
    found = find_references(bank_text)
    return found[0] if len(found) == 1 else None

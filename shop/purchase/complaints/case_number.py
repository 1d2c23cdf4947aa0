"""The number of a complaint, to be read out on the phone: KN + 5 base-32 characters + check character."""

import re
import secrets

from shop.order.reference import ALPHABET, check_character

PREFIX = "KN"
LENGTH = 8
_LOOKALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_case_number() -> str:
    """Return a fresh number; 33 million possibilities, uniqueness is the database's to keep (Complaint.number)."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(5))
    return PREFIX + body + check_character(body)


def read_case_number(typed: str) -> str:
    """Return the number as it is kept; empty when what was typed is none. "kn 4f7-q2x1" is understood. Pure."""
    squeezed = re.sub(r"[^0-9A-Z]", "", typed[:40].upper())
    number = PREFIX + squeezed.removeprefix(PREFIX).translate(_LOOKALIKE)
    body, check = number[2:7], number[7:]
    is_one = len(number) == LENGTH and all(char in ALPHABET for char in body) and check == check_character(body)
    return number if is_one else ""

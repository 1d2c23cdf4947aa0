"""Making a transfer memo that every bank passes on unchanged. Pure."""

import re
import unicodedata

from merchants.vietqr.payload import MAX_MEMO_CHARACTERS

_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9 ]+", re.ASCII)
_BARRED_D = str.maketrans("đĐ", "dD")


def fold_characters(text: str) -> str:
    """Fold to letters without marks, digits and single spaces: "Tương nếp, 2 hũ" → "Tuong nep 2 hu".

    Other characters fall away; white space of any kind becomes one space. Not cut. May be applied twice.
    VietQR.vn and the banks want memos "không dấu" without special characters (domain A4, 2026-11-23).
    """
    decomposed = unicodedata.normalize("NFKD", text).translate(_BARRED_D)
    spaced = " ".join(decomposed.split())
    return " ".join(_NOT_ALLOWED.sub("", spaced).split())


def fold_memo(text: str, reference: str | None = None) -> str:
    """Return a memo of at most 25 allowed characters; with `reference`, one that begins with it, whole.

    The reference goes first because payers' apps and banks cut at the end. Where the text already
    names it, it is moved, not doubled. The rest is cut to what fits. May be applied twice.
    Raises ValueError for a reference that is not 1–25 letters and digits: cutting or folding it
    would make the transfer unfindable.
    """
    folded = fold_characters(text)
    if reference is None:
        return folded[:MAX_MEMO_CHARACTERS].rstrip()
    if not re.fullmatch(r"[A-Za-z0-9]{1,25}", reference, re.ASCII):
        raise ValueError("A transfer reference is 1 to 25 letters and digits.")
    rest = re.sub(re.escape(reference), " ", folded, flags=re.IGNORECASE)
    return " ".join([reference, *rest.split()])[:MAX_MEMO_CHARACTERS].rstrip()


_OUR_REFERENCE = re.compile(r"\bOC[0-9A-Z]{7}\b", re.ASCII)


def shorten_memo(text: str) -> str:
    """Fold a whole memo and cut it to 25; an order reference in it (OC and seven more) is never cut.

    A reference that would be cut moves to the front. Text that fits stays in its order. May be applied twice.
    """
    folded = fold_characters(text)
    reference = _OUR_REFERENCE.search(folded)
    if len(folded) > MAX_MEMO_CHARACTERS and reference and reference.end() > MAX_MEMO_CHARACTERS:
        return fold_memo(folded, reference.group())
    return folded[:MAX_MEMO_CHARACTERS].rstrip()

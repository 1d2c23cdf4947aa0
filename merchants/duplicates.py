"""Whether a business may be on the register already: the same numbers, or a similar name close by. Reads only."""

import re
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

from django.db.models import Q
from django.utils.translation import gettext as _

from merchants.folding import fold_text
from merchants.models import BankAccount, Commune, Merchant
from merchants.sealed_text import keyed_hash

NEAR_DEGREES = Decimal("0.0006")  # some 65 m: a phone between houses is no better
SIMILAR = 0.82
MOST_SHOWN = 5
MOST_COMPARED = 2_000
# Words that every second business has in its name.
_COMMON = re.compile(
    r"\b(?:ho kinh doanh|hkd|co so|cua hang|tap hoa|dai ly|quan|hop tac xa|htx|to hop tac|cong ty|tnhh|san xuat)\b"
)


@dataclass(frozen=True)
class Likeness:
    """A business of the commune that may be the same, and why."""

    merchant: Merchant
    reasons: tuple[str, ...]


def find_possible_duplicates(
    *,
    commune: Commune,
    name: str,
    village_id: int | None = None,
    phone: str = "",
    tax_code: str = "",
    position: tuple[Decimal, Decimal] | None = None,
    leave_out: int | None = None,
) -> list[Likeness]:
    """Businesses of the commune that may be this one, the surest first, at most five; one query.

    `position` is latitude and longitude. `leave_out`: the business itself, when it is corrected.
    """
    tax_hash = keyed_hash(tax_code, purpose="tax_code") if tax_code else ""
    is_near = Q(pk=None)
    if position is not None:
        latitude, longitude = position
        is_near = Q(
            latitude__range=(latitude - NEAR_DEGREES, latitude + NEAR_DEGREES),
            longitude__range=(longitude - NEAR_DEGREES, longitude + NEAR_DEGREES),
        )
    # without a village any name of the commune may be meant
    candidates = Q()
    if village_id is not None:
        candidates = Q(village_id=village_id) | Q(village=None) | Q(folded_name=fold_text(name)) | is_near
        if phone:
            candidates |= Q(phone=phone)
        if tax_hash:
            candidates |= Q(tax_code_hash=tax_hash)
    found = Merchant.objects.filter(candidates, commune=commune).exclude(pk=leave_out or 0)
    ranked: list[tuple[int, Likeness]] = []
    for merchant in found.select_related("village__former_commune")[:MOST_COMPARED]:
        reasons = []
        rank = 0
        if tax_hash and merchant.tax_code_hash == tax_hash:
            reasons.append(_("the same tax code"))
            rank += 4
        if phone and merchant.phone == phone:
            reasons.append(_("the same phone"))
            rank += 2
        if name_likeness(name, merchant.name) >= SIMILAR:
            close = position is not None and _is_close(merchant, position)
            if close or merchant.village_id in {village_id, None} or village_id is None:
                reasons.append(_("a similar name close by") if close else _("a similar name"))
                rank += 3 if close else 2
        if reasons:
            ranked.append((rank, Likeness(merchant, tuple(reasons))))
    ranked.sort(key=lambda pair: (-pair[0], pair[1].merchant.sort_name))
    return [likeness for _rank, likeness in ranked[:MOST_SHOWN]]


def others_with_account(*, merchant: Merchant, bank_bin: str, number: str) -> list[Merchant]:
    """Other businesses of the commune that are paid on the same account."""
    same = BankAccount.objects.filter(
        merchant__commune_id=merchant.commune_id, bank_bin=bank_bin, number=number, status=BankAccount.Status.ACTIVE
    )
    return [account.merchant for account in same.exclude(merchant=merchant).select_related("merchant")[:MOST_SHOWN]]


def name_likeness(one: str, other: str) -> float:
    """From 0 to 1, without marks, case and the words that every business has. Pure."""
    first, second = (_bare(fold_text(text)) for text in (one, other))
    if not first or not second:
        return 1.0 if fold_text(one) == fold_text(other) else 0.0
    if set(re.findall(r"\d+", first)) != set(re.findall(r"\d+", second)):
        return 0.0  # “Ki-ốt 1” and “Ki-ốt 2” are two
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _bare(folded: str) -> str:
    return " ".join(_COMMON.sub(" ", re.sub(r"[^a-z0-9 ]+", " ", folded)).split())


def _is_close(merchant: Merchant, position: tuple[Decimal, Decimal]) -> bool:
    if merchant.latitude is None or merchant.longitude is None:
        return False
    latitude, longitude = position
    return abs(merchant.latitude - latitude) <= NEAR_DEGREES and abs(merchant.longitude - longitude) <= NEAR_DEGREES

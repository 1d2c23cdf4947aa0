"""Reading the register for the officer's pages: businesses by village, who has a code, how many."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When

from merchants.folding import fold_text
from merchants.models import Commune, Merchant, OtherCode, PaymentCode, Village

_NEWEST_CODE = PaymentCode.objects.filter(
    account__merchant=OuterRef("pk"), account__status="active", status=PaymentCode.Status.VALID
).order_by("-pk")


def counted_other_codes(commune: Commune) -> QuerySet[OtherCode]:
    """Codes of other schemes on the commune's walls that the commune counts like a VietQR."""
    return OtherCode.objects.filter(merchant__commune=commune, scheme__in=commune.counted_schemes, removed_at=None)


def _has_code(commune: Commune) -> Exists | Case:
    """Whether a business has a valid VietQR, or a code of another scheme where the commune counts that."""
    valid = Exists(_NEWEST_CODE)
    if not commune.counted_schemes:
        return valid
    other = Exists(counted_other_codes(commune).filter(merchant=OuterRef("pk")))
    return Case(When(Q(valid) | Q(other), then=True), default=False, output_field=BooleanField())


@dataclass(frozen=True)
class Share:
    """So many of so many businesses; only active ones are counted (domain G8)."""

    with_code: int
    total: int

    @property
    def percent(self) -> int:
        """Whole per cent, rounded down: 99.9 is not all."""
        return self.with_code * 100 // self.total if self.total else 0


def find_businesses(
    *, commune: Commune, words: str = "", village_id: int | None = None, has_code: bool | None = None
) -> QuerySet[Merchant]:
    """The commune's businesses by village and name, those without a village come last.

    Each has `has_code`, and `code_pk` and `code_origin` of the newest valid code or None.
    `words` is looked for in the folded name, and as digits in the phone number.
    """
    found = (
        Merchant.objects.filter(commune=commune)
        .annotate(
            has_code=_has_code(commune),
            code_pk=Subquery(_NEWEST_CODE.values("pk")[:1]),
            code_origin=Subquery(_NEWEST_CODE.values("origin")[:1]),
        )
        .select_related("village__former_commune")
    )
    if folded := fold_text(words):
        matches = Q(folded_name__contains=folded)
        digits = "".join(char for char in folded if char.isascii() and char.isdigit()).lstrip("0")
        if len(digits) >= 4:
            matches |= Q(phone__contains=digits)
        found = found.filter(matches)
    if village_id == 0:
        found = found.filter(village=None)
    elif village_id is not None:
        found = found.filter(village_id=village_id)
    if has_code is not None:
        found = found.filter(has_code=has_code)
    return found.order_by("village__sort_name", "village_id", "sort_name", "pk")


def share_with_code(commune: Commune) -> Share:
    """How many of the commune's active businesses have a valid code."""
    counted = Merchant.objects.in_commune(commune).counted().annotate(has_code=_has_code(commune))
    figures = counted.aggregate(total=Count("pk"), with_code=Count("pk", filter=Q(has_code=True)))
    return Share(with_code=figures["with_code"], total=figures["total"])


def shares_by_village(commune: Commune) -> dict[int | None, Share]:
    """The same by village; None is "no village known"."""
    counted = Merchant.objects.in_commune(commune).counted().annotate(has_code=_has_code(commune))
    rows = counted.values("village_id").annotate(total=Count("pk"), done=Count("pk", filter=Q(has_code=True)))
    return {row["village_id"]: Share(with_code=row["done"], total=row["total"]) for row in rows.order_by()}


def village_label(village: Village) -> str:
    """The village with its former commune: after the merger a commune may hold three of the name "Xóm 1"."""
    former = village.former_commune
    return f"{village.name} · {former.name}" if former is not None else village.name


@dataclass(frozen=True)
class VillageGroup:
    """The businesses of one village that stand on one page of the list."""

    village: Village | None
    share: Share
    businesses: Sequence[Merchant]

    @property
    def name(self) -> str:
        return village_label(self.village) if self.village is not None else ""


def group_by_village(businesses: Sequence[Merchant], shares: dict[int | None, Share]) -> list[VillageGroup]:
    """Put a page's businesses, already in order, under their villages; touches no database."""
    groups: list[tuple[Village | None, list[Merchant]]] = []
    for business in businesses:
        if not groups or groups[-1][0] != business.village:
            groups.append((business.village, []))
        groups[-1][1].append(business)
    return [
        VillageGroup(village, shares.get(village.pk if village else None, Share(0, 0)), rows)
        for village, rows in groups
    ]

"""How far the commune has come on the ladder of DESIGN §4: read-only figures, and who is missing and why.

A rung about which nobody has looked yet is None ("chưa có số liệu"), never 0. What the packages above know of payments
is handed in (`PaymentEvidence`); without it nothing is known about the last rung.
"""

import calendar
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from merchants.folding import fold_text
from merchants.models import BankAccount, CodeCheck, Commune, CoverageRung, Merchant, OtherCode, PaymentCode
from merchants.models.merchant import MerchantQuerySet

Rung = CoverageRung
Verdict = CodeCheck.Verdict

_VALID_CODES = PaymentCode.objects.filter(
    account__merchant=OuterRef("pk"), account__status="active", status=PaymentCode.Status.VALID
)
# What was compared with a code that is valid no more says nothing about the one that hangs there now.
_CHECKS = CodeCheck.objects.filter(
    Q(code=None) | Q(code__status=PaymentCode.Status.VALID, code__account__status="active"), merchant=OuterRef("pk")
)
_NEWEST_CHECK = _CHECKS.order_by("-seen_at", "-pk")


@dataclass(frozen=True)
class CommuneCoverage:
    """Counted businesses of one commune and how many of them stand on each rung."""

    commune: Commune
    on_the_register: int
    account_known: int
    code_valid: int


def coverage_by_commune(commune: Commune | None = None) -> list[CommuneCoverage]:
    """Return one row per commune that has counted businesses, in Vietnamese order; one query and one for names."""
    active_account = Q(bank_accounts__status="active")
    figures = (
        Merchant.objects.in_commune(commune)
        .counted()
        .values("commune_id")
        .annotate(
            on_the_register=Count("pk", distinct=True),
            account_known=Count("pk", distinct=True, filter=active_account),
            code_valid=Count(
                "pk", distinct=True, filter=active_account & Q(bank_accounts__payment_codes__status="valid")
            ),
        )
        .order_by()
    )
    communes = Commune.objects.in_bulk([row["commune_id"] for row in figures])
    rows = [
        CommuneCoverage(
            commune=communes[row["commune_id"]],
            on_the_register=row["on_the_register"],
            account_known=row["account_known"],
            code_valid=row["code_valid"],
        )
        for row in figures
    ]
    return sorted(rows, key=lambda row: row.commune.sort_name)


@dataclass(frozen=True)
class PaymentEvidence:
    """What is known of transfers; both are rows with a `merchant_id`.

    `paid`: a bank told of a transfer in the last 30 days. `told`: businesses of which we would have heard: only about
    them does silence mean "no".
    """

    paid: QuerySet[Any]
    told: QuerySet[Any]


NO_EVIDENCE = PaymentEvidence(paid=BankAccount.objects.none(), told=BankAccount.objects.none())


@dataclass(frozen=True)
class Standing:
    """So many businesses, and how many of them stand on each rung. `visited`: with any check on the spot, ever."""

    total: int = 0
    account: int = 0
    code: int = 0
    other_scheme: int = 0  # of `code`: counted by a code of another scheme alone
    visited: int = 0
    seen: int = 0
    right_account: int = 0
    holder: int = 0
    rechecked: int = 0
    paid: int = 0
    not_paid: int = 0

    def __add__(self, other: "Standing") -> "Standing":
        return Standing(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)})

    @property
    def payment_unknown(self) -> int:
        """Businesses whose transfers nobody tells us of."""
        return self.total - self.paid - self.not_paid


_BY_VISITS = frozenset({Rung.SEEN, Rung.RIGHT_ACCOUNT, Rung.HOLDER, Rung.RECHECKED})


@dataclass(frozen=True)
class RungFigure:
    """One rung of one group; `count` and `percent` are None where there are no figures yet."""

    rung: CoverageRung
    count: int | None
    total: int

    @property
    def percent(self) -> int | None:
        """Whole per cent, rounded down: 99.9 is not all."""
        if self.count is None:
            return None
        return self.count * 100 // self.total if self.total else 0

    @property
    def missing(self) -> int | None:
        return None if self.count is None else self.total - self.count


def figure(standing: Standing, rung: CoverageRung, *, has_visits: bool) -> RungFigure:
    """The figure of one rung. `has_visits`: whether anybody went out in this commune; else its rungs are unknown."""
    is_unknown = (rung in _BY_VISITS and not has_visits) or (
        rung == Rung.PAID and standing.total > 0 and standing.payment_unknown == standing.total
    )
    return RungFigure(rung, None if is_unknown else getattr(standing, rung.value), standing.total)


@dataclass(frozen=True)
class Cell:
    """The businesses that are alike in everything coverage is told by."""

    commune_id: int
    village_id: int | None
    vsic_section: str
    legal_form: str
    standing: Standing


def months_before(moment: datetime, months: int) -> datetime:
    """The same day so many months earlier; where that month is too short, its last day. Pure."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, calendar.monthrange(year, month + 1)[1]))


def _per_commune(communes: Iterable[Commune], rule: Callable[[Commune], Hashable]) -> dict[Any, list[int]]:
    """Communes by what they have decided, so that a province needs few conditions."""
    found: dict[Any, list[int]] = {}
    for commune in communes:
        found.setdefault(rule(commune), []).append(commune.pk)
    return found


def _with_facts(communes: Sequence[Commune], evidence: PaymentEvidence, now: datetime) -> MerchantQuerySet:
    """Counted businesses, each with what the rungs are made of; correlated, so that no join multiplies rows."""
    is_counted = Q(pk__in=[])
    for schemes, ids in _per_commune(communes, lambda one: tuple(sorted(one.counted_schemes))).items():
        if schemes:
            is_counted |= Q(merchant__commune__in=ids, scheme__in=schemes)
    return (
        Merchant.objects.filter(commune__in=[commune.pk for commune in communes])
        .counted()
        .annotate(
            has_account=Exists(BankAccount.objects.filter(merchant=OuterRef("pk"), status="active")),
            has_vietqr=Exists(_VALID_CODES),
            has_other=Exists(OtherCode.objects.filter(is_counted, merchant=OuterRef("pk"), removed_at=None)),
            was_visited=Exists(CodeCheck.objects.filter(merchant=OuterRef("pk"))),
            newest_verdict=Subquery(_NEWEST_CHECK.values("verdict")[:1]),
            newest_check=Subquery(_NEWEST_CHECK.values("seen_at")[:1]),
            has_holder=Exists(_CHECKS.filter(holder_confirmed=True)),
            was_paid=Exists(evidence.paid.filter(merchant_id=OuterRef("pk"))),
            is_told=Exists(evidence.told.filter(merchant_id=OuterRef("pk"))),
        )
    )


def _conditions(communes: Sequence[Commune], now: datetime) -> dict[CoverageRung, Q]:
    """What puts a business on each rung; each contains the one before, but for the last, which stands by itself."""
    is_fresh = Q(pk__in=[])
    for months, ids in _per_commune(communes, lambda one: one.recheck_months).items():
        is_fresh |= Q(commune__in=ids, newest_check__gte=months_before(now, months))
    right = Q(has_vietqr=True, newest_verdict=Verdict.SAME)
    return {
        Rung.ACCOUNT: Q(has_account=True),
        Rung.CODE: Q(has_vietqr=True) | Q(has_other=True),
        Rung.SEEN: Q(has_vietqr=True, newest_verdict__in=(Verdict.SAME, Verdict.OTHER_ACCOUNT)),
        Rung.RIGHT_ACCOUNT: right,
        Rung.HOLDER: right & Q(has_holder=True),
        Rung.RECHECKED: right & Q(has_holder=True) & is_fresh,
        Rung.PAID: Q(was_paid=True),
    }


def count_cells(communes: Sequence[Commune], *, now: datetime, evidence: PaymentEvidence = NO_EVIDENCE) -> list[Cell]:
    """Count once for every way of looking; one query, as many rows as there are kinds of business."""
    conditions = _conditions(communes, now)
    counts = {rung.value: Count("pk", filter=condition) for rung, condition in conditions.items()}
    counts |= {
        "total": Count("pk"),
        "other_scheme": Count("pk", filter=Q(has_other=True, has_vietqr=False)),
        "visited": Count("pk", filter=Q(was_visited=True)),
        "not_paid": Count("pk", filter=Q(was_paid=False, is_told=True)),
    }
    keys = ("commune_id", "village_id", "vsic_section", "legal_form")
    rows = _with_facts(communes, evidence, now).values(*keys).annotate(**counts).order_by()
    return [
        Cell(**{key: row[key] for key in keys}, standing=Standing(**{name: row[name] for name in counts}))
        for row in rows
    ]


def sum_up(cells: Iterable[Cell], by: Callable[[Cell], Any]) -> dict[Any, Standing]:
    """Add the cells up by whatever `by` says of each. Pure."""
    sums: dict[Any, Standing] = {}
    for cell in cells:
        key = by(cell)
        sums[key] = sums.get(key, Standing()) + cell.standing
    return sums


def outside_the_count(commune: Commune) -> dict[str, int]:
    """How many businesses each status keeps out of the denominator; one query."""
    everyone = Merchant.objects.filter(commune=commune).exclude(status=Merchant.Status.ACTIVE)
    counts = dict(everyone.values_list("status").annotate(Count("pk")).order_by("status"))
    for status, is_counted in (("paused", commune.counts_paused), ("not_found", commune.counts_not_found)):
        if is_counted:
            counts.pop(status, None)
    return counts


@dataclass(frozen=True)
class MissingScope:
    """Which of those who are missing; None and empty mean all. `village_id` 0 and `section` "-": none known."""

    village_id: int | None = None
    former_id: int | None = None
    section: str = ""
    legal_form: str = ""
    reason: str = ""
    words: str = ""


def find_missing(
    commune: Commune,
    rung: CoverageRung,
    *,
    now: datetime,
    scope: MissingScope = MissingScope(),  # noqa: B008  # frozen
    evidence: PaymentEvidence = NO_EVIDENCE,
) -> QuerySet[Merchant]:
    """Counted businesses below the rung, by village and name, each with `why`, a key of reasons:

    no_account, no_code, other_scheme (counted, but there is no VietQR to look at), not_seen, unreadable, other_account,
    holder_unconfirmed, check_too_old, not_paid, payment_unknown.
    """
    conditions = _conditions([commune], now)
    steps = [
        (Rung.ACCOUNT, Q(has_account=False, has_other=False), "no_account"),
        (Rung.CODE, Q(has_vietqr=False, has_other=False), "no_code"),
        (Rung.SEEN, Q(has_vietqr=False), "other_scheme"),
        (Rung.SEEN, Q(newest_verdict=None), "not_seen"),
        (Rung.SEEN, ~conditions[Rung.SEEN], "unreadable"),
        (Rung.RIGHT_ACCOUNT, ~conditions[Rung.RIGHT_ACCOUNT], "other_account"),
        (Rung.HOLDER, Q(has_holder=False), "holder_unconfirmed"),
    ]
    if rung == Rung.PAID:  # stands by itself: whether anybody looked at the wall says nothing about payments
        steps = [*steps[:2], (Rung.PAID, Q(is_told=True), "not_paid")]
    places = list(CoverageRung)
    whens = [When(condition, then=Value(why)) for of, condition, why in steps if places.index(of) <= places.index(rung)]
    rest = {Rung.ACCOUNT: "no_account", Rung.PAID: "payment_unknown"}.get(rung, "check_too_old")
    found = (
        _with_facts([commune], evidence, now)
        # A case and no NOT: what is unknown (no check yet) must count as not being there.
        .annotate(
            is_there=Case(When(conditions[rung], then=Value(True)), default=Value(False)),
            why=Case(*whens, default=Value(rest), output_field=CharField()),
        )
        .filter(is_there=False)
        .select_related("village__former_commune")
    )
    if scope.village_id is not None:
        found = found.filter(village=scope.village_id or None)
    if scope.former_id is not None:
        found = found.filter(village__former_commune=scope.former_id or None)
    if scope.section:
        found = found.filter(vsic_section="" if scope.section == "-" else scope.section)
    if scope.legal_form:
        found = found.filter(legal_form=scope.legal_form)
    if scope.reason:
        found = found.filter(why=scope.reason)
    if folded := fold_text(scope.words):
        matches = Q(folded_name__contains=folded)
        digits = "".join(char for char in folded if char.isascii() and char.isdigit()).lstrip("0")
        if len(digits) >= 4:
            matches |= Q(phone__contains=digits)
        found = found.filter(matches)
    return found.order_by(F("village__sort_name").asc(nulls_last=True), "village_id", "sort_name", "pk")

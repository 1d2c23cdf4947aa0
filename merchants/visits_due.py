"""Which businesses an officer still has to see, village by village, and how far one of them has come. Reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from merchants.businesses import find_businesses
from merchants.models import CodeCheck, Commune, Merchant, PaymentCode

RECHECK_MONTHS = 6
RECHECKED_WITHIN = timedelta(days=183)
PAID_WITHIN_DAYS = 30
Verdict = CodeCheck.Verdict
READABLE = (Verdict.SAME, Verdict.OTHER_ACCOUNT, Verdict.UNKNOWN_ACCOUNT, Verdict.OTHER_SCHEME)


def businesses_to_see(
    *, commune: Commune, words: str = "", village_id: int | None = None, only_due: bool = True, now: datetime
) -> QuerySet[Merchant]:
    """The commune's active businesses by village; each has `last_seen_at` and `last_verdict`, None before any visit.

    `only_due`: those that nobody has seen within the last months.
    """
    visits = CodeCheck.objects.filter(merchant=OuterRef("pk")).order_by("-seen_at", "-pk")
    found = (
        find_businesses(commune=commune, words=words, village_id=village_id)
        .filter(status=Merchant.Status.ACTIVE)
        .annotate(
            last_seen_at=Subquery(visits.values("seen_at")[:1]), last_verdict=Subquery(visits.values("verdict")[:1])
        )
    )
    if only_due:
        found = found.filter(Q(last_seen_at=None) | Q(last_seen_at__lt=now - RECHECKED_WITHIN))
    return found


@dataclass(frozen=True)
class Rung:
    """One step of DESIGN §4's ladder. `state`: "yes", "no", "unknown" (nobody could say); `told`: when and how."""

    key: str
    label: str
    state: str
    told: str = ""


def ladder_of(merchant: Merchant, *, now: datetime) -> list[Rung]:
    """How far this business has come, from the register to being paid; four queries."""
    accounts = merchant.bank_accounts.filter(status="active")
    codes = list(PaymentCode.objects.filter(account__in=accounts, status=PaymentCode.Status.VALID))
    other = merchant.other_codes.filter(removed_at=None, scheme__in=merchant.commune.counted_schemes).first()
    valid = {code.pk for code in codes}
    visits = list(CodeCheck.objects.filter(merchant=merchant).order_by("-seen_at", "-pk")[:50])
    read = next((one for one in visits if one.verdict in READABLE), None)
    # a visit to a code that was withdrawn since says nothing of the code of today
    of_today = [one for one in visits if one.code_id is None or one.code_id in valid]
    same = read if read and read in of_today and read.verdict == Verdict.SAME else None
    confirmed = next((one for one in of_today if one.holder_confirmed), None) if same else None
    shown = max((one.transfer_shown_on for one in visits if one.transfer_shown_on), default=None)
    is_recent = read is not None and read.seen_at >= now - RECHECKED_WITHIN
    is_paid = shown is not None and shown >= timezone.localdate(now) - timedelta(days=PAID_WITHIN_DAYS)
    return [
        Rung("register", _("On the register"), "yes"),
        _rung("account", _("Account known"), bool(codes) or accounts.exists()),
        _rung("code", _("Code issued or adopted"), bool(codes) or other is not None, other.scheme if other else ""),
        _rung("seen", _("Seen on the spot, can be read"), read is not None, _day(read)),
        _rung("same", _("It is the registered account"), same is not None),
        _rung(
            "holder",
            _("Holder confirmed"),
            confirmed is not None,
            confirmed.get_holder_method_display() if confirmed else "",
        ),
        _rung("recheck", _("Seen within the last %(months)s months") % {"months": RECHECK_MONTHS}, is_recent),
        Rung(
            "paid",
            _("Paid by transfer within %(days)s days") % {"days": PAID_WITHIN_DAYS},
            "yes" if is_paid else "unknown",
            shown.strftime("%d/%m/%Y") if shown and is_paid else "",
        ),
    ]


def _rung(key: str, label: str, reached: bool, told: str = "") -> Rung:
    return Rung(key, label, "yes" if reached else "no", told if reached else "")


def _day(visit: CodeCheck | None) -> str:
    return timezone.localtime(visit.seen_at).strftime("%d/%m/%Y") if visit else ""

"""Merging two entries that are one business: looked at first, done in one transaction, taken back where that is honest.

The entry that stays takes over accounts with their codes, people, codes of other schemes, and what it did not know
itself. Whatever sells (goods, orders, money) never changes its merchant: the entry it hangs on is the one that stays,
and when both sell, nothing is merged.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from merchants import audit
from merchants.models import AuditEntry, BankAccount, Membership, Merchant, MerchantMerge, OtherCode
from merchants.register import is_in_use, pointing_at

# What the staying entry takes over where it holds nothing itself; position and tax code go as wholes.
FILLED = (
    "village_id",
    "trade",
    "vsic_section",
    "owner_name",
    "phone",
    "email",
    "address",
    "collection_note",
    "portrait",
)
_MOVING: tuple[type[Model], ...] = (BankAccount, Membership, OtherCode, AuditEntry)


class MergeRefused(Exception):
    """Nothing changed. `code`: "same", "other_commune", "gone_already", "blocked" (`blocks` says by what),
    "undone_already", "changed_since" (`blocks` says what)."""

    def __init__(self, code: str, blocks: Sequence[str] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.blocks = tuple(blocks)


@dataclass
class MergePlan:
    """What merging would do; `blocks` are reasons, in words, why it cannot be done this way round."""

    kept: Merchant
    gone: Merchant
    accounts: list[BankAccount] = field(default_factory=list)  # move with their codes
    ended: list[BankAccount] = field(default_factory=list)  # the same account stands on both: this row ends
    people: list[Membership] = field(default_factory=list)
    people_there: list[Membership] = field(default_factory=list)  # have the same role at the staying one
    other_codes: list[OtherCode] = field(default_factory=list)
    filled: dict[str, Any] = field(default_factory=dict)
    blocks: list[str] = field(default_factory=list)


def plan_merge(*, kept: Merchant, gone: Merchant) -> MergePlan:
    """Look at what merging `gone` into `kept` would move; changes nothing. Raises MergeRefused for the impossible."""
    if kept.pk == gone.pk:
        raise MergeRefused("same")
    if kept.commune_id != gone.commune_id:
        raise MergeRefused("other_commune")
    if MerchantMerge.objects.filter(gone__in=[kept, gone], undone_at=None).exists():
        raise MergeRefused("gone_already")
    plan = MergePlan(kept=kept, gone=gone)
    _plan_accounts(plan)
    there = {(one.user_id, one.role) for one in kept.memberships.filter(revoked_at=None)}
    for membership in gone.memberships.filter(revoked_at=None).select_related("user"):
        is_there = (membership.user_id, membership.role) in there
        (plan.people_there if is_there else plan.people).append(membership)
    schemes = set(kept.other_codes.filter(removed_at=None).values_list("scheme", flat=True))
    plan.other_codes = [one for one in gone.other_codes.filter(removed_at=None) if one.scheme not in schemes]
    plan.filled = {name: getattr(gone, name) for name in FILLED if getattr(gone, name) and not getattr(kept, name)}
    if "portrait" in plan.filled:
        plan.filled["portrait"] = gone.portrait.name
    if kept.latitude is None and gone.latitude is not None:
        plan.filled |= {"latitude": gone.latitude, "longitude": gone.longitude}
    if gone.tax_code_last4 and not kept.tax_code_last4:
        plan.filled["tax_code_last4"] = gone.tax_code_last4
    for model, name in pointing_at(Merchant):
        if model in _MOVING:
            continue
        found = model._base_manager.filter(**{name: gone.pk})
        if model is MerchantMerge:
            found = found.filter(undone_at=None)
        if found.exists():
            words = _("“%(name)s” has %(what)s, which cannot move.")
            plan.blocks.append(words % {"name": gone.name, "what": model._meta.verbose_name_plural})
    return plan


def _plan_accounts(plan: MergePlan) -> None:
    active = BankAccount.Status.ACTIVE
    there = {(one.bank_bin, one.number): one for one in plan.kept.bank_accounts.filter(status=active)}
    for account in plan.gone.bank_accounts.order_by("pk"):
        same = there.get((account.bank_bin, account.number)) if account.status == active else None
        if same is None:
            plan.accounts.append(account)
        elif not is_in_use(account):
            plan.ended.append(account)
        elif not is_in_use(same):
            plan.ended.append(same)
            plan.accounts.append(account)
        else:
            words = _("Both have the account …%(digits)s in use. Please withdraw the code of one of them first.")
            plan.blocks.append(words % {"digits": account.last_digits})


@transaction.atomic
def merge_merchants(*, kept: Merchant, gone: Merchant, actor: Any, request: HttpRequest | None = None) -> MerchantMerge:
    """Merge two entries and return the row that remembers it; raises MergeRefused and changes nothing."""
    rows = Merchant.objects.select_for_update(of=("self",)).select_related("commune")
    locked = {one.pk: one for one in rows.filter(pk__in=[kept.pk, gone.pk]).order_by("pk")}
    plan = plan_merge(kept=locked[kept.pk], gone=locked[gone.pk])
    if plan.blocks:
        raise MergeRefused("blocked", plan.blocks)
    kept, gone = plan.kept, plan.gone
    was = {"status": gone.status, "status_reason": gone.status_reason, "is_public": gone.is_public}
    ended_pks = [account.pk for account in plan.ended]
    BankAccount.objects.filter(pk__in=ended_pks).update(
        status=BankAccount.Status.ENDED, is_receiving=False, ended_at=timezone.now()
    )
    has_receiving = kept.bank_accounts.filter(status=BankAccount.Status.ACTIVE, is_receiving=True).exists()
    moved_accounts = []
    for account in plan.accounts:
        moved_accounts.append({"pk": account.pk, "was_receiving": account.is_receiving, "pointing": _pointing(account)})
        receives = account.is_receiving and account.status == BankAccount.Status.ACTIVE
        account.merchant, account.is_receiving = kept, receives and not has_receiving
        has_receiving = has_receiving or account.is_receiving
        account.save(update_fields=["merchant", "is_receiving"])
    Membership.objects.filter(pk__in=[one.pk for one in plan.people]).update(merchant=kept)
    OtherCode.objects.filter(pk__in=[one.pk for one in plan.other_codes]).update(merchant=kept)
    for name, value in plan.filled.items():
        if name == "tax_code_last4":
            kept.tax_code = gone.tax_code
        else:
            setattr(kept, name, value)
    kept.save()
    gone.status, gone.is_public = Merchant.Status.CLOSED, False
    gone.status_reason = (_("Merged into “%(name)s”") % {"name": kept.name})[:200]
    gone.save(update_fields=["status", "status_reason", "is_public", "updated_at"])
    merge = MerchantMerge.objects.create(
        kept=kept,
        gone=gone,
        made_by=actor,
        moved={
            "accounts": moved_accounts,
            "ended": ended_pks,
            "ended_receiving": [account.pk for account in plan.ended if account.is_receiving],
            "people": [one.pk for one in plan.people],
            "other_codes": [one.pk for one in plan.other_codes],
            "filled": {name: str(value) for name, value in plan.filled.items()},
            "was": was,
        },
    )
    for one, action in ((kept, "merchant.took_over"), (gone, "merchant.merged")):
        audit.record(
            action=action,
            obj=one,
            actor=actor,
            commune=one.commune,
            before=was if one is gone else {},
            after={
                "merge": merge.pk,
                "kept": kept.pk,
                "gone": gone.pk,
                "accounts": [account["pk"] for account in moved_accounts],
                "accounts_ended": ended_pks,
                "people": merge.moved["people"],
                "filled": sorted(plan.filled),
            },
            request=request,
        )
    return merge


@transaction.atomic
def undo_merge(*, merge: MerchantMerge, actor: Any, request: HttpRequest | None = None) -> MerchantMerge:
    """Make two entries of it again; raises MergeRefused when something has happened since that belongs to both.

    What the staying entry learnt and nobody has corrected since is forgotten by it; the rest goes back as it was.
    """
    locked = MerchantMerge.objects.select_for_update().get(pk=merge.pk)
    if locked.undone_at is not None:
        raise MergeRefused("undone_already")
    rows = Merchant.objects.select_for_update(of=("self",)).select_related("commune")
    both = {one.pk: one for one in rows.filter(pk__in=[locked.kept_id, locked.gone_id]).order_by("pk")}
    kept, gone = both[locked.kept_id], both[locked.gone_id]
    if changed := _changed_since(locked, kept, gone):
        raise MergeRefused("changed_since", changed)
    moved = locked.moved
    accounts = {one.pk: one for one in BankAccount.objects.filter(pk__in=[row["pk"] for row in moved["accounts"]])}
    for row in moved["accounts"]:
        account = accounts[row["pk"]]
        account.merchant, account.is_receiving = gone, row["was_receiving"] and not _has_receiving(gone, account)
        account.save(update_fields=["merchant", "is_receiving"])
    for account in BankAccount.objects.filter(pk__in=moved["ended"]):
        account.status, account.ended_at = BankAccount.Status.ACTIVE, None
        wants = account.pk in moved["ended_receiving"]
        account.is_receiving = wants and not _has_receiving(account.merchant, account)
        account.save(update_fields=["status", "ended_at", "is_receiving"])
    Membership.objects.filter(pk__in=moved["people"], merchant=kept).update(merchant=gone)
    OtherCode.objects.filter(pk__in=moved["other_codes"], merchant=kept).update(merchant=gone)
    _forget_filled(kept, moved["filled"])
    kept.save()
    gone.status, gone.status_reason = moved["was"]["status"], moved["was"]["status_reason"]
    gone.is_public = moved["was"]["is_public"]
    gone.save(update_fields=["status", "status_reason", "is_public", "updated_at"])
    locked.undone_at = timezone.now()
    locked.save(update_fields=["undone_at"])
    for one in (kept, gone):
        audit.record(
            action="merchant.merge_undone",
            obj=one,
            actor=actor,
            commune=one.commune,
            after={"merge": locked.pk, "kept": kept.pk, "gone": gone.pk},
            request=request,
        )
    return locked


def _has_receiving(merchant: Merchant, account: BankAccount) -> bool:
    others = merchant.bank_accounts.filter(status=BankAccount.Status.ACTIVE, is_receiving=True)
    return others.exclude(pk=account.pk).exists()


def _forget_filled(kept: Merchant, filled: dict[str, str]) -> None:
    for name, value in filled.items():
        now = kept.portrait.name if name == "portrait" else getattr(kept, name)
        if str(now) != value:
            continue  # somebody has corrected it since: it is the entry's own by now
        if name == "tax_code_last4":
            kept.tax_code = ""
        else:
            setattr(kept, name, None if name in {"village_id", "latitude", "longitude"} else "")


def _changed_since(merge: MerchantMerge, kept: Merchant, gone: Merchant) -> list[str]:
    """What has happened since that cannot be parted again, in words."""
    found = []
    if gone.status != Merchant.Status.CLOSED:
        found.append(_("“%(name)s” was opened again.") % {"name": gone.name})
    rows = {row["pk"]: row for row in merge.moved["accounts"]}
    accounts = {one.pk: one for one in BankAccount.objects.filter(pk__in=rows)}
    for pk, row in rows.items():
        account = accounts[pk]
        if account.merchant_id != kept.pk or _pointing(account) != row["pointing"]:
            words = _("The account …%(digits)s has been used or changed since.")
            found.append(words % {"digits": account.last_digits})
    for account in BankAccount.objects.filter(pk__in=merge.moved["ended"]):
        if (
            account.merchant.bank_accounts.filter(
                status=BankAccount.Status.ACTIVE, bank_bin=account.bank_bin, number=account.number
            )
            .exclude(pk__in=rows)
            .exists()
        ):
            found.append(_("The account …%(digits)s has been used or changed since.") % {"digits": account.last_digits})
    return found


def _pointing(account: BankAccount) -> int:
    """How many rows of all tables point at the account."""
    return sum(model._base_manager.filter(**{name: account.pk}).count() for model, name in pointing_at(BankAccount))

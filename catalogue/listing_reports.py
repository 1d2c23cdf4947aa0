"""What visitors report about a listing, and what the commune's officers do about it.

Whoever reports stays unknown unless she leaves a way to be reached; that is sealed, and gone once the report is closed.
Who may handle a report is asked by the views (Act.REPORT_HANDLE, or the platform's staff).
"""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from catalogue.models import ListingReport, Product
from merchants import audit
from merchants.sealed_text import seal

State = ListingReport.State
MOST_OPEN_PER_PRODUCT = 20  # beyond that the officers know; more would only bury the others


class ReportRefused(Exception):
    """`code`: "enough" (many open reports about this product already) or "closed" (nothing more is done to it)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def report_listing(*, product: Product, reason: str, text: str, contact: str) -> ListingReport:
    """Keep what a visitor says about a page of goods; raises ReportRefused("enough"). Each call keeps one report."""
    with transaction.atomic():
        if ListingReport.objects.filter(product=product).exclude(state=State.CLOSED).count() >= MOST_OPEN_PER_PRODUCT:
            raise ReportRefused("enough")
        report = ListingReport.objects.create(
            product=product,
            product_title=product.title,
            merchant_id=product.merchant_id,
            reason=reason,
            text=text,
            sealed_contact=seal(contact),
        )
        # No request: the log would keep the visitor's address.
        audit.record(
            action="listing_report.made",
            obj=report,
            actor_label="visitor",
            commune=product.merchant.commune,
            after={"product": product.pk, "reason": reason},
        )
    return report


def look_at(*, report: ListingReport, by: AbstractUser, request: HttpRequest | None = None) -> None:
    """Note that an officer has read it; a second time changes nothing."""
    _move(report, State.SEEN, by=by, request=request, from_states=(State.NEW,), seen_at=timezone.now())


def close(*, report: ListingReport, by: AbstractUser, note: str, request: HttpRequest | None = None) -> None:
    """End it with what was done, and forget how to reach whoever reported; raises ReportRefused("closed")."""
    now = timezone.now()
    changed = _move(
        report,
        State.CLOSED,
        by=by,
        request=request,
        from_states=(State.NEW, State.SEEN),
        seen_at=report.seen_at or now,
        closed_at=now,
        closing_note=note,
        sealed_contact="",
    )
    if not changed:
        raise ReportRefused("closed")


def _move(
    report: ListingReport,
    to: str,
    *,
    by: AbstractUser,
    request: HttpRequest | None,
    from_states: tuple[str, ...],
    **fields: Any,
) -> bool:
    with transaction.atomic():
        still = ListingReport.objects.filter(pk=report.pk, state__in=from_states)
        if not still.update(state=to, handled_by=by, **fields):
            return False
        audit.record(
            action=f"listing_report.{to}",
            obj=report,
            actor=by,
            commune=report.merchant.commune,
            before={"state": report.state},
            after={"state": to, **({"note": fields["closing_note"]} if "closing_note" in fields else {})},
            request=request,
        )
    report.refresh_from_db()
    return True

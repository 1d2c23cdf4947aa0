"""Reading complaints for the lists of producer and commune: which are whose, in which tab they stand, how many wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from merchants.permissions import Act, Grants
from shop.order.models import Order, OrderTransition
from shop.purchase.complaints.models import UNFINISHED, Complaint, State
from shop.purchase.complaints.reading import CaseRow, case_rows

MINE, THEIRS, DONE = "den-luot", "cho", "xong"
SELLERS_TURN = (State.OPEN, State.AGREED)
COMMUNES_TURN = (State.ESCALATED,)

TABS = ((MINE, _("Your turn")), (THEIRS, _("Waiting for others")), (DONE, _("Closed")))


def complaints_of_producer(grants: Grants) -> QuerySet[Complaint]:
    """Cases about orders of the businesses whose complaints the person may see."""
    return Complaint.objects.filter(merchant_id__in=grants.merchant_ids(Act.COMPLAINT_VIEW))


def complaints_of_commune(grants: Grants) -> QuerySet[Complaint]:
    """Cases to which the person's commune was called, and no others."""
    return Complaint.objects.filter(
        merchant__commune_id__in=grants.commune_ids(Act.COMPLAINT_ADVISE), escalated_at__isnull=False
    )


def in_tab(cases: QuerySet[Complaint], tab: str, *, my_turn: Sequence[str]) -> QuerySet[Complaint]:
    """Those of one tab, the most urgent first; closed ones newest first."""
    if tab == DONE:
        return cases.exclude(state__in=UNFINISHED).order_by("-closed_at", "-pk")
    waiting = cases.filter(state__in=UNFINISHED).order_by("due_at", "pk")
    return waiting.filter(state__in=my_turn) if tab == MINE else waiting.exclude(state__in=my_turn)


def counts_by_tab(cases: QuerySet[Complaint], *, my_turn: Sequence[str]) -> Mapping[str, int]:
    """How many cases stand in each tab; one query."""
    counts = {MINE: 0, THEIRS: 0, DONE: 0}
    for state, number in cases.order_by().values_list("state").annotate(number=Count("pk")):
        tab = MINE if state in my_turn else THEIRS if state in UNFINISHED else DONE
        counts[tab] += number
    return counts


@dataclass(frozen=True)
class Waiting:
    """How many cases wait for oneself, and whether there are any at all."""

    for_me: int
    are_any: bool


def waiting_for_producer(grants: Grants) -> Waiting:
    """One query; none for whoever has no complaints to see."""
    if not grants.merchant_ids(Act.COMPLAINT_VIEW):
        return Waiting(0, are_any=False)
    counts = counts_by_tab(complaints_of_producer(grants), my_turn=SELLERS_TURN)
    return Waiting(counts[MINE], are_any=any(counts.values()))


def waiting_for_commune(grants: Grants) -> Waiting:
    """One query; none for whoever gives no advice."""
    if not grants.commune_ids(Act.COMPLAINT_ADVISE):
        return Waiting(0, are_any=False)
    counts = counts_by_tab(complaints_of_commune(grants), my_turn=COMMUNES_TURN)
    return Waiting(counts[MINE], are_any=any(counts.values()))


def complaints_of_order(order: Order, grants: Grants) -> Sequence[CaseRow]:
    """The order's cases for its page at work, newest first; none for whoever may not see them."""
    if not grants.may(Act.COMPLAINT_VIEW, order):
        return []
    cases = Complaint.objects.filter(order=order).select_related("order__purchase", "merchant").order_by("-pk")
    return case_rows(cases, reader=OrderTransition.By.SELLER)

"""What time does to a case, and what the doctor finds when something is wrong."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from shop.outbox.models import OutboxMessage
from shop.payments.models import Refund
from shop.purchase.complaints import by_buyer, by_seller
from shop.purchase.complaints.clock import mind_complaints
from shop.purchase.complaints.doctor_checks import check_complaints
from shop.purchase.complaints.models import Complaint, ComplaintEntry, ComplaintOffer, State
from tests.factories import MerchantFactory
from tests.factories.complaints import filed, in_state, seller, sent_order

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def told() -> list[dict[str, Any]]:
    return list(OutboxMessage.objects.filter(kind="complaint.due").order_by("pk").values_list("payload", flat=True))


def test_whose_turn_it_is_is_reminded_once_two_days_before_and_not_earlier() -> None:
    case = filed()

    assert mind_complaints(case.due_at - timedelta(days=2, seconds=1)) == 0
    assert mind_complaints(case.due_at - timedelta(days=2)) == 1
    assert mind_complaints(case.due_at) == 0

    assert told() == [{"complaint_id": case.pk, "state": "open", "is_overdue": False}]
    case.refresh_from_db()
    assert case.state == "open"


@pytest.mark.parametrize(
    ("state", "kind", "after", "text"),
    [
        ("open", "part_refund", "escalated", "The seller did not answer in time."),
        ("agreed", "part_refund", "escalated", "What was agreed was not carried out in time."),
        ("offered", "part_refund", "lapsed", "The buyer did not answer in time."),
        ("refused", "part_refund", "lapsed", "The buyer did not answer in time."),
        ("returning", "return_refund", "lapsed", "The buyer did not answer in time."),
        ("carried_out", "part_refund", "resolved", "The buyer has raised no objection in time."),
    ],
)
def test_what_is_overdue_goes_on_by_itself_and_says_why(state: str, kind: str, after: str, text: str) -> None:
    case = in_state(state, kind=kind)

    assert mind_complaints(case.due_at) == 1  # the reminder; a day ends with its last second
    assert mind_complaints(case.due_at + SECOND) == 1
    assert mind_complaints(case.due_at + SECOND) == 0

    case.refresh_from_db()
    entry = case.entries.order_by("pk").last()
    assert entry is not None
    assert (case.state, entry.by, entry.text) == (after, "system", text)
    assert (case.escalated_at is not None) is (after == "escalated")
    assert not case.offers.filter(state="open").exists()
    assert list(check_complaints()) == []


def test_a_commune_that_is_late_keeps_its_case_and_is_told_again_once() -> None:
    case = in_state(State.ESCALATED)

    for moment in (case.due_at, case.due_at + SECOND, case.due_at + timedelta(days=9)):
        mind_complaints(moment)

    case.refresh_from_db()
    assert (case.state, case.overdue_told_at is None) == ("escalated", False)
    assert [payload["is_overdue"] for payload in told()] == [False, True]


def test_what_lapsed_can_still_be_brought_before_the_commune_and_offered_anew() -> None:
    case = in_state(State.RETURNING, kind="return_refund")
    mind_complaints(case.due_at + SECOND)

    by_buyer.escalate(complaint=case)
    by_seller.offer(complaint=case, who=seller(), kind="replacement")

    case.refresh_from_db()
    assert (case.state, case.remedy) == ("offered", "")
    assert list(check_complaints()) == []


def test_a_closed_case_has_no_deadline() -> None:
    for state in (State.RESOLVED, State.WITHDRAWN, State.ADVISED):
        assert in_state(state, order=sent_order()).due_at is None

    assert mind_complaints(timezone.now() + timedelta(days=999)) == 0


@pytest.mark.parametrize(
    ("state", "spoil", "words"),
    [
        ("open", lambda case: Complaint.objects.update(merchant=MerchantFactory()), "belongs to another business"),
        ("open", lambda case: Complaint.objects.update(due_at=timezone.now() - timedelta(hours=2)), "nobody was told"),
        ("open", lambda case: ComplaintEntry.objects.update(by="seller"), "is not listed"),
        ("refused", lambda case: ComplaintEntry.objects.order_by("pk").last().delete(), "its story does not end there"),
        ("agreed", lambda case: Refund.objects.update(state="withdrawn"), "agreed without a refund"),
        ("agreed", lambda case: Refund.objects.update(amount_vnd=29_999), "30000 agreed, 29999 noted to go back"),
        ("agreed", lambda case: ComplaintOffer.objects.update(state="declined"), "no offer says so"),
        ("resolved", lambda case: Refund.objects.update(state="due", sent_at=None), "its refund was not sent"),
        ("offered", lambda case: ComplaintOffer.objects.update(state="replaced", answered_at=timezone.now()),
         "waits for an answer to no offer"),
        ("open", lambda case: ComplaintOffer.objects.create(complaint=case, kind="replacement", made_at=case.filed_at),
         "open although its complaint"),
    ],
)  # fmt: skip
def test_doctor_names_the_breach(state: str, spoil: Any, words: str) -> None:
    case = in_state(state)
    assert list(check_complaints()) == []

    spoil(case)

    assert any(words in breach for breach in check_complaints()), list(check_complaints())

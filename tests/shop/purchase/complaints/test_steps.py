"""Every step of the complaint's table, what follows from it, and every step that is not listed."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from merchants.models import AuditEntry
from shop.order.models import Order
from shop.outbox.models import OutboxMessage
from shop.payments.ledger import check_ledger
from shop.payments.models import Refund
from shop.payments.refunds import mark_refund_sent, undo_refund_sent
from shop.purchase.complaints import by_buyer, by_commune, by_seller
from shop.purchase.complaints.doctor_checks import check_complaints
from shop.purchase.complaints.models import UNFINISHED, Complaint, ComplaintEntry, ComplaintOffer, State
from shop.purchase.complaints.states import (
    COMPLAINT_TABLE,
    THE_BUYER,
    By,
    ComplaintRefused,
    Who,
    locked_complaint,
    take_step,
)
from shop.purchase.complaints.writing import MOST_MESSAGES_A_DAY, write
from shop.purchase.doctor_checks import check_money, check_stories
from tests.factories import UserFactory
from tests.factories.complaints import TEXT, filed, in_state, officer, seller, sent_order

pytestmark = pytest.mark.django_db

REACHED = [state for state in State.values if state != State.LAPSED]


def picture(case: Complaint) -> tuple[Any, ...]:
    """Everything a step may change."""
    case.refresh_from_db()
    rows = (ComplaintEntry, ComplaintOffer, Refund, OutboxMessage, AuditEntry)
    money = Order.objects.values_list("payment", "refunded_vnd").get(pk=case.order_id)
    offers = tuple(case.offers.values_list("state", flat=True))
    return case.state, case.remedy, case.refund_id, case.due_at, money, offers, *(row.objects.count() for row in rows)


def breaches() -> list[str]:
    checks = (check_complaints, check_money, check_stories, check_ledger)
    return [breach for check in checks for breach in check()]


@pytest.mark.parametrize("from_state", REACHED)
def test_steps_not_listed_for_an_actor_raise_and_change_nothing(from_state: str) -> None:
    kind = "return_refund" if from_state == State.RETURNING else "part_refund"
    case = in_state(from_state, kind=kind)
    before = picture(case)

    for to_state, by in product(State.values, By.values):
        if by in COMPLAINT_TABLE.get((from_state, to_state), ()):
            continue
        with pytest.raises(ComplaintRefused) as refusal, locked_complaint(case) as (_order, fresh):
            take_step(complaint=fresh, to=to_state, who=Who(by, UserFactory()))
        listed = (from_state, to_state) in COMPLAINT_TABLE
        assert refusal.value.code == ("not_yours" if listed else "not_listed")

    assert picture(case) == before


def test_table_leads_out_of_every_unfinished_state_and_to_every_state() -> None:
    assert {from_state for from_state, _to in COMPLAINT_TABLE} >= set(UNFINISHED)
    assert {to for _from, to in COMPLAINT_TABLE} == set(State.values)
    assert all(By.BANK not in actors for actors in COMPLAINT_TABLE.values())
    by_officer = [step for step, actors in COMPLAINT_TABLE.items() if By.OFFICER in actors]
    assert by_officer == [(State.ESCALATED, State.ADVISED)]  # advice is all the commune does


def test_an_accepted_part_refund_is_due_then_sent_then_settled() -> None:
    case, lan = filed(), seller()

    made = by_seller.offer(complaint=case, who=lan, kind="part_refund", amount_vnd=Decimal(30_000), text="Xin lỗi chị")
    by_buyer.accept_offer(complaint=case, offer_id=made.pk)
    case.refresh_from_db()
    order = case.order
    assert (case.state, case.remedy, order.payment) == ("agreed", "part_refund", "refund_due")
    assert case.refund is not None
    assert (case.refund.amount_vnd, case.refund.state, case.refund.reason) == (
        30_000,
        "due",
        "Agreed after a complaint.",
    )

    mark_refund_sent(refund=case.refund, actor=lan.user)
    case.refresh_from_db()
    order.refresh_from_db()
    assert (case.state, order.payment, order.refunded_vnd) == ("carried_out", "part_refunded", 30_000)

    by_buyer.confirm_carried_out(complaint=case)
    case.refresh_from_db()
    assert (case.state, case.due_at, case.closed_at is None) == ("resolved", None, False)
    assert list(case.entries.values_list("by", "from_state", "to_state")) == [
        ("buyer", "", "open"),
        ("seller", "open", "offered"),
        ("buyer", "offered", "agreed"),
        ("seller", "agreed", "carried_out"),
        ("buyer", "carried_out", "resolved"),
    ]
    assert OutboxMessage.objects.filter(kind="complaint.changed").count() == 5
    assert breaches() == []


def test_a_full_refund_is_what_can_still_go_back() -> None:
    order = sent_order()
    first = in_state(State.RESOLVED, order=order)  # 30.000 of 100.000 went back
    second = filed(Order.objects.get(pk=order.pk))

    made = by_seller.offer(complaint=second, who=seller(), kind="full_refund", amount_vnd=Decimal(1))
    by_buyer.accept_offer(complaint=second, offer_id=made.pk)

    second.refresh_from_db()
    assert made.amount_vnd == 70_000
    assert second.refund is not None and second.refund.pk != first.refund_id
    assert list(Refund.objects.order_by("pk").values_list("amount_vnd", "state")) == [(30_000, "sent"), (70_000, "due")]
    assert breaches() == []


@pytest.mark.parametrize(
    ("kind", "amount", "code"),
    [
        ("part_refund", Decimal(100_001), "more_than_came"),
        ("part_refund", Decimal(0), "no_amount"),
        ("part_refund", Decimal(-5), "no_amount"),
        ("part_refund", Decimal("0.5"), "no_amount"),
        ("part_refund", None, "no_amount"),
        ("return_refund", Decimal(100_001), "more_than_came"),
        ("owed_refund", Decimal(5), "not_listed"),
        ("gift", None, "not_listed"),
    ],
)
def test_an_offer_beyond_what_came_or_of_no_kind_is_refused(kind: str, amount: Decimal | None, code: str) -> None:
    case = filed()
    before = picture(case)

    with pytest.raises(ComplaintRefused) as refusal:
        by_seller.offer(complaint=case, who=seller(), kind=kind, amount_vnd=amount)

    assert (refusal.value.code, picture(case)) == (code, before)


def test_no_money_can_be_offered_before_it_is_noted() -> None:
    case = filed(sent_order(paid=False))
    before = picture(case)

    with pytest.raises(ComplaintRefused, match="nothing_came"):
        by_seller.offer(complaint=case, who=seller(), kind="full_refund")
    assert picture(case) == before

    by_seller.offer(complaint=case, who=seller(), kind="replacement")
    case.refresh_from_db()
    assert case.state == "offered"


def test_money_that_went_back_elsewhere_meanwhile_makes_the_offer_too_large() -> None:
    from shop.payments.refunds import refund_due

    case = in_state(State.OFFERED)
    refund_due(attempt=case.order.payment_attempts.get(), amount_vnd=Decimal(80_000), reason="thử", by=By.SELLER)
    before = picture(case)

    with pytest.raises(ComplaintRefused, match="more_than_came"):
        by_buyer.accept_offer(complaint=case, offer_id=case.offers.get().pk)

    assert picture(case) == before


def test_another_offer_takes_the_first_ones_place_and_only_the_shown_one_can_be_accepted() -> None:
    case = in_state(State.OFFERED)
    first = case.offers.get()

    by_seller.offer(complaint=case, who=seller(), kind="replacement")
    before = picture(case)
    with pytest.raises(ComplaintRefused, match="offer_gone"):
        by_buyer.accept_offer(complaint=case, offer_id=first.pk)

    assert picture(case) == before
    assert list(case.offers.values_list("kind", "state")) == [("part_refund", "replaced"), ("replacement", "open")]
    assert breaches() == []


def test_a_declined_offer_gives_the_turn_back_to_the_seller_or_to_the_commune() -> None:
    case = in_state(State.OFFERED)
    by_buyer.decline_offer(complaint=case, offer_id=case.offers.get().pk, text="Ít quá")
    case.refresh_from_db()
    assert (case.state, case.offers.get().state) == ("open", "declined")

    called = in_state(State.ESCALATED)
    made = by_seller.offer(complaint=called, who=seller(), kind="replacement")
    by_buyer.decline_offer(complaint=called, offer_id=made.pk)
    called.refresh_from_db()
    assert called.state == "escalated"
    assert breaches() == []


def test_goods_go_back_first_and_the_money_is_due_when_they_were_sent() -> None:
    case = in_state(State.RETURNING, kind="return_refund")
    assert case.refund is None and case.order.payment == "paid"

    by_buyer.send_goods_back(complaint=case, text="Gửi bưu điện, mã VN123")
    case.refresh_from_db()
    sent_back_due = case.due_at
    assert (case.state, case.refund.amount_vnd, case.refund.state) == ("agreed", 30_000, "due")

    by_seller.goods_came_back(complaint=case, who=seller())
    case.refresh_from_db()
    assert case.state == "agreed"
    assert case.due_at < sent_back_due  # sooner, now that they are there
    with pytest.raises(ComplaintRefused, match="not_listed"):
        by_seller.goods_came_back(complaint=case, who=seller())
    assert breaches() == []


def test_the_seller_may_say_that_the_goods_are_back_before_the_buyer_says_so() -> None:
    case = in_state(State.RETURNING, kind="return_refund")

    by_seller.goods_came_back(complaint=case, who=seller())

    case.refresh_from_db()
    assert (case.state, case.goods_sent_back_at, case.refund.amount_vnd) == ("agreed", None, 30_000)
    assert breaches() == []


def test_not_seen_makes_it_the_sellers_turn_again_and_she_explains_or_takes_it_back() -> None:
    case, lan = in_state(State.CARRIED_OUT), seller()
    by_buyer.has_not_come(complaint=case)
    case.refresh_from_db()
    assert case.state == "agreed" and case.refund.buyer_says_not_seen_at is not None

    with pytest.raises(ComplaintRefused, match="no_text"):
        by_seller.carry_out(complaint=case, who=lan)
    by_seller.carry_out(complaint=case, who=lan, text="Đã chuyển lúc 9 giờ, mã GD 123")
    case.refresh_from_db()
    assert case.state == "carried_out"

    by_buyer.has_not_come(complaint=case)
    undo_refund_sent(refund=case.refund, actor=lan.user)
    case.refresh_from_db()
    assert (case.state, case.refund.state, case.refund.buyer_says_not_seen_at) == ("agreed", "due", None)
    mark_refund_sent(refund=case.refund, actor=lan.user)
    case.refresh_from_db()
    assert case.state == "carried_out"
    assert breaches() == []


@pytest.mark.parametrize("state", [state for state in REACHED if state != State.CARRIED_OUT])
def test_not_seen_and_seen_are_said_only_about_what_is_said_to_be_done(state: str) -> None:
    case = in_state(state, kind="return_refund" if state == State.RETURNING else "part_refund")
    before = picture(case)

    for say in (by_buyer.has_not_come, by_buyer.confirm_carried_out):
        with pytest.raises(ComplaintRefused, match="not_listed"):
            say(complaint=case)

    assert picture(case) == before


def test_a_seller_who_was_wrong_reopens_a_settled_case() -> None:
    case = in_state(State.RESOLVED)

    undo_refund_sent(refund=case.refund, actor=UserFactory())

    case.refresh_from_db()
    assert (case.state, case.closed_at, case.refund.state) == ("agreed", None, "due")
    assert breaches() == []


def test_she_cannot_while_another_case_about_the_order_is_open() -> None:
    from shop.payments.errors import CannotAccept

    case = in_state(State.RESOLVED)
    filed(Order.objects.get(pk=case.order_id))
    before = picture(case)

    with pytest.raises(CannotAccept, match="another_open"):
        undo_refund_sent(refund=case.refund, actor=UserFactory())

    assert picture(case) == before


def test_withdrawing_lets_an_agreed_refund_go_that_was_not_sent() -> None:
    case = in_state(State.AGREED)

    by_buyer.withdraw(complaint=case, text="Thôi, chị giữ hàng")

    case.refresh_from_db()
    case.order.refresh_from_db()
    assert (case.state, case.refund.state, case.order.payment) == ("withdrawn", "withdrawn", "paid")
    assert breaches() == []


def test_a_refusal_needs_a_reason_and_leaves_the_way_to_the_commune() -> None:
    case = filed()
    before = picture(case)
    with pytest.raises(ComplaintRefused, match="no_text"):
        by_seller.refuse(complaint=case, who=seller(), text="  không ")
    assert picture(case) == before

    by_seller.refuse(complaint=case, who=seller(), text="Hàng gửi đi còn nguyên, có ảnh.")
    by_buyer.escalate(complaint=case, text="Tôi có ảnh lúc mở hộp")

    case.refresh_from_db()
    assert (case.state, case.escalated_at is None) == ("escalated", False)


def test_the_commune_is_not_called_while_the_seller_has_time() -> None:
    case = filed()
    before = picture(case)

    with pytest.raises(ComplaintRefused, match="seller_has_time"):
        by_buyer.escalate(complaint=case)
    assert picture(case) == before

    by_buyer.escalate(complaint=case, now=case.due_at.replace(year=case.due_at.year + 1))
    case.refresh_from_db()
    assert case.state == "escalated"


def test_advice_closes_the_case_and_moves_no_money() -> None:
    case = in_state(State.ESCALATED)
    money = (case.order.payment, Refund.objects.count())

    by_commune.advise(complaint=case, who=officer(), text="Nên hoàn một nửa số tiền.")

    case.refresh_from_db()
    case.order.refresh_from_db()
    assert (case.state, case.closed_at is None) == ("advised", False)
    assert (case.order.payment, Refund.objects.count()) == money
    assert case.entries.last().text == "Nên hoàn một nửa số tiền."
    with pytest.raises(ComplaintRefused, match="not_listed"):
        by_commune.advise(complaint=case, who=officer(), text="Và thêm một ý nữa.")


def test_a_seller_may_follow_the_advice_with_an_offer() -> None:
    case = in_state(State.ADVISED)

    made = by_seller.offer(complaint=case, who=seller(), kind="part_refund", amount_vnd=Decimal(50_000))
    by_buyer.accept_offer(complaint=case, offer_id=made.pk)

    case.refresh_from_db()
    assert (case.state, case.refund.amount_vnd) == ("agreed", 50_000)
    assert breaches() == []


def test_what_was_agreed_stays_agreed_before_the_commune_and_can_be_carried_out() -> None:
    case = in_state(State.AGREED)
    by_buyer.escalate(complaint=case, now=datetime(2099, 1, 1, tzinfo=UTC))

    with pytest.raises(ComplaintRefused, match="agreed_already"):
        by_seller.offer(complaint=case, who=seller(), kind="replacement")
    mark_refund_sent(refund=case.refund, actor=UserFactory())

    case.refresh_from_db()
    assert case.state == "carried_out"
    assert breaches() == []


def test_an_order_cancelled_on_its_way_keeps_all_its_money_due_whatever_becomes_of_the_case() -> None:
    from shop.purchase.states import advance_fulfilment

    case = in_state(State.AGREED, order=sent_order(delivered=False))
    advance_fulfilment(order=case.order, to="cancelled", by=By.SELLER, actor=UserFactory(), reason="Thất lạc")

    by_buyer.withdraw(complaint=case)

    assert sorted(Refund.objects.values_list("amount_vnd", "state")) == [(30_000, "due"), (70_000, "due")]
    assert breaches() == []


def test_words_are_bounded_cleaned_and_end_with_the_case() -> None:
    case = filed()
    write(complaint=case, who=THE_BUYER, text="một\r\n\r\n\r\nhai\x00\x07 ")
    assert case.entries.last().text == "một\n\nhai"

    for _ in range(MOST_MESSAGES_A_DAY - 1):
        write(complaint=case, who=THE_BUYER, text="x")
    with pytest.raises(ComplaintRefused, match="too_many_messages"):
        write(complaint=case, who=THE_BUYER, text="x")
    write(complaint=case, who=seller(), text="y" * 5_000)
    assert len(case.entries.last().text) == 2_000

    by_buyer.withdraw(complaint=case)
    with pytest.raises(ComplaintRefused, match="closed"):
        write(complaint=case, who=seller(), text="z")
    with pytest.raises(ComplaintRefused, match="no_text"):
        write(complaint=case, who=seller(), text=" \n ")


def test_every_step_of_a_person_is_in_the_audit_log() -> None:
    case = filed(text=TEXT)
    lan = seller()

    by_seller.refuse(complaint=case, who=lan, text="Hàng gửi đi còn nguyên.")

    first, second = AuditEntry.objects.filter(object_type="complaints.complaint", object_id=str(case.pk)).order_by("pk")
    assert (first.action, first.actor, first.actor_label) == ("complaint.open", None, "buyer")
    assert (second.action, second.actor, second.commune) == ("complaint.refused", lan.user, case.merchant.commune)
    assert TEXT not in str(first.after)

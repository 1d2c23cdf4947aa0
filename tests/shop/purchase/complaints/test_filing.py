"""When a case can be opened, its number, its deadlines, its photos."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from merchants.photos import PhotoRefused
from shop.order.models import Order
from shop.outbox.models import OutboxMessage
from shop.payments.models import Refund
from shop.payments.refunds import mark_refund_sent
from shop.purchase.complaints import by_buyer
from shop.purchase.complaints.case_number import new_case_number, read_case_number
from shop.purchase.complaints.deadlines import after_working_days, due_at, is_working_day
from shop.purchase.complaints.doctor_checks import check_complaints
from shop.purchase.complaints.filing import MOST_PER_ORDER, refund_to_ask_about
from shop.purchase.complaints.models import Complaint, ComplaintPhoto, State
from shop.purchase.complaints.photos import take_in
from shop.purchase.complaints.states import THE_BUYER, ComplaintRefused
from shop.purchase.complaints.writing import write
from shop.purchase.states import advance_fulfilment
from tests.factories import UserFactory
from tests.factories.complaints import filed, sent_order
from tests.factories.purchases import placed_order
from tests.shop.workspace.scene import photo_file

pytestmark = pytest.mark.django_db


def test_a_case_begins_with_a_readable_number_and_the_laws_seven_working_days() -> None:
    case = filed()

    assert read_case_number(case.number) == case.number
    assert (case.state, case.merchant_id) == ("open", case.order.merchant_id)
    assert case.due_at == after_working_days(case.filed_at, 7)
    entry = case.entries.get()
    assert (entry.by, entry.text, entry.to_state) == ("buyer", "Hai lọ bị vỡ khi mở hộp.", "open")
    assert list(check_complaints()) == []


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "{1}", "kn {2} {3}", "KN-{2}-{3}"])
def test_a_number_is_understood_as_people_type_it(typed: str) -> None:
    number = new_case_number()

    assert read_case_number(typed.format(number, number.lower(), number[2:5], number[5:])) == number


@pytest.mark.parametrize("typed", ["", "KN", "KN00000", "OC7K3M9QD", "KN" + "0" * 40, "KNÀÁẢÃẠĂ"])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert read_case_number(typed) == ""


def test_one_wrong_character_is_found() -> None:
    number = "KN12345" + "9"
    right = next(f"KN12345{char}" for char in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" if read_case_number(f"KN12345{char}"))
    assert read_case_number(right) == right
    assert number == right or read_case_number(number) == ""
    assert read_case_number(right.replace("3", "4")) == ""


def test_a_second_case_waits_until_the_first_is_closed_and_five_are_enough() -> None:
    order = sent_order()
    case = filed(order)
    told = OutboxMessage.objects.count()

    with pytest.raises(ComplaintRefused, match="another_open"):
        filed(order)
    assert (Complaint.objects.count(), OutboxMessage.objects.count()) == (1, told)
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.create(
            order=order, merchant=order.merchant, topic="other", wish="answer", due_at=timezone.now(),
            filed_at=timezone.now(),
        )  # fmt: skip

    for _ in range(MOST_PER_ORDER - 1):
        by_buyer.withdraw(complaint=case)
        case = filed(order)
    by_buyer.withdraw(complaint=case)
    with pytest.raises(ComplaintRefused, match="too_many"):
        filed(order)


@pytest.mark.parametrize(
    ("steps", "code"),
    [((), "not_sent_yet"), (("confirmed", "packed"), "not_sent_yet"), (("cancelled",), "order_cancelled")],
)
def test_before_the_goods_are_sent_one_cancels_instead(steps: tuple[str, ...], code: str) -> None:
    order = placed_order()
    for to in steps:
        order = advance_fulfilment(order=order, to=to, by="seller", reason="thử", confirm_unpaid=True)

    with pytest.raises(ComplaintRefused, match=code):
        filed(order)

    assert Complaint.objects.count() == 0


def test_goods_on_their_way_can_be_complained_about_without_an_end_those_that_came_for_thirty_days() -> None:
    on_its_way, came = sent_order(delivered=False), sent_order()
    later = timezone.now() + timedelta(days=32)

    assert filed(on_its_way, topic="not_arrived", now=later).state == "open"
    with pytest.raises(ComplaintRefused, match="too_late"):
        filed(came, now=later)
    assert filed(came, now=timezone.now() + timedelta(days=29)).state == "open"


@pytest.mark.parametrize("text", ["", "  ", "hỏng", "\n\n\n a \x00"])
def test_a_case_needs_a_sentence(text: str) -> None:
    with pytest.raises(ComplaintRefused, match="no_text"):
        filed(text=text)
    assert Complaint.objects.count() == 0


def cancelled_with_refund() -> tuple[Order, Refund]:
    order = placed_order()
    from shop.payments.by_word import sellers_word

    sellers_word(attempt=order.payment_attempts.get(), amount_vnd=order.total_incl_tax, actor=UserFactory())
    order = advance_fulfilment(order=order, to="cancelled", by="buyer", reason="Đổi ý")
    return order, Refund.objects.get(attempt__order=order)


def test_money_that_is_owed_can_be_asked_about_once_it_is_late_or_said_to_be_sent() -> None:
    order, refund = cancelled_with_refund()
    now = timezone.now()
    asks: dict[str, Any] = {"topic": "refund_missing", "wish": "full_refund", "refund": refund}
    assert refund_to_ask_about(order, now=now) is None
    with pytest.raises(ComplaintRefused, match="refund_not_late_yet"):
        filed(order, **asks)
    assert refund_to_ask_about(order, now=now + timedelta(days=10)) == refund

    mark_refund_sent(refund=refund, actor=UserFactory())
    case = filed(order, **asks)

    assert (case.state, case.remedy, case.refund) == ("agreed", "owed_refund", refund)
    assert list(check_complaints()) == []
    by_buyer.withdraw(complaint=case)
    refund.refresh_from_db()
    assert refund.state == "sent"


def test_money_of_another_order_and_goods_with_money_mixed_up_are_refused() -> None:
    order, _refund = cancelled_with_refund()
    _other, foreign = cancelled_with_refund()
    mark_refund_sent(refund=foreign, actor=UserFactory())

    with pytest.raises(ComplaintRefused, match="nothing_owed"):
        filed(order, topic="refund_missing", refund=foreign)
    with pytest.raises(ComplaintRefused, match="not_about_money"):
        filed(sent_order(), topic="refund_missing")
    with pytest.raises(ComplaintRefused, match="not_about_money"):
        filed(order, topic="damaged", refund=foreign)
    assert Complaint.objects.count() == 0


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        (date(2026, 11, 27), True),  # a Friday
        (date(2026, 11, 28), False),
        (date(2026, 11, 29), False),
        (date(2027, 1, 1), False),
        (date(2027, 2, 5), False),  # the eve of Tết Đinh Mùi
        (date(2027, 2, 9), False),
        (date(2027, 2, 10), True),
        (date(2027, 4, 16), False),  # the Hùng kings' day
        (date(2027, 4, 30), False),
    ],
)
def test_working_days_leave_out_weekends_and_public_holidays(day: date, is_one: bool) -> None:
    assert is_working_day(day) is is_one


def test_days_the_government_adds_are_named_in_the_setting(settings: Any) -> None:
    settings.NON_WORKING_DAYS = frozenset({date(2026, 11, 25)})
    monday = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)

    assert timezone.localtime(after_working_days(monday, 2)).strftime("%d/%m/%Y %H:%M:%S") == "26/11/2026 23:59:59"


def test_seven_working_days_over_two_weekends() -> None:
    evening = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)  # 23:30 on Monday the 23rd in Vietnam

    assert timezone.localtime(due_at(State.OPEN, now=evening)).date() == date(2026, 12, 2)
    assert due_at(State.RESOLVED, now=evening) is None


def test_photos_are_taken_in_by_the_one_intake_bounded_and_private() -> None:
    photos = take_in([photo_file(), photo_file("b.png", kind="PNG")])
    case = filed(photos=photos)

    first = ComplaintPhoto.objects.first()
    assert first is not None and first.picture.name.startswith("complaints/")
    with first.picture.open("rb") as kept, Image.open(BytesIO(kept.read())) as image:
        assert (image.format, image.getexif()) == ("WEBP", {})
    write(complaint=case, who=THE_BUYER, text="thêm", photos=take_in([photo_file() for _ in range(3)]))
    with pytest.raises(ComplaintRefused, match="too_many_photos"):
        write(complaint=case, who=THE_BUYER, text="nữa", photos=take_in([photo_file()]))
    assert ComplaintPhoto.objects.count() == 5
    assert case.entries.count() == 2


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("a.jpg", b"<script>alert(1)</script>"),
        SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"0" * 100),
    ],
)
def test_what_is_no_photo_is_refused(file: SimpleUploadedFile) -> None:
    with pytest.raises(PhotoRefused):
        take_in([file])


def test_six_photos_are_refused_before_the_first_is_looked_at() -> None:
    with pytest.raises(ComplaintRefused, match="too_many_photos"):
        take_in([SimpleUploadedFile("a.jpg", b"x")] * 6)

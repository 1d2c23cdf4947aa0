"""Who reads what by e-mail about a complaint."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from merchants.models import Membership
from shop.outbox.deliver import deliver_due
from shop.outbox.models import OutboxMessage
from shop.payments.refunds import buyer_says_not_seen
from shop.purchase.complaints import by_buyer, by_commune, by_seller
from shop.purchase.complaints.clock import mind_complaints
from shop.purchase.complaints.models import Complaint, State
from shop.purchase.complaints.states import THE_BUYER, By, Who
from shop.purchase.complaints.writing import write
from tests.factories import CommuneFactory, MembershipFactory, UserFactory
from tests.factories.complaints import TEXT, filed, in_state, sent_order
from tests.people import hoa_the_officer

pytestmark = pytest.mark.django_db

MINH, LAN, HOA = "minh@example.test", "chu@example.test", "hoa-officer@example.test"


@pytest.fixture
def case() -> Complaint:
    """Minh's case at Lan's, with an officer in the commune; nothing of its beginning is told yet."""
    found = filed()
    MembershipFactory(user=UserFactory(email=LAN), role=Membership.Role.OWNER, merchant=found.merchant, commune=None)
    hoa_the_officer(found.merchant.commune)
    elsewhere = UserFactory(email="can-bo-xa-khac@example.test")
    MembershipFactory(user=elsewhere, role=Membership.Role.OFFICER, merchant=None, commune=CommuneFactory())
    return found


def lan(case: Complaint) -> Who:
    return Who(By.SELLER, Membership.objects.get(merchant=case.merchant).user)


def sent() -> dict[str, Any]:
    """The letters since the last look, by reader."""
    for _ in range(3):
        deliver_due(worker="w")
    by_reader = {message.to[0]: message for message in mail.outbox if "Khiếu nại" in message.subject}
    mail.outbox.clear()
    return by_reader


def test_both_sides_hear_of_a_new_case_and_nobody_else(case: Complaint, settings: Any) -> None:
    settings.SITE_URL = "https://cho.example.test"

    letters = sent()

    assert set(letters) == {MINH, LAN}
    to_minh, to_lan = letters[MINH], letters[LAN]
    assert to_minh.subject == f"Khiếu nại {case.number} về đơn {case.order.number}"
    assert "Chúng tôi đã nhận khiếu nại của bạn." in to_minh.body
    assert f"Hạn: {timezone.localtime(case.due_at):%d/%m/%Y}" in to_minh.body
    assert f"/mua/{case.order.purchase.token}/{case.order.number}/khieu-nai/{case.number}/" in to_minh.body
    assert f"https://cho.example.test/quan-ly/khieu-nai/{case.number}/" in to_lan.body
    assert case.order.purchase.token not in to_lan.body
    assert TEXT not in to_lan.body + to_minh.body


def test_each_step_is_told_to_the_other_side(case: Complaint) -> None:
    sent()
    first = by_seller.offer(complaint=case, who=lan(case), kind="replacement")
    letters = sent()
    assert set(letters) == {MINH} and "có đề nghị cho bạn" in letters[MINH].body

    by_buyer.decline_offer(complaint=case, offer_id=first.pk)
    letters = sent()
    assert set(letters) == {LAN} and "không nhận đề nghị của bạn" in letters[LAN].body

    write(complaint=case, who=THE_BUYER, text="Còn gì nữa không?")
    letters = sent()
    assert set(letters) == {LAN} and "Khiếu nại có tin nhắn mới." in letters[LAN].body


def test_the_commune_hears_when_it_is_called_and_both_sides_of_its_advice(case: Complaint) -> None:
    by_seller.refuse(complaint=case, who=lan(case), text="Hàng gửi đi còn nguyên.")
    sent()
    by_buyer.escalate(complaint=case)
    letters = sent()
    assert set(letters) == {LAN, HOA}
    assert f"/quan-ly/xa/khieu-nai/{case.number}/" in letters[HOA].body

    by_commune.advise(complaint=case, who=Who(By.OFFICER, UserFactory()), text="Nên hoàn một nửa số tiền.")
    assert set(sent()) == {MINH, LAN}


def test_a_silent_sellers_case_is_told_to_all_three_and_a_late_commune_again(case: Complaint) -> None:
    sent()
    mind_complaints(case.due_at - timedelta(days=1))
    letters = sent()
    assert set(letters) == {LAN} and "Nhắc bạn: đang đến lượt bạn" in letters[LAN].body

    mind_complaints(case.due_at + timedelta(seconds=1))
    assert set(sent()) == {MINH, LAN, HOA}
    case.refresh_from_db()
    mind_complaints(case.due_at + timedelta(seconds=1))
    letters = sent()
    assert set(letters) == {HOA} and "đã quá hạn chờ góp ý của xã" in letters[HOA].body


def test_news_that_a_later_step_has_overtaken_is_not_told(case: Complaint) -> None:
    by_seller.offer(complaint=case, who=lan(case), kind="replacement")
    by_buyer.withdraw(complaint=case)

    letters = sent()

    assert set(letters) == {LAN} and "Khách đã rút khiếu nại." in letters[LAN].body


def test_a_buyer_without_an_address_and_people_who_left_get_none(case: Complaint) -> None:
    case.order.purchase.buyer_email = ""
    case.order.purchase.save()
    Membership.objects.filter(merchant=case.merchant).update(revoked_at=timezone.now())

    assert sent() == {}


def test_a_letter_speaks_the_language_of_the_purchase(case: Complaint) -> None:
    case.order.purchase.language = "en"
    case.order.purchase.save()

    for _ in range(3):
        deliver_due(worker="w")

    to_minh = next(message for message in mail.outbox if message.to == [MINH] and case.number in message.subject)
    assert to_minh.subject == f"Complaint {case.number} about order {case.order.number}"
    assert "/en/mua/" in to_minh.body


def test_the_seller_is_asked_to_look_after_money_that_was_not_seen() -> None:
    case = in_state(State.CARRIED_OUT, order=sent_order())
    MembershipFactory(user=UserFactory(email=LAN), role=Membership.Role.OWNER, merchant=case.merchant, commune=None)
    OutboxMessage.objects.all().delete()

    buyer_says_not_seen(refund=case.refund)
    buyer_says_not_seen(refund=case.refund)
    for _ in range(2):
        deliver_due(worker="w")

    (letter,) = mail.outbox
    assert letter.to == [LAN]
    assert letter.subject == f"Đơn {case.order.number}: khách chưa thấy tiền hoàn"
    assert "Bạn báo đã hoàn 30.000\u00a0₫ nhưng khách chưa thấy." in letter.body

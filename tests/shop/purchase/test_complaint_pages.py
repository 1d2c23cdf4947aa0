"""The buyer's case, from the page with the secret address to its end, without scripts."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shop.order.models import Order
from shop.outbox.models import OutboxMessage
from shop.payments.by_word import sellers_word
from shop.payments.models import Refund
from shop.payments.refunds import mark_refund_sent
from shop.purchase.complaints import by_seller
from shop.purchase.complaints.models import Complaint, ComplaintPhoto, State
from shop.purchase.states import advance_fulfilment
from tests.factories import MembershipFactory, UserFactory
from tests.factories.complaints import TEXT, filed, in_state, seller, sent_order
from tests.factories.purchases import placed_order
from tests.shop.workspace.scene import photo_file
from tests.sign_in import sign_in
from tests.test_markup import faults, parsed

pytestmark = pytest.mark.django_db

FORM = {"topic": "damaged", "wish": "part_refund", "text": TEXT}


def new(order: Order) -> str:
    return f"/mua/{order.purchase.token}/{order.number}/khieu-nai/"


def of(case: Complaint, end: str = "") -> str:
    return f"{new(case.order)}{case.number}/{end}"


def page(path: str) -> str:
    return Client().get(path).content.decode()


def purchase_page(order: Order) -> str:
    return page(f"/mua/{order.purchase.token}/")


def test_each_question_of_the_form_says_itself_what_is_missing() -> None:
    text = page(new(sent_order()))

    for field, words in (("topic", "Bạn chọn xem có việc gì nhé."), ("wish", "Bạn chọn điều mong muốn nhé.")):
        assert re.search(rf'name="{field}"[^>]*data-missing="{words}"', text), field


def test_the_purchase_page_leads_to_the_form_and_then_to_the_case(client: Client) -> None:
    order = sent_order()
    assert f'href="{new(order)}"' in purchase_page(order)
    assert "trả lời chậm nhất ngày" in page(new(order))

    answer = client.post(new(order), {**FORM, "photos": [photo_file(), photo_file("b.jpg")]})

    case = Complaint.objects.get()
    assert answer.headers["Location"] == of(case)
    assert (case.state, ComplaintPhoto.objects.count()) == ("open", 2)
    text = client.get(of(case)).content.decode()
    assert case.number in text and TEXT in text and "phải trả lời chậm nhất ngày" in text
    assert "Bạn mong muốn: <strong>Hoàn lại một phần tiền</strong>" in text
    assert of(case) in purchase_page(order)
    assert client.get(new(order)).headers["Location"] == of(case)
    picture = client.get(re.findall(r'src="([^"]+/anh/\d+/)"', text)[0])
    assert (picture.headers["Content-Type"], picture.headers["Cache-Control"]) == ("image/webp", "no-store, private")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text": "hỏng"}, "Bạn viết ít nhất một câu"),
        ({"topic": ""}, "Bạn chọn xem có việc gì nhé."),
        ({"topic": "not_arrived"}, "Hãy chọn"),
        ({"wish": "gold"}, ""),
        ({"photos": [photo_file("a.jpg") for _ in range(6)]}, "Tối đa năm ảnh thôi nhé."),
    ],
)
def test_what_is_missing_is_said_on_the_form_and_nothing_is_opened(
    client: Client, changes: dict[str, Any], sentence: str
) -> None:
    order = sent_order()

    answer = client.post(new(order), {**FORM, **changes})

    assert (answer.status_code, Complaint.objects.count()) == (200, 0)
    if sentence and sentence != "Hãy chọn":
        assert sentence in answer.content.decode()


def test_before_the_goods_are_sent_the_form_is_not_shown(client: Client) -> None:
    order = placed_order()
    assert "khieu-nai" not in purchase_page(order)

    assert client.get(new(order)).headers["Location"].endswith(f"#pay-{order.number}")
    client.post(new(order), FORM)

    assert Complaint.objects.count() == 0


def test_an_offer_is_accepted_paid_and_confirmed(client: Client) -> None:
    case = in_state(State.OFFERED)
    offer = case.offers.get()
    assert "Hoàn lại 30.000\u00a0₫, người mua giữ hàng" in page(of(case))

    client.post(of(case, "buoc/"), {"do": "accept", "offer": offer.pk})
    case.refresh_from_db()
    assert case.state == "agreed" and case.refund is not None
    assert "còn phải hoàn cho bạn 30.000\u00a0₫" in purchase_page(case.order)

    mark_refund_sent(refund=case.refund, actor=UserFactory())
    assert "Người bán báo đã hoàn 30.000\u00a0₫ ngày" in page(of(case))
    client.post(of(case, "buoc/"), {"do": "not_come"})
    case.refresh_from_db()
    assert case.state == "agreed" and case.refund.buyer_says_not_seen_at is not None

    by_seller.carry_out(complaint=case, who=seller(), text="Đã chuyển lúc 9 giờ sáng nay")
    client.post(of(case, "buoc/"), {"do": "confirm"})
    case.refresh_from_db()
    assert (case.state, case.refund.buyer_says_not_seen_at) == ("resolved", None)
    assert "Tôi chưa thấy tiền" not in purchase_page(case.order)
    assert "đã giải quyết xong" in purchase_page(case.order)
    assert f"{new(case.order)}?hoan=1" in page(of(case))


def test_money_of_a_cancelled_order_is_said_to_be_sent_and_not_seen_and_asked_about(client: Client) -> None:
    order = placed_order()
    sellers_word(attempt=order.payment_attempts.get(), amount_vnd=Decimal(100_000), actor=UserFactory())
    order = advance_fulfilment(order=order, to="cancelled", by="buyer", reason="Đổi ý")
    refund = Refund.objects.get()
    assert "còn phải hoàn cho bạn 100.000\u00a0₫" in purchase_page(order)
    not_seen = f"/mua/{order.purchase.token}/{order.number}/hoan/{refund.pk}/chua-thay/"
    client.post(not_seen)
    refund.refresh_from_db()
    assert refund.buyer_says_not_seen_at is None  # nobody says that it was sent

    mark_refund_sent(refund=refund, actor=UserFactory())
    assert "Người bán báo đã hoàn 100.000\u00a0₫ ngày" in purchase_page(order)
    client.post(not_seen)

    refund.refresh_from_db()
    assert refund.buyer_says_not_seen_at is not None
    assert OutboxMessage.objects.filter(kind="refund.not_seen").count() == 1
    assert f"{new(order)}?hoan=1" in purchase_page(order)
    client.post(f"{new(order)}?hoan=1", {"text": "Đã xem đến hôm nay, chưa thấy."})
    case = Complaint.objects.get()
    assert (case.topic, case.state, case.refund) == ("refund_missing", "agreed", refund)


def test_the_commune_is_called_and_the_case_is_withdrawn(client: Client) -> None:
    case = in_state(State.REFUSED)
    client.post(of(case, "buoc/"), {"do": "escalate", "text": "Tôi có ảnh"})
    client.post(of(case, "viet/"), {"text": "Xã xem giúp"})
    case.refresh_from_db()
    assert (case.state, case.entries.last().text) == ("escalated", "Xã xem giúp")

    client.post(of(case, "buoc/"), {"do": "withdraw"})
    case.refresh_from_db()
    assert case.state == "withdrawn"


@pytest.mark.parametrize("form", [{}, {"do": "pay_me"}, {"do": "accept", "offer": "x"}, {"do": "accept"}])
def test_steps_that_are_none_change_nothing(client: Client, form: dict[str, str]) -> None:
    case = in_state(State.OFFERED)
    told = OutboxMessage.objects.count()

    assert client.post(of(case, "buoc/"), form).status_code == 302

    case.refresh_from_db()
    assert (case.state, OutboxMessage.objects.count()) == ("offered", told)


@pytest.mark.parametrize("end", ["", "viet/", "buoc/"])
def test_another_purchases_case_is_404_and_stays(client: Client, end: str) -> None:
    mine, theirs = sent_order(), filed()
    entries = theirs.entries.count()
    path = f"{new(mine)}{theirs.number}/{end}"

    answer = client.post(path, {"do": "withdraw", "text": "x"}) if end else client.get(path)

    theirs.refresh_from_db()
    assert (answer.status_code, theirs.state, theirs.entries.count()) == (404, "open", entries)


def test_pressing_faster_than_people_do_is_stopped(client: Client) -> None:
    case = filed()

    answers = [client.post(of(case, "buoc/"), {"do": "nothing"}).status_code for _ in range(5)]
    codes = [client.post(of(case, "viet/"), {"text": ""}).status_code for _ in range(25)]

    assert set(answers) == {302}
    assert codes[-1] == 429


def test_the_page_costs_as_many_queries_with_many_messages(client: Client, django_assert_num_queries: Any) -> None:
    case = filed()
    path = of(case)
    client.get(path)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get(path)
    from shop.purchase.complaints.states import THE_BUYER
    from shop.purchase.complaints.writing import write

    for number in range(18):
        write(complaint=case, who=THE_BUYER, text=f"Tin {number}")
    with django_assert_num_queries(len(few)):
        client.get(path)


@pytest.mark.parametrize("state", [state for state in State.values if state != State.LAPSED])
def test_every_state_has_a_well_formed_page_for_buyer_and_producer_in_both_languages(
    client: Client, state: str
) -> None:
    case = in_state(state, kind="return_refund" if state == State.RETURNING else "part_refund")
    lan = MembershipFactory(merchant=case.merchant).user

    for prefix in ("", "/en"):
        for path in (of(case), f"/mua/{case.order.purchase.token}/"):
            assert faults(parsed(client.get(prefix + path).content.decode())) == [], path
        at_work = sign_in(Client(), lan).get(f"{prefix}/quan-ly/khieu-nai/{case.number}/")
        assert faults(parsed(at_work.content.decode())) == []


def test_the_forms_are_well_formed_with_and_without_errors(client: Client) -> None:
    order = sent_order()

    for answer in (client.get(new(order)), client.post(new(order), {}), client.get("/en" + new(order))):
        assert faults(parsed(answer.content.decode())) == []

"""What a buyer does with an order after buying, from the page with the secret address."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from merchants.models import Merchant
from shop.order.models import Order
from shop.outbox.models import OutboxMessage
from shop.partner.models import StockRecord
from shop.payments.by_word import cash_collected, sellers_word
from shop.payments.models import Refund
from shop.payments.refunds import mark_refund_sent
from shop.purchase.doctor_checks import check_money, check_orders, check_stories
from shop.purchase.states import advance_fulfilment
from tests.factories import UserFactory
from tests.factories.purchases import (
    COLLECT_AND_CASH,
    COLLECT_AND_TRANSFER,
    basket_with,
    place,
    placed_order,
    sellable_product,
)

pytestmark = pytest.mark.django_db


def brought(**options: Any) -> Order:
    """An order that is delivered to the door."""
    order = placed_order(**options)
    Order.objects.filter(pk=order.pk).update(shipping_code="flat_rate")
    order.refresh_from_db()
    return order


def taken(order: Order, *steps: str) -> Order:
    for to in steps:
        order = advance_fulfilment(order=order, to=to, by="seller", reason="thử", confirm_unpaid=True)
    return order


def path(order: Order, end: str) -> str:
    return f"/mua/{order.purchase.token}/{order.number}/{end}"


def page(order: Order) -> str:
    return Client().get(f"/mua/{order.purchase.token}/").content.decode()


def says(client: Client, order: Order) -> str:
    return client.get(f"/mua/{order.purchase.token}/").content.decode()


@pytest.mark.parametrize("steps", [(), ("confirmed",), ("packed",)])
def test_the_buyer_cancels_until_the_goods_are_handed_over(client: Client, steps: tuple[str, ...]) -> None:
    order = taken(brought(quantity=2, in_stock=10), *steps)
    assert "Hủy đơn này" in page(order)

    answer = client.post(path(order, "huy/"), {"reason": "I changed my mind.", "words": ""})

    assert answer.headers["Location"] == f"/mua/{order.purchase.token}/#pay-{order.number}"
    order.refresh_from_db()
    assert (order.fulfilment, order.cancel_reason) == ("cancelled", "I changed my mind.")
    record = StockRecord.objects.get(line__order=order)
    assert (record.num_in_stock, record.num_allocated) == (10, 0)
    assert "Tôi đổi ý." in says(client, order)
    assert "Hủy đơn này" not in page(order)


@pytest.mark.parametrize("steps", [("packed", "sent"), ("packed", "sent", "delivered")])
def test_what_was_handed_over_is_not_cancelled(client: Client, steps: tuple[str, ...]) -> None:
    order = taken(brought(), *steps)
    told = OutboxMessage.objects.count()
    assert "Hủy đơn này" not in page(order)

    client.post(path(order, "huy/"), {"words": "đổi ý"})

    fulfilment = order.fulfilment
    order.refresh_from_db()
    assert (order.fulfilment, order.cancel_reason, OutboxMessage.objects.count()) == (fulfilment, "", told)
    assert "Hàng đã rời người bán" in says(client, order)


def test_ones_own_words_win_over_a_ready_sentence_and_other_sentences_are_not_taken(client: Client) -> None:
    first, second = brought(), brought()

    client.post(path(first, "huy/"), {"reason": "I changed my mind.", "words": "nhà có\x00 việc"})
    client.post(path(second, "huy/"), {"reason": "The goods are sold out."})

    for order in (first, second):
        order.refresh_from_db()
    assert first.cancel_reason == "nhà có việc"
    assert second.cancel_reason == "Cancelled by the buyer."
    assert "Người mua đã hủy." in page(second)


def test_cancelling_what_is_paid_owes_all_of_it_back_and_the_page_says_so_before(client: Client) -> None:
    order = brought()
    sellers_word(attempt=order.payment_attempts.get(), amount_vnd=Decimal(100_000), actor=UserFactory())
    taken(order, "confirmed")
    assert "sẽ phải chuyển trả bạn 100.000\u00a0₫" in page(order)

    client.post(path(order, "huy/"), {"reason": "It takes too long."})
    client.post(path(order, "huy/"), {"reason": "It takes too long."})

    order.refresh_from_db()
    assert (order.fulfilment, order.payment) == ("cancelled", "refund_due")
    assert list(Refund.objects.values_list("amount_vnd", "state")) == [(100_000, "due")]
    assert "Đơn này đã hủy từ trước" in says(client, order)
    assert [breach for check in (check_orders, check_money, check_stories) for breach in check()] == []


def test_the_buyer_says_that_the_goods_have_come(client: Client) -> None:
    order = taken(brought(), "packed", "sent")
    assert "Tôi đã nhận hàng" in page(order)

    client.post(path(order, "da-nhan/"))

    order.refresh_from_db()
    step = order.transitions.filter(axis="fulfilment").last()
    assert (order.fulfilment, step.by, step.actor) == ("delivered", "buyer", None)
    assert "Tôi đã nhận hàng" not in page(order)
    assert "Đã nhận hàng ngày" in page(order)


def heading(order: Order) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page(order))
    assert found is not None
    return found[1]


def test_the_heading_says_where_the_goods_are(client: Client) -> None:
    order = brought()
    sellers_word(attempt=order.payment_attempts.get(), amount_vnd=Decimal(100_000), actor=UserFactory())
    said = [heading(order)]
    for step in ("confirmed", "packed", "sent", "delivered"):
        order = taken(order, step)
        said.append(heading(order))

    assert said == [
        "Cảm ơn bạn! Đã trả xong cả rồi.", "Người bán đang chuẩn bị hàng.", "Người bán đang chuẩn bị hàng.",
        "Hàng đang trên đường đến bạn.", "Hàng đã đến tay bạn.",
    ]  # fmt: skip


def test_the_heading_of_what_was_cancelled_says_where_the_money_is_and_the_card_says_it_once(client: Client) -> None:
    unpaid, order = brought(), brought()
    client.post(path(unpaid, "huy/"))
    assert heading(unpaid) == "Đơn đã hủy."

    Merchant.objects.filter(pk=order.merchant.pk).update(phone="+84912345670")
    sellers_word(attempt=order.payment_attempts.get(), amount_vnd=Decimal(100_000), actor=UserFactory())
    client.post(path(order, "huy/"))
    assert heading(order) == "Đơn đã hủy, tiền sẽ được hoàn lại cho bạn."
    assert page(order).count("100.000\u00a0₫") == 1
    assert "sẽ chuyển về đúng tài khoản mà bạn đã dùng để trả." in page(order)
    assert '<a class="nowrap" href="tel:+84912345670">0912 345 670</a>' in page(order)

    mark_refund_sent(refund=Refund.objects.get(), actor=UserFactory())
    assert heading(order) == "Đơn đã hủy, người bán báo đã hoàn tiền cho bạn."
    assert page(order).count("100.000\u00a0₫") == 1
    assert "sẽ chuyển về đúng tài khoản" not in page(order)


def test_what_was_just_done_is_said_in_the_card_on_which_the_reader_lands(client: Client) -> None:
    order = taken(brought(), "packed", "sent")
    assert client.post(path(order, "da-nhan/")).headers["Location"].endswith(f"#pay-{order.number}")

    text = says(client, order)

    words = "Cảm ơn bạn! Người bán đã được báo là hàng tới nơi."
    assert text.count(words) == 1
    assert text.index(f'id="pay-{order.number}"') < text.index(words)
    assert words not in says(client, order)


def test_the_list_of_steps_names_what_is_still_to_pay_after_a_part(client: Client) -> None:
    goods = {sellable_product(price=126_000): 1, sellable_product(price=50_000): 1}
    first, second = place(basket_with(goods), COLLECT_AND_TRANSFER).orders
    sellers_word(attempt=first.payment_attempts.get(), amount_vnd=Decimal(100_000), actor=UserFactory())
    sellers_word(attempt=second.payment_attempts.get(), amount_vnd=Decimal(50_000), actor=UserFactory())

    sums = re.findall(r'<span class="pay-way__sum">(.*?)</span>', page(first))
    assert sums == ["26.000\u00a0₫", "50.000\u00a0₫"]


def test_the_page_says_that_goods_are_prepared_only_until_they_leave(client: Client) -> None:
    order = brought()
    sellers_word(attempt=order.payment_attempts.get(), amount_vnd=Decimal(100_000), actor=UserFactory())
    words = "Người bán đã biết và đang chuẩn bị hàng cho bạn."
    assert words in page(order)

    taken(order, "packed", "sent")

    assert words not in page(order)


def test_whether_cash_was_paid_only_the_seller_says(client: Client) -> None:
    order = taken(brought(choice=COLLECT_AND_CASH), "packed", "sent")
    assert "người bán tự ghi khi cầm tiền mặt" in page(order)

    client.post(path(order, "da-nhan/"))

    order.refresh_from_db()
    assert (order.fulfilment, order.payment, order.received_vnd) == ("delivered", "cod_due", 0)
    cash_collected(order=order, actor=UserFactory())
    order.refresh_from_db()
    assert (order.fulfilment, order.payment) == ("delivered", "paid")


def test_collected_goods_are_received_from_packed_and_leave_the_shelf(client: Client) -> None:
    order = taken(placed_order(quantity=2, in_stock=10), "packed")
    assert "Bạn đã đến lấy hàng chưa?" in page(order)

    client.post(path(order, "da-nhan/"))

    order.refresh_from_db()
    record = StockRecord.objects.get(line__order=order)
    assert (order.fulfilment, record.num_in_stock, record.num_allocated) == ("delivered", 8, 0)


@pytest.mark.parametrize("steps", [(), ("confirmed",), ("packed",), ("packed", "sent", "delivered"), ("cancelled",)])
def test_goods_that_are_not_on_their_way_are_not_received(client: Client, steps: tuple[str, ...]) -> None:
    order = taken(brought(), *steps)
    before = (order.fulfilment, order.transitions.count(), OutboxMessage.objects.count())
    assert "Tôi đã nhận hàng" not in page(order)

    client.post(path(order, "da-nhan/"))

    order.refresh_from_db()
    assert (order.fulfilment, order.transitions.count(), OutboxMessage.objects.count()) == before


@pytest.mark.parametrize("end", ["huy/", "da-nhan/"])
def test_another_purchases_order_is_404_and_stays(client: Client, end: str) -> None:
    mine, theirs = brought(), taken(brought(), "packed")
    told = OutboxMessage.objects.count()

    answer = client.post(f"/mua/{mine.purchase.token}/{theirs.number}/{end}")

    theirs.refresh_from_db()
    assert (answer.status_code, theirs.fulfilment, OutboxMessage.objects.count()) == (404, "packed", told)
    assert client.get(path(mine, end)).status_code == 405

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import html5lib
import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from merchants.models import Membership
from shop.order.models import OrderTransition
from shop.outbox.deliver import deliver_due
from shop.outbox.enqueue import enqueue
from shop.outbox.models import OutboxMessage
from shop.purchase.models import Purchase
from tests.factories import MembershipFactory, UserFactory
from tests.people import Producer, duc_the_helper

Step = Callable[..., OrderTransition]


def tell(kind: str, **ids: int) -> None:
    """Let the outbox carry one piece of news to its end."""
    with transaction.atomic():
        enqueue(kind=kind, payload=ids)
    deliver_due(worker="w")


def tell_step(step: OrderTransition) -> None:
    tell("order.changed", order_id=step.order_id, transition_id=step.pk)


def letters() -> dict[str, EmailMultiAlternatives]:
    """The letters sent, by reader; each reader got one."""
    by_reader = {message.to[0]: message for message in mail.outbox}
    assert len(by_reader) == len(mail.outbox)
    return by_reader  # type: ignore[return-value]


def test_buyer_and_both_producers_hear_of_a_purchase(purchase: Purchase) -> None:
    purchase.orders.filter(number="OC7K3M9QD").update(hold_until=datetime(2026, 11, 24, 8, 5, tzinfo=UTC))

    tell("purchase.placed", purchase_id=purchase.pk)

    assert set(letters()) == {"minh@example.test", "lan@example.test", "tam@example.test"}
    to_minh = letters()["minh@example.test"]
    assert to_minh.subject == "Đã nhận đơn hàng OC7K3M9QD, OC2V5TXA1"
    assert to_minh.body == (
        "Chào Lê Quang Minh,\n\n"
        "Cảm ơn bạn đã mua thẳng từ người làm ra.\n\n"
        "Mời bạn mở trang dưới đây để trả tiền cho từng cơ sở bằng VietQR. Trang này là của riêng bạn; "
        "bạn có thể gửi cho người trả tiền giúp.\n\n"
        "Mật ong Lan (mẫu)\n"
        "  Số đơn hàng: OC7K3M9QD\n"
        "  2 × Mật ong rừng 500 ml: 180.000\u00a0₫\n"
        "  Giao hàng: 25.000\u00a0₫\n"
        "  Tổng cộng: 205.000\u00a0₫\n"
        "  Nội dung chuyển khoản: OC7K3M9QD\n"
        "  Hàng được giữ cho bạn đến: 15:05 24/11/2026\n"
        f"  Điện thoại cơ sở: {phone_of(purchase, 'OC7K3M9QD')}\n\n"
        "Gạo sạch Tâm (mẫu)\n"
        "  Số đơn hàng: OC2V5TXA1\n"
        "  1 × Gạo nếp 5 kg: 150.000\u00a0₫\n"
        "  Tổng cộng: 150.000\u00a0₫\n"
        "  Thanh toán: tiền mặt khi nhận hàng\n"
        f"  Điện thoại cơ sở: {phone_of(purchase, 'OC2V5TXA1')}\n\n"
        "Xem, trả tiền và theo dõi đơn hàng:\n"
        "https://cho.example.test/mua/bi-mat/\n\n"
        "Số tài khoản chỉ có trên trang ấy. Chúng tôi không bao giờ gửi số tài khoản khác qua thư hay tin nhắn.\n\n"
        "--\n"
        "Thư gửi tự động, xin đừng trả lời thư này.\n"
    )
    assert letters()["lan@example.test"].subject == "Đơn mới OC7K3M9QD: 205.000 ₫"
    assert "trả bằng chuyển khoản" in letters()["lan@example.test"].body
    assert "https://cho.example.test/quan-ly/" in letters()["lan@example.test"].body
    assert "tiền mặt khi nhận hàng" in letters()["tam@example.test"].body


def phone_of(purchase: Purchase, number: str) -> str:
    merchant = purchase.orders.get(number=number).merchant
    assert merchant is not None
    return re.sub(r"^\+84(\d{3})(\d{3})(\d{3})$", r"0\1 \2 \3", merchant.phone)


def test_letter_speaks_the_language_of_the_purchase(purchase: Purchase) -> None:
    Purchase.objects.update(language="en")

    tell("purchase.placed", purchase_id=purchase.pk)

    to_minh = letters()["minh@example.test"]
    assert to_minh.subject == "We have your order OC7K3M9QD, OC2V5TXA1"
    assert "https://cho.example.test/en/mua/bi-mat/" in to_minh.body
    assert to_minh.extra_headers["Content-Language"] == "en"
    assert letters()["lan@example.test"].subject.startswith("Đơn mới")


def test_html_form_is_valid_and_escapes_what_people_typed(purchase: Purchase) -> None:
    Purchase.objects.update(buyer_name="<b>Minh</b> & Co")

    tell("purchase.placed", purchase_id=purchase.pk)

    to_minh = letters()["minh@example.test"]
    html, kind = to_minh.alternatives[0]
    assert kind == "text/html"
    assert "&lt;b&gt;Minh&lt;/b&gt; &amp; Co" in html
    assert "<b>Minh</b> & Co" in to_minh.body
    html5lib.HTMLParser(strict=True).parse(html)


def test_account_numbers_and_the_buyers_phone_stay_out_of_letters(purchase: Purchase, lan: Producer) -> None:
    tell("purchase.placed", purchase_id=purchase.pk)

    for message in mail.outbox:
        assert lan.account.number not in message.body
    assert "345 678" not in letters()["lan@example.test"].body
    assert "+84912345678" not in letters()["lan@example.test"].body


def test_buyer_without_an_address_gets_no_letter_and_producers_do(purchase: Purchase) -> None:
    Purchase.objects.update(buyer_email="")

    tell("purchase.placed", purchase_id=purchase.pk)

    assert set(letters()) == {"lan@example.test", "tam@example.test"}


def test_only_owners_and_sellers_of_today_are_told(purchase: Purchase, lan: Producer) -> None:
    hang = UserFactory(email="hang@example.test")
    MembershipFactory(user=hang, merchant=lan.merchant, role=Membership.Role.SELLER)
    for role in (Membership.Role.OWNER, Membership.Role.SELLER):  # two roles, one letter
        MembershipFactory(user=hang, merchant=lan.merchant, role=role)
    MembershipFactory(user=UserFactory(email="goi@example.test"), merchant=lan.merchant, role=Membership.Role.PACKER)
    MembershipFactory(user=UserFactory(email="cu@example.test"), merchant=lan.merchant, revoked_at=timezone.now())
    duc_the_helper(lan.merchant)

    tell("purchase.placed", purchase_id=purchase.pk)

    assert set(letters()) == {"minh@example.test", "lan@example.test", "tam@example.test", "hang@example.test"}


def test_same_news_told_twice_writes_no_second_letter(purchase: Purchase) -> None:
    with transaction.atomic():
        message = enqueue(kind="purchase.placed", payload={"purchase_id": purchase.pk})
    deliver_due(worker="w")
    OutboxMessage.objects.filter(pk=message.pk).update(state="waiting", finished_at=None)

    deliver_due(worker="w")

    assert len(mail.outbox) == 3


@pytest.mark.parametrize(
    ("axis", "to", "by", "fields", "subject", "sentence"),
    [
        ("payment", "paid", "bank", {"received_vnd": 205_000}, "Đơn OC7K3M9QD đã trả đủ",
         "205.000\u00a0₫ đã vào tài khoản của Mật ong Lan (mẫu)."),
        ("payment", "paid", "seller", {"received_vnd": 205_000}, "Đơn OC7K3M9QD đã trả đủ",
         "Mật ong Lan (mẫu) xác nhận đã nhận được 205.000\u00a0₫."),
        ("payment", "paid", "bank", {"received_vnd": 215_000, "excess_vnd": 10_000}, "Đơn OC7K3M9QD đã trả đủ",
         "Số tiền này thừa 10.000\u00a0₫ so với đơn; cơ sở sẽ chuyển trả lại bạn."),
        ("payment", "part_paid", "bank", {"received_vnd": 200_000}, "Đơn OC7K3M9QD mới trả một phần",
         "Đã nhận 200.000\u00a0₫, còn thiếu 5.000\u00a0₫. Trang dưới đây có mã để trả nốt."),
        ("payment", "refunded", "seller", {"received_vnd": 205_000, "refunded_vnd": 205_000},
         "Đã chuyển trả tiền đơn OC7K3M9QD",
         "Mật ong Lan (mẫu) đã chuyển trả bạn 205.000\u00a0₫. Bạn kiểm tra ứng dụng ngân hàng nhé."),
        ("fulfilment", "confirmed", "seller", {}, "Đơn OC7K3M9QD đang được chuẩn bị",
         "Mật ong Lan (mẫu) đã xem đơn và đang chuẩn bị hàng cho bạn."),
        ("fulfilment", "sent", "seller", {}, "Đơn OC7K3M9QD đang trên đường",
         "Mật ong Lan (mẫu) đã gửi hàng đi cho bạn."),
        ("fulfilment", "cancelled", "seller", {"cancel_reason": "Hết mật"}, "Đơn OC7K3M9QD đã hủy",
         "Đơn đã hủy: Hết mật"),
        ("fulfilment", "cancelled", "seller", {"cancel_reason": "Hết mật"}, "Đơn OC7K3M9QD đã hủy",
         "Bạn đừng chuyển tiền cho đơn này nữa nhé."),
        ("fulfilment", "cancelled", "seller", {"cancel_reason": "Hết mật", "received_vnd": 205_000},
         "Đơn OC7K3M9QD đã hủy", "Mật ong Lan (mẫu) đã nhận của bạn 205.000\u00a0₫ và phải chuyển trả lại."),
    ],
)  # fmt: skip
def test_buyer_hears_what_happens_to_the_order(
    purchase: Purchase, step: Step, axis: str, to: str, by: str, fields: dict[str, Any], subject: str, sentence: str
) -> None:
    order = purchase.orders.get(number="OC7K3M9QD")

    tell_step(step(order, axis=axis, to=to, by=by, **fields))

    to_minh = letters()["minh@example.test"]
    assert to_minh.subject == subject
    assert sentence in to_minh.body.split("\n")


def test_cash_is_asked_for_when_the_goods_are_on_their_way(purchase: Purchase, step: Step) -> None:
    tell_step(step(purchase.orders.get(number="OC2V5TXA1"), axis="fulfilment", to="sent", by="seller"))

    assert "Bạn chuẩn bị sẵn 150.000\u00a0₫ tiền mặt nhé." in letters()["minh@example.test"].body


def test_seller_hears_from_the_bank_but_not_of_her_own_deeds(purchase: Purchase, step: Step) -> None:
    order = purchase.orders.get(number="OC7K3M9QD")

    tell_step(step(order, axis="payment", to="paid", by="bank", received_vnd=205_000))
    tell_step(step(order, axis="fulfilment", to="confirmed", by="seller"))
    tell_step(step(order, axis="fulfilment", to="cancelled", by="seller", cancel_reason="Hết mật"))

    to_lan = [message for message in mail.outbox if message.to == ["lan@example.test"]]
    assert [message.subject for message in to_lan] == ["Đơn OC7K3M9QD đã trả đủ: 205.000 ₫"]
    assert "Ngân hàng báo đơn OC7K3M9QD đã trả đủ. Bạn đóng gói được rồi." in to_lan[0].body


def test_seller_hears_when_the_time_ran_out(purchase: Purchase, step: Step) -> None:
    order = purchase.orders.get(number="OC7K3M9QD")

    tell_step(step(order, axis="fulfilment", to="cancelled", by="system", cancel_reason="Quá hạn chuyển tiền"))

    to_lan = letters()["lan@example.test"]
    assert "Đơn OC7K3M9QD đã hủy: Quá hạn chuyển tiền. Hàng đã trở lại kho của bạn." in to_lan.body


def test_steps_without_a_letter_are_done_silently(purchase: Purchase, step: Step) -> None:
    order = purchase.orders.get(number="OC7K3M9QD")

    tell_step(step(order, axis="fulfilment", to="packed", by="seller"))

    assert mail.outbox == []
    assert OutboxMessage.objects.get().state == "sent"


def test_news_overtaken_before_it_is_told_is_not_told(purchase: Purchase, step: Step) -> None:
    order = purchase.orders.get(number="OC7K3M9QD")
    paid = step(order, axis="payment", to="paid", by="seller", received_vnd=205_000)
    step(order, axis="payment", to="awaiting", by="seller", received_vnd=0)

    tell_step(paid)

    assert mail.outbox == []


def test_letter_overtaken_while_it_waited_is_given_up(purchase: Purchase, step: Step) -> None:
    order = purchase.orders.get(number="OC7K3M9QD")
    confirmed = step(order, axis="fulfilment", to="confirmed", by="seller")
    with transaction.atomic():
        waiting = enqueue(
            kind="letter.send",
            payload={"letter": "buyer.order_confirmed", "order_id": order.pk, "transition_id": confirmed.pk},
        )
    step(order, axis="fulfilment", to="cancelled", by="seller", cancel_reason="Hết mật")

    deliver_due(worker="w")

    waiting.refresh_from_db()
    assert (waiting.state, waiting.last_error) == ("dead", "overtaken by a later step")
    assert mail.outbox == []


def test_letter_to_someone_who_left_the_business_is_given_up(purchase: Purchase, lan: Producer) -> None:
    order = purchase.orders.get(number="OC7K3M9QD")
    with transaction.atomic():
        waiting = enqueue(
            kind="letter.send",
            payload={"letter": "seller.new_order", "order_id": order.pk, "user_id": lan.user.pk},
        )
    Membership.objects.filter(user=lan.user).update(revoked_at=timezone.now())

    deliver_due(worker="w")

    waiting.refresh_from_db()
    assert (waiting.state, waiting.last_error) == ("dead", f"user {lan.user.pk} no longer works for this business")
    assert mail.outbox == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "ids", "words"),
    [
        ("purchase.placed", {"purchase_id": 987}, "purchase 987 is gone"),
        ("order.changed", {"order_id": 987, "transition_id": 988}, "step 988 of order 987 is gone"),
    ],
)
def test_news_about_something_deleted_is_given_up(kind: str, ids: dict[str, int], words: str) -> None:
    tell(kind, **ids)

    message = OutboxMessage.objects.get()
    assert (message.state, message.last_error) == ("dead", words)


def test_nothing_is_written_where_no_channel_is_set_up(purchase: Purchase, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

    tell("purchase.placed", purchase_id=purchase.pk)

    assert list(OutboxMessage.objects.values_list("kind", "state")) == [("purchase.placed", "sent")]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("OC7K3M9QD", "Khách báo đã nhận được hàng."),
        ("OC2V5TXA1", "Khách báo đã nhận được hàng. Nếu bạn đã cầm tiền mặt, nhớ ghi vào trang quản lý."),
    ],
)
def test_seller_hears_that_the_goods_came_and_is_asked_for_the_cash(
    purchase: Purchase, step: Step, number: str, sentence: str
) -> None:
    order = purchase.orders.get(number=number)

    tell_step(step(order, axis="fulfilment", to="delivered", by="buyer"))

    (letter,) = mail.outbox
    assert letter.subject == f"Đơn {number} đã tới tay khách"
    assert sentence in letter.body.split("\n")

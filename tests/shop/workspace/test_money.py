"""The producer's money: her word and the bank's apart, undone where it may be; doubtful sums decided by a person."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from merchants.models import AuditEntry, Membership
from shop.order.models import Order
from shop.payments.by_word import buyer_says_sent, buyer_takes_back
from shop.payments.models import Receipt, Refund
from shop.purchase.states import advance_fulfilment
from tests.factories import MembershipFactory
from tests.shop.payments.sale import connect, post, sepay_notice
from tests.shop.workspace.scene import DELIVER_AND_CASH, Scene, another_shop, photo_file, says
from tests.sign_in import sign_in


def paid(order: Order) -> str:
    order.refresh_from_db()
    return order.payment


def money_in(scene: Scene, order: Order, **typed: str):
    return scene.client.post(reverse("workspace:money_in", args=[order.number]), typed, follow=True)


def test_the_money_is_there_with_one_tap_and_taken_back_with_another(lan: Scene) -> None:
    order = lan.order()
    page = lan.client.get(reverse("workspace:order", args=[order.number]))
    assert 'name="amount" type="text" inputmode="numeric" value="50000"' in page.content.decode()

    answer = money_in(lan, order, amount="50000", seen="0")
    assert says(answer) == [f"Đã ghi nhận 50.000\u00a0₫ cho đơn {order.number}. Người mua thấy ngay."]
    assert paid(order) == "paid"
    assert [row.group for row in answer.context["money"].rows] == ["seller"]
    assert "Người bán xác nhận" in answer.content.decode()

    receipt = Receipt.objects.get()
    lan.client.post(reverse("workspace:receipt_undo", args=[receipt.pk]), {"order": order.number})
    assert paid(order) == "awaiting"
    receipt.refresh_from_db()
    assert receipt.state == "withdrawn"


def test_pressing_twice_notes_the_money_once(lan: Scene) -> None:
    order = lan.order()
    money_in(lan, order, amount="50.000", seen="0")

    answer = money_in(lan, order, amount="50.000", seen="0")

    assert len(says(answer)) == 1
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize("amount", ["", "50k", "0", "-50000", "50,000", "abc", "1.200,5", "9" * 30])
def test_amount_that_would_be_guessed_notes_nothing(lan: Scene, amount: str) -> None:
    order = lan.order()

    answer = money_in(lan, order, amount=amount, seen="0")

    assert answer.status_code == 200
    assert len(says(answer)) == 1
    assert paid(order) == "awaiting"
    assert Receipt.objects.count() == 0


@pytest.mark.parametrize("seen", ["abc", "-1", "NaN", "1e5", "", "9" * 40])
def test_tampered_hidden_field_is_no_error(lan: Scene, seen: str) -> None:
    assert money_in(lan, lan.order(), amount="50000", seen=seen).status_code == 200


def test_part_of_the_money_leaves_the_rest_asked_for(lan: Scene) -> None:
    order = lan.order()

    answer = money_in(lan, order, amount="20000", seen="0")

    assert paid(order) == "part_paid"
    assert answer.context["money"].amount_due == 30_000
    assert paid_after(lan, order, "30000", seen="20000") == "paid"


def paid_after(scene: Scene, order: Order, amount: str, seen: str) -> str:
    money_in(scene, order, amount=amount, seen=seen)
    return paid(order)


def test_bank_and_seller_stay_apart_on_the_page_and_the_bank_takes_over(lan: Scene) -> None:
    order = lan.order()
    connection = connect(lan.merchant)
    money_in(lan, order, amount="50000", seen="0")

    post(connection, sepay_notice(lan.attempt(order)))

    page = lan.client.get(reverse("workspace:order", args=[order.number]))
    assert [row.group for row in page.context["money"].rows] == ["bank"]
    assert [row.undo for row in page.context["money"].rows] == [""]
    assert "Ngân hàng báo" in page.content.decode()
    assert paid(order) == "paid"


def test_not_seen_is_noted_and_taken_back(lan: Scene) -> None:
    order = lan.order()
    address = reverse("workspace:not_seen", args=[order.number])

    lan.client.post(address)
    assert lan.attempt(order).seller_says_not_seen_at is not None
    assert "Bạn đã báo lúc" in lan.client.get(reverse("workspace:order", args=[order.number])).content.decode()

    lan.client.post(address, {"take_back": "1"})
    assert lan.attempt(order).seller_says_not_seen_at is None


def test_cash_is_received_and_undone_within_a_day_only(lan: Scene) -> None:
    order = lan.order(DELIVER_AND_CASH)
    address = reverse("workspace:cash", args=[order.number])

    lan.client.post(address)
    assert paid(order) == "paid"
    receipt = Receipt.objects.get()
    lan.client.post(reverse("workspace:receipt_undo", args=[receipt.pk]), {"order": order.number})
    assert paid(order) == "cod_due"

    lan.client.post(address)
    Receipt.objects.filter(state="matched").update(received_at=timezone.now() - timedelta(hours=25))
    later = Receipt.objects.get(state="matched")
    page = lan.client.get(reverse("workspace:order", args=[order.number]))
    assert [row.undo for row in page.context["money"].rows] == [""]
    answer = lan.client.post(reverse("workspace:receipt_undo", args=[later.pk]), follow=True)
    assert says(answer) == ["Chỉ hoàn lại được trong vòng 24 giờ."]
    assert paid(order) == "paid"


def test_refund_of_a_cancelled_order_is_paid_back_and_said_so(lan: Scene) -> None:
    order = lan.order()
    money_in(lan, order, amount="50000", seen="0")
    advance_fulfilment(order=order, to="cancelled", by="seller", actor=lan.user, reason="Hết hàng")
    assert paid(order) == "refund_due"
    refund = Refund.objects.get()
    address = reverse("workspace:refund", args=[refund.pk])

    lan.client.post(address)
    assert paid(order) == "refunded"
    lan.client.post(address, {"take_back": "1"})
    assert paid(order) == "refund_due"


def test_what_came_above_the_total_can_be_noted_to_go_back(lan: Scene) -> None:
    order = lan.order()
    money_in(lan, order, amount="65000", seen="0")
    page = lan.client.get(reverse("workspace:order", args=[order.number]))
    assert page.context["money"].excess_to_note == 15_000

    lan.client.post(reverse("workspace:excess", args=[order.number]))
    again = lan.client.post(reverse("workspace:excess", args=[order.number]), follow=True)

    assert [(refund.amount_vnd, refund.state) for refund in Refund.objects.all()] == [(15_000, "due")]
    assert len(says(again)) == 2
    assert paid(order) == "paid"


def test_doubtful_sum_is_accepted_for_the_order_it_likely_pays_and_undone(lan: Scene) -> None:
    order = lan.order()
    lan.order(quantity=3)
    receipt = lan.doubtful(amount=50_000)

    page = lan.client.get(reverse("workspace:receipts"))
    assert [(row.amount, row.likely) for row in page.context["doubtful"]] == [(50_000, order.number)]

    lan.client.post(reverse("workspace:receipt_accept", args=[receipt.pk]), {"order": order.number})
    assert paid(order) == "paid"
    page = lan.client.get(reverse("workspace:receipts"))
    assert page.context["doubtful"] == []
    assert [(row.order_numbers, row.undo) for row in page.context["settled"]] == [([order.number], "decision")]

    lan.client.post(reverse("workspace:receipt_undo", args=[receipt.pk]))
    assert paid(order) == "awaiting"
    receipt.refresh_from_db()
    assert receipt.state == "doubtful"


def test_sum_that_names_an_order_suggests_that_one(lan: Scene) -> None:
    order = lan.order(quantity=2)
    lan.order()
    lan.doubtful(amount=50_000, memo=f"tien hang {order.number} cam on")

    page = lan.client.get(reverse("workspace:receipts"))

    assert [row.likely for row in page.context["doubtful"]] == [order.number]


def test_private_money_is_set_aside_and_brought_back(lan: Scene) -> None:
    receipt = lan.doubtful()

    lan.client.post(reverse("workspace:receipt_set_aside", args=[receipt.pk]))
    receipt.refresh_from_db()
    assert receipt.state == "set_aside"

    lan.client.post(reverse("workspace:receipt_undo", args=[receipt.pk]))
    receipt.refresh_from_db()
    assert receipt.state == "doubtful"
    assert AuditEntry.objects.filter(actor=lan.user, action__startswith="receipt.").count() == 2


def test_accepting_without_an_order_changes_nothing(lan: Scene) -> None:
    receipt = lan.doubtful()

    answer = lan.client.post(reverse("workspace:receipt_accept", args=[receipt.pk]), follow=True)

    assert answer.status_code == 200
    assert len(says(answer)) == 1
    receipt.refresh_from_db()
    assert receipt.state == "doubtful"


def test_neighbours_money_and_orders_are_not_found(lan: Scene) -> None:
    tam = another_shop()
    order, receipt = tam.order(), tam.doubtful()
    own_order, own_receipt = lan.order(), lan.doubtful()
    money_in(tam, order, amount="65000", seen="0")
    tam.client.post(reverse("workspace:excess", args=[order.number]))
    refund = Refund.objects.get()

    foreign = [
        ("get", "order", [order.number], {}),
        ("post", "order_step", [order.number], {"to": "confirmed"}),
        ("post", "order_cancel", [order.number], {"reason": "The goods are sold out."}),
        ("post", "money_in", [order.number], {"amount": "50000"}),
        ("post", "not_seen", [order.number], {}),
        ("post", "cash", [order.number], {}),
        ("post", "excess", [order.number], {}),
        ("post", "refund", [refund.pk], {}),
        ("post", "receipt_accept", [receipt.pk], {"order": own_order.number}),
        ("post", "receipt_accept", [own_receipt.pk], {"order": order.number}),
        ("post", "receipt_set_aside", [receipt.pk], {}),
        ("post", "receipt_undo", [receipt.pk], {}),
        ("get", "product", [tam.product.pk], {}),
        ("post", "product", [tam.product.pk], {"title": "Của tôi"}),
        ("post", "product_publish", [tam.product.pk], {}),
    ]
    for method, name, args, data in foreign:
        answer = getattr(lan.client, method)(reverse(f"workspace:{name}", args=args), data)
        assert answer.status_code == 404, name
    assert lan.client.get(reverse("workspace:pack_list"), {"don": order.number}).status_code == 404

    receipt.refresh_from_db()
    refund.refresh_from_db()
    order.refresh_from_db()
    assert (receipt.state, refund.state, order.fulfilment) == ("doubtful", "due", "placed")
    assert [row.number for row in lan.client.get(reverse("workspace:orders")).context["rows"]] == [own_order.number]


@pytest.mark.parametrize("name", ["home", "orders", "receipts", "products", "pack_list", "product_add"])
def test_stranger_is_sent_to_sign_in(client: Client, db: None, name: str) -> None:
    address = reverse(f"workspace:{name}")

    answer = client.get(address)

    assert answer.status_code == 302
    assert answer.url == f"{reverse('account_login')}?next={address}"


class TestTheBuyersScreenshot:
    """Kept where no address serves it; shown to those who answer for the account and to the buyer herself."""

    @staticmethod
    def sent(scene: Scene) -> Order:
        order = scene.order()
        buyer_says_sent(attempt=scene.attempt(order), screenshot=photo_file())
        return order

    @staticmethod
    def is_the_picture(answer: Any) -> bool:
        with Image.open(BytesIO(answer.content)) as picture:
            return (picture.format, picture.size) == ("WEBP", (800, 600))

    def test_the_owner_sees_it_on_the_order(self, lan: Scene) -> None:
        order = self.sent(lan)
        address = reverse("workspace:screenshot", args=[order.number])
        assert f'src="{address}"' in lan.client.get(reverse("workspace:order", args=[order.number])).content.decode()

        answer = lan.client.get(address)

        assert self.is_the_picture(answer)
        assert {name: answer.headers[name] for name in ("Content-Type", "Cache-Control", "X-Content-Type-Options")} == {
            "Content-Type": "image/webp",
            "Cache-Control": "no-store, private",
            "X-Content-Type-Options": "nosniff",
        }

    def test_no_address_serves_the_file_itself(self, lan: Scene) -> None:
        order = self.sent(lan)
        name = lan.attempt(order).buyer_screenshot.name

        assert lan.client.get(f"/media/{name}").status_code == 404

    @pytest.mark.parametrize("role", [Membership.Role.PACKER, Membership.Role.HELPER])
    def test_a_packer_and_a_helper_do_not_see_the_buyers_bank(self, lan: Scene, role: str) -> None:
        order = self.sent(lan)
        until = timezone.now() + timedelta(days=7)
        client = sign_in(Client(), MembershipFactory(role=role, merchant=lan.merchant, until=until).user)
        address = reverse("workspace:screenshot", args=[order.number])

        assert client.get(address).status_code == 404
        assert address not in client.get(reverse("workspace:order", args=[order.number])).content.decode()

    def test_another_shop_and_an_order_without_one_meet_404(self, lan: Scene) -> None:
        order = self.sent(lan)
        bare = lan.order()

        assert another_shop().client.get(reverse("workspace:screenshot", args=[order.number])).status_code == 404
        assert lan.client.get(reverse("workspace:screenshot", args=[bare.number])).status_code == 404

    def test_it_is_gone_once_the_buyer_takes_her_word_back(self, lan: Scene) -> None:
        order = self.sent(lan)
        attempt = lan.attempt(order)
        storage, name = attempt.buyer_screenshot.storage, attempt.buyer_screenshot.name

        storage.delete(name)  # the moment between the deletion and an old page's request
        assert lan.client.get(reverse("workspace:screenshot", args=[order.number])).status_code == 404
        buyer_takes_back(attempt=attempt)
        assert lan.client.get(reverse("workspace:screenshot", args=[order.number])).status_code == 404

    def test_the_buyer_sees_her_own_by_her_secret_address_only(self, lan: Scene) -> None:
        order, other = self.sent(lan), lan.order()
        assert order.purchase is not None
        assert other.purchase is not None
        address = reverse("purchase:screenshot", args=[order.purchase.token, order.number])
        assert address in Client().get(reverse("purchase:purchase", args=[order.purchase.token])).content.decode()

        answer = Client().get(address)

        assert self.is_the_picture(answer)
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        foreign = reverse("purchase:screenshot", args=[other.purchase.token, order.number])
        assert Client().get(foreign).status_code == 404

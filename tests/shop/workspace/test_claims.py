"""A buyer who says "I have transferred" waits for somebody to look: the producer meets it before all else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from merchants.models import Membership
from shop.order.models import Fulfilment, Order
from shop.payments.by_word import buyer_says_sent, seller_not_seen, sellers_word
from shop.payments.models import PaymentAttempt
from shop.purchase.states import advance_fulfilment
from tests.factories import MembershipFactory
from tests.people import duc_the_helper
from tests.shop.workspace.scene import DELIVER_AND_TRANSFER, Scene, another_shop
from tests.sign_in import sign_in


def claim(scene: Scene, order: Order, *, minutes_ago: int = 5) -> None:
    attempt = buyer_says_sent(attempt=scene.attempt(order))
    said_at = timezone.now() - timedelta(minutes=minutes_ago)
    PaymentAttempt.objects.filter(pk=attempt.pk).update(buyer_says_sent_at=said_at)


def tasks(scene: Scene) -> list[tuple[str, str, int | None]]:
    page = scene.client.get(reverse("workspace:home"))
    return [(task.title, task.url, task.number) for task in page.context["tasks"]]


def numbers(scene: Scene, state: str = "") -> list[str]:
    page = scene.client.get(reverse("workspace:orders"), {"loc": state} if state else {})
    return [row.number for row in page.context["rows"]]


def test_one_claim_is_the_first_thing_to_do_and_opens_its_order(lan: Scene) -> None:
    order = lan.order()
    lan.order()
    assert not any("đã chuyển" in title for title, _url, _number in tasks(lan))

    claim(lan, order)

    assert tasks(lan)[0] == ("1 khách báo đã chuyển", reverse("workspace:order", args=[order.number]), 1)


def test_several_claims_open_the_list_of_them_the_longest_waiting_first(lan: Scene) -> None:
    short, silent, long = lan.order(), lan.order(), lan.order()
    claim(lan, short, minutes_ago=2)
    claim(lan, long, minutes_ago=60)

    assert tasks(lan)[0] == ("2 khách báo đã chuyển", f"{reverse('workspace:orders')}?loc=claimed", 2)
    assert numbers(lan, "claimed") == [long.number, short.number]
    assert numbers(lan) == [long.number, short.number, silent.number]


def test_the_list_says_when_the_buyer_said_so(lan: Scene) -> None:
    order = lan.order()
    page = lan.client.get(reverse("workspace:orders"))
    assert "áo đã chuyển" not in page.content.decode()

    claim(lan, order)

    said_at = timezone.localtime(lan.attempt(order).buyer_says_sent_at).strftime("%H:%M %d/%m")
    assert f"Báo đã chuyển {said_at}" in lan.client.get(reverse("workspace:orders")).content.decode()


@pytest.mark.parametrize("answer", ["there", "not seen", "cancelled by her"])
def test_her_answer_takes_the_claim_off_the_list(lan: Scene, answer: str) -> None:
    order = lan.order()
    claim(lan, order)
    attempt = lan.attempt(order)

    if answer == "there":
        sellers_word(attempt=attempt, amount_vnd=attempt.amount_vnd, actor=lan.user)
    elif answer == "not seen":
        seller_not_seen(attempt=attempt, actor=lan.user)
    else:
        advance_fulfilment(order=order, to=Fulfilment.CANCELLED, by="seller", actor=lan.user, reason="hết hàng")

    assert numbers(lan, "claimed") == []
    assert not any("đã chuyển" in title for title, _url, _number in tasks(lan))


def test_a_buyer_who_says_it_again_is_heard_again(lan: Scene) -> None:
    order = lan.order()
    claim(lan, order)
    seller_not_seen(attempt=lan.attempt(order), actor=lan.user)

    buyer_says_sent(attempt=lan.attempt(order))

    assert numbers(lan, "claimed") == [order.number]


def test_a_claim_on_an_order_that_only_ran_out_of_time_is_still_looked_at(lan: Scene) -> None:
    order = lan.order()
    advance_fulfilment(order=order, to=Fulfilment.CANCELLED, by="system", reason="The time for paying ran out.")

    claim(lan, order)

    assert numbers(lan, "claimed") == [order.number]


def test_the_bar_counts_unopened_orders_and_claims_once_each(lan: Scene) -> None:
    opened = lan.order()
    lan.client.get(reverse("workspace:order", args=[opened.number]))
    both = lan.order()
    claim(lan, opened)
    claim(lan, both)
    lan.order()

    page = lan.client.get(reverse("workspace:home"))

    assert '<span class="count">3</span>' in page.content.decode()


def test_whoever_does_not_see_the_money_is_not_asked_about_it(lan: Scene) -> None:
    order = lan.order(DELIVER_AND_TRANSFER)
    claim(lan, order)
    packer = MembershipFactory(role=Membership.Role.PACKER, merchant=lan.merchant).user
    sign_in(lan.client, packer)

    assert not any("đã chuyển" in title for title, _url, _number in tasks(lan))
    assert numbers(lan, "claimed") == []
    assert numbers(lan) == [order.number]


def test_a_helper_is_sent_to_the_owner_who_holds_the_bank_app(lan: Scene) -> None:
    claim(lan, lan.order())
    owners = lan.client.get(reverse("workspace:home")).context["tasks"][0].text
    sign_in(lan.client, duc_the_helper(lan.merchant))

    assert owners == "Mở ứng dụng ngân hàng xem tiền về chưa"
    assert lan.client.get(reverse("workspace:home")).context["tasks"][0].text == "Nhắc chủ cơ sở xem tiền về chưa"


def test_claims_of_another_shop_are_not_named(lan: Scene) -> None:
    claim(lan, lan.order())
    tam = another_shop()

    assert not any("đã chuyển" in title for title, _url, _number in tasks(tam))
    assert numbers(tam, "claimed") == []


def test_the_heading_over_the_goods_follows_the_order(lan: Scene) -> None:
    order = lan.order(DELIVER_AND_TRANSFER)
    address = reverse("workspace:order", args=[order.number])
    assert "Cần đóng gói" in lan.client.get(address).content.decode()

    advance_fulfilment(order=order, to="packed", by="seller", actor=lan.user, confirm_unpaid=True)

    page = lan.client.get(address).content.decode()
    assert "Cần đóng gói" not in page
    assert "Hàng trong đơn" in page

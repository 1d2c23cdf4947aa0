"""The producer's orders: what she sees, which steps she takes, what nobody else may see or do."""

import pytest
from django.test import Client
from django.urls import reverse

from merchants.models import AuditEntry, Membership
from shop.order.models import Fulfilment, Order, OrderTransition
from shop.purchase.states import advance_fulfilment
from tests.factories import MembershipFactory
from tests.people import duc_the_helper
from tests.shop.workspace.scene import DELIVER_AND_CASH, DELIVER_AND_TRANSFER, Scene, another_shop, says
from tests.sign_in import sign_in


def move(scene: Scene, order: Order, to: str, **more: str):
    return scene.client.post(reverse("workspace:order_step", args=[order.number]), {"to": to, **more}, follow=True)


def state(order: Order) -> str:
    order.refresh_from_db()
    return order.fulfilment


def test_new_order_is_marked_until_it_is_opened(lan: Scene) -> None:
    order = lan.order()
    page = lan.client.get(reverse("workspace:orders"))
    assert [row.is_unseen for row in page.context["rows"]] == [True]
    assert "chưa mở" in page.content.decode()

    lan.client.get(reverse("workspace:order", args=[order.number]))

    assert [row.is_unseen for row in lan.client.get(reverse("workspace:orders")).context["rows"]] == [False]


def test_order_goes_from_the_first_yes_to_the_buyers_door(lan: Scene) -> None:
    order = lan.order(DELIVER_AND_CASH)

    for to, sure in (("confirmed", ""), ("packed", ""), ("sent", "1"), ("delivered", "1")):
        move(lan, order, to, sure=sure)
        assert state(order) == to

    steps = OrderTransition.objects.filter(order=order, axis="fulfilment").exclude(from_state="")
    assert [(step.to_state, step.by, step.actor) for step in steps] == [
        (to, "seller", lan.user) for to in ("confirmed", "packed", "sent", "delivered")
    ]


@pytest.mark.parametrize("to", ["sent", "delivered"])
def test_step_that_cannot_be_undone_asks_to_be_sure(lan: Scene, to: str) -> None:
    order = lan.order(DELIVER_AND_CASH)
    for done in ("confirmed", "packed", *(["sent"] if to == "delivered" else [])):
        advance_fulfilment(order=order, to=done, by="seller", actor=lan.user)
    before = state(order)

    answer = move(lan, order, to)

    assert state(order) == before
    assert says(answer) == ["Vui lòng đánh dấu vào ô trước: bước này không hoàn lại được."]


def test_packing_before_the_money_asks_once_and_is_logged(lan: Scene) -> None:
    order = lan.order(DELIVER_AND_TRANSFER)
    page = lan.client.get(reverse("workspace:order", args=[order.number]))
    assert [action.to for action in page.context["other_actions"]] == ["packed"]

    answer = move(lan, order, "packed")
    assert state(order) == "placed"
    assert "Tiền chưa về" in says(answer)[0]

    move(lan, order, "packed", sure="1")
    assert state(order) == "packed"
    assert AuditEntry.objects.filter(action="order.packed_unpaid", actor=lan.user).count() == 1


@pytest.mark.parametrize("to", ["cancelled", "placed", "paid", "", "refunded", "<script>"])
def test_only_the_four_steps_forward_go_through_the_step_button(lan: Scene, to: str) -> None:
    order = lan.order()

    answer = move(lan, order, to, sure="1")

    assert answer.status_code == 200
    assert state(order) == "placed"


def test_cancelling_wants_a_reason_and_the_buyer_reads_it(lan: Scene) -> None:
    order = lan.order()
    address = reverse("workspace:order_cancel", args=[order.number])

    assert says(lan.client.post(address, {"reason": ""}, follow=True)) == ["Vui lòng ghi lý do; người mua sẽ đọc."]
    assert says(lan.client.post(address, {"reason": "made up"}, follow=True)) == [
        "Vui lòng ghi lý do; người mua sẽ đọc."
    ]
    assert state(order) == "placed"

    lan.client.post(address, {"reason": "The goods are sold out.", "words": ""})
    assert state(order) == "cancelled"
    assert order.cancel_reason == "The goods are sold out."
    page = lan.client.get(reverse("workspace:order", args=[order.number])).content.decode()
    assert "Đã hết hàng." in page
    lan.product.stockrecords.get().refresh_from_db()
    assert lan.product.stockrecords.get().num_allocated == 0


def test_own_words_win_over_the_ready_reason(lan: Scene) -> None:
    order = lan.order()

    lan.client.post(
        reverse("workspace:order_cancel", args=[order.number]),
        {"reason": "The goods are sold out.", "words": " Mưa cả tuần "},
    )

    order.refresh_from_db()
    assert order.cancel_reason == "Mưa cả tuần"


def test_goods_that_came_back_are_on_the_shelf_again(lan: Scene) -> None:
    order = lan.order(DELIVER_AND_CASH, quantity=3)
    for to in ("confirmed", "packed", "sent"):
        advance_fulfilment(order=order, to=to, by="seller", actor=lan.user)
    assert lan.product.stockrecords.get().num_in_stock == 37

    lan.client.post(
        reverse("workspace:order_cancel", args=[order.number]),
        {"reason": "The buyer cannot be reached.", "came_back": "1"},
    )

    assert state(order) == "cancelled"
    assert lan.product.stockrecords.get().num_in_stock == 40


def test_pressing_twice_says_that_it_was_done(lan: Scene) -> None:
    order = lan.order()
    move(lan, order, "confirmed")

    answer = move(lan, order, "confirmed")

    assert "Đơn đã ở bước này rồi; không có gì bị làm hai lần." in says(answer)
    assert OrderTransition.objects.filter(order=order, to_state="confirmed").count() == 1


def test_page_shows_buyer_recipient_address_and_note(lan: Scene) -> None:
    order = lan.order(DELIVER_AND_CASH)
    order.purchase.note = "Gọi trước khi giao"
    order.purchase.recipient_name, order.purchase.recipient_phone = "Bà Năm", "+84987654321"
    order.purchase.save()

    page = lan.client.get(reverse("workspace:order", args=[order.number])).content.decode()

    for text in ("Bà Năm", "+84987654321", "Lê Quang Minh", "+84912345678", "Số 1, Xóm Thử", "xã Hợp Minh"):
        assert text in page
    assert "Gọi trước khi giao" in page
    assert "80.000" in page  # 50.000 and 30.000 for the way


def test_collected_order_is_handed_over_and_never_sent(lan: Scene) -> None:
    order = lan.order()
    advance_fulfilment(order=order, to="packed", by="seller", actor=lan.user, confirm_unpaid=True)

    page = lan.client.get(reverse("workspace:order", args=[order.number]))

    assert page.context["next_action"].to == "delivered"
    assert page.context["other_actions"] == []


def test_tabs_count_and_filter(lan: Scene) -> None:
    orders = [lan.order() for _one in range(3)]
    advance_fulfilment(order=orders[0], to="confirmed", by="seller", actor=lan.user)
    advance_fulfilment(order=orders[1], to="cancelled", by="seller", actor=lan.user, reason="x")
    another_shop().order()

    page = lan.client.get(reverse("workspace:orders") + "?loc=confirmed")

    assert {tab["url"].rpartition("loc=")[2]: tab["count"] for tab in page.context["tabs"]} == {
        "/quan-ly/don-hang/": 3,
        "placed": 1,
        "confirmed": 1,
        "packed": 0,
        "sent": 0,
        "delivered": 0,
        "cancelled": 1,
    }
    assert [row.number for row in page.context["rows"]] == [orders[0].number]


@pytest.mark.parametrize("words", ["le quang minh", "Lê Quang", "0912345678", "912 345 678"])
def test_search_finds_by_name_without_tone_marks_and_by_phone(lan: Scene, words: str) -> None:
    order = lan.order()
    other = lan.order()
    other.purchase.buyer_name, other.purchase.buyer_phone = "Hồ Thị Na", "+84900000000"
    other.purchase.save()

    page = lan.client.get(reverse("workspace:orders"), {"q": words})

    assert [row.number for row in page.context["rows"]] == [order.number]


def test_search_finds_by_number_and_survives_anything(lan: Scene) -> None:
    order = lan.order()
    lan.order()

    found = lan.client.get(reverse("workspace:orders"), {"q": order.number.lower()}).context["rows"]
    assert [row.number for row in found] == [order.number]
    for words in ("%", "_", "' OR 1=1 --", "x" * 500, "\x00", "🍯", "(((", "-1"):
        assert lan.client.get(reverse("workspace:orders"), {"q": words, "trang": "10^9"}).status_code == 200


def test_numbers_and_reasons_with_forbidden_bytes_are_no_error(lan: Scene) -> None:
    order = lan.order()

    assert lan.client.get("/quan-ly/don-hang/OC%00/").status_code == 404
    assert lan.client.get(reverse("workspace:pack_list"), {"don": "OC\x00"}).status_code == 404
    lan.client.post(reverse("workspace:order_cancel", args=[order.number]), {"words": "Mưa\x00 cả\x07 tuần"})

    order.refresh_from_db()
    assert (order.fulfilment, order.cancel_reason) == ("cancelled", "Mưa cả tuần")


def test_pack_list_adds_up_and_prints_one_order_too(lan: Scene) -> None:
    first, second = lan.order(quantity=2), lan.order(quantity=3)
    another_shop().order()

    page = lan.client.get(reverse("workspace:pack_list"))
    assert page.context["totals"] == [("Mật ong hoa rừng", 5)]
    assert [sheet["number"] for sheet in page.context["sheets"]] == [first.number, second.number]

    one = lan.client.get(reverse("workspace:pack_list"), {"don": second.number})
    assert [sheet["number"] for sheet in one.context["sheets"]] == [second.number]


def test_packer_sees_no_money_and_cannot_cancel(lan: Scene) -> None:
    order = lan.order(DELIVER_AND_TRANSFER)
    packer = MembershipFactory(role=Membership.Role.PACKER, merchant=lan.merchant).user
    client = sign_in(Client(), packer)

    page = client.get(reverse("workspace:order", args=[order.number]))
    assert page.context["money"] is None
    assert page.context["may_cancel"] is False
    assert client.get(reverse("workspace:receipts")).context["doubtful"] == []
    for name in ("order_cancel", "money_in", "not_seen", "cash", "excess"):
        assert client.post(reverse(f"workspace:{name}", args=[order.number]), {"reason": "x"}).status_code == 404
    client.post(reverse("workspace:order_step", args=[order.number]), {"to": "confirmed"})
    assert state(order) == "confirmed"


def test_helper_acts_under_the_producers_eyes(lan: Scene) -> None:
    order = lan.order()
    helper = duc_the_helper(lan.merchant)
    client = sign_in(Client(), helper)

    page = client.get(reverse("workspace:home")).content.decode()
    assert "<strong>Mật ong Lan (mẫu)</strong><small>Bạn đang làm thay cơ sở này</small>" in page
    client.post(reverse("workspace:order_step", args=[order.number]), {"to": "confirmed"})

    entry = AuditEntry.objects.get(action="order.confirmed")
    assert (entry.actor, entry.on_behalf_of) == (helper, lan.merchant)
    assert client.post(reverse("workspace:money_in", args=[order.number]), {"amount": "50000"}).status_code == 404

    page = lan.client.get(reverse("workspace:home"))
    assert [membership.user for membership in page.context["staff_of_mine"]] == [helper]
    lan.client.post(reverse("workspace:person_revoke_own", args=[page.context["staff_of_mine"][0].pk]))
    assert client.get(reverse("workspace:order", args=[order.number])).status_code == 404


def test_seller_cannot_end_the_owners_role(lan: Scene) -> None:
    seller = MembershipFactory(role=Membership.Role.SELLER, merchant=lan.merchant).user
    owners = Membership.objects.get(user=lan.user)

    for client in (sign_in(Client(), seller), lan.client):
        assert client.post(reverse("workspace:person_revoke_own", args=[owners.pk])).status_code == 404
    assert Membership.objects.get(pk=owners.pk).revoked_at is None


def test_role_taken_back_in_mid_session_closes_the_next_page(lan: Scene) -> None:
    order = lan.order()
    address = reverse("workspace:order", args=[order.number])
    assert lan.client.get(address).status_code == 200

    from django.utils import timezone

    Membership.objects.filter(user=lan.user).update(revoked_at=timezone.now())

    assert lan.client.get(address).status_code == 404
    assert lan.client.post(reverse("workspace:order_step", args=[order.number]), {"to": "confirmed"}).status_code == 404
    assert "Tài khoản chưa có vai trò" in lan.client.get(reverse("workspace:home")).content.decode()
    assert state(order) == Fulfilment.PLACED


@pytest.mark.parametrize("name", ["orders", "receipts", "products", "pack_list"])
def test_lists_cost_the_same_queries_at_2_and_20_rows(lan: Scene, name: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.factories import ProductFactory

    def fill(number: int) -> None:
        for one in range(number):
            lan.order()
            lan.doubtful(number=f"{number}-{one}")
            ProductFactory(merchant=lan.merchant, title=f"Hàng {number}-{one}", price=20_000)

    fill(2)
    lan.client.get(reverse(f"workspace:{name}"))
    with CaptureQueriesContext(connection) as few:
        lan.client.get(reverse(f"workspace:{name}"))
    fill(18)
    lan.client.get(reverse(f"workspace:{name}"))  # the first visit after goods have changed reads the host anew
    with CaptureQueriesContext(connection) as many:
        page = lan.client.get(reverse(f"workspace:{name}"))

    assert page.status_code == 200
    assert len(many) == len(few)


def test_a_variant_that_the_title_names_already_is_not_said_twice(lan: Scene) -> None:
    from shop.workspace.order_page import lines_of_orders

    order = lan.order()
    for label, note in (("ong hoa rừng", ""), ("Túi 5 kg", "Túi 5 kg")):
        lan.product.__class__.objects.filter(pk=lan.product.pk).update(variant_label=label)
        assert [line.note for line in lines_of_orders([order])[order.pk]] == [note]

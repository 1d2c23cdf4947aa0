"""Producer and officer issue a new look-up code for a buyer who has lost the way to her purchase."""

import pytest
from django.test import Client

from merchants.models import AuditEntry
from shop.purchase.models import Purchase
from tests.people import hoa_the_officer
from tests.shop.workspace.scene import Scene, another_shop, lans_shop, says
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def lan() -> Scene:
    return lans_shop()


def code_of(scene: Scene) -> str:
    return Purchase.objects.get(orders__merchant=scene.merchant).look_up_code


def test_the_producer_issues_a_code_after_ticking_that_she_has_checked(lan: Scene) -> None:
    order = lan.order()
    before = code_of(lan)
    path = f"/quan-ly/don-hang/{order.number}/ma-tra-cuu/"

    hasty = lan.client.post(path, follow=True)
    assert code_of(lan) == before
    assert says(hasty) == ["Hãy kiểm tra đúng người mua rồi đánh dấu vào ô xác nhận."]

    answer = lan.client.post(path, {"checked": "1"}, follow=True)

    code = code_of(lan)
    assert code != before
    [said] = says(answer)
    assert f"Mã tra cứu mới của đơn {order.number}: {code[:3]}-{code[3:]}." in said
    assert AuditEntry.objects.get(action="purchase.look_up_code_issued").actor == lan.user
    assert Purchase.objects.get().look_up_issued_by == lan.merchant.name


def test_another_producer_and_another_commune_are_out_of_reach(lan: Scene) -> None:
    order = lan.order()
    before = code_of(lan)
    stranger = sign_in(Client(), hoa_the_officer(), second_factor=True)

    assert (
        another_shop().client.post(f"/quan-ly/don-hang/{order.number}/ma-tra-cuu/", {"checked": "1"}).status_code == 404
    )
    assert stranger.post(f"/quan-ly/co-so/tra-cuu-don/{order.number}/ma/", {"checked": "1"}).status_code == 404
    assert order.number not in stranger.post("/quan-ly/co-so/tra-cuu-don/", {"words": order.number}).context["found"]
    assert code_of(lan) == before


@pytest.mark.parametrize("words", ["number", "0912 345 678", "+84912345678"])
def test_the_officer_finds_the_order_by_number_or_phone_and_reads_no_more_than_she_needs(
    lan: Scene, words: str
) -> None:
    order = lan.order()
    office = sign_in(Client(), hoa_the_officer(lan.merchant.commune), second_factor=True)

    page = office.post("/quan-ly/co-so/tra-cuu-don/", {"words": order.number if words == "number" else words})

    text = page.content.decode()
    assert order.number in text
    assert "L••• Q••• M•••" in text and "••• 678" in text
    assert "Lê Quang Minh" not in text
    answer = office.post(f"/quan-ly/co-so/tra-cuu-don/{order.number}/ma/", {"checked": "1"}, follow=True)
    assert code_of(lan)[:3] in says(answer)[0]
    assert Purchase.objects.get().look_up_issued_by == lan.merchant.commune.name


@pytest.mark.parametrize("words", ["OC0000000", "0999 999 999", "Minh", "%", "\x00", "' OR 1=1"])
def test_what_fits_nothing_finds_nothing(lan: Scene, words: str) -> None:
    lan.order()
    office = sign_in(Client(), hoa_the_officer(lan.merchant.commune), second_factor=True)

    answer = office.post("/quan-ly/co-so/tra-cuu-don/", {"words": words})

    assert answer.status_code == 200
    assert not answer.context["found"]

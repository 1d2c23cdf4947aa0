"""Complaints on the producer's and the commune's pages."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from merchants.models import AuditEntry
from shop.payments.models import Refund
from shop.purchase.complaints import by_buyer
from shop.purchase.complaints.models import Complaint
from tests.factories.complaints import TEXT, complaint_before_commune, filed, sent_order
from tests.people import duc_the_helper, hoa_the_officer
from tests.shop.workspace.scene import Scene, photo_file, says
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db

LIST, COMMUNE = "/quan-ly/khieu-nai/", "/quan-ly/xa/khieu-nai/"


@pytest.fixture
def case(lan: Scene) -> Complaint:
    return filed(sent_order(order=lan.order()))


def post(client: Client, case: Complaint, end: str, **form: Any) -> Any:
    answer = client.post(f"{LIST}{case.number}/{end}/", form, follow=True)
    case.refresh_from_db()
    return answer


def test_a_case_waits_on_the_start_page_in_the_list_and_on_its_order(lan: Scene, case: Complaint) -> None:
    assert f'href="{LIST}"' in lan.client.get("/quan-ly/").content.decode()
    text = lan.client.get(LIST).content.decode()
    assert case.number in text and "Hàng hỏng, vỡ" in text and "chờ người bán" in text
    assert f"{LIST}{case.number}/" in lan.client.get(f"/quan-ly/don-hang/{case.order.number}/").content.decode()
    page = lan.client.get(f"{LIST}{case.number}/").content.decode()
    assert TEXT in page and "Bạn trả lời chậm nhất ngày" in page


def test_the_producer_offers_pays_back_and_takes_it_back(lan: Scene, case: Complaint) -> None:
    post(lan.client, case, "de-nghi", kind="part_refund", amount="30.000", text="Xin lỗi bạn")
    assert case.state == "offered"
    by_buyer.accept_offer(complaint=case, offer_id=case.offers.get().pk)
    assert "Đã hoàn tiền" in lan.client.get(f"{LIST}{case.number}/").content.decode()

    post(lan.client, case, "da-hoan")
    assert (case.state, Refund.objects.get().state) == ("carried_out", "sent")
    post(lan.client, case, "da-hoan", take_back="1")
    assert (case.state, Refund.objects.get().state) == ("agreed", "due")
    entry = AuditEntry.objects.filter(action="refund.sent").get()
    assert entry.actor == lan.user


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"kind": "part_refund", "amount": ""}, "Vui lòng nhập số tiền."),
        ({"kind": "part_refund", "amount": "30k"}, "Vui lòng ghi đủ các số 0"),
        ({"kind": "part_refund", "amount": "999.000"}, "nhiều hơn số tiền đã nhận"),
        ({"kind": "gold"}, "Việc này không làm được nữa"),
        ({}, "Việc này không làm được nữa"),
    ],
)
def test_a_wrong_offer_says_what_is_wrong_and_changes_nothing(
    lan: Scene, case: Complaint, form: dict[str, str], sentence: str
) -> None:
    answer = post(lan.client, case, "de-nghi", **form)

    assert case.state == "open" and not case.offers.exists()
    assert any(sentence in said for said in says(answer)), says(answer)


def test_a_refusal_wants_a_reason_and_a_message_is_no_answer(lan: Scene, case: Complaint) -> None:
    due = case.due_at
    post(lan.client, case, "viet", text="Để tôi xem lại", photos=[photo_file()])
    assert (case.state, case.due_at) == ("open", due)

    post(lan.client, case, "tu-choi", text="không")
    assert case.state == "open"
    post(lan.client, case, "tu-choi", text="Hàng gửi đi còn nguyên, có ảnh.")
    assert case.state == "refused"


def test_goods_anew_and_goods_back(lan: Scene) -> None:
    anew = filed(sent_order(order=lan.order()))
    post(lan.client, anew, "de-nghi", kind="replacement")
    by_buyer.accept_offer(complaint=anew, offer_id=anew.offers.get().pk)
    post(lan.client, anew, "da-lam", text="VN123")
    assert (anew.state, anew.refund) == ("carried_out", None)

    back = filed(sent_order(order=lan.order()), topic="changed_mind", wish="return_refund")
    post(lan.client, back, "de-nghi", kind="return_refund", amount="20000")
    by_buyer.accept_offer(complaint=back, offer_id=back.offers.get().pk)
    post(lan.client, back, "hang-ve")
    assert (back.state, back.refund.amount_vnd) == ("agreed", 20_000)


def test_a_helper_reads_and_does_not_answer(lan: Scene, case: Complaint) -> None:
    helper = sign_in(Client(), duc_the_helper(lan.merchant))

    page = helper.get(f"{LIST}{case.number}/").content.decode()

    assert TEXT in page and "Chỉ chủ cơ sở hoặc người bán được trả lời ở đây." in page
    assert "Gửi đề nghị" not in page
    assert helper.post(f"{LIST}{case.number}/de-nghi/", {"kind": "replacement"}).status_code == 404


def test_the_officer_reads_asks_and_closes_and_her_reading_is_on_record(lan: Scene) -> None:
    case = complaint_before_commune(order=sent_order(order=lan.order()))
    hoa = hoa_the_officer(lan.merchant.commune)
    officer = sign_in(Client(), hoa, second_factor=True)
    assert case.number in officer.get(COMMUNE).content.decode()
    typed = f"{case.number[:4].lower()} {case.number[4:]}"
    assert officer.get(COMMUNE, {"q": typed}).headers["Location"] == f"{COMMUNE}{case.number}/"

    page = officer.get(f"{COMMUNE}{case.number}/").content.decode()
    assert TEXT in page and "0912 345 678" in page
    assert AuditEntry.objects.get(action="complaint.read").actor == hoa

    officer.post(f"{COMMUNE}{case.number}/viet/", {"text": "Hai bên gửi thêm ảnh nhé"})
    officer.post(f"{COMMUNE}{case.number}/ket-luan/", {"text": "ừ"})
    case.refresh_from_db()
    assert case.state == "escalated"
    officer.post(f"{COMMUNE}{case.number}/ket-luan/", {"text": "Nên hoàn một nửa số tiền."})
    case.refresh_from_db()
    assert case.state == "advised"
    assert "Nên hoàn một nửa số tiền." in lan.client.get(f"{LIST}{case.number}/").content.decode()


@pytest.mark.parametrize("whose", ["producer", "commune"])
def test_lists_cost_as_many_queries_at_20_cases_as_at_2(lan: Scene, whose: str) -> None:
    officer = sign_in(Client(), hoa_the_officer(lan.merchant.commune), second_factor=True)
    client, path = (lan.client, LIST) if whose == "producer" else (officer, COMMUNE)

    def add(count: int) -> None:
        for _ in range(count):
            order = sent_order(order=lan.order())
            filed(order) if whose == "producer" else complaint_before_commune(order=order)

    add(2)
    client.get(path)
    with CaptureQueriesContext(connection) as at_two:
        client.get(path)
    add(18)
    with CaptureQueriesContext(connection) as at_twenty:
        text = client.get(path).content.decode()

    assert text.count("order-row--todo") == 20
    assert len(at_twenty) == len(at_two)


def test_a_living_order_of_which_a_part_went_back_is_not_to_be_paid_back_any_more(lan: Scene, case: Complaint) -> None:
    post(lan.client, case, "de-nghi", kind="part_refund", amount="20000")
    by_buyer.accept_offer(complaint=case, offer_id=case.offers.get().pk)
    assert case.order.number in lan.client.get("/quan-ly/don-hang/?loc=refund").content.decode()

    post(lan.client, case, "da-hoan")

    assert case.order.number not in lan.client.get("/quan-ly/don-hang/?loc=refund").content.decode()


def test_what_was_typed_stands_in_its_form_again_after_a_refusal(lan: Scene, case: Complaint) -> None:
    page = post(lan.client, case, "de-nghi", form="offer", kind="part_refund", amount="", text="Xin lỗi bạn nhiều")
    text = page.content.decode()
    assert "Vui lòng nhập số tiền." in text
    assert 'value="part_refund" checked' in text
    assert 'maxlength="2000">Xin lỗi bạn nhiều</textarea>' in text
    assert text.count("Xin lỗi bạn nhiều") == 1

    page = post(lan.client, case, "tu-choi", form="refuse", text="không")
    text = page.content.decode()
    assert '<details class="box" open>' in text and "required>không</textarea>" in text

    assert "không</textarea>" not in lan.client.get(f"{LIST}{case.number}/").content.decode()

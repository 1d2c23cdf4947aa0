"""The officer's pages on the spot, without scripts: list, scan by photo or keyboard, save, alarm, the owner's page."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from merchants.models import CodeAlarm, CodeCheck, Merchant, PaymentCode
from merchants.payment_codes import issue_code
from shop.users.models import User
from tests.factories import MerchantFactory, VillageFactory
from tests.merchants.test_code_checks import STRANGE, filed, photo_of
from tests.people import Producer, hoa_the_officer, lan_the_producer
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def lan() -> Producer:
    return lan_the_producer()


@pytest.fixture
def hoa(lan: Producer) -> User:
    return hoa_the_officer(lan.merchant.commune)


@pytest.fixture
def code(lan: Producer, hoa: User) -> PaymentCode:
    return issue_code(account=lan.account, actor=hoa)


@pytest.fixture
def office(client: Client, hoa: User) -> Client:
    return sign_in(client, hoa, second_factor=True)


def hidden(page: str) -> dict[str, str]:
    """The fields that the second step carries along."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def upload(payload: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("tuong.jpg", photo_of(payload), "image/jpeg")


def test_photo_is_read_by_the_server_answered_and_kept_with_the_visit(
    office: Client, lan: Producer, code: PaymentCode
) -> None:
    address = reverse("merchants:check", args=[lan.merchant.pk])
    first = hidden(office.get(address).content.decode())

    page = office.post(address, {"visit_id": first["visit_id"], "code_photo": upload(code.payload)}).content.decode()

    assert "Đúng tài khoản đã đăng ký của Mật ong Lan (mẫu)." in page
    assert "Cơ sở này đã tới bước nào" in page
    assert CodeCheck.objects.count() == 0
    carried = hidden(page)
    assert (carried["payload"], carried["visit_id"]) == (code.payload, first["visit_id"])
    rest = {"found_status": "active", "position": "18.98765, 105.43210", "accuracy_m": "8.4", "note": "treo ở quầy"}
    answer = office.post(address, carried | rest)
    visit = CodeCheck.objects.get()
    assert answer.headers["Location"] == reverse("merchants:check_filed", args=[visit.pk])
    assert (visit.verdict, str(visit.visit_id), visit.accuracy_m) == ("same", first["visit_id"], 8)
    assert visit.photo

    again = office.post(address, carried | rest)
    assert again.headers["Location"] == answer.headers["Location"]
    assert CodeCheck.objects.count() == 1
    photo = office.get(reverse("merchants:check_photo", args=[visit.pk]))
    assert photo.headers["Content-Type"] == "image/webp"
    assert {"no-store", "private"} <= set(photo.headers["Cache-Control"].split(", "))
    assert "Đã ghi lần kiểm tra" in office.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"payload": STRANGE}, "Tài khoản khác!"),
        ({"payload": "2|99|0900000000|NGUYEN VAN A"}, "Mã của hệ thống khác: MoMo."),
        ({"payload": "xin chào"}, "Không phải mã thanh toán."),
        ({"no_code": "1"}, "Không quét mã nào."),
        ({}, "Chưa gửi gì"),
    ],
)
def test_each_answer_is_said_in_words_and_nothing_is_written_yet(
    office: Client, lan: Producer, code: PaymentCode, sent: dict[str, str], words: str
) -> None:
    page = office.post(reverse("merchants:check", args=[lan.merchant.pk]), sent).content.decode()

    assert words in page
    assert (CodeCheck.objects.count(), CodeAlarm.objects.count()) == (0, 0)


def test_photo_without_a_code_could_not_be_read_and_what_is_no_photo_is_refused_in_words(
    office: Client, lan: Producer, code: PaymentCode
) -> None:
    from tests.shop.workspace.scene import photo_file

    address = reverse("merchants:check", args=[lan.merchant.pk])

    assert "Không đọc được mã." in office.post(address, {"code_photo": photo_file()}).content.decode()
    wrong = SimpleUploadedFile("x.jpg", b"not a picture", "image/jpeg")
    page = office.post(address, {"code_photo": wrong}).content.decode()
    assert "Tệp này không phải" in page or "không phải ảnh" in page
    assert CodeCheck.objects.count() == 0


def test_wrong_position_and_missing_name_are_said_and_the_scan_stays(
    office: Client, lan: Producer, code: PaymentCode
) -> None:
    address = reverse("merchants:check", args=[lan.merchant.pk])
    carried = hidden(office.post(address, {"code_photo": upload(code.payload)}).content.decode())

    page = office.post(
        address, carried | {"found_status": "active", "holder_method": "name_typed", "position": "105.4, 18.9"}
    ).content.decode()

    assert CodeCheck.objects.count() == 0
    kept = hidden(page)
    assert (kept["payload"], kept["visit_id"]) == (code.payload, carried["visit_id"])
    assert len(kept["kept_photo"]) > 1000
    assert page.count("field__error") >= 2


def test_spoiled_hidden_photo_costs_the_photo_not_the_visit(office: Client, lan: Producer, code: PaymentCode) -> None:
    address = reverse("merchants:check", args=[lan.merchant.pk])

    for kept in ("%%%", "aGVsbG8="):
        office.post(address, {"payload": code.payload, "kept_photo": kept, "save": "1", "found_status": "active"})

    assert [bool(visit.photo) for visit in CodeCheck.objects.all()] == [False, False]


def test_strange_code_reaches_the_start_pages_of_commune_and_owner_until_settled(
    office: Client, lan: Producer, code: PaymentCode, hoa: User
) -> None:
    address = reverse("merchants:check", args=[lan.merchant.pk])
    carried = hidden(office.post(address, {"code_photo": upload(STRANGE)}).content.decode())
    office.post(address, carried | {"found_status": "active", "position": "18.98765, 105.43210"})
    alarm = CodeAlarm.objects.get()
    owner = sign_in(Client(), lan.user)
    start = reverse("workspace:home")

    assert "Có nơi đang treo mã khác" in office.get(start).content.decode()
    assert "Mã khác đang treo ở chỗ bạn" in owner.get(start).content.decode()
    hers = owner.get(reverse("workspace:code_alarms")).content.decode()
    assert "DEMO7654321" in hers and "18.987650" in hers
    assert owner.get(reverse("workspace:code_alarm_photo", args=[alarm.pk])).headers["Content-Type"] == "image/webp"
    page = reverse("merchants:code_alarm", args=[alarm.pk])
    assert "DEMO7654321" in office.get(page).content.decode()

    office.post(page, {"outcome": "pasted_over", "note": ""})
    alarm.refresh_from_db()
    assert alarm.state == "open"
    office.post(page, {"outcome": "pasted_over", "note": "Đã gỡ tờ dán đè"})

    alarm.refresh_from_db()
    assert (alarm.state, alarm.settled_by) == ("settled", hoa)
    assert "Có nơi đang treo mã khác" not in office.get(start).content.decode()
    assert "Mã khác đang treo ở chỗ bạn" not in owner.get(start).content.decode()
    assert "Đã gỡ tờ dán đè" in owner.get(reverse("workspace:code_alarms")).content.decode()


def test_work_list_by_village_and_word_leads_to_the_shop(office: Client, lan: Producer) -> None:
    elsewhere = MerchantFactory(village=VillageFactory(commune=lan.merchant.commune), name="Tạp hoá Năm")

    def shown(**query: Any) -> list[str]:
        page = office.get(reverse("merchants:checks"), query).content.decode()
        return [one.name for one in (lan.merchant, elsewhere) if reverse("merchants:check", args=[one.pk]) in page]

    assert shown() == [lan.merchant.name, elsewhere.name]
    assert shown(thon=elsewhere.village_id) == [elsewhere.name]
    assert shown(q="mat ong") == [lan.merchant.name]
    filed(lan.merchant, hoa_the_officer(lan.merchant.commune, role="head_officer"), "")
    assert shown() == [elsewhere.name]
    assert shown(xem="het") == [lan.merchant.name, elsewhere.name]


def test_work_list_costs_the_same_for_twenty_shops(office: Client, lan: Producer) -> None:
    def cost() -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            office.get(reverse("merchants:checks"))
        return [query["sql"][:60] for query in asked.captured_queries]

    MerchantFactory(village=lan.merchant.village)
    cost()
    with_two = cost()
    for _number in range(18):
        MerchantFactory(village=VillageFactory(commune=lan.merchant.commune))
    cost()  # the site's row is read anew after a change of the register

    assert cost() == with_two
    assert Merchant.objects.count() == 20

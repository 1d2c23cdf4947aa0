"""What a phone sends when the network is back: once, in JSON, with an answer that tells it what to do."""

import base64
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from merchants.code_checks import file_visit
from merchants.models import CodeAlarm, CodeCheck, PaymentCode
from merchants.payment_codes import issue_code
from shop.users.models import User
from tests.factories import MerchantFactory
from tests.merchants.test_code_checks import STRANGE, photo_of
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
def phone(client: Client, hoa: User) -> Client:
    return sign_in(client, hoa, second_factor=True)


def send(client: Client, sent: Any, **extra: Any) -> tuple[int, dict[str, Any]]:
    body = sent if isinstance(sent, str) else json.dumps(sent)
    answer = client.post(reverse("merchants:check_sync"), body, content_type="application/json", **extra)
    assert answer.headers["Content-Type"] == "application/json"
    return answer.status_code, answer.json()


def test_a_kept_visit_arrives_whole_and_twenty_sendings_are_one(
    phone: Client, lan: Producer, code: PaymentCode
) -> None:
    seen_at = timezone.now() - timedelta(days=3)
    sent = {
        "visit_id": str(uuid.uuid4()),
        "merchant": lan.merchant.pk,
        "text": STRANGE,
        "seen_at": seen_at.isoformat(),
        "photo": base64.b64encode(photo_of(STRANGE)).decode(),
        "latitude": 18.98765,
        "longitude": 105.4321,
        "accuracy_m": 9.6,
        "note": "dán đè lên mã cũ",
    }

    answers = [send(phone, sent) for _ in range(20)]

    assert [status for status, _told in answers] == [201] + [200] * 19
    assert all(told == answers[0][1] for _status, told in answers)
    told = answers[0][1]
    assert (told["verdict"], told["alarm"], told["left_out"], told["counts"]) == ("other_account", True, [], True)
    visit = CodeCheck.objects.get()
    assert (visit.seen_at, str(visit.latitude), visit.accuracy_m) == (seen_at, "18.987650", 10)
    assert visit.photo and CodeAlarm.objects.count() == 1


def test_what_cannot_be_true_is_left_out_by_name_and_the_visit_kept(
    phone: Client, lan: Producer, code: PaymentCode
) -> None:
    sent = {
        "visit_id": str(uuid.uuid4()), "merchant": lan.merchant.pk, "text": code.payload, "seen_at": "hôm qua",
        "photo": "AAAA", "latitude": 48.85, "longitude": 2.35, "accuracy_m": "NaN", "found_status": "gone",
        "transfer_shown_on": "2999-01-01", "holder_method": "told", "note": 5,
    }  # fmt: skip

    status, told = send(phone, sent)

    assert (status, told["verdict"]) == (201, "same")
    assert set(told["left_out"]) == {
        "seen_at", "photo", "latitude", "longitude", "accuracy_m", "found_status", "transfer_shown_on",
        "holder_method", "note",
    }  # fmt: skip
    visit = CodeCheck.objects.get()
    assert (visit.found_status, visit.latitude, visit.holder_confirmed, bool(visit.photo)) == (
        "active", None, False, False,
    )  # fmt: skip


def test_a_clock_wrong_by_a_year_is_said(phone: Client, lan: Producer) -> None:
    sent = {"visit_id": str(uuid.uuid4()), "merchant": lan.merchant.pk}

    status, told = send(phone, sent | {"seen_at": (timezone.now() - timedelta(days=365)).isoformat()})

    assert (status, told["clock_was_wrong"], told["verdict"]) == (201, True, "none_seen")


def test_of_two_officers_the_later_visit_counts_and_the_phone_is_told_whose(
    phone: Client, lan: Producer, code: PaymentCode
) -> None:
    other = hoa_the_officer(lan.merchant.commune, role="head_officer")
    file_visit(visit_id=uuid.uuid4(), merchant=lan.merchant, text=code.payload, actor=other)

    earlier = (timezone.now() - timedelta(hours=5)).isoformat()
    _status, told = send(
        phone, {"visit_id": str(uuid.uuid4()), "merchant": lan.merchant.pk, "text": STRANGE, "seen_at": earlier}
    )

    assert (told["counts"], told["newer_visit"]["officer"]) == (False, other.get_full_name())
    assert CodeCheck.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ('{"visit_id": "7f0', "not_readable"),
        ("", "not_readable"),
        ("[" * 100_000, "not_readable"),
        ("[]", "no_visit"),
        ("5", "no_visit"),
        ('{"visit_id": "x", "merchant": 1}', "no_visit"),
        ('{"visit_id": 5, "merchant": 1}', "no_visit"),
        ('{"merchant": 1}', "no_visit"),
    ],
)
def test_an_upload_cut_in_the_middle_writes_nothing(phone: Client, body: str, why: str) -> None:
    assert send(phone, body) == (400, {"code": why})
    assert CodeCheck.objects.count() == 0


def test_too_large_is_said_and_writes_nothing(phone: Client, lan: Producer) -> None:
    sent = {"visit_id": str(uuid.uuid4()), "merchant": lan.merchant.pk, "photo": "A" * 3_000_000}

    assert send(phone, sent) == (413, {"code": "too_large"})
    assert CodeCheck.objects.count() == 0


def test_a_business_of_another_commune_is_not_there_and_another_visits_id_is_refused(
    phone: Client, lan: Producer, hoa: User
) -> None:
    visit_id = str(uuid.uuid4())
    foreign = MerchantFactory()

    for pk in (foreign.pk, 10**30, -1):
        assert send(phone, {"visit_id": visit_id, "merchant": pk}) == (404, {"code": "no_such_business"})
    send(phone, {"visit_id": visit_id, "merchant": lan.merchant.pk})
    neighbour = MerchantFactory(village=lan.merchant.village)
    assert send(phone, {"visit_id": visit_id, "merchant": neighbour.pk}) == (409, {"code": "visit_of_another"})
    assert CodeCheck.objects.get().merchant == lan.merchant


def test_who_may_not_send_is_told_in_json_and_nothing_is_written(lan: Producer, hoa: User) -> None:
    sent = {"visit_id": str(uuid.uuid4()), "merchant": lan.merchant.pk}

    assert send(Client(), sent) == (401, {"code": "signed_out"})
    assert send(sign_in(Client(), hoa), sent) == (403, {"code": "second_factor"})
    assert send(sign_in(Client(), lan.user), sent) == (404, {"code": "not_here"})
    assert send(Client(enforce_csrf_checks=True), sent) == (401, {"code": "signed_out"})
    strict = sign_in(Client(enforce_csrf_checks=True), hoa, second_factor=True)
    assert send(strict, sent) == (403, {"code": "form_token"})
    assert CodeCheck.objects.count() == 0

    token = strict.get(reverse("merchants:check_sync")).json()["csrf_token"]
    assert send(strict, sent, headers={"X-CSRFToken": token})[0] == 201

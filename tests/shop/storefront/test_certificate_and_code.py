"""What anyone may check: a certificate by its page, a printed payment code by its address."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from merchants.models import BankAccount, Merchant, PaymentCode
from tests.factories import BankAccountFactory, CertificateFactory, MerchantFactory, listed_product

pytestmark = pytest.mark.django_db


def certificate_page(client: Client, **fields: Any) -> str:
    holder = MerchantFactory(name="HTX Ong Đồi Mơ")
    certificate = CertificateFactory(
        holder=holder, products=[listed_product(title="Mật ong", merchant=holder)], decision_number="12/QĐ-UBND",
        issued_on=date(2020, 5, 1), **fields,
    )  # fmt: skip
    response = client.get(certificate.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_a_valid_certificate_shows_stars_holder_decision_and_goods(client: Client) -> None:
    last_day = timezone.localdate()
    text = certificate_page(client, stars=4, expires_on=last_day)

    for said in ("OCOP 4 sao", "HTX Ong Đồi Mơ", "12/QĐ-UBND", "01/05/2020", f"{last_day:%d/%m/%Y}", "Mật ong"):
        assert said in text
    assert "hết hạn" not in text


def test_a_certificate_that_ran_out_says_since_when_and_shows_no_stars(client: Client) -> None:
    text = certificate_page(client, stars=4, expires_on=timezone.localdate() - timedelta(days=1))

    assert f"đã hết hạn ngày {timezone.localdate() - timedelta(days=1):%d/%m/%Y}" in text
    assert "OCOP 4 sao" not in text


def test_a_revoked_certificate_says_so_from_that_very_day(client: Client) -> None:
    today = timezone.localdate()
    text = certificate_page(client, stars=5, expires_on=date(2099, 1, 1), revoked_on=today)

    assert f"đã bị thu hồi ngày {today:%d/%m/%Y}" in text
    assert "OCOP 5 sao" not in text


@pytest.mark.parametrize(
    ("fields", "band", "rank"),
    [
        ({"expires_on": date(2099, 1, 1)}, "Còn hiệu lực đến 01/01/2099", "OCOP 4 sao"),
        ({"expires_on": date(2099, 1, 1), "revoked_on": date(2098, 5, 3)}, "Còn hiệu lực đến 02/05/2098", "OCOP 4 sao"),
        ({"expires_on": date(2023, 4, 30)}, "Đã hết hạn 30/04/2023", "Hết hiệu lực"),
        ({"expires_on": date(2023, 4, 30), "revoked_on": date(2022, 1, 2)}, "Đã bị thu hồi 02/01/2022", "Hết hiệu lực"),
    ],
    ids=["valid", "revoked in future", "expired", "revoked"],
)  # fmt: skip
def test_a_band_over_the_sheet_says_whether_it_holds(
    client: Client, fields: dict[str, Any], band: str, rank: str
) -> None:
    text = certificate_page(client, stars=4, **fields)

    sheet = re.search(r'<article class="diploma.*?</article>', text, re.DOTALL)
    assert sheet is not None
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", sheet[0])).strip()
    assert words.startswith(f"{band} {rank} Mật ong của HTX Ong Đồi Mơ Quyết định 12/QĐ-UBND")


@pytest.mark.parametrize(
    ("stars", "points"), [(3, "từ 50 đến dưới 70"), (4, "từ 70 đến dưới 90"), (5, "từ 90 điểm trở lên")]
)
def test_the_stars_are_told_in_points_while_they_hold(client: Client, stars: int, points: str) -> None:
    assert points in certificate_page(client, stars=stars, expires_on=date(2099, 1, 1))


def test_ended_stars_are_not_told_in_points_either(client: Client) -> None:
    text = certificate_page(client, stars=4, expires_on=date(2023, 1, 1))

    assert "từ 70 đến dưới 90" not in text
    assert "không gắn sao" in text


def test_the_holder_without_a_public_page_is_named_but_not_linked(client: Client) -> None:
    holder = MerchantFactory(name="HTX Kín", is_public=False)
    certificate = CertificateFactory(holder=holder)
    text = client.get(certificate.get_absolute_url()).content.decode()

    assert "HTX Kín" in text
    assert "/co-so/" not in text


@pytest.mark.parametrize("token", ["khong-co", "x" * 500, "%00", "🍯", "..%2f"])
def test_unknown_certificates_are_404(client: Client, token: str) -> None:
    assert client.get(f"/chung-nhan/{token}/").status_code == 404


def printed_code(public_code: str = "K7M2PQ", **fields: Any) -> PaymentCode:
    merchant = MerchantFactory(name="Nhà Lan", is_public=False)
    account = BankAccountFactory(merchant=merchant, number="DEMO00001234", holder_name="PHAN THI LAN")
    return PaymentCode.objects.create(account=account, public_code=public_code, payload="000201", **fields)


def test_a_valid_code_tells_whose_it_is_the_bank_and_the_last_digits(client: Client) -> None:
    printed_code()
    response = client.get("/ma/K7M2PQ/")
    text = response.content.decode()

    assert response.status_code == 200
    for said in ("Nhà Lan", "PHAN THI LAN", "Vietcombank", "1234"):
        assert said in text
    assert "DEMO0000" not in text
    assert "/co-so/" not in text
    assert '<meta name="robots" content="noindex">' in text


def test_small_letters_will_do(client: Client) -> None:
    printed_code()

    assert client.get("/ma/k7m2pq/").context["verdict"] == "valid"


def test_a_withdrawn_code_says_since_when_and_not_to_pay(client: Client) -> None:
    printed_code(status="withdrawn", withdrawn_at=timezone.now(), withdrawn_reason="Đổi tài khoản")
    response = client.get("/ma/K7M2PQ/")
    text = response.content.decode()

    assert response.status_code == 200
    assert response.context["verdict"] == "withdrawn"
    assert f"{timezone.localdate():%d/%m/%Y}" in text
    assert "PHAN THI LAN" not in text


def test_the_code_of_an_ended_account_is_not_right_any_more(client: Client) -> None:
    code = printed_code()
    BankAccount.objects.filter(pk=code.account_id).update(status="ended", ended_at=timezone.now())

    assert client.get("/ma/K7M2PQ/").context["verdict"] == "withdrawn"


def test_the_sellers_public_page_is_linked_where_there_is_one(client: Client) -> None:
    code = printed_code()
    Merchant.objects.filter(pk=code.account.merchant_id).update(is_public=True)

    assert code.account.merchant.get_absolute_url() in client.get("/ma/K7M2PQ/").content.decode()


@pytest.mark.parametrize("code", ["KHONGCO", "x" * 500, "%00", "🍯", "1;--", "<b>"])
def test_an_unknown_code_is_404_and_says_not_to_pay(client: Client, code: str) -> None:
    response = client.get(f"/ma/{code}/")

    assert response.status_code == 404
    assert "Đừng trả tiền theo mã này" in response.content.decode()

"""Public pages are the same bytes for everyone and write nothing; what is personal comes by /toi/ alone."""

from collections.abc import Callable
from typing import Any

import brotli
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from merchants.models import Commune, PaymentCode
from shop.storefront.public_page import PublicPageError, public_page
from shop.users.models import User
from tests.factories import BankAccountFactory, listed_product
from tests.people import hoa_the_officer, lan_the_producer
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def addresses() -> list[str]:
    """Every kind of public page there is, in both languages, also those that are not there."""
    product = listed_product(title="Mật ong", stars=4)
    parent = listed_product(title="Tương", labels={"1 lít": 40_000, "2 lít": 70_000})
    PaymentCode.objects.create(account=BankAccountFactory(), public_code="K7M2PQ", payload="x")
    paths = [
        "/", "/san-pham/", "/san-pham/?q=mat&sao=4", "/san-pham/?q=xyzzy", "/san-pham/?trang=99",
        "/san-pham/thu-tu-hien-thi/",
        product.get_absolute_url(), parent.get_absolute_url(), "/san-pham/khong-co-0/",
        product.merchant.get_absolute_url(), "/co-so/khong-co-0/",
        product.certificates.get().get_absolute_url(), "/chung-nhan/khong-co/", "/ma/K7M2PQ/", "/ma/KHONGCO/",
        "/khong-co-trang-nay/",
    ]  # fmt: skip
    return [*paths, *(f"/en{path}" for path in paths)]


def signed_in_with_a_basket(user: User) -> Client:
    client = sign_in(Client(), user, second_factor=True)
    product = listed_product(title="Gạo")
    added = client.post(
        "/gio-hang/them/", {"product": product.pk, "quantity": 1}, headers={"sec-fetch-site": "same-origin"}
    )
    assert added.status_code < 400
    client.cookies["csrftoken"] = "x" * 32
    return client


def strange_cookies() -> Client:
    client = Client()
    client.cookies.load({"sessionid": "x", "csrftoken": "short", "oscar_open_basket": "1:forged", "messages": "[]"})
    return client


VISITORS: dict[str, Callable[[], Client]] = {
    "a producer with a basket": lambda: signed_in_with_a_basket(lan_the_producer().user),
    "an officer": lambda: signed_in_with_a_basket(hoa_the_officer()),
    "someone with broken cookies": strange_cookies,
}


@pytest.mark.parametrize("visitor", VISITORS)
def test_everyone_gets_the_same_bytes_and_nothing_to_keep(addresses: list[str], visitor: str) -> None:
    client = VISITORS[visitor]()
    for path in addresses:
        anonymous, personal = Client().get(path), client.get(path)

        assert anonymous.status_code == personal.status_code, path
        assert anonymous.content == personal.content, path
        for response in (anonymous, personal):
            assert "Set-Cookie" not in response.headers, path
            assert not response.cookies, path
            assert "cookie" not in response.headers.get("Vary", "").lower(), path


def test_looking_writes_nothing(addresses: list[str], client: Client) -> None:
    for path in addresses:
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        writes = [row["sql"] for row in queries if row["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE", "REPLACE"}]
        assert writes == [], path


def test_browsers_and_proxies_may_keep_them_and_ask_again(addresses: list[str], client: Client) -> None:
    for path in addresses:
        response = client.get(path)
        if response.status_code != 200:
            continue
        assert response["Cache-Control"] == "public, max-age=0, must-revalidate", path
        again = client.get(path, headers={"if-none-match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b""), path
        assert again["ETag"] == response["ETag"]


def test_pages_are_sent_compressed_the_same_each_time(client: Client) -> None:
    path = listed_product(title="Mật ong").get_absolute_url()
    plain = client.get(path)
    first, second = (client.get(path, headers={"accept-encoding": "br, gzip"}) for _ in range(2))

    assert first["Content-Encoding"] == "br"
    assert brotli.decompress(first.content) == plain.content
    assert first.content == second.content
    assert len(first.content) < len(plain.content) / 2
    assert first["Vary"] == plain["Vary"] == "Accept-Encoding"
    assert first["ETag"] == "W/" + plain["ETag"]
    again = client.get(path, headers={"accept-encoding": "br, gzip", "if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert again["Vary"] == "Accept-Encoding"


def test_the_etag_changes_with_the_page(client: Client) -> None:
    product = listed_product(in_stock=3)
    before = client.get(product.get_absolute_url())["ETag"]
    product.stockrecords.update(num_in_stock=2)

    assert client.get(product.get_absolute_url(), headers={"if-none-match": before}).status_code == 200


def test_public_pages_are_only_looked_at(addresses: list[str], client: Client) -> None:
    assert client.head("/san-pham/").status_code == 200
    for method in ("post", "put", "delete", "patch"):
        assert getattr(client, method)("/san-pham/").status_code == 405


def answer(view: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    request = RequestFactory().get("/")
    request.user = User(full_name="Lan")
    return public_page(view)(request)


def read_session(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.session.get("x"))


def write_session(request: HttpRequest) -> HttpResponse:
    request.session["x"] = 1
    return HttpResponse()


def read_basket(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.basket.id))  # type: ignore[attr-defined]


def write_row(_request: HttpRequest) -> HttpResponse:
    Commune.objects.create(code="00001", name="x", province_code="40", province_name="y")
    return HttpResponse()


def change_row(_request: HttpRequest) -> HttpResponse:
    Commune.objects.update(name="x")
    return HttpResponse()


def ask_for_a_token(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request))


def set_a_cookie(_request: HttpRequest) -> HttpResponse:
    response = HttpResponse()
    response.set_cookie("seen", "1")
    return response


@pytest.mark.parametrize(
    "view", [read_session, write_session, read_basket, write_row, change_row, ask_for_a_token, set_a_cookie]
)
def test_a_view_that_breaks_the_rule_fails_loudly(view: Callable[[HttpRequest], HttpResponse]) -> None:
    before = Commune.objects.count()

    with pytest.raises(PublicPageError), transaction.atomic():
        answer(view)
    assert Commune.objects.count() == before


def test_inside_a_public_page_nobody_is_signed_in() -> None:
    seen: list[Any] = []
    answer(lambda request: seen.append(request.user) or HttpResponse())  # type: ignore[func-returns-value]

    assert isinstance(seen[0], AnonymousUser)


def test_me_is_private_and_says_name_basket_and_the_way_to_work() -> None:
    lan = lan_the_producer()
    client = signed_in_with_a_basket(lan.user)
    response = client.get("/toi/")
    text = response.content.decode()

    assert response["Cache-Control"] == "private, no-store"
    assert "Nguyễn Thị L" in text
    assert 'href="/quan-ly/"' in text
    assert response.context["basket_count"] == 1


def test_me_of_a_guest_leads_to_sign_in_and_writes_nothing(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/en/toi/")

    assert response.context["basket_count"] == 0
    assert 'href="/en/tai-khoan/login/"' in response.content.decode()
    assert not [row["sql"] for row in queries if not row["sql"].startswith("SELECT")]
    assert not response.cookies

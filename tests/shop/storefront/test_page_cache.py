"""Kept public pages: drawn once, the same bytes and headers as drawn, true at every moment, nobody's, and bounded."""

import gzip
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from catalogue.models import Product
from catalogue.season import season_of
from merchants.models import PaymentCode
from shop.partner.models import StockRecord
from shop.storefront import page_cache
from shop.storefront.kept_pages import (
    PAGE_SECONDS,
    RENEW_SECONDS,
    KeptPage,
    PageStore,
    Question,
    best_encoding,
)
from shop.storefront.page_cache import PageCacheMiddleware
from shop.storefront.public_page import public_page
from shop.workspace.goods_writing import set_public
from tests.factories import BankAccountFactory, UserFactory, listed_product
from tests.factories.pages import guide_page, home_page
from tests.people import lan_the_producer, mai_the_editor
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def kept(settings: Any) -> None:
    """Each client is a process of its own, also where the suite runs with Redis."""
    settings.PAGE_CACHE_BYTES = 4_000_000
    settings.PAGE_CACHE_SHARED = False


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The time of the page cache, to be moved on by hand."""
    now = [time.time()]
    monkeypatch.setattr("shop.storefront.page_cache.time.time", lambda: now[0])
    return now  # type: ignore[return-value]


def is_drawn(client: Client, path: str, **request: Any) -> bool:
    """Whether the page was drawn for this look; on a hit nothing but the generation is asked for."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path, **request)
    return bool(response.templates) or len(queries) != 1


def put_on_sale(product: Product, is_public: bool) -> None:
    set_public(
        product=product, is_public=is_public, who={"actor": UserFactory(), "on_behalf_of": None, "request": None}
    )


def withdraw(product: Product) -> None:
    put_on_sale(product, False)


@pytest.fixture
def addresses() -> list[str]:
    product = listed_product(title="Mật ong", stars=4)
    guide_page(show_in_menus=True)
    PaymentCode.objects.create(account=BankAccountFactory(), public_code="K7M2PQ", payload="x")
    paths = [
        "/", "/san-pham/", "/san-pham/?q=mat&sao=4", "/san-pham/?trang=1", product.get_absolute_url(),
        product.merchant.get_absolute_url(), product.certificates.get().get_absolute_url(), "/ma/K7M2PQ/",
        "/cach-quet-ma/", "/feeds/tin.xml",
    ]  # fmt: skip
    return [*paths, *(f"/en{path}" for path in paths if path != "/cach-quet-ma/")]


# --- the same answer ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accepted", ["", "gzip", "gzip, deflate, br", "br;q=0, gzip", "zstd"])
def test_a_kept_page_is_drawn_once_and_answers_as_when_it_was_drawn(addresses: list[str], accepted: str) -> None:
    client = Client(headers={"accept-encoding": accepted})
    for path in addresses:
        drawn = client.get(path)
        with CaptureQueriesContext(connection) as queries:
            kept = client.get(path)

        assert len(queries) == 1, path
        assert (kept.status_code, kept.content) == (drawn.status_code, drawn.content) == (200, drawn.content), path
        assert all_but_id(kept) == all_but_id(drawn), path
        assert kept["Content-Length"] == str(len(kept.content))


def all_but_id(response: Any) -> dict[str, str]:
    return {name: value for name, value in response.items() if name != "X-Request-ID"}


def test_a_kept_page_has_every_header_of_a_page_and_an_id_of_its_own(client: Client) -> None:
    first, second = client.get("/san-pham/"), client.get("/san-pham/")

    assert "default-src 'self'" in second["Content-Security-Policy"]
    assert second["Content-Language"] == "vi"
    assert second["X-Content-Type-Options"] == "nosniff"
    assert second["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert second["Vary"] == "Accept-Encoding"
    assert first["X-Request-ID"] != second["X-Request-ID"]


def test_who_has_the_page_is_told_so_without_drawing(addresses: list[str], client: Client) -> None:
    for path in addresses:
        for accepted in ("", "gzip", "br"):
            etag = client.get(path, headers={"accept-encoding": accepted})["ETag"]
            with CaptureQueriesContext(connection) as queries:
                for given in (etag, f'"x", {etag}', etag.removeprefix("W/"), "*"):
                    again = client.get(path, headers={"accept-encoding": accepted, "if-none-match": given})
                    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
                    assert "Content-Type" not in again
                    assert again["Vary"] == "Accept-Encoding"
                    assert "Content-Security-Policy" in again
            assert len(queries) == 4
        assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_the_first_look_is_told_so_too_and_the_page_is_kept(client: Client) -> None:
    etag = client.get("/san-pham/")["ETag"]
    other = Client()

    assert other.get("/san-pham/", headers={"if-none-match": etag}).status_code == 304
    assert not is_drawn(other, "/san-pham/")


def test_each_encoding_holds_the_same_page_and_is_compressed_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed: list[str] = []
    real = page_cache.compress

    def counting(content: bytes, encoding: str) -> bytes:
        packed.append(encoding)
        return real(content, encoding)

    monkeypatch.setattr("shop.storefront.kept_pages.compress", counting)
    answers = [client.get("/san-pham/", headers={"accept-encoding": name}) for name in ("", "gzip", "br") * 2]

    plain = answers[0].content
    assert [gzip.decompress(answers[1].content), brotli.decompress(answers[2].content)] == [plain, plain]
    assert [answer.get("Content-Encoding", "") for answer in answers] == ["", "gzip", "br"] * 2
    assert [answer.content for answer in answers[3:]] == [answer.content for answer in answers[:3]]
    assert packed == ["gzip", "br"]
    assert answers[1]["ETag"] == answers[2]["ETag"] == "W/" + answers[0]["ETag"]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""), ("gzip", "gzip"), ("GZIP", "gzip"), ("br", "br"), ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.1, gzip;q=0.9", "gzip"), ("br;q=0, gzip;q=0", ""), ("gzip;q=0, br ; q=1.0", "br"), ("identity", ""),
        ("gzip;q=x", ""), ("x" * 5_000, ""), ("*", ""), (";;,,=", ""),
    ],
)  # fmt: skip
def test_what_a_reader_takes_is_understood(accepted: str, encoding: str) -> None:
    assert best_encoding(accepted) == encoding


def test_a_look_at_the_head_alone_is_answered_from_the_kept_page_but_keeps_none(client: Client) -> None:
    assert client.head("/san-pham/").status_code == 200
    assert is_drawn(client, "/san-pham/")

    with CaptureQueriesContext(connection) as queries:
        head = client.head("/san-pham/")

    assert len(queries) == 1
    assert all_but_id(head) == all_but_id(client.get("/san-pham/"))


# --- true at every moment -------------------------------------------------------------------------------------------


def test_what_is_withdrawn_is_gone_at_once_in_every_process() -> None:
    product = listed_product(title="Mật ong", ocop_set=4)
    path, processes = product.get_absolute_url(), (Client(), Client())
    for process in processes:
        assert [process.get(path).status_code for _ in range(2)] == [200, 200]
        assert "Mật ong" in process.get("/san-pham/").content.decode()

    withdraw(product)

    for process in processes:
        assert process.get(path).status_code == 404
        assert path not in process.get("/san-pham/").content.decode()


def test_an_unpublished_page_and_a_hidden_merchant_are_gone_at_once(client: Client) -> None:
    guide_page()
    merchant = listed_product().merchant
    paths = ["/cach-quet-ma/", merchant.get_absolute_url()]
    assert [client.get(path).status_code for path in paths] == [200, 200]

    home_page().get_children().get(slug="cach-quet-ma").specific.unpublish()
    merchant.is_public = False
    merchant.save()

    assert [client.get(path).status_code for path in paths] == [404, 404]


def test_a_price_or_stock_changed_behind_our_back_is_seen_when_the_page_ends(
    client: Client, clock: list[float]
) -> None:
    product = listed_product(price=50_000)
    path = product.get_absolute_url()
    client.get(path)
    StockRecord.objects.update(price=Decimal(77_000), num_in_stock=0)

    clock[0] += PAGE_SECONDS - RENEW_SECONDS - 1
    assert "77.000" not in client.get(path).content.decode()
    clock[0] += 2
    assert "77.000" in client.get(path).content.decode()
    assert PAGE_SECONDS * 2 <= 60


def test_a_clock_set_back_does_not_make_a_page_live_longer(client: Client, clock: list[float]) -> None:
    client.get("/san-pham/")
    clock[0] -= 3_600

    assert is_drawn(client, "/san-pham/")


def test_stars_that_end_at_midnight_end_on_the_kept_page(
    client: Client, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    product = listed_product(title="Mật ong", stars=4)
    certificate, today = product.certificates.get(), timezone.localdate()
    certificate.expires_on = today
    certificate.save()
    midnight = timezone.make_aware(datetime.combine(today + timedelta(days=1), datetime.min.time())).timestamp()
    clock[0] = midnight - 1
    before = client.get("/san-pham/").content.decode()
    assert not is_drawn(client, "/san-pham/")

    clock[0] = midnight
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: today + timedelta(days=1))
    after = client.get("/san-pham/").content.decode()

    assert before.count('class="stars') > after.count('class="stars') == 0


def test_what_was_in_season_last_month_is_not_so_on_the_kept_page(
    client: Client, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    today = date(2026, 11, 30)
    real = timezone.localdate
    monkeypatch.setattr("django.utils.timezone.localdate", lambda moment=None: real(moment) if moment else today)
    midnight = timezone.make_aware(datetime.combine(date(2026, 12, 1), datetime.min.time())).timestamp()
    orange = listed_product(title="Cam", season=season_of([10, 11]))
    listed_product(title="Bưởi", season=season_of([12]))
    clock[0] = midnight - 1
    looked_at = ["/san-pham/", "/san-pham/?mua=dang-mua", orange.get_absolute_url()]
    before = {path: client.get(path).content.decode() for path in looked_at}
    assert not any(is_drawn(client, path) for path in looked_at)
    assert "Cam" in before["/san-pham/?mua=dang-mua"] and "Bưởi" not in before["/san-pham/?mua=dang-mua"]
    assert "Mùa vụ: tháng 10 – tháng 11<small>Đang vào mùa" in before[orange.get_absolute_url()]

    clock[0] = midnight
    today = date(2026, 12, 1)
    after = {path: client.get(path).content.decode() for path in looked_at}

    assert "Bưởi" in after["/san-pham/?mua=dang-mua"] and "Cam" not in after["/san-pham/?mua=dang-mua"]
    assert "Mùa vụ: tháng 10 – tháng 11</span>" in after[orange.get_absolute_url()]
    assert before["/san-pham/"].count("product-card__season") == after["/san-pham/"].count("product-card__season") == 1


# --- nobody's -------------------------------------------------------------------------------------------------------


def test_visitors_signed_in_or_with_strange_cookies_get_the_kept_page_and_leave_nothing_in_it(client: Client) -> None:
    producer = sign_in(Client(), lan_the_producer().user, second_factor=True)
    producer.cookies["csrftoken"] = "x" * 32
    drawn_for_her = producer.get("/san-pham/")

    client.cookies.load({"sessionid": "forged", "oscar_open_basket": "1:x", "messages": "[]"})
    drawn_for_stranger = client.get("/san-pham/")

    assert drawn_for_her.content == drawn_for_stranger.content
    assert all_but_id(drawn_for_her) == all_but_id(drawn_for_stranger)
    assert not is_drawn(producer, "/san-pham/")
    assert "Set-Cookie" not in drawn_for_her.headers


@pytest.mark.parametrize("path", ["/toi/", "/en/toi/", "/gio-hang/", "/thanh-toan/", "/tai-khoan/login/", "/quan-ly/"])
def test_what_is_personal_is_never_kept(path: str) -> None:
    client = sign_in(Client(), lan_the_producer().user, second_factor=True)
    first = client.get(path)
    stranger = Client()
    stranger.handler = client.handler  # the same process
    second = stranger.get(path)

    assert first.status_code in {200, 302}
    assert "public" not in first.get("Cache-Control", "")
    assert "Nguyễn Thị L" not in second.content.decode()
    assert bool(second.templates) or second.status_code == 302  # drawn anew, for her


@pytest.mark.parametrize(
    "spoil",
    [
        lambda response: response.set_cookie("a", "b"),
        lambda response: response.headers.__setitem__("Set-Cookie", "a=b"),
        lambda response: response.headers.__setitem__("Cache-Control", "private"),
        lambda response: response.headers.__setitem__("Cache-Control", "public, no-store"),
        lambda response: response.headers.__setitem__("Vary", "Cookie"),
        lambda response: response.headers.__setitem__("Vary", "Accept-Encoding, Accept-Language"),
        lambda response: response.headers.__setitem__("Content-Encoding", "gzip"),
        lambda response: response.headers.pop("ETag"),
        lambda response: setattr(response, "is_public_answer", False),
        lambda response: setattr(response, "status_code", 206),
        lambda response: setattr(response, "content", b"x" * 1_000_001),
    ],
    ids=range(11),
)
def test_an_answer_that_something_behind_made_personal_is_not_kept(spoil: Callable[[Any], Any]) -> None:
    drawn: list[int] = []

    def draw(request: HttpRequest) -> HttpResponse:
        drawn.append(1)
        response = public_page(lambda _request: HttpResponse("x"))(request)
        spoil(response)
        return response

    middleware = PageCacheMiddleware(draw)
    for _ in range(2):
        middleware(RequestFactory().get("/san-pham/"))

    assert len(drawn) == 2


def test_a_page_sees_nothing_of_who_asks() -> None:
    seen: dict[str, Any] = {}

    def look(request: HttpRequest) -> HttpResponse:
        seen.update(meta=dict(request.META), headers=dict(request.headers), cookies=request.COOKIES, get=request.GET)
        return HttpResponse("x")

    request = RequestFactory().get(
        "/san-pham/?b=2&a=1&utm_source=x&a=0",
        headers={"user-agent": "Zalo", "accept-language": "en", "referer": "https://x", "cookie": "a=b",
                 "x-forwarded-host": "evil.example", "authorization": "Bearer x"},
    )  # fmt: skip
    public_page(look, reads=("a", "b"))(request)

    told = json.dumps({name: str(value) for name, value in seen["meta"].items()})
    assert not [word for word in ("Zalo", "evil", "Bearer", "utm", "127.0.0.1", "https://x") if word in told]
    assert set(seen["headers"]) <= {"Host", "Content-Type", "Content-Length"}
    assert seen["cookies"] == {}
    assert seen["get"].urlencode() == "a=1&a=0&b=2"
    assert request.META["HTTP_USER_AGENT"] == "Zalo"
    assert request.META["REMOTE_ADDR"] == "127.0.0.1"
    assert request.headers["Authorization"] == "Bearer x"
    assert request.COOKIES == {"a": "b"}


def test_a_page_that_reads_what_it_did_not_declare_fails_loudly() -> None:
    from shop.storefront.public_page import PublicPageError

    view = public_page(lambda request: HttpResponse(request.GET.get("q", "")), reads=("trang",))

    with pytest.raises(PublicPageError, match=r"\?q="):
        view(RequestFactory().get("/"))


def test_every_public_page_declares_what_it_reads() -> None:
    def views(resolver: URLResolver) -> Iterator[Any]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLPattern):
                yield entry.callback
            else:
                yield from views(entry)

    public = [view for view in views(get_resolver()) if getattr(view, "is_public_page", False)]

    assert len(public) >= 8
    assert [f"{view.__module__}.{view.__name__}" for view in public if view.reads is None] == []


# --- attacks on the key ---------------------------------------------------------------------------------------------


def test_parameters_nobody_reads_neither_change_the_page_nor_are_kept_apart(client: Client) -> None:
    product = listed_product()
    for path in (product.get_absolute_url(), "/san-pham/", "/", product.merchant.get_absolute_url(), "/feeds/tin.xml"):
        poisoned = client.get(f"{path}?utm_source=%22%3Eevil&fbclid=evil2")
        plain = client.get(path)

        assert "evil" not in poisoned.content.decode()
        assert plain.content == poisoned.content
        assert not is_drawn(client, f"{path}?gclid=evil3")


def test_the_order_of_parameters_makes_no_second_page(client: Client) -> None:
    listed_product(stars=4)
    first = client.get("/san-pham/?sao=4&q=mat")

    assert not is_drawn(client, "/san-pham/?q=mat&sao=4")
    assert client.get("/san-pham/?q=mat&sao=4").content == first.content


def test_hosts_ports_and_schemes_have_their_own_pages(client: Client) -> None:
    def links(**request: Any) -> str:
        client.get("/san-pham/", **request)
        return client.get("/san-pham/", **request).content.decode().split('rel="canonical" href="')[1].split('"')[0]

    assert links(headers={"host": "cho.example.test"}) == "http://cho.example.test/san-pham/"
    assert links(headers={"host": "cho.example.test:81"}) == "http://cho.example.test:81/san-pham/"
    assert links(headers={"host": "son.example.test"}) == "http://son.example.test/san-pham/"
    assert links(headers={"host": "cho.example.test"}, secure=True) == "https://cho.example.test/san-pham/"
    assert links(headers={"host": "cho.example.test", "x-forwarded-host": "evil.example"}).startswith("http://cho.")


def test_a_host_that_is_not_ours_is_refused_also_where_a_page_is_kept(client: Client) -> None:
    client.get("/san-pham/")

    refused = client.get("/san-pham/", headers={"host": "evil.example"})

    assert refused.status_code == 400
    assert "<h1>" in refused.content.decode()
    assert "evil" not in client.get("/san-pham/").content.decode()


def test_a_host_in_capitals_is_answered_but_not_kept(client: Client) -> None:
    assert is_drawn(client, "/san-pham/", headers={"host": "CHO.example.test"})
    assert is_drawn(client, "/san-pham/", headers={"host": "CHO.example.test"})


@pytest.mark.parametrize("query", ["q=" + "x" * 5_000, "&".join(f"sao={n}" for n in range(400)), "q=%ff%fe&sao=%00"])
def test_queries_beyond_reason_are_answered(client: Client, query: str) -> None:
    assert client.get(f"/san-pham/?{query}").status_code == 200


def test_a_fragment_for_htmx_is_never_taken_for_the_page(client: Client) -> None:
    whole = client.get("/san-pham/").content

    def answer(request: HttpRequest) -> HttpResponse:
        text = "fragment" if request.headers.get("HX-Request") else "page"
        return public_page(lambda _request: HttpResponse(text, headers={"Vary": "HX-Request"}))(request)

    middleware = PageCacheMiddleware(answer)
    get = RequestFactory().get
    answers = [middleware(get("/san-pham/", headers=headers)) for headers in ({"hx-request": "true"}, {}) * 2]

    assert [answer.content for answer in answers] == [b"fragment", b"page"] * 2
    assert whole


def test_what_is_sent_is_never_answered_from_kept_pages(client: Client) -> None:
    client.get("/san-pham/")

    assert [getattr(client, method)("/san-pham/").status_code for method in ("post", "put", "delete")] == [405] * 3
    assert client.options("/san-pham/").status_code == 405


def test_an_editor_previewing_a_page_does_not_see_the_kept_one() -> None:
    page = guide_page()
    editor = sign_in(Client(), mai_the_editor(), second_factor=True)
    Client().get("/cach-quet-ma/")
    page.title = "Bản nháp mới"
    request = RequestFactory().get("/cms/")
    request.user = editor.session  # type: ignore[assignment]

    preview = page.make_preview_request(preview_mode="")

    assert "Bản nháp mới" in preview.content.decode()
    assert "Bản nháp mới" not in Client().get("/cach-quet-ma/").content.decode()


# --- many at once ---------------------------------------------------------------------------------------------------


class Painter:
    """A slow page; counts how often it is drawn, and may fail."""

    def __init__(self) -> None:
        self.drawn = 0
        self.may_end = threading.Event()
        self.fails = False
        self._lock = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with self._lock:
            self.drawn += 1
            number = self.drawn
        assert self.may_end.wait(20)
        if self.fails and number == 1:
            raise ValueError("the first drawing fails")
        return public_page(lambda _request: HttpResponse(f"drawing {number}"))(request)


@pytest.fixture
def painter(monkeypatch: pytest.MonkeyPatch) -> Painter:
    """Drawn in threads that have no database."""
    monkeypatch.setattr("shop.storefront.page_cache.generation_of", lambda request: 1)
    return Painter()


def look_at_once(middleware: PageCacheMiddleware, count: int) -> tuple[list[threading.Thread], list[bytes | str]]:
    answers: list[bytes | str] = []

    def look() -> None:
        try:
            answers.append(middleware(RequestFactory().get("/san-pham/")).content)
        except ValueError as error:
            answers.append(str(error))

    threads = [threading.Thread(target=look, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads, answers


def join(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)


def test_of_many_at_once_one_draws_and_the_others_get_it(painter: Painter) -> None:
    middleware = PageCacheMiddleware(painter)
    threads, answers = look_at_once(middleware, 8)
    time.sleep(0.2)
    painter.may_end.set()
    join(threads)

    assert painter.drawn == 1
    assert answers == [b"drawing 1"] * 8


def test_while_one_draws_anew_the_others_get_the_page_before(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    middleware = PageCacheMiddleware(painter)
    painter.may_end.set()
    middleware(RequestFactory().get("/san-pham/"))
    painter.may_end.clear()
    now = time.time()
    monkeypatch.setattr("shop.storefront.page_cache.time.time", lambda: now + PAGE_SECONDS - RENEW_SECONDS + 1)

    first, _ = look_at_once(middleware, 1)
    while painter.drawn < 2:
        time.sleep(0.01)
    others, answers = look_at_once(middleware, 5)
    join(others)
    painter.may_end.set()
    join(first)

    assert answers == [b"drawing 1"] * 5
    assert painter.drawn == 2


def test_a_page_of_another_generation_is_not_shown_while_one_draws(
    painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    middleware = PageCacheMiddleware(painter)
    painter.may_end.set()
    middleware(RequestFactory().get("/san-pham/"))
    painter.may_end.clear()
    monkeypatch.setattr("shop.storefront.page_cache.generation_of", lambda request: 2)

    threads, answers = look_at_once(middleware, 4)
    time.sleep(0.2)
    assert answers == []
    painter.may_end.set()
    join(threads)

    assert answers == [b"drawing 2"] * 4


def test_nobody_waits_for_ever_for_a_drawing(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "WAIT_SECONDS", 0.1)
    threads, answers = look_at_once(PageCacheMiddleware(painter), 3)
    while painter.drawn < 3:  # all three draw: the first is too slow
        time.sleep(0.01)
    painter.may_end.set()
    join(threads)

    assert sorted(answers) == [b"drawing 1", b"drawing 2", b"drawing 3"]


def test_a_drawing_that_fails_leaves_the_others_to_draw(painter: Painter) -> None:
    painter.fails = True
    threads, answers = look_at_once(PageCacheMiddleware(painter), 3)
    time.sleep(0.2)
    painter.may_end.set()
    join(threads)

    assert answers.count("the first drawing fails") == 1
    assert len([answer for answer in answers if str(answer).startswith("b'drawing")]) == 2


# --- bounded --------------------------------------------------------------------------------------------------------


def page_of(size: int) -> KeptPage:
    return KeptPage({}, b"x" * size, '"e"', 1, date(2026, 1, 1), 0.0)


def question(number: int, *, query: str = "", host: str = "cho.example.test") -> Question:
    return Question("http", host, f"/san-pham/a-{number}/", query, is_fragment=False)


def test_kept_pages_stay_within_their_bytes_and_the_longest_unseen_goes_first() -> None:
    store = PageStore(1_000_000)
    for number in range(200):
        store.put(question(number), page_of(20_000))
        assert store.get(question(0)) is not None  # everybody looks at it
        assert store.size <= 1_000_000

    assert store.get(question(1)) is None
    assert store.get(question(199)) is not None


def test_addresses_typed_at_random_do_not_drive_out_what_everybody_reads() -> None:
    store = PageStore(1_000_000)
    store.put(question(0), page_of(20_000))
    for number in range(1_000):
        store.put(question(number, query=f"q=x{number}"), page_of(20_000))
        store.put(question(number, host=f"cho.example.test:{number + 1}"), page_of(20_000))

    assert store.get(question(0)) is not None
    assert store.size <= 1_000_000


def test_the_same_page_again_takes_no_more_room() -> None:
    store = PageStore(1_000_000)
    for _ in range(50):
        store.put(question(0), page_of(20_000))

    assert store.size < 40_000


def test_with_no_bytes_nothing_is_kept(client: Client, settings: Any) -> None:
    settings.PAGE_CACHE_BYTES = 0

    assert [is_drawn(client, "/san-pham/") for _ in range(2)] == [True, True]


# --- processes ------------------------------------------------------------------------------------------------------


def test_with_a_shared_cache_one_process_draws_for_the_others(settings: Any) -> None:
    settings.PAGE_CACHE_SHARED = True
    first, second = Client(), Client()
    drawn = first.get("/san-pham/", headers={"accept-encoding": "gzip"})

    assert not is_drawn(second, "/san-pham/")
    other = second.get("/san-pham/", headers={"accept-encoding": "gzip"})
    assert (other.content, all_but_id(other)) == (drawn.content, all_but_id(drawn))


def test_a_shared_page_of_before_a_change_is_not_taken(settings: Any) -> None:
    settings.PAGE_CACHE_SHARED = True
    product = listed_product()
    Client().get(product.get_absolute_url())
    withdraw(product)

    assert Client().get(product.get_absolute_url()).status_code == 404


def test_a_shared_cache_that_does_not_answer_costs_no_page(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PAGE_CACHE_SHARED = True

    def broken(*_: Any, **__: Any) -> None:
        raise ConnectionError("no Redis here")

    client = Client()
    monkeypatch.setattr("shop.storefront.kept_pages.cache", type("Broken", (), {"get": broken, "set": broken})())

    assert client.get("/san-pham/").status_code == 200
    assert not is_drawn(client, "/san-pham/")
    cache.clear()


TWO_PROCESSES = """
import sys, django
django.setup()
from django.conf import settings
settings.PAGE_CACHE_BYTES = 4_000_000
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
client = Client()
for line in sys.stdin:
    with CaptureQueriesContext(connection) as queries:
        status = client.get(line.strip(), headers={"host": "testserver"}).status_code
    print(status, len(queries), flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_two_real_processes_agree_the_moment_the_change_is_committed() -> None:
    from tests.shop.purchase.test_killed_checkout import own_database_url

    product = listed_product()
    environment = {**os.environ, "DATABASE_URL": own_database_url(), "DJANGO_SETTINGS_MODULE": "shop.settings.test"}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", TWO_PROCESSES],
            env=environment, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip

    def ask(process: "subprocess.Popen[str]") -> tuple[int, int]:
        assert process.stdin and process.stdout
        process.stdin.write(product.get_absolute_url() + "\n")
        process.stdin.flush()
        status, queries = process.stdout.readline().split()
        return int(status), int(queries)

    try:
        for process in processes:
            assert ask(process)[0] == 200
            assert ask(process) == (200, 1)
        put_on_sale(product, False)
        assert [ask(process)[0] for process in processes] == [404, 404]
        put_on_sale(product, True)
        assert [ask(process)[0] for process in processes] == [200, 200]
        assert [ask(process) for process in processes] == [(200, 1), (200, 1)]
    finally:
        for process in processes:
            process.kill()
            process.communicate()

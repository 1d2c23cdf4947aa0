"""Kept pages handed out before Django: the very answer Django gives, true at every moment, and nothing else."""

import gc
import io
import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import OperationalError, close_old_connections, connection
from django.test.utils import CaptureQueriesContext

from shop.storefront import front_door
from shop.storefront.front_door import MOST_REMEMBERED, FrontDoor
from shop.storefront.kept_pages import PAGE_SECONDS, RENEW_SECONDS
from shop.workspace.goods_writing import set_public
from tests.factories import UserFactory, listed_product

pytestmark = pytest.mark.django_db
PATH = "/san-pham/"


class Shop:
    """The site as a server asks it; `asked` counts what went on to Django."""

    def __init__(self) -> None:
        self.django = WSGIHandler()
        self.door = FrontDoor(self._count)
        self.asked = 0

    def _count(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        return self.django(environ, start_response)

    def get(self, path: str = PATH, *, query: str = "", **headers: str) -> tuple[str, dict[str, str], bytes]:
        environ = {
            "REQUEST_METHOD": headers.pop("method", "GET"), "SCRIPT_NAME": "", "PATH_INFO": path,
            "QUERY_STRING": query, "SERVER_NAME": "testserver", "SERVER_PORT": "80", "HTTP_HOST": "testserver",
            "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
            "REMOTE_ADDR": "192.0.2.1", **headers,
        }  # fmt: skip
        said: list[Any] = []
        body = b"".join(self.door(environ, lambda status, given, _error=None: said.extend((status, dict(given)))))
        return said[0], said[1], body


@pytest.fixture
def shop(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """As Django's own test client does, connections are not closed between requests: the test is one transaction."""
    settings.PAGE_CACHE_BYTES = 4_000_000
    settings.PAGE_CACHE_SHARED = False
    settings.ALLOWED_HOSTS = ["testserver"]
    monkeypatch.setattr(front_door, "close_old_connections", lambda: None)
    request_started.disconnect(close_old_connections)
    yield Shop()
    request_started.connect(close_old_connections)


def all_but_id(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "X-Request-ID"}


@pytest.mark.parametrize("accepted", ["", "gzip", "gzip, deflate, br"])
def test_a_kept_page_is_handed_out_as_django_answers_it(shop: Shop, accepted: str) -> None:
    listed_product(title="Mật ong")
    shop.get()
    environment = {"HTTP_ACCEPT_ENCODING": accepted}
    looked = shop.get(method="HEAD", **environment)

    with CaptureQueriesContext(connection) as queries:
        status, headers, body = shop.get(**environment)

    assert shop.asked == 2  # the drawing, and the look at the head
    assert len(queries) == 1  # the generation
    assert status == "200 OK"
    assert all_but_id(headers) == all_but_id(looked[1])
    assert len(body) == int(headers["Content-Length"])


def test_the_same_bytes_come_through_the_door_and_from_django(shop: Shop) -> None:
    listed_product(title="Mật ong")
    shop.get()

    handed_out = shop.get(HTTP_ACCEPT_ENCODING="br")
    shop.door._remembered.clear()
    answered = shop.get(HTTP_ACCEPT_ENCODING="br")

    assert shop.asked == 2
    assert handed_out[2] == answered[2]
    assert all_but_id(handed_out[1]) == all_but_id(answered[1])


def test_each_answer_has_an_id_of_its_own_or_the_proxys(shop: Shop) -> None:
    shop.get()

    first, second = (shop.get()[1]["X-Request-ID"] for _ in range(2))

    assert first != second
    assert shop.get(HTTP_X_REQUEST_ID="abcdef-0123456789")[1]["X-Request-ID"] == "abcdef-0123456789"
    assert shop.get(HTTP_X_REQUEST_ID="<b>")[1]["X-Request-ID"] != "<b>"
    assert shop.asked == 1


def test_what_is_withdrawn_is_gone_at_once(shop: Shop) -> None:
    product = listed_product(title="Mật ong bạc hà")
    shop.get()
    assert "Mật ong bạc hà" in shop.get()[2].decode()
    who = {"actor": UserFactory(), "on_behalf_of": None, "request": None}
    set_public(product=product, is_public=False, who=who)

    body = shop.get()[2].decode()

    assert "Mật ong bạc hà" not in body


def test_a_page_about_to_end_and_one_of_yesterday_are_left_to_django(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    shop.get()

    monkeypatch.setattr(front_door.time, "time", lambda: now + PAGE_SECONDS - RENEW_SECONDS + 1)
    shop.get()
    assert shop.asked == 2
    monkeypatch.undo()
    tomorrow = (datetime.fromtimestamp(now, tz=None).astimezone() + timedelta(days=1)).date()
    monkeypatch.setattr(front_door, "day_at", lambda _minute: tomorrow)
    shop.get()

    assert shop.asked == 3


@pytest.mark.parametrize(
    "other",
    [
        {"method": "HEAD"},
        {"method": "POST"},
        {"HTTP_IF_NONE_MATCH": '"x"'},
        {"HTTP_IF_MODIFIED_SINCE": "Tue, 24 Nov 2026 00:00:00 GMT"},
        {"HTTP_RANGE": "bytes=0-9"},
        {"HTTP_HOST": "other.example.test"},
        {"wsgi.url_scheme": "https"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_HX_REQUEST": "true"},
        {"SCRIPT_NAME": "/shop"},
        {"query": "trang=1"},
        {"path": "/en/san-pham/"},
    ],
)
def test_anything_asked_otherwise_is_left_to_django(shop: Shop, other: dict[str, str]) -> None:
    shop.get()

    shop.get(**other)

    assert shop.asked == 2


def test_only_kept_pages_are_remembered(shop: Shop) -> None:
    for path in ("/gio-hang/", "/toi/", "/san-pham/khong-co-999999/", "/healthz"):
        shop.get(path)
        shop.get(path)

    assert shop.asked == 8
    assert shop.door._remembered == {}


def test_a_page_that_was_thrown_out_is_not_held_by_the_door(shop: Shop) -> None:
    shop.get()
    (remembered,) = shop.door._remembered.values()

    shop.django = WSGIHandler()  # its store goes, and the page with it
    gc.collect()

    assert remembered.page() is None
    assert shop.get()[0] == "200 OK"
    assert shop.asked == 2


def test_requests_at_random_are_not_remembered_for_ever(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front_door, "MOST_REMEMBERED", 3)

    for number in range(5):
        shop.get(query=f"x={number}")

    assert len(shop.door._remembered) <= 3 < MOST_REMEMBERED


def test_where_the_database_does_not_answer_django_says_so(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.get()

    def broken() -> int:
        raise OperationalError

    monkeypatch.setattr(front_door, "face_generation", broken)
    shop.get()

    assert shop.asked == 2


def test_nothing_before_the_page_cache_tells_two_readers_apart() -> None:
    """What stands there is passed over by the door: it may only add what is the same for the same words."""
    before = django_settings.MIDDLEWARE[
        : django_settings.MIDDLEWARE.index("shop.storefront.page_cache.PageCacheMiddleware")
    ]

    assert before == [
        "shop.request_log.RequestIdMiddleware",
        "django.middleware.security.SecurityMiddleware",
        "whitenoise.middleware.WhiteNoiseMiddleware",
    ]

"""Letters that turn the line are gone before any view reads what a form sends; other bodies stay as they came."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from shop.plain_text import PlainTextMiddleware
from tests.shop.workspace.scene import photo_file

TURNED = "Lan\u202e000.1\u202c \u2067Nguyễn\u2069\u200f"


def seen_by_view(request: HttpRequest, look: Any) -> Any:
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(look(request))
        return HttpResponse()

    PlainTextMiddleware(view)(request)
    return seen[0]


def test_every_field_of_a_form_loses_them_and_keeps_everything_else() -> None:
    sent = {"name": TURNED, "more": [TURNED, "Đỗ 👩‍🌾"], "plain": "x"}
    encoded = urlencode(sent, doseq=True)
    for request in (
        RequestFactory().post("/", sent),
        RequestFactory().post("/", encoded, content_type="application/x-www-form-urlencoded"),
    ):
        fields = seen_by_view(request, lambda request: request.POST)
        assert fields["name"] == "Lan000.1 Nguyễn"
        assert fields.getlist("more") == ["Lan000.1 Nguyễn", "Đỗ 👩‍🌾"]
        assert fields["plain"] == "x"


def test_a_form_without_them_and_its_files_arrive_as_sent() -> None:
    request = RequestFactory().post("/", {"name": "Lan", "photo": photo_file()})

    fields, files = seen_by_view(request, lambda request: (request.POST, request.FILES))

    assert fields.dict() == {"name": "Lan"}
    assert files["photo"].name == "anh.jpg"


def test_a_notice_is_read_byte_for_byte() -> None:
    body = '{"content": "a\u202eb"}'.encode()

    request = RequestFactory().post("/", body, content_type="application/json")

    assert seen_by_view(request, lambda request: request.body) == body

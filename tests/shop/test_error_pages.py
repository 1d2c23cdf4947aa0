"""What somebody sees when a request fails: a drawing, one sentence, one next step, in the language of the address."""

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, path
from django.utils import translation

from shop import error_pages
from shop.urls import urlpatterns as site_urls
from tests.test_markup import faults, parsed


def break_(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


def forbid(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


urlpatterns: list[URLPattern | URLResolver] = [
    path("hong/", break_), path("en/hong/", break_), path("cam/", forbid), path("en/cam/", forbid), *site_urls,
]  # fmt: skip
handler400, handler404, handler500 = error_pages.bad_request, error_pages.page_not_found, error_pages.server_error


def words_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def post_without_token(prefix: str) -> Any:
    return Client(enforce_csrf_checks=True).post(f"{prefix}/tai-khoan/login/", {"login": "a"})


def get(address: str, **headers: str) -> Callable[[str], Any]:
    return lambda prefix: Client(raise_request_exception=False).get(prefix + address, **headers)  # type: ignore[arg-type]


# what it is called here, status, how it comes about, heading in Vietnamese and English
FAILURES: list[tuple[str, int, Callable[[str], Any], str, str]] = [
    (
        "400",
        400,
        get("/", HTTP_HOST="khong-phai.example"),
        "Chúng tôi không đọc được yêu cầu này",
        "We could not read that",
    ),
    ("403", 403, get("/cam/"), "Cổng này không mở cho bạn", "This gate is closed to you"),
    ("403 form", 403, post_without_token, "Mời bạn gửi lại lần nữa", "Please send it once more"),
    ("404", 404, get("/khong-co-gi/"), "Đường này chưa dẫn tới đâu", "This path leads nowhere"),
    ("410", 410, get("/tai-khoan/kich-hoat/khong-dung/"), "Mã này không dùng được", "This code does not work"),
    ("500", 500, get("/hong/"), "Phía chúng tôi vừa gặp trục trặc", "Something broke on our side"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.urls("tests.shop.test_error_pages")
@pytest.mark.parametrize(("prefix", "language"), [("", "vi"), ("/en", "en")])
@pytest.mark.parametrize(
    ("status", "fail", "vi", "en"), [row[1:] for row in FAILURES], ids=[row[0] for row in FAILURES]
)
def test_each_failure_has_a_drawn_page_in_the_language_of_the_address(
    prefix: str, language: str, status: int, fail: Callable[[str], Any], vi: str, en: str
) -> None:
    response = fail(prefix)

    assert response.status_code == status
    tree = parsed(response.content.decode())
    assert faults(tree) == []
    assert next(element for element in tree.iter("html")).get("lang") == language
    heading = " ".join("".join(next(tree.iter("h1")).itertext()).split())
    assert heading == (en if language == "en" else vi)
    assert 'class="empty__picture"' in words_of(response)
    main = next(tree.iter("main"))
    steps = [element for element in main.iter() if element.tag == "a" and "button" in str(element.get("class")).split()]
    assert len(steps) == (0 if status == 404 else 1)  # there it is the search field


@pytest.mark.django_db
def test_a_page_that_is_not_there_offers_a_search_that_leads_to_the_goods() -> None:
    response = Client().get("/en/khong-co-gi/")

    form = next(element for element in parsed(response.content.decode()).iter("main")).find(".//form")
    assert form is not None
    assert (form.get("action"), form.get("method")) == ("/en/san-pham/", "get")
    assert [field.get("name") for field in form.iter("input")] == ["q"]
    assert "csrfmiddlewaretoken" not in words_of(response)


def test_our_own_fault_needs_no_database_no_list_of_static_files_and_no_context(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_such_file(name: str, force: bool = False) -> str:
        raise ValueError(f"Missing staticfiles manifest entry for {name!r}")

    monkeypatch.setattr(staticfiles_storage, "url", no_such_file)

    for path_, language, words in (
        ("/x/", "vi", "Phía chúng tôi vừa gặp trục trặc"),
        ("/en/x/", "en", "Something broke"),
    ):
        response = error_pages.server_error(RequestFactory().get(path_))

        text = response.content.decode()
        assert response.status_code == 500
        assert faults(parsed(text)) == []
        assert f'<html lang="{language}">' in text
        assert words in text
        assert "<svg" in text
        assert "stylesheet" not in text


def test_our_own_fault_has_its_style_where_static_files_are_well() -> None:
    text = error_pages.server_error(RequestFactory().get("/")).content.decode()

    assert text.count('rel="stylesheet"') == 2


def test_the_drawings_are_sound_hidden_from_readers_and_light(settings: Any) -> None:
    drawings = sorted((settings.BASE_DIR / "templates/errors/drawings").glob("*.svg"))

    assert [drawing.stem for drawing in drawings] == ["400", "403", "403_csrf", "404", "410", "429", "500"]
    for drawing in drawings:
        root = ET.fromstring(drawing.read_text())  # noqa: S314  # our own file
        assert (root.get("viewBox"), root.get("aria-hidden")) == ("0 0 280 200", "true")
        assert drawing.stat().st_size < 5_000
        assert "style" not in {name for element in root.iter() for name in element.attrib}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["vi", "en"])
def test_too_many_tries_and_gone_for_good_are_drawn_too(language: str) -> None:
    request = RequestFactory().get("/en/x/" if language == "en" else "/x/")
    for name in ("410", "429"):
        with translation.override(language):
            response = render(request, f"{name}.html", status=int(name))

        tree = parsed(response.content.decode())
        assert faults(tree) == []
        assert 'class="empty__picture"' in response.content.decode()

"""Pages about one visitor: never stored, compressed with padding, and polled parts keep their ETag as it is."""

import gzip

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from shop.purchase.web.private_page import private_page

WORDS = "<p>Đơn mua của bạn</p>" * 500


def answer(*, accepts: str = "gzip", **headers: str) -> HttpResponse:
    @private_page()
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(WORDS, headers=headers)

    return view(RequestFactory().get("/", headers={"accept-encoding": accepts}))


def test_a_private_page_is_compressed_and_never_stored() -> None:
    response = answer()

    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content).decode() == WORDS
    assert len(response.content) < len(WORDS) / 10
    assert response["Cache-Control"] == "no-store, private"
    assert "Accept-Encoding" in response["Vary"]


def test_its_length_says_nothing_exact() -> None:
    assert len({len(answer().content) for _ in range(40)}) > 1


def test_whoever_cannot_read_gzip_gets_it_plain() -> None:
    assert answer(accepts="identity").content.decode() == WORDS


def test_what_is_polled_keeps_its_etag_and_pictures_their_bytes() -> None:
    assert answer(ETag='"a"')["ETag"] == '"a"'
    assert "Content-Encoding" not in answer(ETag='"a"').headers
    assert "Content-Encoding" not in answer(**{"Content-Type": "image/png"}).headers

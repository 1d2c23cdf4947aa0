"""Files of any size: refused in words, bounded on disk and in memory."""

import io
import tracemalloc
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse

from catalogue.models import Product
from merchants.photos import MOST_BYTES
from shop import uploads
from tests.shop.workspace.scene import Scene, lans_shop

MB = 1_000_000
BOUNDARY = "khung"


class Zeros(io.RawIOBase):
    """A multipart body with one file of that many bytes, made while it is read."""

    def __init__(self, size: int) -> None:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'.encode()
        field = f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="title"\r\n\r\nGao\r\n--{BOUNDARY}--\r\n'
        self.parts: list[Any] = [io.BytesIO(head), size, io.BytesIO(field.encode())]
        self.length = len(head) + size + len(field)

    def read(self, size: int = -1) -> bytes:
        size = size if size >= 0 else 64 * 1024
        while self.parts:
            part = self.parts[0]
            if isinstance(part, int):
                taken = min(part, size)
                self.parts[0] -= taken
                if taken:
                    return bytes(taken)
            elif given := part.read(size):
                return bytes(given)
            self.parts.pop(0)
        return b""


def request_with(size: int, path: str = "/quan-ly/hang/them/", *, announced: bool = True) -> Any:
    body = Zeros(size)
    request = RequestFactory().post(path)
    request.META["CONTENT_TYPE"] = f"multipart/form-data; boundary={BOUNDARY}"
    request.content_type = "multipart/form-data"
    request.content_params = {"boundary": BOUNDARY}
    request.META["CONTENT_LENGTH"] = str(body.length if announced else 1_000)
    request._stream = body
    request._read_started = False
    return request


def test_of_200_megabytes_no_more_than_a_photo_is_kept_and_the_other_fields_arrive() -> None:
    request = request_with(200 * MB)
    tracemalloc.start()

    upload = request.FILES["photos"]
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert MOST_BYTES < upload.size < MOST_BYTES + 200_000
    assert request.POST["title"] == "Gao"
    assert peak < 5 * MB


@pytest.mark.parametrize("announced", [True, False])
def test_a_request_beyond_all_bounds_is_not_read_to_its_end(announced: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_READ", 20 * MB)

    with pytest.raises(RequestDataTooBig):
        request_with(30 * MB, announced=announced).POST  # noqa: B018


def test_an_editors_document_is_kept_whole_or_refused() -> None:
    assert request_with(30 * MB, "/cms/documents/multiple/add/").FILES["photos"].size == 30 * MB
    with pytest.raises(RequestDataTooBig):
        request_with(101 * MB, "/cms/documents/multiple/add/").FILES  # noqa: B018


@pytest.mark.django_db
def test_a_photo_that_is_too_large_is_named_and_nothing_is_made() -> None:
    lan: Scene = lans_shop()
    large = SimpleUploadedFile("to.jpg", b"\xff\xd8\xff" + bytes(16 * MB), content_type="image/jpeg")
    typed = {"title": "Gạo", "price_new": "25000", "stock_new": "3", "net_quantity": "1", "unit": "kg"}
    before = Product.objects.count()

    page = lan.client.post(reverse("workspace:product_add"), {**typed, "photos": large})

    assert page.context["form"].errors["photos"] == ["to.jpg: Tệp này lớn hơn 15 MB. Vui lòng chọn ảnh nhỏ hơn."]
    assert page.context["form"]["title"].value() == "Gạo"
    assert Product.objects.count() == before

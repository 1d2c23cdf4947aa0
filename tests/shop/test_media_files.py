"""`/media/…`: what never changes may be kept for ever, all else for an hour, and nothing beside MEDIA_ROOT is given."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

SIZED = "photos/2026/11/5f0c-1600x1200-c8a47e-1a-640"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    (tmp_path / "photos/2026/11").mkdir(parents=True)
    for ending in ("avif", "webp", "jpg"):
        (tmp_path / f"{SIZED}.{ending}").write_bytes(b"picture")
    (tmp_path / "dong.webp").write_bytes(b"picture")
    return tmp_path


@pytest.mark.parametrize(("ending", "kind"), [("avif", "image/avif"), ("webp", "image/webp"), ("jpg", "image/jpeg")])
def test_a_size_of_a_picture_may_be_kept_for_ever(client: Client, ending: str, kind: str) -> None:
    response = client.get(f"/media/{SIZED}.{ending}")

    assert (response.status_code, response["Content-Type"]) == (200, kind)
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response.cookies
    assert b"".join(response.streaming_content) == b"picture"
    again = client.get(f"/media/{SIZED}.{ending}", headers={"If-Modified-Since": response["Last-Modified"]})
    assert (again.status_code, again["Cache-Control"]) == (304, response["Cache-Control"])


def test_another_file_is_asked_for_again_after_an_hour(client: Client) -> None:
    assert client.get("/media/dong.webp")["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize(
    "path", ["/media/", "/media/photos/", "/media/../manage.py", "/media/%2e%2e/manage.py", f"/media/{SIZED}.png"]
)
def test_nothing_else_is_given(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code in {400, 404}
    assert "immutable" not in response.get("Cache-Control", "")


def test_pictures_are_only_read(client: Client) -> None:
    assert client.post(f"/media/{SIZED}.jpg").status_code == 405

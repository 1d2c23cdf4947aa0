"""Media in S3 buckets, over real HTTP against a store that checks every signature (tests/bucket_server.py)."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.conf import settings as project
from django.core.files.storage import default_storage, storages
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.images.models import Image

from catalogue.models import Product
from merchants.picture_sizes import files_of
from merchants.picture_upkeep import remove_pictures
from shop.purchase.complaints.models import ComplaintPhoto
from shop.purchase.complaints.photos import take_in
from shop.settings.media_storage import read_storage_url
from shop.workspace.waiting_photos import keep_waiting, remove_old_waiting_photos, waiting_photos
from tests.bucket_server import KEY, REGION, SECRET, Store, bucket_store
from tests.factories.complaints import complaint_before_commune, sent_order
from tests.people import mai_the_editor
from tests.shop.workspace.scene import lans_shop, photo_file
from tests.shop.workspace.test_goods import NEW
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db

PUBLIC, PRIVATE = "anh-cong-khai", "anh-rieng"


def address(store: Store, **more: str) -> str:
    options = "".join(f"&{name}={value}" for name, value in more.items())
    secret = SECRET.replace("/", "%2F").replace("+", "%2B")
    return f"s3+http://{KEY}:{secret}@{store.address}/{PUBLIC}?private={PRIVATE}&region={REGION}{options}"


@pytest.fixture
def store(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The installation with its media in two buckets."""
    with bucket_store() as store:
        buckets = read_storage_url(address(store))
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {"BACKEND": "shop.bucket_files.PublicFiles", "OPTIONS": buckets.options(PUBLIC)},
            "private": {"BACKEND": "shop.bucket_files.PrivateFiles", "OPTIONS": buckets.options(PRIVATE)},
        }
        # a column asks for its storage once, when the models are read
        monkeypatch.setattr(ComplaintPhoto._meta.get_field("picture"), "storage", storages["private"])
        yield store
        assert store.refused == []


def test_photos_of_goods_lie_there_in_all_sizes_and_are_handed_out_under_media(store: Store, client: Client) -> None:
    lan = lans_shop()

    lan.client.post(reverse("workspace:product_add"), {**NEW, "photos": [photo_file(size=(1600, 1200))]})

    product = Product.objects.get(title=NEW["title"])
    name = product.images.get().original.name
    assert store.keys(PUBLIC) == set(files_of(name))
    assert store.keys(PRIVATE) == set()
    kept = store.objects[PUBLIC, name]
    assert kept.headers == {"content-type": "image/jpeg", "cache-control": "public, max-age=31536000, immutable"}
    page = client.get(product.get_absolute_url()).content.decode()
    assert f'href="/media/{name}"' in page
    assert store.address not in page
    assert KEY not in page
    given = client.get(f"/media/{name}")
    assert b"".join(given.streaming_content) == kept.content
    assert given.headers["Content-Type"] == "image/jpeg"
    assert given.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    again = client.get(f"/media/{name}", headers={"If-Modified-Since": given.headers["Last-Modified"]})
    assert again.status_code == 304
    for path in ("/media/", "/media/photos/", f"/media/{name}x", "/media/../manage.py", f"/media/../{PRIVATE}/x"):
        assert client.get(path).status_code in {400, 404}, path


def test_a_photo_of_a_complaint_is_read_through_the_view_alone(store: Store, client: Client) -> None:
    case = complaint_before_commune(order=sent_order(), photos=take_in([photo_file()]))
    order, photo = case.order, ComplaintPhoto.objects.get()
    keys = {"token": order.purchase.token, "number": order.number, "case": case.number}

    page = client.get(reverse("purchase:complaint", kwargs=keys)).content.decode()
    given = client.get(reverse("purchase:complaint_photo", kwargs={**keys, "pk": photo.pk}))

    assert store.keys(PRIVATE) == {photo.picture.name}
    assert store.keys(PUBLIC) == set()
    assert given.content == store.objects[PRIVATE, photo.picture.name].content
    assert given.headers["Cache-Control"] == "no-store, private"
    assert store.address not in page
    assert photo.picture.name not in page
    assert client.get(f"/media/{photo.picture.name}").status_code == 404
    other = reverse("purchase:complaint_photo", kwargs={**keys, "token": "x" * 22, "pk": photo.pk})
    assert client.get(other).status_code == 404
    straight = f"http://{store.address}/{PRIVATE}/{photo.picture.name}"
    assert httpx.get(straight).status_code == 403
    assert store.refused.pop().endswith("not signed")
    photo.picture.storage.delete(photo.picture.name)
    assert client.get(reverse("purchase:complaint_photo", kwargs={**keys, "pk": photo.pk})).status_code == 404


def test_the_address_of_a_private_file_is_signed_and_ends(store: Store) -> None:
    name = storages["private"].save("complaints/x.webp", photo_file())
    url = storages["private"].url(name)

    assert httpx.get(url).status_code == 200
    assert "X-Amz-Expires=60" in url
    for forged in (url.replace("x.webp", "y.webp"), url.replace("Expires=60", "Expires=6000"), url[:-1] + "g"):
        assert httpx.get(forged).status_code == 403
    assert [reason.rpartition(": ")[2] for reason in store.refused] == ["another signature"] * 3
    store.refused.clear()


def test_an_editors_picture_comes_with_its_sizes_and_goes_with_them(
    store: Store, django_capture_on_commit_callbacks: Any
) -> None:
    editor = sign_in(Client(), mai_the_editor(), second_factor=True)
    with django_capture_on_commit_callbacks(execute=True):
        answer = editor.post(
            reverse("wagtailimages:add"), {"title": "Đồng", "file": photo_file("dong.jpg"), "collection": 1, "tags": ""}
        )
    assert answer.status_code == 302
    image = Image.objects.get()
    assert set(files_of(image.file.name)) <= store.keys(PUBLIC)

    # Wagtail's own drawing for its screens
    listing = editor.get(reverse("wagtailimages:index"))
    assert listing.status_code == 200
    rendition = image.renditions.first()
    assert rendition is not None
    assert store.objects[PUBLIC, rendition.file.name].headers["cache-control"] == "public, max-age=3600"
    assert f"/media/{rendition.file.name}" in listing.content.decode()

    name = image.file.name
    with django_capture_on_commit_callbacks(execute=True):
        image.delete()
    remove_pictures.call([name])
    assert store.keys(PUBLIC) & set(files_of(name)) == set()


def test_photos_that_wait_for_a_second_try_are_found_and_swept(store: Store) -> None:
    from merchants.photos import prepare_photo

    lan = lans_shop()
    tokens = keep_waiting(photos=[prepare_photo(photo_file().read())], person=lan.user)

    assert [photo.width_px for photo in waiting_photos(tokens=tokens, person=lan.user)] == [800]
    assert remove_old_waiting_photos() == 0
    assert remove_old_waiting_photos(now=timezone.now() + timedelta(hours=25)) == 1
    assert store.keys(PRIVATE) == set()


def test_a_second_file_of_one_name_does_not_replace_the_first(store: Store) -> None:
    first = default_storage.save("documents/bao-gia.pdf", photo_file())
    second = default_storage.save("documents/bao-gia.pdf", photo_file())

    assert first == "documents/bao-gia.pdf"
    assert second != first
    assert store.keys(PUBLIC) == {first, second}


def test_pictures_of_another_host_stand_in_pages_and_feeds_with_their_whole_address(
    store: Store, settings: Any, client: Client
) -> None:
    settings.MEDIA_URL = read_storage_url(address(store, public="https://anh.example.test/kho")).public_url
    lan = lans_shop()
    lan.client.post(reverse("workspace:product_add"), {**NEW, "photos": [photo_file()]})
    product = Product.objects.get(title=NEW["title"])
    whole = f"https://anh.example.test/kho/{product.images.get().original.name}"

    page = client.get(product.get_absolute_url()).content.decode()
    feed = b"".join(client.get("/feeds/google.xml").streaming_content).decode()
    [item] = [item for item in client.get("/api/v1/products").json()["items"] if item["title"] == NEW["title"]]

    assert f'href="{whole}"' in page
    assert f'<meta property="og:image" content="{whole}">' in page
    assert f">{whole}<" in feed
    assert item["picture"] == whole
    assert '"media": "/media/"' in client.get("/sw.js").content.decode()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://k:s@h/b?private=c", "it must begin with s3://"),
        ("s3://h/b?private=c", "it needs key, secret and host"),
        ("s3://k:s@/b?private=c", "it needs key, secret and host"),
        ("s3://k:s@h?private=c", "it needs one bucket"),
        ("s3://k:s@h/b/c?private=d", "it needs one bucket"),
        ("s3://k:s@h/b", "it needs private=BUCKET"),
        ("s3://k:s@h/b?private=b", "it needs private=BUCKET"),
        ("s3://k:s@h/b?private=", "it needs private=BUCKET"),
        ("s3://k:s@h/b?private=c&publik=x", "unknown: publik"),
        ("s3://k:s@h/b?private=c&public=anh.example", "public= must be an address"),
        ("s3://k:s@h/b?private=c&addressing=x", "addressing= is path or virtual"),
    ],
)
def test_what_is_missing_or_wrong_is_said(url: str, says: str) -> None:
    with pytest.raises(ValueError, match=says.replace("?", r"\?")):
        read_storage_url(url)


def start_with(url: str) -> "subprocess.CompletedProcess[str]":
    program = (
        "import django; django.setup(); from django.conf import settings as s; "
        "print(s.STORAGES['default']['BACKEND'], s.STORAGES['private']['OPTIONS']['bucket_name'], s.MEDIA_URL, "
        "s.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src'][-1])"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "shop.settings.local", "MEDIA_STORAGE_URL": url}
    return subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=project.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_installation_starts_with_it_or_stops_with_its_name_and_without_the_secret() -> None:
    good = start_with("s3://khoa:bi-mat@s3.example.test/b?private=c&public=https://anh.example.test")
    bad = start_with("s3://khoa:bi-mat@s3.example.test/b")

    assert good.stdout.split() == [
        "shop.bucket_files.PublicFiles", "c", "https://anh.example.test/", "https://anh.example.test",
    ]  # fmt: skip
    assert bad.returncode != 0
    assert "MEDIA_STORAGE_URL: it needs private=BUCKET" in bad.stderr
    assert "bi-mat" not in bad.stderr

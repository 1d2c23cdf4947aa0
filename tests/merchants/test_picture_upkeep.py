"""Files and rows over time: what nobody shows goes, what is shown is never missing, sizes are made anew on command."""

import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from PIL import Image
from wagtail.images.models import Image as PageImage

from catalogue.models import ListedProduct
from merchants.models import Merchant
from merchants.photos import keep_photo, prepare_photo
from merchants.picture_sizes import files_of, read_name
from merchants.picture_upkeep import (
    complete_picture,
    drop_pictures,
    picture_names,
    picture_notices,
    remove_pictures,
    renew_picture,
    sweep,
    sweep_recent,
)
from shop.storefront.generation import face_generation
from tests.factories import MerchantFactory, listed_product
from tests.factories.catalogue import give_picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    yield
    storages["private"].delete("picture_sizes.json")


def photo_bytes(width: int = 800, height: int = 600) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (200, 164, 126)).save(buffer, "JPEG")
    return buffer.getvalue()


def kept(day: date = date(2026, 11, 23)) -> str:
    return keep_photo(prepare_photo(photo_bytes()), today=day)


def old_picture(stem: str = "photos/2026/10/alt") -> str:
    """As kept before there were sizes of today: three WebP files."""
    for width in (320, 640, 1200):
        buffer = io.BytesIO()
        Image.new("RGB", (width, width * 3 // 4), (90, 140, 50)).save(buffer, "WEBP")
        default_storage.save(f"{stem}-{width}.webp", ContentFile(buffer.getvalue()))
    return f"{stem}-1200.webp"


def are_there(name: str) -> set[bool]:
    return {default_storage.exists(file) for file in files_of(name)}


def test_a_dropped_picture_goes_after_a_while_with_all_its_files() -> None:
    name = kept()

    drop_pictures([name])

    order = DBTaskResult.objects.get()
    assert order.args_kwargs["kwargs"] == {"names": [name]}
    assert timedelta(minutes=9) < order.run_after - timezone.now() < timedelta(minutes=11)
    assert are_there(name) == {True}
    assert remove_pictures.call([name]) == 1
    assert are_there(name) == {False}
    assert remove_pictures.call([name]) == 1  # and again does no harm


def test_what_was_not_changed_after_all_is_not_dropped() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        drop_pictures([kept()])
        raise ZeroDivisionError

    assert not DBTaskResult.objects.exists()


def test_a_picture_that_another_row_still_names_stays() -> None:
    name = kept()
    give_picture(listed_product(), name=name)
    MerchantFactory(portrait=name)

    assert remove_pictures.call([name]) == 0
    assert are_there(name) == {True}


def test_drawings_that_all_demo_goods_share_are_never_dropped() -> None:
    drop_pictures(["demo/goods/cam-2-1200x1200-c2a154-1a.jpg", "products/anh.jpg", ""])

    assert not DBTaskResult.objects.exists()


def test_left_over_files_are_swept_after_a_day_and_shown_ones_stay() -> None:
    orphan, shown, old = kept(), kept(), old_picture("photos/2026/11/alt")
    give_picture(listed_product(), name=shown)
    default_storage.delete(orphan)  # killed before the whole file was written
    default_storage.save("photos/2026/11/readme.txt", ContentFile(b"not ours"))

    assert sweep() == 0
    assert sweep(now=timezone.now() + timedelta(hours=25)) == len(files_of(orphan)) - 1 + len(files_of(old))
    assert are_there(orphan) == are_there(old) == {False}
    assert are_there(shown) == {True}
    assert default_storage.exists("photos/2026/11/readme.txt")


def test_the_clock_looks_into_the_folders_of_two_months_only() -> None:
    now = timezone.now() + timedelta(hours=25)
    recent, ancient = kept(now.date()), kept(date(2020, 1, 1))

    assert sweep(now=now, only_recent=True) == len(files_of(recent))
    assert are_there(ancient) == {True}
    sweep_recent()


def test_an_old_picture_gets_todays_sizes_in_every_row() -> None:
    name = old_picture()
    product, merchant = listed_product(), MerchantFactory(portrait=name)
    image = give_picture(product, name=name)
    ListedProduct.objects.filter(pk=product.pk).update(picture=name)

    before = face_generation()

    new = renew_picture(name)

    image.refresh_from_db()
    assert face_generation() != before  # pages that are kept show the new name
    assert read_name(new).stem == "photos/2026/10/alt"
    assert (read_name(new).width, read_name(new).height) == (1200, 900)
    assert image.original.name == new
    assert ListedProduct.objects.get(pk=product.pk).picture == new
    assert Merchant.objects.get(pk=merchant.pk).portrait.name == new
    assert are_there(new) == are_there(name) == {True}  # the old files stay for pages that are open
    assert DBTaskResult.objects.get().args_kwargs["kwargs"] == {"names": [name]}


def test_a_picture_of_a_page_keeps_what_wagtail_knows_of_it() -> None:
    default_storage.save("original_images/dong.webp", ContentFile(photo_bytes(2000, 1000)))
    image = PageImage.objects.create(
        title="Đồng", file="original_images/dong.webp", width=2000, height=1000, file_size=7, file_hash="x"
    )

    new = renew_picture("original_images/dong.webp")

    image.refresh_from_db()
    assert (image.file.name, image.width, image.height) == (new, 1600, 800)
    assert (image.file_hash, image.file_size) == ("", None)
    assert are_there(new) == {True}


def test_made_anew_twice_gives_two_names_for_no_file_ever_changes() -> None:
    first = kept()
    give_picture(listed_product(), name=first)

    second = renew_picture(first)
    third = renew_picture(second)

    assert [read_name(name).again for name in (first, second, third)] == [0, 1, 2]
    assert read_name(third).stem == read_name(first).stem
    assert picture_names() == [third]


def test_a_stopped_renewal_is_begun_again_without_harm() -> None:
    first = kept()
    give_picture(listed_product(), name=first)
    default_storage.save(first.replace("-1a.jpg", "-1a1-640.avif"), ContentFile(b"cut off"))

    second = renew_picture(first)

    with default_storage.open(read_name(second).sized(640, "avif")) as file, Image.open(file) as picture:
        assert picture.size == (640, 480)


def test_missing_files_come_back_under_the_same_name() -> None:
    name = kept()
    give_picture(listed_product(), name=name)
    default_storage.delete(read_name(name).sized(320, "webp"))

    assert complete_picture(name) is True
    assert complete_picture(name) is False
    assert picture_names() == [name]
    assert are_there(name) == {True}


def test_without_avif_the_doctor_says_so_and_counts_what_could_be_better(monkeypatch: pytest.MonkeyPatch) -> None:
    give_picture(listed_product(), name=kept())
    assert list(picture_notices()) == []

    MerchantFactory(portrait=old_picture())
    monkeypatch.setattr("merchants.picture_upkeep.HAS_AVIF", False)

    assert list(picture_notices()) == [
        "pictures: Pillow has no AVIF here, so new photos are kept as WebP and JPEG only, a fifth larger",
        "pictures: 1 of 2 lack today's sizes; manage.py picture_sizes --missing makes them",
    ]


def test_the_command_makes_only_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    good, old = kept(), old_picture()
    give_picture(listed_product(), name=good)
    MerchantFactory(portrait=old)

    call_command("picture_sizes", "--missing")
    call_command("picture_sizes", "--missing")

    assert capsys.readouterr().out.splitlines() == [
        "1 of 2 pictures made anew",
        "0 of 2 pictures made anew",
    ]
    assert good in picture_names()
    assert old not in picture_names()


def test_a_stopped_run_of_the_command_goes_on_where_it_was(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("merchants.management.commands.picture_sizes.MARK_EVERY", 1)
    names = sorted(kept() for _ in range(3))
    for name in names:
        give_picture(listed_product(), name=name)
    done: list[str] = []

    def stopped_at_the_third(name: str) -> str:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(name)
        return renew_picture(name)

    monkeypatch.setattr("merchants.management.commands.picture_sizes.renew_picture", stopped_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        call_command("picture_sizes")
    monkeypatch.setattr("merchants.management.commands.picture_sizes.renew_picture", renew_picture)
    with storages["private"].open("picture_sizes.json") as mark:
        assert json.load(mark) == {"done_until": f"{read_name(names[1]).stem}-~"}
    call_command("picture_sizes")

    assert done == names[:2]
    assert [read_name(name).again for name in picture_names()] == [1, 1, 1]
    assert capsys.readouterr().out.splitlines()[-2:] == ["1 of 1 pictures", "1 of 1 pictures made anew"]
    assert not storages["private"].exists("picture_sizes.json")


def test_a_picture_that_is_gone_is_named_and_the_others_are_made(capsys: pytest.CaptureFixture[str]) -> None:
    give_picture(listed_product(), name="products/gone.jpg")
    MerchantFactory(portrait=old_picture())

    with pytest.raises(SystemExit):
        call_command("picture_sizes", "--missing")

    output = capsys.readouterr()
    assert output.err.startswith("products/gone.jpg: FileNotFoundError")
    assert "1 of 2 pictures made anew, 1 could not be read" in output.out


def test_the_command_sweeps(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("picture_sizes", "--sweep")

    assert capsys.readouterr().out == "0 left-over files removed\n"

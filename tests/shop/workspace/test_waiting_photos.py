"""A wrong price does not cost the photo: the good ones of a refused form wait for the next try, for her alone."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Product
from shop.workspace.waiting_photos import keep_waiting, remove_old_waiting_photos, waiting_photos
from tests.shop.workspace.scene import Scene, another_shop, photo_file

ADD = reverse("workspace:product_add")
TYPED = {"title": "Gạo", "price_new": "25.000", "stock_new": "3", "net_quantity": "1", "unit": "kg"}


@pytest.fixture(autouse=True)
def own_private_folder(settings: Any, tmp_path: Any) -> None:
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "private": private}


def refused(scene: Scene, **more: Any) -> list[str]:
    page = scene.client.post(ADD, {**TYPED, "price_new": "25k", **more})
    assert list(page.context["form"].errors) == ["price_new"]
    return re.findall(r'name="waiting_photo" value="([0-9a-f]+)" checked', page.content.decode())


def photos_of_newest() -> int:
    return int(Product.objects.order_by("pk").last().images.count())  # type: ignore[union-attr]


def test_the_photo_of_a_refused_form_comes_with_the_next_try(lan: Scene) -> None:
    tokens = refused(lan, photos=[photo_file("a.jpg"), photo_file("b.jpg")])
    assert len(tokens) == 2

    lan.client.post(ADD, {**TYPED, "waiting_photo": tokens})

    assert photos_of_newest() == 2
    assert waiting_photos(tokens=tokens, person=lan.user) == []


def test_they_survive_a_second_fault_and_one_can_be_left_out(lan: Scene) -> None:
    tokens = refused(lan, photos=[photo_file("a.jpg"), photo_file("b.jpg")])
    again = refused(lan, waiting_photo=tokens)
    assert len(again) == 2

    lan.client.post(ADD, {**TYPED, "waiting_photo": again[:1], "photos": photo_file("c.jpg")})

    assert photos_of_newest() == 2


def test_an_old_product_keeps_them_too(lan: Scene) -> None:
    address = reverse("workspace:product", args=[lan.product.pk])
    fields = {"title": lan.product.title, "net_quantity": "1", "unit": "kg", f"stock_{lan.product.pk}": "40"}
    page = lan.client.post(address, {**fields, f"price_{lan.product.pk}": "0", "photos": photo_file()})
    tokens = page.context["waiting"]

    lan.client.post(address, {**fields, f"price_{lan.product.pk}": "50.000", "waiting_photo": tokens})

    assert lan.product.images.count() == 1


def test_another_persons_photos_and_strange_tokens_are_not_heard(lan: Scene) -> None:
    tokens = refused(lan, photos=photo_file())
    tam = another_shop()

    for strange in (tokens[0], "../../etc/passwd", f"../{lan.user.pk}/{tokens[0]}", "f" * 32, ""):
        tam.client.post(ADD, {**TYPED, "waiting_photo": strange})
        assert photos_of_newest() == 0

    assert len(waiting_photos(tokens=tokens, person=lan.user)) == 1


def test_waiting_ones_count_towards_the_most(lan: Scene) -> None:
    tokens = refused(lan, photos=[photo_file(f"{number}.jpg", size=(300, 300)) for number in range(8)])
    before = Product.objects.count()

    page = lan.client.post(ADD, {**TYPED, "waiting_photo": tokens, "photos": photo_file()})

    assert "photos" in page.context["form"].errors
    assert Product.objects.count() == before


def test_what_nobody_comes_back_for_goes_after_a_day(lan: Scene) -> None:
    tokens = refused(lan, photos=photo_file())

    assert remove_old_waiting_photos() == 0
    assert remove_old_waiting_photos(now=timezone.now() + timedelta(hours=25)) == 1

    assert waiting_photos(tokens=tokens, person=lan.user) == []


def test_one_person_fills_no_disk(lan: Scene) -> None:
    from merchants.photos import prepare_photo

    photo = prepare_photo(photo_file(size=(300, 300)).read())
    tokens = [keep_waiting(photos=[photo], person=lan.user)[0] for _number in range(26)]

    assert len(waiting_photos(tokens=tokens, person=lan.user)) == 24

"""A picture in a page: formats by preference, widths for its place, width and height always, no question asked."""

import html5lib
import pytest
from django.core.files.storage import InMemoryStorage
from django.template import Context, Template

from merchants.models import Merchant
from merchants.picture_sizes import files_of
from merchants.shown_pictures import PLACES, ShownPicture, picture_html, shown_picture

NAME = "photos/2026/11/5f0c-1600x1200-c8a47e-1a.jpg"
BASE = "/media/photos/2026/11/5f0c-1600x1200-c8a47e-1a"


def test_a_card_offers_avif_then_webp_then_jpeg() -> None:
    assert picture_html(ShownPicture(NAME, alt='Mật "ong"'), "card") == (
        '<svg class="tone" aria-hidden="true"><rect width="100%" height="100%" fill="#c8a47e"/></svg><picture>'
        f'<source type="image/avif" srcset="{BASE}-320.avif 320w, {BASE}-640.avif 640w" '
        'sizes="(min-width: 80rem) 24rem, (min-width: 62rem) 30.7vw, (min-width: 48rem) 41.3vw, 58.7vw">'
        f'<source type="image/webp" srcset="{BASE}-320.webp 320w, {BASE}-640.webp 640w" '
        'sizes="(min-width: 80rem) 24rem, (min-width: 62rem) 30.7vw, (min-width: 48rem) 41.3vw, 58.7vw">'
        f'<img src="{BASE}-640.jpg" alt="Mật &quot;ong&quot;" width="1600" height="1200"'
        ' loading="lazy" decoding="async"></picture>'
    )


def test_the_first_picture_of_a_page_comes_before_the_others() -> None:
    assert 'fetchpriority="high"' in picture_html(ShownPicture(NAME), "gallery", load="first")
    assert "loading=" not in picture_html(ShownPicture(NAME), "gallery", load="first")
    assert "fetchpriority" not in picture_html(ShownPicture(NAME), "card", load="now")
    assert "loading=" not in picture_html(ShownPicture(NAME), "card", load="now")


def test_a_place_of_one_width_needs_no_sizes() -> None:
    html = picture_html(ShownPicture(NAME), "suggestion", css="thumb")

    assert f'<source type="image/avif" srcset="{BASE}-160.avif">' in html
    assert "sizes=" not in html
    assert f'<img src="{BASE}-320.jpg" class="thumb" alt=""' in html


@pytest.mark.parametrize("place", sorted(PLACES))
@pytest.mark.parametrize("size", ["1600x1200", "900x1600", "500x500", "200x1600", "27x1600"])
@pytest.mark.parametrize("letter", ["a", "w"])
def test_only_files_that_exist_are_named_in_every_place(place: str, size: str, letter: str) -> None:
    name = f"photos/2026/11/5f0c-{size}-c8a47e-1{letter}.jpg"
    written = {f"/media/{file}" for file in files_of(name)}

    html = picture_html(ShownPicture(name), place)
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    named = [part.split()[0] for source in tree.iter("source") for part in source.get("srcset").split(", ")]
    image = next(tree.iter("img"))

    assert {*named, image.get("src")} <= written
    assert (image.get("width"), image.get("height")) == tuple(size.split("x"))
    assert [source.get("type") for source in tree.iter("source")] == (
        ["image/avif", "image/webp"] if letter == "a" else ["image/webp"]
    )
    for source in tree.iter("source"):  # widths and sizes go together
        assert (" " in source.get("srcset")) == ("sizes" in source.attrib)


def test_pictures_of_other_origin_are_shown_as_they_are() -> None:
    assert picture_html(ShownPicture("products/anh.jpg", known_size=(1000, 600)), "card") == (
        '<picture><img src="/media/products/anh.jpg" alt="" width="1000" height="600"'
        ' loading="lazy" decoding="async"></picture>'
    )
    old = picture_html(ShownPicture("photos/2026/11/5f0c-1200.webp"), "line")
    assert 'srcset="/media/photos/2026/11/5f0c-320.webp 320w, ' in old
    assert 'width="600" height="600"' in old


def test_a_storage_that_signs_its_addresses_signs_each() -> None:
    class Signing(InMemoryStorage):
        def url(self, name: str | None) -> str:
            return f"https://s3.example/{name}?sign={len(name or '')}&a=b"

    html = picture_html(ShownPicture(NAME, storage=Signing()), "shelf")

    assert "5f0c-1600x1200-c8a47e-1a-160.avif?sign=48&amp;a=b 160w" in html
    assert "5f0c-1600x1200-c8a47e-1a-320.jpg?sign=47&amp;a=b" in html


def test_words_of_people_cannot_leave_the_attribute() -> None:
    html = picture_html(ShownPicture('x" onerror="1.jpg', alt='"><script>'), "line", css='a" b')

    assert "<script>" not in html
    assert [*next(html5lib.parseFragment(html, namespaceHTMLElements=False).iter("img")).attrib] == [
        "src", "class", "alt", "width", "height", "loading", "decoding",
    ]  # fmt: skip


def test_a_rows_file_is_shown_without_words() -> None:
    merchant = Merchant(portrait=NAME)
    template = Template('{% load pictures %}{% picture merchant.portrait "portrait_small" css="round" %}')

    html = template.render(Context({"merchant": merchant}))

    assert f'srcset="{BASE}-160.avif"' in html
    assert 'class="round" alt="" width="1600" height="1200"' in html
    assert (
        Template('{% load pictures %}[{% picture merchant.portrait "card" %}]').render(
            Context({"merchant": Merchant()})
        )
        == "[]"
    )


def test_nothing_is_drawn_without_a_picture() -> None:
    template = Template('{% load pictures %}[{% picture shown "card" %}]')

    assert template.render(Context({"shown": shown_picture("")})) == "[]"
    assert template.render(Context({"shown": None})) == "[]"

"""The drawn pictures: every good has its own, small enough, always the same."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from catalogue.demo import drawing, landscapes, pictures, produce
from catalogue.demo.goods import GOODS

SOURCES = Path(pictures.__file__).parent


def test_every_good_has_a_scene_and_every_scene_a_good() -> None:
    assert sorted(pictures.keys()) == sorted(good.key for good in GOODS)


@pytest.mark.parametrize("key", ["mat-ong", "keo-lac"])
def test_a_picture_is_square_small_and_always_the_same(key: str) -> None:
    first, second = pictures.compose(key), pictures.compose(key)

    assert first.size == (1200, 1200)
    assert ImageChops.difference(first, second).getbbox() is None
    assert len(pictures.as_webp(first)) <= 120_000


def test_two_goods_never_share_a_picture() -> None:
    assert ImageChops.difference(pictures.compose("chanh"), pictures.compose("toi")).getbbox() is not None


def test_every_picture_says_that_it_is_drawn() -> None:
    plain = Image.new("RGB", (1200, 1200), (200, 150, 100))
    marked = plain.copy()

    pictures.add_caption(marked)

    box = ImageChops.difference(plain, marked).getbbox()
    assert pictures.CAPTION == "ảnh minh hoạ"
    assert box is not None
    assert box[0] > 900 and box[1] > 1100


def test_encoding_gives_up_quality_before_it_grows_too_large() -> None:
    noisy = Image.effect_noise((600, 600), 90).convert("RGB")

    assert len(pictures.as_webp(noisy, limit=1)) < len(pictures.as_webp(noisy, limit=10_000_000))


@pytest.mark.parametrize("name", ["land/dawn", "places/3"])
def test_landscapes_and_places_are_drawn_by_name(name: str) -> None:
    files = drawing.draw(name, widths=(320, 640, 1200))

    sizes = {width: Image.open(io.BytesIO(content)).size for width, content in files.items()}
    whole = landscapes.WIDE if name == "land/dawn" else (960, 720)
    assert sizes == {1200: whole, 640: (640, 640 * whole[1] // whole[0]), 320: (320, 320 * whole[1] // whole[0])}


def test_only_the_cut_outs_that_a_scene_names_are_kept_and_their_licence_with_them() -> None:
    words = "".join(path.read_text() for path in SOURCES.glob("*.py"))
    named = set(re.findall(r'"(1f[0-9a-f]{3}(?:-fe0f)?)"', words))

    assert {path.stem for path in produce.EMOJI_FOLDER.glob("*.webp")} == named
    assert "Microsoft" in (produce.EMOJI_FOLDER / "LICENSE").read_text()

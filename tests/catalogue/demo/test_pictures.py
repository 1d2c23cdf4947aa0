"""The drawn pictures: every good has its own, small enough, always the same."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from catalogue.demo import drawing, more_pictures, pictures, produce
from catalogue.demo.drawings import DRAWINGS
from catalogue.demo.goods import GOODS
from merchants.demo.register import MERCHANTS
from merchants.picture_sizes import PictureName, files_of, mean_colour, read_name

SOURCES = Path(pictures.__file__).parent


def test_every_good_has_a_scene_and_every_scene_a_good() -> None:
    assert sorted(pictures.keys()) == sorted(good.key for good in GOODS)


def test_every_good_has_a_near_view_and_a_label_that_differ_from_its_scene() -> None:
    views = {
        view: {name.split("/")[1] for name in DRAWINGS if name.startswith(f"{view}/")} for view in ("near", "label")
    }
    scene, near, label = pictures.compose("toi"), more_pictures.near("toi"), more_pictures.label("toi")

    assert views["near"] == views["label"] == {good.key for good in GOODS}
    assert near.size == (720, 720) and label.size == (960, 960)
    assert ImageChops.difference(label, more_pictures.label("toi")).getbbox() is None
    assert ImageChops.difference(near.resize((300, 300)), scene.resize((300, 300))).getbbox() is not None


@pytest.mark.parametrize("key", ["mat-ong", "keo-lac"])
def test_a_picture_is_square_small_and_always_the_same(key: str) -> None:
    first, second = pictures.compose(key), pictures.compose(key)

    assert first.size == (1200, 1200)
    assert ImageChops.difference(first, second).getbbox() is None


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


@pytest.mark.parametrize("name", ["land/dawn", "places/3", "goods/cam", "near/cam", "label/mat-ong"])
def test_a_drawing_has_the_size_and_the_colour_that_its_name_says_beforehand(name: str) -> None:
    width, height, tone = DRAWINGS[name]
    whole = PictureName("demo/x", width, height, tone).whole

    files = drawing.draw(name, whole)

    assert list(files) == files_of(whole)
    assert Image.open(io.BytesIO(files[whole])).size == (width, height)
    drawn = mean_colour(Image.open(io.BytesIO(files[whole])))
    assert all(abs(int(drawn[at : at + 2], 16) - int(tone[at : at + 2], 16)) <= 8 for at in (0, 2, 4)), drawn
    assert len(files[read_name(whole).sized(640, "avif")]) < 40_000


def test_every_drawing_is_known_beforehand() -> None:
    assert {name for name in DRAWINGS if name.startswith("goods/")} == {f"goods/{good.key}" for good in GOODS}
    assert {name for name in DRAWINGS if name.startswith("places/")} == {f"places/{n}" for n in range(len(MERCHANTS))}


def test_a_drawing_of_another_size_than_its_name_says_is_refused() -> None:
    with pytest.raises(ValueError, match="does not say the size"):
        drawing.draw("places/3", "demo/x-1200x1200-c8a47e-1a.jpg")


def test_only_the_cut_outs_that_a_scene_names_are_kept_and_their_licence_with_them() -> None:
    words = "".join(path.read_text() for path in SOURCES.glob("*.py"))
    named = set(re.findall(r'"(1f[0-9a-f]{3}(?:-fe0f)?)"', words))

    assert {path.stem for path in produce.EMOJI_FOLDER.glob("*.webp")} == named
    assert "Microsoft" in (produce.EMOJI_FOLDER / "LICENSE").read_text()

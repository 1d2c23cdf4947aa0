"""Forty demo goods as pictures: each its own scene on a table in warm light, marked "ảnh minh hoạ".

`compose(key)` is the door. The scenes below place what `surfaces`, `vessels` and `produce` draw; units are
1/1000 of the width, y grows downward. The same key gives the same picture.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

from . import produce as p
from . import surfaces as s
from . import vessels as v
from .light import Colour, Scene, tinted

CAPTION = "ảnh minh hoạ"
SIZE = (1200, 1200)

_scenes: dict[str, Callable[[Scene], None]] = {}


def scene(key: str) -> Callable[[Callable[[Scene], None]], Callable[[Scene], None]]:
    def register(draw: Callable[[Scene], None]) -> Callable[[Scene], None]:
        _scenes[key] = draw
        return draw

    return register


def keys() -> tuple[str, ...]:
    """All pictures that can be composed."""
    return tuple(_scenes)


def compose(key: str) -> Image.Image:
    """Draw the picture of one of the forty goods. KeyError for an unknown key."""
    canvas = Scene(SIZE, zlib.crc32(key.encode()))
    _scenes[key](canvas)
    image = canvas.finish()
    add_caption(image)
    return image


def add_caption(image: Image.Image) -> None:
    """The honest little mark in the lower right corner: these are drawings, not photos."""
    size = max(13, min(image.size) // 56)
    face = v.font(size)
    width = ImageDraw.Draw(image).textlength(CAPTION, font=face)
    pad = size * 0.55
    box = (image.width - width - 3.2 * pad, image.height - size - 3.2 * pad, image.width - pad, image.height - pad)
    plate = Image.new("L", image.size, 0)
    ImageDraw.Draw(plate).rounded_rectangle(box, size, fill=80)
    image.paste((38, 20, 10), (0, 0), plate)
    ImageDraw.Draw(image).text(
        ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), CAPTION, font=face, fill=(255, 244, 226), anchor="mm"
    )


# --- goods that occur in several scenes -----------------------------------------------------------------------------


def honey_jar(label: tuple[str, ...] = ("Mật ong", "hoa vườn"), cover: Image.Image | None = None) -> Image.Image:
    jar = v.glass(
        profile=v.JAR,
        shape=(380, 440),
        top=(255, 190, 50),
        bottom=(206, 104, 10),
        cap=(180, 120, 60),
        cap_until=0.155,
        filled_from=0.24,
        label=label,
    )
    return v.covered(jar, cover or v.cloth_cover((238, 224, 196), (196, 64, 48)))


def tea_cup(colour: Colour = (186, 160, 44)) -> Image.Image:
    return v.filled_bowl(
        v.liquid(colour, (246, 232, 130)), heap=0, outer=(246, 242, 232), inner=(230, 226, 214), band=None
    )


def sauce_dish(colour: Colour, rim: Colour) -> Image.Image:
    return v.filled_bowl(v.liquid(colour, rim), heap=0, outer=(240, 236, 226), band=(40, 88, 146), depth=0.26)


def clay_teapot() -> Image.Image:
    """The teapot in unglazed clay; only the middle of its range of light is used, so it is stretched first."""
    pot = p.emoji("1fad6")
    light = pot.convert("RGB").convert("L").point([max(0, min(255, round((i - 70) * 2.1))) for i in range(256)])
    clay = Image.merge("RGB", (light,) * 3).convert("RGBA")
    clay.putalpha(pot.getchannel("A"))
    return tinted(clay, (74, 30, 14), (168, 88, 48), (246, 204, 160))


def leaf_spray(
    canvas: Scene,
    x: float,
    y: float,
    width: float,
    angles: tuple[float, ...],
    dark: Colour = (28, 84, 26),
    bright: Colour = (150, 196, 66),
) -> None:
    for angle in angles:
        canvas.lay(s.leaf(700, 0.34, dark, bright), x + angle % 17 - 8, y + angle % 13 - 6, width, turn=angle, lift=7)


def scatter(canvas: Scene, piece: Image.Image, spots: tuple[tuple[float, float, float], ...], width: float) -> None:
    for x, y, angle in spots:
        canvas.lay(piece, x, y, width, turn=angle, lift=5, shadow=0.55)


TERRACOTTA: dict[str, Any] = {"outer": (176, 92, 52), "inner": (150, 76, 44), "band": None}
WOODEN: dict[str, Any] = {"outer": (168, 110, 62), "inner": (140, 88, 48), "band": None}
CELADON: dict[str, Any] = {"outer": (196, 214, 190), "inner": (178, 198, 172), "band": None}
INDIGO: dict[str, Any] = {"outer": (70, 92, 128), "inner": (206, 212, 216), "band": None}


# --- rice and lotus -------------------------------------------------------------------------------------------------


@scene("gao-thom")
def _(c: Scene) -> None:
    s.wall_field(c)
    s.table(c, s.wood_texture("oak", 6), 0.46)
    sheaf = p.rice_ears()
    c.stand(sheaf, 832, 640, 250, turn=-8, blur=2.2, shade=0.05)
    c.stand(sheaf, 120, 620, 230, turn=10, flip=True, blur=2.6, shade=0.08)
    c.stand(v.filled_sack(p.dome(p.rice("white"))), 440, 830, 580)
    c.stand(v.filled_bowl(p.dome(p.rice("sticky"), size=(560, 250))), 770, 880, 340)
    c.steam(765, 690, 330, 0.55)
    scatter(
        c,
        p.bean((214, 190, 150), (255, 252, 238)),
        tuple((c.rng.uniform(200, 560), c.rng.uniform(855, 950), c.rng.uniform(0, 360)) for _ in range(22)),
        15,
    )
    c.lay(sheaf, 250, 925, 250, turn=72, lift=8)
    c.sun_through_leaves(0.25)


@scene("gao-nep")
def _(c: Scene) -> None:
    s.wall_garden(c)
    s.table(c, s.wood_texture("pale", 7), 0.38)
    c.stand(v.pouch(("Gạo nếp", "hạt mẩy"), window=p.rice("sticky"), accent=(60, 112, 52)), 740, 640, 330, blur=0.6)
    c.lay(s.banana_leaf(), 420, 720, 900, turn=12)
    c.lay(s.bamboo_tray(0.5), 470, 720, 760, lift=16)
    c.stand(p.dome(p.rice("sticky"), size=(640, 330)), 470, 800, 560, shadow=0.35, length=0.12)
    c.lay(p.rice_ears(), 250, 890, 240, turn=60)
    s.foreground_leaves(c, "top")
    c.sun_through_leaves(0.3)


@scene("gao-lut")
def _(c: Scene) -> None:
    s.wall_kitchen(c)
    s.table(c, s.wood_texture("walnut", 6), 0.42)
    c.stand(v.pouch(("Gạo lứt đỏ", "1 kg"), window=p.rice("red"), accent=(150, 40, 30)), 300, 740, 370)
    c.lay(s.napkin((150, 104, 66), (238, 214, 176), (150, 60, 44)), 630, 850, 720, turn=-6)
    c.stand(v.filled_bowl(p.dome(p.rice("red")), **TERRACOTTA), 640, 880, 480)
    scatter(
        c,
        p.bean((120, 50, 30), (214, 130, 90)),
        tuple((c.rng.uniform(330, 470), c.rng.uniform(830, 930), c.rng.uniform(0, 360)) for _ in range(26)),
        14,
    )
    c.stand(p.rice_ears(), 862, 640, 210, turn=-14, blur=2.5, shade=0.25)
    c.sun_through_leaves(0.2)


@scene("bot-gao")
def _(c: Scene) -> None:
    s.wall_plaster(c)
    s.table(c, s.linen_texture((206, 186, 150), (252, 242, 220)), 0.44)
    c.stand(
        v.pouch(
            ("Bột gạo tẻ", "xay khô"), window=p.powder((250, 246, 236)), accent=(60, 96, 140), paper=(226, 198, 152)
        ),
        640,
        730,
        390,
    )
    c.stand(v.filled_bowl(p.dome(p.powder((250, 247, 238)), rough=1.0), **WOODEN), 340, 860, 430)
    c.lay(p.dome(p.powder((250, 247, 238)), size=(420, 150), rough=2), 760, 895, 260, lift=5, shadow=0.4)
    c.lay(p.rice_ears(), 560, 930, 230, turn=-70)
    scatter(
        c,
        p.bean((214, 190, 150), (255, 252, 238)),
        tuple((c.rng.uniform(600, 930), c.rng.uniform(905, 965), c.rng.uniform(0, 360)) for _ in range(16)),
        14,
    )


@scene("hat-sen")
def _(c: Scene) -> None:
    s.wall_garden(c, (92, 104, 60), (236, 196, 176), (255, 226, 206))
    s.table(c, s.wood_texture("grey", 6), 0.36)
    c.stand(p.emoji("1fab7"), 770, 610, 330, blur=1.0)
    c.stand(p.emoji("1fab7"), 190, 560, 240, blur=3, shade=0.08)
    c.lay(s.bamboo_tray(0.54), 470, 740, 830, lift=16)
    seeds = p.heap_of(p.bean((196, 160, 104), (255, 246, 222), True), count=240, piece_width=58, size=(640, 330))
    c.stand(seeds, 470, 840, 590, shadow=0.3, length=0.1)
    scatter(c, p.bean((196, 160, 104), (255, 246, 222), True), ((820, 880, 20), (880, 850, 70), (850, 930, 140)), 52)
    c.sun_through_leaves(0.25)


@scene("hoa-sen")
def _(c: Scene) -> None:
    s.wall_garden(c, (40, 84, 56), (176, 204, 140), (255, 244, 214), 46)
    s.table(c, s.wood_texture("walnut", 5), 0.62)
    lotus = p.emoji("1fab7")
    for x, y, angle in ((300, 560, 30), (700, 540, -24), (500, 470, 0)):
        c.stand(s.leaf(700, 0.5, (26, 80, 44), (120, 180, 96)), x, y, 360, turn=90 + angle, shadow=0)
    c.stand(v.clay_jar((40, 52, 60), (126, 150, 158), False, 4), 500, 905, 430)
    for x, y, w, angle in (
        (330, 520, 260, 18),
        (690, 500, 270, -20),
        (520, 380, 260, 4),
        (420, 600, 280, 8),
        (610, 610, 280, -10),
    ):
        c.stand(lotus, x, y, w, turn=angle, shadow=0.5, length=0.06)
    c.lay(lotus, 815, 900, 230, turn=-16)
    petal = tinted(s.leaf(400, 0.55), (190, 60, 110), (240, 130, 170), (255, 214, 226))
    scatter(c, petal, ((190, 890, 20), (260, 940, 100), (690, 950, -30)), 100)


# --- honey ----------------------------------------------------------------------------------------------------------


@scene("mat-ong")
def _(c: Scene) -> None:
    s.wall_garden(c)
    s.table(c, s.wood_texture("oak", 6), 0.46)
    c.stand(p.emoji("1f33c"), 120, 610, 170, blur=2.4)
    c.stand(p.emoji("1f33c"), 900, 590, 150, blur=3, flip=True)
    c.glow(760, 760, 420, 150, (255, 170, 40), 0.5)
    c.stand(honey_jar(("Mật ong", "1 lít"), v.cloth_cover((226, 190, 120), (250, 236, 206), "dots")), 600, 700, 400)
    c.glow(500, 850, 420, 130, (255, 170, 40), 0.5)
    c.stand(honey_jar(("Mật ong", "500 ml")), 330, 800, 320)
    c.stand(honey_jar(("Mật ong", "250 ml"), v.cloth_cover((120, 146, 84), (236, 232, 190), "dots")), 640, 890, 235)
    c.lay(p.emoji("1f33c"), 860, 880, 150, turn=-20)
    c.lay(p.emoji("1f33c"), 130, 890, 130, turn=25)
    c.stand(p.emoji("1f41d"), 815, 400, 120, turn=14, shadow=0)
    c.stand(p.emoji("1f41d"), 180, 330, 80, turn=-10, flip=True, shadow=0, blur=1.5)
    c.sun_through_leaves(0.25)


@scene("mat-ong-sap")
def _(c: Scene) -> None:
    s.wall_kitchen(c, (58, 30, 14), (186, 116, 54))
    s.table(c, s.wood_texture("walnut", 6), 0.36)
    c.stand(honey_jar(("Mật ong", "nguyên sáp")), 770, 600, 300, blur=0.8)
    c.lay(s.banana_leaf(), 430, 790, 860, turn=-8)
    c.glow(480, 840, 760, 200, (255, 160, 30), 0.4)
    c.stand(p.honeycomb(), 430, 860, 620, length=0.16)
    c.stand(v.filled_bowl(v.liquid((232, 140, 20), (255, 220, 120)), heap=0, **TERRACOTTA), 815, 900, 280)
    c.stand(p.emoji("1f41d"), 240, 420, 130, turn=-8, flip=True, shadow=0)
    c.stand(p.emoji("1f41d"), 560, 560, 105, turn=6, shadow=0.3, length=0.1)


@scene("gung-mat-ong")
def _(c: Scene) -> None:
    s.wall_plaster(c, (186, 126, 70), (252, 220, 160))
    s.table(c, s.wood_texture("red", 6), 0.45)
    slices = p.heap_of(
        tinted(p.dried_slices(), (150, 90, 20), (232, 180, 80), (255, 236, 170)),
        count=70,
        piece_width=110,
        size=(420, 420),
        dome_shape=False,
        fill=1.2,
    )
    jar = v.glass(
        profile=v.JAR,
        shape=(400, 470),
        top=(250, 190, 60),
        bottom=(190, 96, 12),
        cap=(70, 44, 28),
        cap_until=0.155,
        filled_from=0.24,
        label=("Gừng ngâm", "mật ong"),
        label_box=(0.12, 0.58, 0.88, 0.88),
        pieces=slices,
    )
    c.stand(p.emoji("1fada"), 240, 690, 280, blur=0.8)
    c.glow(740, 850, 480, 160, (255, 160, 30), 0.5)
    c.stand(jar, 545, 815, 430)
    c.stand(p.emoji("1fada"), 800, 870, 290, turn=-12)
    scatter(c, p.dried_slices(), ((220, 850, 10), (300, 900, 60), (160, 910, -30)), 105)
    leaf_spray(c, 400, 930, 170, (20, 60))


@scene("chanh-dao")
def _(c: Scene) -> None:
    s.wall_garden(c, (70, 110, 40), (224, 226, 140), (255, 246, 196))
    s.table(c, s.wood_texture("pale", 6), 0.44)
    slices = p.heap_of(
        p.orange_half((214, 180, 40), (255, 232, 130)),
        count=34,
        piece_width=190,
        size=(420, 420),
        dome_shape=False,
        fill=1.2,
    )
    jar = v.glass(
        profile=v.JAR,
        shape=(420, 500),
        top=(255, 214, 90),
        bottom=(220, 140, 30),
        cap=(226, 222, 206),
        cap_until=0.155,
        filled_from=0.22,
        label=("Chanh đào", "mật ong"),
        label_box=(0.14, 0.60, 0.86, 0.88),
        accent=(110, 140, 40),
        pieces=slices,
    )
    c.stand(p.emoji("1f34b"), 800, 680, 230, blur=1)
    c.glow(660, 850, 520, 160, (255, 206, 60), 0.5)
    c.stand(jar, 450, 820, 450)
    c.stand(p.orange_half((226, 190, 50), (255, 236, 140)), 770, 880, 215)
    c.stand(p.emoji("1f34b"), 185, 900, 200, turn=24)
    leaf_spray(c, 620, 930, 180, (10, 40))
    c.lay(s.leaf(), 880, 905, 150, turn=150)
    s.foreground_leaves(c, "top-right")
    c.sun_through_leaves(0.28)


# --- oranges --------------------------------------------------------------------------------------------------------


@scene("cam")
def _(c: Scene) -> None:
    s.wall_garden(c, (54, 96, 34), (220, 206, 110), (255, 226, 150), 40)
    s.table(c, s.wood_texture("oak", 6), 0.42)
    c.lay(s.bamboo_tray(0.46), 470, 740, 860, lift=16)
    orange = p.emoji("1f34a")
    for x, y, w, angle in (
        (330, 660, 210, 8),
        (510, 640, 220, -10),
        (670, 680, 200, 14),
        (240, 780, 220, -8),
        (430, 800, 230, 6),
        (620, 800, 225, -14),
        (400, 620, 200, 20),
        (540, 560, 200, 0),
        (500, 720, 225, 12),
    ):
        c.stand(orange, x, y, w, turn=angle, shadow=0.55, length=0.14)
    c.stand(p.orange_half(), 790, 880, 250)
    c.stand(orange, 900, 760, 190, turn=-20, blur=0.6)
    leaf_spray(c, 215, 885, 190, (30, 160))
    leaf_spray(c, 600, 905, 170, (200,))
    s.foreground_leaves(c, "top")
    c.sun_through_leaves(0.3)


@scene("mut-vo-cam")
def _(c: Scene) -> None:
    s.wall_plaster(c, (206, 168, 126), (255, 236, 200))
    s.table(c, s.stone_texture((196, 180, 160), (248, 238, 222)), 0.36)
    c.stand(p.emoji("1f34a"), 190, 600, 240, blur=1.2)
    c.stand(p.orange_half(), 800, 640, 260, blur=0.5)
    c.lay(s.napkin((196, 150, 96), (252, 236, 206), (226, 130, 50)), 470, 800, 860, turn=4)
    heap = p.heap_of((p.peel_strip(), p.peel_strip((250, 150, 34), 2)), count=70, piece_width=200, size=(600, 330))
    c.stand(v.filled_bowl(heap, heap=0.62, **INDIGO), 460, 850, 560)
    scatter(c, p.peel_strip(), ((790, 870, 20), (860, 910, -30), (740, 930, 60)), 150)
    leaf_spray(c, 160, 850, 160, (40, 110))


@scene("chanh")
def _(c: Scene) -> None:
    s.flat(c, s.linen_texture((70, 96, 116), (176, 200, 212)))
    lime = tinted(p.emoji("1f34b"), (30, 84, 22), (112, 164, 44), (226, 240, 140))
    c.lay(s.bamboo_tray(0.94), 480, 500, 800, lift=18)
    for x, y, w, angle in (
        (340, 330, 210, 20),
        (560, 310, 220, -30),
        (720, 460, 210, 70),
        (280, 540, 220, -60),
        (480, 500, 230, 10),
        (650, 650, 220, -110),
        (420, 690, 225, 140),
        (560, 420, 190, 200),
    ):
        c.lay(lime, x, y, w, turn=angle, lift=12, shadow=0.7)
    half = p.orange_half((110, 160, 40), (206, 226, 110))
    c.lay(half, 850, 800, 240, lift=14)
    c.lay(half, 730, 900, 200, turn=30, lift=14)
    c.lay(s.leaf(), 160, 860, 240, turn=50)
    c.lay(s.leaf(), 250, 900, 200, turn=10)
    c.lay(s.leaf(), 880, 140, 220, turn=200)
    c.lay(p.emoji("1f336-fe0f"), 120, 190, 150, turn=40, lift=10)
    c.sun_through_leaves(0.36)


@scene("tinh-dau-cam")
def _(c: Scene) -> None:
    s.wall_plaster(c, (170, 130, 100), (250, 228, 196))
    s.table(c, s.stone_texture((84, 78, 74), (150, 142, 134)), 0.52)
    c.stand(p.orange_half(), 720, 730, 330, blur=0.6)
    c.stand(p.emoji("1f34a"), 210, 720, 250, blur=1.2)
    bottle = v.glass(
        profile=v.DROPPER,
        shape=(260, 560),
        top=(190, 104, 30),
        bottom=(96, 42, 10),
        cap=(32, 28, 26),
        cap_until=0.39,
        filled_from=0.5,
        label=("Tinh dầu", "vỏ cam"),
        label_box=(0.06, 0.62, 0.94, 0.91),
        accent=(226, 120, 20),
    )
    c.glow(590, 880, 340, 110, (240, 150, 50), 0.5)
    c.stand(bottle, 460, 880, 260)
    c.lay(p.peel_strip(), 740, 900, 200, turn=24)
    c.lay(p.peel_strip(), 830, 870, 170, turn=-30)
    c.stand(p.emoji("1f33c"), 240, 910, 150, turn=14, length=0.2)
    leaf_spray(c, 640, 935, 170, (160, 200))
    s.foreground_leaves(c, "top-right")


# --- peanuts --------------------------------------------------------------------------------------------------------

SHELLS = (tinted(p.emoji("1f95c"), (128, 80, 40), (216, 166, 104), (255, 230, 178)),)
KERNELS = (p.peanut_kernel(1), p.peanut_kernel(2))
ROASTED = (p.peanut_kernel(1, False), p.peanut_kernel(2, False))


@scene("lac-nhan")
def _(c: Scene) -> None:
    s.wall_field(c, ripe=False)
    s.table(c, s.wood_texture("oak", 7), 0.42)
    heap = p.heap_of(KERNELS, count=330, piece_width=58, size=(560, 300))
    c.stand(v.filled_sack(heap, 2), 420, 800, 600)
    c.lay(s.bamboo_tray(0.42), 750, 870, 440)
    c.stand(p.heap_of(SHELLS, count=46, piece_width=150, size=(560, 300)), 750, 905, 380, shadow=0.3, length=0.1)
    scatter(c, KERNELS[0], ((240, 880, 20), (310, 925, 80), (420, 900, 150), (180, 930, -40), (480, 950, 10)), 46)
    c.sun_through_leaves(0.3)


@scene("lac-rang")
def _(c: Scene) -> None:
    s.wall_kitchen(c)
    s.table(c, s.wood_texture("red", 6), 0.43)
    nuts = p.heap_of((*ROASTED, KERNELS[0]), count=150, piece_width=78, size=(420, 420), dome_shape=False, fill=1.3)
    jar = v.glass(
        profile=v.JAR,
        shape=(400, 500),
        top=(214, 150, 70),
        bottom=(160, 96, 36),
        cap=(40, 34, 30),
        cap_until=0.155,
        filled_from=0.20,
        label=("Lạc rang", "tỏi ớt"),
        label_box=(0.10, 0.50, 0.90, 0.80),
        accent=(186, 40, 26),
        pieces=nuts,
    )
    c.stand(p.emoji("1f9c4"), 830, 660, 210, blur=1)
    c.stand(jar, 380, 790, 430)
    c.stand(
        v.filled_bowl(p.heap_of((*ROASTED, KERNELS[0]), count=150, piece_width=76, size=(560, 300)), **INDIGO),
        690,
        880,
        380,
    )
    c.stand(p.emoji("1f336-fe0f"), 880, 900, 130, turn=-46, length=0.2)
    c.lay(p.emoji("1f336-fe0f"), 160, 890, 140, turn=60)
    scatter(c, ROASTED[0], ((270, 910, 20), (350, 950, 80), (440, 925, 150), (480, 960, 15)), 50)


@scene("keo-lac")
def _(c: Scene) -> None:
    s.wall_plaster(c, (160, 96, 56), (246, 196, 130))
    s.table(c, s.wood_texture("walnut", 6), 0.40)
    c.stand(clay_teapot(), 790, 590, 290, blur=1.6)
    c.lay(s.bamboo_mat(), 450, 800, 900)
    brittle = p.peanut_brittle(1)
    c.stand(brittle, 330, 850, 330, turn=3, length=0.12)
    c.stand(p.peanut_brittle(2), 560, 900, 340, turn=-4, length=0.12)
    c.stand(p.peanut_brittle(2), 350, 760, 320, turn=-5, length=0.14)
    c.stand(brittle, 520, 790, 330, turn=5, length=0.14)
    c.stand(p.peanut_brittle(3), 430, 690, 320, turn=-2, length=0.12)
    c.stand(tea_cup(), 840, 840, 220)
    c.steam(838, 710, 240, 0.5)
    scatter(c, KERNELS[0], ((150, 910, 20), (770, 930, 80), (840, 950, 150)), 46)


@scene("dau-lac")
def _(c: Scene) -> None:
    s.wall_garden(c, (84, 96, 30), (240, 206, 110), (255, 236, 170))
    s.table(c, s.wood_texture("oak", 6), 0.45)
    big = v.glass(
        profile=v.FLASK,
        shape=(270, 560),
        top=(255, 222, 104),
        bottom=(232, 160, 28),
        cap=(60, 50, 40),
        cap_until=0.13,
        filled_from=0.22,
        label=("Dầu lạc", "ép mộc", "500 ml"),
        accent=(176, 110, 20),
    )
    c.stand(big, 270, 690, 240, blur=1.4)
    c.glow(640, 830, 420, 140, (255, 206, 60), 0.6)
    c.stand(big, 500, 850, 310)
    c.stand(
        v.filled_bowl(p.heap_of(SHELLS, count=44, piece_width=150, size=(560, 300)), heap=0.55, **WOODEN), 790, 860, 310
    )
    c.stand(
        v.filled_bowl(v.liquid((240, 186, 50), (255, 240, 160)), heap=0, outer=(244, 240, 230), band=None, depth=0.28),
        240,
        900,
        260,
    )
    scatter(c, KERNELS[1], ((590, 930, 20), (660, 960, 80), (520, 950, 150)), 46)
    s.foreground_leaves(c, "top")
    c.sun_through_leaves(0.25)


# --- sauces and pickles ---------------------------------------------------------------------------------------------


@scene("tuong-nep")
def _(c: Scene) -> None:
    s.wall_garden(c, (60, 66, 34), (206, 176, 104), (255, 220, 150))
    s.table(c, s.wood_texture("grey", 6), 0.42)
    c.stand(v.clay_jar(), 780, 640, 330, blur=1.8, shade=0.05)
    c.stand(v.clay_jar((66, 30, 16), (186, 104, 56), True, 2), 370, 800, 520)
    c.stand(sauce_dish((150, 84, 24), (236, 180, 90)), 720, 880, 330)
    soya = p.bean((196, 140, 56), (255, 232, 160))
    scatter(
        c, soya, tuple((c.rng.uniform(470, 950), c.rng.uniform(880, 965), c.rng.uniform(0, 360)) for _ in range(22)), 30
    )
    c.stand(
        v.glass(
            profile=v.BOTTLE,
            shape=(210, 640),
            top=(206, 130, 50),
            bottom=(140, 72, 20),
            cap=(60, 46, 36),
            cap_until=0.1,
            filled_from=0.2,
            label=("Tương nếp", "chum sành"),
        ),
        905,
        790,
        150,
    )
    c.sun_through_leaves(0.3)


@scene("ca-phao")
def _(c: Scene) -> None:
    s.wall_garden(c, (70, 100, 50), (214, 220, 160), (255, 246, 206))
    s.table(c, s.wood_texture("pale", 6), 0.42)
    small = p.round_fruit((150, 156, 110), (255, 255, 240))
    pieces = p.heap_of(
        (small, p.round_fruit((130, 144, 90), (244, 248, 214), 2)),
        count=46,
        piece_width=120,
        size=(420, 420),
        dome_shape=False,
        fill=1.3,
    )
    jar = v.glass(
        profile=v.JAR,
        shape=(440, 520),
        top=(232, 232, 190),
        bottom=(186, 190, 130),
        cap=(120, 84, 48),
        cap_until=0.155,
        filled_from=0.21,
        label=("Cà pháo", "muối xổi"),
        label_box=(0.16, 0.60, 0.84, 0.88),
        accent=(90, 120, 50),
        pieces=pieces,
    )
    c.stand(v.covered(jar, v.cloth_cover((176, 70, 50), (240, 220, 190), "dots")), 380, 800, 470)
    c.stand(v.filled_bowl(p.heap_of(small, count=24, piece_width=140, size=(560, 280)), heap=0.5), 730, 880, 390)
    c.lay(p.emoji("1f336-fe0f"), 480, 925, 130, turn=70)
    c.stand(p.emoji("1f9c4"), 870, 650, 170, blur=1.4)
    c.lay(small, 170, 900, 90, turn=20, lift=10)
    c.lay(small, 250, 940, 84, turn=-60, lift=10)
    c.sun_through_leaves(0.28)


# --- noodles and crackers -------------------------------------------------------------------------------------------


@scene("bun-kho")
def _(c: Scene) -> None:
    s.wall_plaster(c, (200, 150, 96), (255, 232, 190))
    s.table(c, s.wood_texture("oak", 6), 0.38)
    c.stand(p.rice_ears(), 860, 600, 230, turn=-10, blur=2)
    c.lay(s.bamboo_tray(0.52), 470, 720, 880, lift=16)
    bundle = p.noodle_bundle()
    for x, y, angle in ((400, 660, 14), (560, 700, -12), (420, 760, -4), (540, 800, 10)):
        c.lay(bundle, x, y, 500, turn=angle, lift=10)
    c.lay(p.noodle_bundle(seed=2), 470, 690, 480, turn=3, lift=12)
    leaf_spray(c, 850, 900, 170, (30, 150))
    c.lay(p.emoji("1f336-fe0f"), 160, 915, 130, turn=50)
    c.sun_through_leaves(0.25)


@scene("mien-dong")
def _(c: Scene) -> None:
    s.wall_garden(c)
    s.table(c, s.wood_texture("walnut", 6), 0.36)
    nest = p.noodle_nest((226, 214, 178), (120, 104, 70), 2)
    c.lay(s.banana_leaf(4), 470, 730, 940, turn=-10)
    c.stand(nest, 330, 720, 360, length=0.14)
    c.stand(nest, 640, 700, 370, flip=True, length=0.14)
    c.stand(p.noodle_nest((232, 220, 186), (126, 108, 72), 3), 490, 800, 400, length=0.14)
    c.stand(p.noodle_nest((232, 220, 186), (126, 108, 72), 3), 470, 640, 340, length=0.14, flip=True)
    c.stand(v.filled_bowl(v.liquid((206, 150, 60), (255, 226, 150)), heap=0), 790, 890, 320)
    c.steam(790, 760, 260, 0.5)
    c.lay(p.emoji("1f33f"), 230, 900, 220, turn=-40)
    c.lay(p.emoji("1f336-fe0f"), 380, 930, 120, turn=60)


@scene("banh-da")
def _(c: Scene) -> None:
    s.wall_field(c)
    s.table(c, s.wood_texture("oak", 6), 0.44)
    big, other = p.sesame_cracker(1), p.sesame_cracker(2)
    c.stand(other, 690, 700, 470, turn=20, length=0.2, shade=0.06)
    c.stand(big, 360, 720, 500, length=0.2)
    c.lay(s.bamboo_tray(0.44), 500, 840, 760, lift=14)
    flat = p.slanted(other, 0.46, 14, (176, 116, 54))
    for n, (x, y) in enumerate(((490, 870), (510, 835), (480, 800), (505, 765))):
        c.lay(flat, x, y - 30, 500, turn=(n * 5 - 8), lift=8)
    c.lay(p.rice_ears(), 860, 915, 230, turn=-64)
    scatter(
        c,
        p.bean((30, 22, 18), (120, 96, 76)),
        tuple((c.rng.uniform(120, 330), c.rng.uniform(905, 965), c.rng.uniform(0, 360)) for _ in range(20)),
        12,
    )
    c.sun_through_leaves(0.25)


# --- tea ------------------------------------------------------------------------------------------------------------


@scene("che-sao")
def _(c: Scene) -> None:
    s.wall_garden(c, (24, 66, 30), (150, 190, 90), (236, 246, 180), 44)
    s.table(c, s.wood_texture("walnut", 6), 0.45)
    pot = clay_teapot()
    c.stand(v.pouch(("Chè xanh", "sao tay", "200 g"), window=p.tea_leaves(), accent=(50, 104, 44)), 740, 730, 350)
    c.stand(pot, 340, 780, 430)
    c.stand(tea_cup(), 530, 890, 230)
    c.steam(528, 760, 290, 0.6)
    c.stand(tea_cup(), 240, 905, 200)
    c.lay(p.dome(p.tea_leaves(), size=(420, 170), rough=6), 800, 880, 270, lift=6)
    leaf_spray(c, 690, 930, 150, (20, 60, 120), (20, 70, 24), (120, 176, 60))
    s.foreground_leaves(c, "top")
    c.sun_through_leaves(0.25)


@scene("che-tuoi")
def _(c: Scene) -> None:
    s.wall_garden(c, (30, 84, 30), (176, 210, 100), (246, 250, 190), 44)
    s.table(c, s.wood_texture("pale", 6), 0.46)
    dark, bright = (22, 76, 24), (134, 190, 62)
    for n in range(15):
        angle = 20 + n * 140 / 14
        c.stand(
            s.leaf(700, 0.36, dark, bright),
            480 + (n - 7) * 26,
            620 - 60 * (1 - abs(n - 7) / 7),
            330,
            turn=180 - angle,
            shadow=0.25,
            length=0.05,
        )
    c.stand(p.emoji("1f9fa"), 480, 840, 520, shadow=0.8)
    for n in range(12):
        angle = 15 + n * 150 / 11
        c.lay(
            s.leaf(700, 0.36, dark, (150, 204, 76)),
            480 + (n - 5.5) * 34,
            490 + (n % 3) * 16,
            230,
            turn=180 - angle,
            lift=6,
        )
    c.stand(tea_cup((150, 170, 40)), 800, 890, 230)
    c.steam(800, 770, 240, 0.5)
    leaf_spray(c, 200, 900, 200, (20, 50, 150), dark, bright)
    c.sun_through_leaves(0.3)


@scene("tra-gung-sa")
def _(c: Scene) -> None:
    s.wall_kitchen(c, (64, 34, 18), (200, 130, 66))
    s.table(c, s.linen_texture((150, 110, 72), (238, 212, 168), (196, 120, 56)), 0.44)
    c.stand(v.pouch(("Trà gừng sả", "20 túi lọc"), accent=(206, 110, 30), paper=(222, 186, 130)), 270, 730, 340)
    c.stand(tea_cup((206, 140, 40)), 610, 850, 360)
    c.steam(606, 640, 330, 0.6)
    c.stand(p.emoji("1fada"), 850, 760, 240, blur=0.6)
    stalk = tinted(s.leaf(700, 0.10), (120, 150, 60), (206, 220, 130), (255, 255, 226))
    for n, (x, y, a) in enumerate(((300, 890, 8), (330, 915, 2), (290, 940, 12))):
        c.lay(stalk, x, y, 430 - n * 30, turn=a, lift=6)
    scatter(c, p.dried_slices(), ((800, 900, 10), (880, 920, 60)), 90)


@scene("tra-sen")
def _(c: Scene) -> None:
    s.wall_garden(c, (70, 60, 60), (230, 170, 170), (255, 224, 206), 30)
    s.table(c, s.stone_texture((46, 44, 46), (104, 100, 100)), 0.42)
    c.stand(p.emoji("1fab7"), 250, 660, 380, blur=0.5)
    c.stand(
        v.pouch(
            ("Trà sen", "ướp hương", "100 g"),
            accent=(196, 70, 120),
            window=p.tea_leaves("lotus"),
            paper=(230, 206, 176),
        ),
        740,
        710,
        330,
    )
    c.stand(v.filled_bowl(p.dome(p.tea_leaves("lotus"), rough=6), heap=0.45, **CELADON), 330, 880, 330)
    c.stand(tea_cup((196, 160, 60)), 620, 885, 250)
    c.steam(618, 745, 280, 0.6)
    petal = tinted(s.leaf(400, 0.55), (190, 60, 110), (240, 130, 170), (255, 214, 226))
    scatter(c, petal, ((480, 930, 20), (800, 900, 100), (860, 940, -30)), 90)


# --- eggs and poultry -----------------------------------------------------------------------------------------------


@scene("trung-ga")
def _(c: Scene) -> None:
    s.wall_garden(c, (76, 104, 40), (232, 214, 130), (255, 236, 180))
    s.table(c, s.wood_texture("oak", 6), 0.42)
    c.stand(p.emoji("1f413"), 830, 610, 270, blur=2.6)
    c.lay(s.bamboo_tray(0.46), 440, 770, 800, lift=16)
    straw = p.dome(
        p.grain_texture(
            ((226, 186, 100), (244, 212, 134), (196, 150, 70)), 60, 5, count=900, gap=(130, 84, 32), bend=0.3
        ),
        size=(600, 250),
        rough=10,
    )
    c.stand(straw, 440, 850, 600, shadow=0.3, length=0.1)
    egg = p.emoji("1f95a")
    pale = tinted(egg, (150, 96, 60), (240, 204, 170), (255, 244, 226), 0.75)
    for n, (x, y, angle) in enumerate(
        (
            (330, 690, 24),
            (450, 670, -12),
            (560, 700, -30),
            (250, 770, 50),
            (380, 780, 12),
            (510, 785, -20),
            (620, 770, -52),
            (320, 840, 70),
            (450, 850, -4),
            (570, 840, -66),
        )
    ):
        c.stand(pale if n % 3 == 1 else egg, x, y, 128, turn=angle, shadow=0.55, length=0.12)
    c.stand(egg, 800, 880, 130, turn=80, length=0.2)
    c.sun_through_leaves(0.25)


@scene("trung-vit-muoi")
def _(c: Scene) -> None:
    s.wall_plaster(c, (150, 134, 116), (240, 226, 200))
    s.table(c, s.stone_texture((120, 106, 94), (206, 192, 176)), 0.42)
    duck = tinted(p.emoji("1f95a"), (96, 120, 120), (204, 222, 214), (252, 255, 248))
    c.stand(v.clay_jar((52, 48, 40), (150, 136, 110), True, 3), 250, 700, 370, blur=0.8)
    for x, y, angle in ((560, 700, 10), (680, 690, -16), (620, 640, 0), (790, 720, -40)):
        c.stand(duck, x, y, 150, turn=angle, shadow=0.6, length=0.14)
    c.stand(v.bowl(**INDIGO), 560, 880, 470)
    for x, y, angle in ((470, 760, 30), (560, 740, -6), (650, 765, -30), (520, 690, 12), (610, 690, -14)):
        c.stand(duck, x, y, 140, turn=angle, shadow=0.4, length=0.06)
    front = v.bowl(**INDIGO).copy()
    opening = Image.new("L", front.size, 255)
    draw = ImageDraw.Draw(opening)
    draw.rectangle((0, 0, front.width, 94), fill=0)
    draw.ellipse((8, -2, front.width - 8, 188), fill=0)
    front.putalpha(Image.composite(front.getchannel("A"), Image.new("L", front.size, 0), opening))
    c.stand(front, 560, 880, 470, shadow=0)
    half = Image.new("RGBA", (400, 500))
    draw = ImageDraw.Draw(half)
    draw.ellipse((10, 10, 390, 490), fill=(200, 216, 208, 255))
    draw.ellipse((22, 22, 378, 478), fill=(250, 248, 238, 255))
    draw.ellipse((96, 170, 304, 378), fill=(222, 98, 12, 255))
    draw.ellipse((106, 176, 294, 364), fill=(246, 136, 26, 255))
    draw.ellipse((136, 196, 214, 262), fill=(255, 190, 90, 255))
    half = half.filter(ImageFilter.GaussianBlur(3))
    c.stand(half, 840, 900, 150, turn=-30, length=0.2)
    c.stand(half, 230, 900, 140, turn=24, length=0.2)
    scatter(
        c,
        p.bean((190, 190, 186), (255, 255, 255)),
        tuple((c.rng.uniform(320, 760), c.rng.uniform(915, 970), 0) for _ in range(24)),
        9,
    )


@scene("ga-doi")
def _(c: Scene) -> None:
    s.wall_garden(c, (60, 90, 30), (226, 206, 120), (255, 230, 160))
    s.table(c, s.wood_texture("walnut", 6), 0.40)
    c.stand(p.emoji("1f413"), 190, 590, 270, blur=2.4, flip=True)
    c.lay(s.bamboo_tray(0.5), 500, 750, 880, lift=16)
    c.lay(s.banana_leaf(5), 500, 750, 690, turn=6, lift=5)
    leg = tinted(p.emoji("1f357"), (110, 40, 10), (210, 120, 44), (255, 218, 146), 0.72)
    c.stand(leg, 560, 690, 230, turn=28, length=0.14)
    c.stand(leg, 330, 730, 240, turn=-70, flip=True, length=0.14)
    c.stand(leg, 690, 790, 250, turn=64, length=0.14)
    c.stand(leg, 470, 850, 260, turn=4, length=0.14)
    c.steam(520, 520, 320, 0.55)
    lime = tinted(p.orange_half((110, 160, 40), (206, 226, 110)), (60, 110, 20), (176, 206, 80), (246, 250, 190))
    c.stand(lime, 800, 830, 150, length=0.15)
    c.lay(p.emoji("1f33f"), 260, 850, 200, turn=-20)
    c.lay(p.emoji("1f336-fe0f"), 740, 910, 130, turn=64)
    c.lay(p.emoji("1f33f"), 890, 910, 170, turn=60)
    c.sun_through_leaves(0.22)


# --- spices ---------------------------------------------------------------------------------------------------------


@scene("tuong-ot")
def _(c: Scene) -> None:
    s.wall_kitchen(c, (60, 20, 12), (196, 84, 44), (255, 150, 80))
    s.table(c, s.wood_texture("walnut", 6), 0.45)
    bottle = v.glass(
        profile=v.FLASK,
        shape=(240, 580),
        top=(232, 60, 24),
        bottom=(170, 24, 10),
        cap=(40, 130, 60),
        cap_until=0.13,
        filled_from=0.18,
        label=("Tương ớt", "tỏi", "250 ml"),
        accent=(206, 30, 20),
    )
    c.stand(bottle, 330, 720, 220, blur=1.4)
    c.glow(640, 840, 340, 120, (255, 70, 30), 0.4)
    c.stand(bottle, 520, 850, 290)
    c.stand(p.emoji("1f9c4"), 790, 770, 220)
    c.stand(sauce_dish((206, 36, 16), (255, 120, 70)), 790, 910, 280)
    for x, y, angle in ((200, 880, 40), (290, 910, 70), (150, 930, 20), (350, 940, 100)):
        c.lay(p.emoji("1f336-fe0f"), x, y, 150, turn=angle, lift=9)


@scene("toi")
def _(c: Scene) -> None:
    s.flat(c, s.wood_texture("grey", 6))
    c.lay(s.napkin((176, 130, 110), (250, 236, 220), (180, 90, 80), 0.9), 470, 520, 980, turn=-8)
    c.lay(s.bamboo_tray(0.95), 480, 510, 800, lift=18)
    garlic = p.emoji("1f9c4")
    for x, y, w, angle in (
        (350, 320, 220, 20),
        (560, 300, 230, -30),
        (720, 460, 220, 70),
        (290, 530, 230, -60),
        (480, 490, 250, 6),
        (650, 660, 230, -110),
        (420, 690, 235, 150),
        (560, 400, 190, 200),
        (360, 430, 180, 80),
    ):
        c.lay(garlic, x, y, w, turn=angle, lift=13, shadow=0.75)
    c.lay(p.emoji("1f336-fe0f"), 860, 820, 170, turn=20, lift=10)
    c.lay(p.emoji("1f336-fe0f"), 780, 890, 160, turn=70, lift=10)
    c.lay(s.leaf(), 140, 860, 230, turn=40)
    c.lay(p.emoji("1f9c5"), 150, 180, 200, turn=20, lift=14)
    c.sun_through_leaves(0.36)


@scene("tinh-bot-nghe")
def _(c: Scene) -> None:
    s.wall_plaster(c, (196, 120, 50), (255, 224, 150))
    s.table(c, s.wood_texture("red", 6), 0.43)
    c.stand(v.pouch(("Tinh bột nghệ", "200 g"), window=p.powder((240, 166, 20)), accent=(216, 130, 10)), 310, 740, 360)
    root = tinted(p.emoji("1fada"), (120, 54, 6), (230, 136, 24), (255, 220, 130))
    c.stand(root, 820, 700, 270, blur=0.8)
    c.stand(v.filled_bowl(p.dome(p.powder((240, 166, 20)), rough=1.2), **INDIGO), 650, 870, 410)
    c.lay(p.dome(p.powder((240, 166, 20)), size=(420, 140), rough=2), 330, 905, 240, lift=5, shadow=0.4)
    slice_ = tinted(p.dried_slices(), (170, 80, 6), (244, 150, 20), (255, 210, 90))
    scatter(c, slice_, ((860, 890, 10), (910, 930, 60), (180, 930, 30)), 80)
    leaf_spray(c, 520, 945, 140, (20, 160))


@scene("muoi-vung")
def _(c: Scene) -> None:
    s.wall_plaster(c)
    s.table(c, s.wood_texture("oak", 6), 0.40)
    jar = v.glass(
        profile=v.JAR,
        shape=(380, 470),
        top=(206, 166, 104),
        bottom=(150, 104, 54),
        cap=(70, 50, 36),
        cap_until=0.155,
        filled_from=0.21,
        label=("Muối vừng", "lạc rang"),
        pieces=p.sesame_salt().convert("RGBA"),
    )
    c.stand(jar, 720, 700, 310)
    c.lay(s.bamboo_mat(), 430, 810, 800)
    ball = v.filled_bowl(p.dome(p.rice("sticky"), size=(560, 270)), band=(40, 88, 146))
    c.stand(ball, 350, 830, 430)
    c.steam(340, 590, 300, 0.5)
    c.stand(v.filled_bowl(p.dome(p.sesame_salt()), heap=0.4, depth=0.30, **TERRACOTTA), 660, 900, 290)
    scatter(c, KERNELS[1], ((860, 880, 20), (820, 930, 80), (900, 940, 150)), 48)


# --- crafts ---------------------------------------------------------------------------------------------------------


@scene("lan-may")
def _(c: Scene) -> None:
    s.wall_plaster(c, (186, 150, 116), (252, 234, 206))
    s.table(c, s.wood_texture("pale", 6), 0.56)
    basket = p.emoji("1f9fa")
    c.stand(tinted(basket, (60, 34, 16), (150, 96, 54), (226, 180, 126)), 780, 690, 330, blur=1.2)
    c.stand(basket, 420, 870, 600)
    c.stand(p.emoji("1f33c"), 150, 890, 170, turn=16, length=0.2)
    c.stand(p.emoji("1f33c"), 90, 800, 130, turn=-10, blur=1, length=0.2)
    c.lay(s.napkin((160, 60, 50), (246, 226, 206), (206, 70, 60)), 770, 900, 420, turn=10)
    c.stand(p.emoji("1f34a"), 790, 900, 140, length=0.2)
    s.foreground_leaves(c, "top-right")
    c.sun_through_leaves(0.3)


@scene("met-tre")
def _(c: Scene) -> None:
    s.wall_garden(c, (80, 90, 50), (226, 206, 150), (255, 240, 206))
    s.table(c, s.stone_texture((150, 126, 100), (226, 206, 176)), 0.50)
    c.stand(s.bamboo_tray(0.98, 40), 640, 720, 520, turn=8, length=0.22)
    c.stand(s.bamboo_tray(0.98, 30, (84, 46, 18), (226, 180, 110)), 300, 740, 430, turn=-6, length=0.22)
    c.lay(s.bamboo_tray(0.40, 26), 500, 850, 620, lift=14)
    c.lay(s.banana_leaf(6), 480, 840, 420, turn=8, lift=4)
    for x, y, angle in ((420, 850, 10), (530, 860, -20), (480, 820, 0)):
        c.stand(p.emoji("1f34c"), x, y, 170, turn=angle, shadow=0.5, length=0.12)
    c.sun_through_leaves(0.34)


# --- sweets and gifts -----------------------------------------------------------------------------------------------


@scene("mat-mia")
def _(c: Scene) -> None:
    s.wall_kitchen(c, (50, 24, 10), (176, 96, 40))
    s.table(c, s.wood_texture("oak", 6), 0.43)
    jar = v.glass(
        profile=v.FLASK,
        shape=(330, 520),
        top=(170, 84, 22),
        bottom=(86, 32, 8),
        cap=(190, 150, 100),
        cap_until=0.13,
        filled_from=0.22,
        label=("Mật mía", "nấu chảo gang", "1 lít"),
        accent=(140, 70, 20),
    )
    c.stand(v.clay_jar((60, 30, 18), (170, 100, 58), True, 5), 800, 640, 300, blur=1.8, shade=0.1)
    c.glow(560, 840, 460, 140, (226, 120, 30), 0.45)
    c.stand(jar, 380, 830, 370)
    cake = p.emoji("1f358")
    c.stand(tinted(cake, (96, 50, 14), (206, 146, 74), (255, 232, 180), 0.35), 740, 790, 210, turn=8, length=0.16)
    c.stand(v.filled_bowl(v.liquid((140, 62, 12), (232, 150, 70)), heap=0, **WOODEN), 700, 900, 330)
    c.lay(p.emoji("1fada"), 190, 920, 190, turn=10)


@scene("banh-nuong")
def _(c: Scene) -> None:
    s.wall_plaster(c, (140, 50, 34), (240, 160, 96))
    s.table(c, s.wood_texture("walnut", 6), 0.40)
    c.stand(clay_teapot(), 790, 600, 300, blur=1.4)
    c.lay(s.bamboo_tray(0.48), 450, 770, 800, lift=16)
    c.lay(s.banana_leaf(7), 450, 775, 620, turn=-4, lift=4)
    cake = p.slanted(p.emoji("1f96e"), 0.62, 40, (150, 84, 30))
    for x, y in ((310, 780), (470, 750), (620, 790), (400, 870), (550, 880)):
        c.stand(cake, x, y, 200, turn=c.rng.uniform(-8, 8), length=0.12)
    c.stand(cake, 470, 700, 195, length=0.12)
    c.stand(tea_cup(), 840, 860, 230)
    c.steam(838, 730, 250, 0.5)
    green = p.bean((110, 130, 40), (226, 232, 130))
    scatter(
        c,
        green,
        tuple((c.rng.uniform(120, 330), c.rng.uniform(920, 970), c.rng.uniform(0, 360)) for _ in range(14)),
        22,
    )
    c.sun_through_leaves(0.22)


@scene("gio-qua")
def _(c: Scene) -> None:
    s.wall_kitchen(c, (96, 20, 14), (226, 100, 50), (255, 214, 120))
    s.table(c, s.wood_texture("red", 6), 0.50)
    c.stand(v.pouch(("Chè xanh", "sao tay"), accent=(50, 104, 44)), 370, 590, 210, turn=6, shadow=0.3, length=0.05)
    c.stand(
        v.glass(
            profile=v.BOTTLE,
            shape=(210, 640),
            top=(255, 214, 90),
            bottom=(226, 150, 20),
            cap=(120, 30, 24),
            cap_until=0.1,
            filled_from=0.2,
            label=("Dầu lạc",),
        ),
        660,
        620,
        130,
        turn=-8,
        shadow=0.3,
        length=0.05,
    )
    c.stand(honey_jar(), 520, 610, 220, shadow=0.3, length=0.05)
    for x, y, w in ((390, 640, 150), (600, 650, 150), (500, 660, 150)):
        c.stand(p.emoji("1f34a"), x, y, w, shadow=0.4, length=0.05)
    basket = p.emoji("1f9fa")
    front = basket.copy()
    front.paste((0, 0, 0, 0), (0, 0, basket.width, round(basket.height * 0.49)))
    c.stand(front, 510, 880, 640, shadow=0.8, length=0.2)
    handle = basket.crop((0, 0, basket.width, round(basket.height * 0.5)))
    c.stand(handle, 510, 880 - 640 * basket.height / basket.width * 0.5 + 4, 640, shadow=0)
    c.stand(p.emoji("1f381"), 860, 880, 190, length=0.25)
    c.stand(honey_jar(("Mật ong", "rừng vườn")), 170, 890, 200)
    c.lay(p.emoji("1f33c"), 700, 930, 110)


@scene("nuoc-mam")
def _(c: Scene) -> None:
    s.wall_garden(c, (60, 104, 130), (230, 214, 176), (255, 240, 206), 30)
    s.table(c, s.wood_texture("grey", 6), 0.44)
    bottle = v.glass(
        profile=v.BOTTLE,
        shape=(210, 660),
        top=(206, 100, 26),
        bottom=(110, 36, 8),
        cap=(176, 34, 26),
        cap_until=0.1,
        filled_from=0.19,
        label=("Nước mắm", "cá cơm", "500 ml"),
        label_box=(0.03, 0.52, 0.97, 0.90),
        accent=(30, 84, 140),
    )
    c.stand(bottle, 330, 700, 170, blur=1.4)
    c.glow(600, 830, 300, 110, (255, 140, 40), 0.5)
    c.stand(bottle, 480, 840, 225)
    fish = tinted(p.emoji("1f41f"), (30, 44, 62), (112, 138, 156), (236, 244, 246))
    slim = fish.resize((fish.width, round(fish.height * 0.46)), Image.Resampling.LANCZOS)
    c.lay(s.bamboo_tray(0.46), 780, 770, 430, lift=12)
    for row, angle in enumerate((10, -6, 14, 2, -10)):
        c.lay(slim, 770 + (row % 2) * 34, 710 + row * 28, 230, turn=angle, lift=7)
    c.stand(sauce_dish((176, 76, 18), (246, 176, 90)), 250, 900, 320)
    c.lay(p.emoji("1f336-fe0f"), 600, 930, 130, turn=66)
    c.lay(p.emoji("1f9c4"), 690, 915, 110, lift=9)
    c.sun_through_leaves(0.22)

"""Two more pictures of each demo good, for a gallery to turn: its scene seen from near, and the label on its back.

The label says what the good's page says, and that it is a sample. Deterministic; marked "ảnh minh hoạ" like the scenes.
"""

from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter

from . import produce as p
from . import surfaces as s
from . import vessels as v
from .goods import GOODS, Good
from .light import Colour, Scene
from .pictures import SIZE, add_caption, compose

NEAR = 720  # pixels of the scene that are seen from near
LABEL_SIZE = (960, 960)
_BY_KEY = {good.key: good for good in GOODS}
_INK: Colour = (58, 44, 30)
_SOFT: Colour = (112, 96, 74)
_CLAY: Colour = (150, 58, 21)
_CARD = (860, 1040)
_UNITS = {"kg": "kg", "g": "g", "l": "lít", "ml": "ml", "piece": "cái"}


@lru_cache(maxsize=1)
def scene_of(key: str) -> Image.Image:
    """The scene; kept until the next one, for its near view is usually drawn right after it."""
    return compose(key)


def near(key: str) -> Image.Image:
    """The good from near. KeyError for an unknown key."""
    left, top = (SIZE[0] - NEAR) // 2, 380
    image = scene_of(key).crop((left, top, left + NEAR, top + NEAR))
    image = image.filter(ImageFilter.UnsharpMask(radius=1.6, percent=60, threshold=2))
    add_caption(image)
    return image


def label(key: str) -> Image.Image:
    """What is printed on the back of the package. KeyError for an unknown key."""
    good = _BY_KEY[key]
    canvas = Scene(LABEL_SIZE, sum(key.encode()))
    warm = ("oak", "pale", "walnut", "grey")[sum(key.encode()) % 4]
    s.flat(canvas, s.wood_texture(warm, 6))
    canvas.lay(s.banana_leaf(sum(key.encode()) % 7 + 1), 640, 560, 1050, turn=34, lift=10)
    canvas.lay(_card(good), 490, 505, 716, turn=(sum(key.encode()) % 7 - 3) * 0.9, lift=12)
    canvas.lay(p.rice_ears(), 900, 770, 210, turn=30, lift=8)
    canvas.sun_through_leaves(0.2)
    image = canvas.finish()
    add_caption(image)
    return image


def _card(good: Good) -> Image.Image:
    width, height = _CARD
    card = Image.new("RGBA", _CARD, (0, 0, 0, 0))
    draw = ImageDraw.Draw(card)
    draw.rounded_rectangle((0, 0, width - 1, height - 1), 26, fill=(253, 249, 238, 255))
    draw.rounded_rectangle((22, 22, width - 23, height - 23), 16, outline=(*_CLAY, 255), width=3)
    y = 62
    for line in _wrapped(draw, good.title, 66, width - 130):
        draw.text((width / 2, y), line, font=v.font(66), fill=_CLAY, anchor="mt")
        y += 80
    draw.line((width * 0.38, y + 14, width * 0.62, y + 14), fill=(*_CLAY, 255), width=3)
    y += 48
    net = f"{good.net.rstrip('0').rstrip('.') if '.' in good.net else good.net} {_UNITS.get(good.unit, good.unit)}"
    for title, text in (
        ("Khối lượng", "" if good.variants or good.unit == "piece" else net),
        ("Thành phần", good.ingredients),
        ("Bảo quản", good.storage),
        ("Hạn dùng", good.shelf_life),
        ("Lưu ý", good.warnings),
        ("Xuất xứ", good.origin),
    ):
        if not text:
            continue
        lines = _wrapped(draw, text, 41, width - 130)
        if y + 40 + 54 * len(lines) > height - 100:
            break
        draw.text((65, y), title, font=v.font(30), fill=_SOFT)
        y += 42
        for line in lines:
            draw.text((65, y), line, font=v.font(41), fill=_INK)
            y += 54
        y += 18
    draw.text((width / 2, height - 62), "HÀNG MẪU ĐỂ TRÌNH DIỄN", font=v.font(27), fill=_SOFT, anchor="mm")
    return card


def _wrapped(draw: ImageDraw.ImageDraw, text: str, size: int, width: float) -> list[str]:
    """The text in lines no wider than that."""
    face, lines = v.font(size), [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, font=face) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines

"""Things that hold goods: bottles and jars of glass and clay, bowls, paper pouches, sacks."""

from __future__ import annotations

import math
import random
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

import merchants

from .light import Colour, blend_colours, horizontal, mix, noise, trimmed, vertical

FONT_FILE = Path(merchants.__file__).parent / "vietqr" / "fonts" / "BeVietnamPro-Bold.ttf"  # the poster's face, shared

Profile = tuple[tuple[float, float], ...]

GLASS_LIGHT = ((0.0, 104), (0.07, 168), (0.20, 232), (0.36, 255), (0.62, 226), (0.86, 146), (0.95, 126), (1.0, 96))
CLAY_LIGHT = ((0.0, 110), (0.12, 190), (0.30, 255), (0.48, 236), (0.72, 160), (0.92, 92), (1.0, 70))


@lru_cache(maxsize=32)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The vendored bold face in `size` pixels."""
    return ImageFont.truetype(str(FONT_FILE), size)


def _radius(profile: Profile, where: float) -> float:
    before = profile[0]
    for stop in profile:
        if stop[0] >= where:
            span = stop[0] - before[0]
            if span <= 0:
                return stop[1]
            share = (where - before[0]) / span
            share = share * share * (3 - 2 * share)
            return before[1] + (stop[1] - before[1]) * share
        before = stop
    return before[1]


def turn_on_lathe(
    paint: Image.Image,
    profile: Profile,
    light: tuple[tuple[float, int], ...],
    *,
    bulge: float = 0.055,
    gloss: float = 0.0,
) -> Image.Image:
    """Wrap a flat painting (RGBA) round a body of revolution and light it from the left.

    `profile`: (height 0 top .. 1 foot, radius 0..1 of half the width). `bulge`: how far horizontal lines
    sag in the middle, as seen from a little above, as a share of the width. `gloss`: white streak, 0..1.
    """
    w, h = paint.size
    shade = horizontal((w, h), light)
    alpha = paint.getchannel("A")
    paint = ImageChops.multiply(paint.convert("RGB"), Image.merge("RGB", (shade,) * 3)).convert("RGBA")
    paint.putalpha(alpha)
    if gloss:
        streak = Image.new("L", (w, h), 0)
        draw = ImageDraw.Draw(streak)
        draw.rounded_rectangle((w * 0.16, h * 0.06, w * 0.225, h * 0.93), w * 0.03, fill=round(235 * gloss))
        draw.rounded_rectangle((w * 0.26, h * 0.10, w * 0.275, h * 0.88), w * 0.01, fill=round(150 * gloss))
        draw.rounded_rectangle((w * 0.90, h * 0.10, w * 0.925, h * 0.90), w * 0.012, fill=round(120 * gloss))
        streak = streak.filter(ImageFilter.GaussianBlur(w * 0.008))
        paint.paste(
            Image.new("RGB", (w, h), (255, 252, 244)),
            (0, 0),
            ImageChops.multiply(streak, alpha.point(lambda a: 255 if a > 40 else 0)),
        )
    sag = w * bulge
    columns = []
    step = max(2, w // 48)
    for x in range(0, w, step):
        x1 = min(w, x + step)
        d0 = sag * math.sqrt(max(0.0, 1 - (2 * x / w - 1) ** 2))
        d1 = sag * math.sqrt(max(0.0, 1 - (2 * x1 / w - 1) ** 2))
        columns.append(((x, 0, x1, h), (x, -d0, x, h - d0, x1, h - d1, x1, -d1)))
    room = Image.new("RGBA", (w, h + round(sag) + 2))
    room.paste(paint, (0, 0))
    h = room.height
    columns = [
        ((b[0], 0, b[2], h), (q[0], q[1], q[2], q[3] + round(sag) + 2, q[4], q[5] + round(sag) + 2, q[6], q[7]))
        for b, q in columns
    ]
    room = room.transform((w, h), Image.Transform.MESH, columns, Image.Resampling.BILINEAR)
    rows = []
    step = max(2, h // 110)
    for y in range(0, h, step):
        y1 = min(h, y + step)
        r0, r1 = max(0.02, _radius(profile, y / h)), max(0.02, _radius(profile, y1 / h))
        left, right = w / 2 - w / 2 / r0, w / 2 + w / 2 / r0
        low_left, low_right = w / 2 - w / 2 / r1, w / 2 + w / 2 / r1
        rows.append(((0, y, w, y1), (left, y, low_left, y1, low_right, y1, right, y)))
    return room.transform((w, h), Image.Transform.MESH, rows, Image.Resampling.BILINEAR)


def _smaller(sprite: Image.Image, share: float = 0.5) -> Image.Image:
    return trimmed(sprite.resize((round(sprite.width * share), round(sprite.height * share)), Image.Resampling.LANCZOS))


def paper_label(
    draw: ImageDraw.ImageDraw,
    box: tuple[float, float, float, float],
    lines: tuple[str, ...],
    *,
    paper: Colour = (250, 240, 218),
    ink: Colour = (92, 46, 20),
    accent: Colour = (196, 96, 30),
) -> None:
    """A simple printed label: a frame, a sun, and up to three centred lines that shrink to fit."""
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    draw.rounded_rectangle(box, width * 0.04, fill=(*paper, 255))
    draw.rounded_rectangle(
        (x0 + width * 0.04, y0 + height * 0.05, x1 - width * 0.04, y1 - height * 0.05),
        width * 0.03,
        outline=(*accent, 255),
        width=max(2, round(width * 0.012)),
    )
    middle = (x0 + x1) / 2
    r = height * 0.085
    y = y0 + height * 0.21
    draw.pieslice((middle - r * 1.5, y - r * 1.5, middle + r * 1.5, y + r * 1.5), 180, 360, fill=(*accent, 255))
    draw.line((middle - r * 3, y, middle + r * 3, y), fill=(*accent, 255), width=max(2, round(height * 0.014)))
    room = height * 0.62 / max(1, len(lines))
    for number, line in enumerate(lines):
        size = round(room * (0.74 if number == 0 else 0.56))
        while size > 9 and draw.textlength(line, font=font(size)) > width * 0.76:
            size -= 1
        draw.text(
            (middle, y0 + height * 0.30 + room * (number + 0.5)), line, font=font(size), fill=(*ink, 255), anchor="mm"
        )


BOTTLE: Profile = (
    (0.0, 0.27),
    (0.02, 0.30),
    (0.09, 0.30),
    (0.10, 0.26),
    (0.26, 0.27),
    (0.44, 0.93),
    (0.50, 0.99),
    (0.955, 0.99),
    (0.985, 0.94),
    (1.0, 0.90),
)
FLASK: Profile = (
    (0.0, 0.36),
    (0.03, 0.40),
    (0.13, 0.40),
    (0.14, 0.34),
    (0.22, 0.36),
    (0.40, 0.96),
    (0.46, 1.0),
    (0.95, 1.0),
    (0.985, 0.95),
    (1.0, 0.9),
)
JAR: Profile = (
    (0.0, 0.80),
    (0.02, 0.84),
    (0.15, 0.84),
    (0.16, 0.78),
    (0.20, 0.80),
    (0.28, 0.97),
    (0.33, 1.0),
    (0.94, 1.0),
    (0.985, 0.95),
    (1.0, 0.9),
)
DROPPER: Profile = (
    (0.0, 0.16),
    (0.12, 0.22),
    (0.20, 0.26),
    (0.21, 0.46),
    (0.38, 0.46),
    (0.40, 0.44),
    (0.46, 0.56),
    (0.54, 0.99),
    (0.58, 1.0),
    (0.95, 1.0),
    (0.985, 0.94),
    (1.0, 0.9),
)
CHUM: Profile = (
    (0.0, 0.46),
    (0.03, 0.52),
    (0.08, 0.50),
    (0.12, 0.52),
    (0.30, 0.90),
    (0.46, 1.0),
    (0.70, 0.90),
    (0.92, 0.62),
    (0.98, 0.56),
    (1.0, 0.54),
)


def glass(
    *,
    profile: Profile,
    shape: tuple[int, int],
    top: Colour,
    bottom: Colour,
    cap: Colour,
    cap_until: float,
    filled_from: float,
    label: tuple[str, ...] = (),
    label_box: tuple[float, float, float, float] = (0.08, 0.54, 0.92, 0.90),
    accent: Colour = (196, 96, 30),
    paper: Colour = (250, 240, 218),
    pieces: Image.Image | None = None,
) -> Image.Image:
    """A filled glass vessel: liquid from `top` to `bottom` colour, cap, label; `pieces` float in the liquid."""
    w, h = shape[0] * 2, shape[1] * 2
    tone = vertical((w, h), ((0.0, 0), (filled_from, 20), (1.0, 255)))
    paint = blend_colours(tone, top, mix(top, bottom, 0.5), bottom).convert("RGBA")
    # light comes through from behind on the far side
    through = horizontal((w, h), ((0.0, 0), (0.5, 30), (0.78, 150), (0.93, 60), (1.0, 0)))
    paint.paste(
        Image.new("RGB", (w, h), mix(top, (255, 236, 180), 0.45)),
        (0, 0),
        ImageChops.multiply(through, vertical((w, h), ((0.0, 60), (0.6, 200), (1.0, 255)))),
    )
    if pieces:
        paint.paste(
            pieces.resize((w, round(h * (1 - filled_from)))),
            (0, round(h * filled_from)),
            pieces.resize((w, round(h * (1 - filled_from)))).getchannel("A"),
        )
    draw = ImageDraw.Draw(paint)
    empty = Image.new("L", (w, h), 0)
    ImageDraw.Draw(empty).rectangle((0, h * cap_until, w, h * filled_from), fill=255)
    paint.paste(Image.new("RGBA", (w, h), (*mix(top, (245, 250, 246), 0.72), 190)), (0, 0), empty)
    draw.rectangle((0, h * filled_from, w, h * filled_from + h * 0.008), fill=(*mix(top, (255, 255, 255), 0.45), 255))
    draw.rectangle((0, 0, w, h * cap_until), fill=(*cap, 255))
    for line in range(3):
        y = h * cap_until * (0.3 + 0.25 * line)
        draw.line((0, y, w, y), fill=(*mix(cap, (0, 0, 0), 0.25), 255), width=3)
    draw.rectangle((0, h * 0.955, w, h), fill=(*mix(bottom, (255, 245, 225), 0.28), 255))
    if label:
        x0, y0, x1, y1 = label_box
        paper_label(draw, (w * x0, h * y0, w * x1, h * y1), label, accent=accent, paper=paper)
    body = turn_on_lathe(paint, profile, GLASS_LIGHT, gloss=0.75)
    return _smaller(body)


@lru_cache(maxsize=8)
def cloth_cover(colour: Colour, dots: Colour | None = None, kind: str = "check") -> Image.Image:
    """A cloth tied over the mouth of a jar."""
    w, h = 620, 250
    mask = Image.new("L", (w, h), 0)
    draw = ImageDraw.Draw(mask)
    points = [(w * 0.12, h * 0.22)]
    points += [(w * (0.12 + 0.76 * t), h * (0.22 - 0.16 * math.sin(math.pi * t))) for t in (i / 20 for i in range(21))]
    ruffles = 11
    for i in range(ruffles * 4 + 1):
        t = i / (ruffles * 4)
        points.append(
            (w * (1.0 - t), h * (0.86 + 0.09 * math.sin(t * math.pi * 2 * ruffles) + 0.05 * math.sin(math.pi * t)))
        )
    draw.polygon(points, fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(1.2))
    cloth = Image.new("RGB", (w, h), colour)
    draw = ImageDraw.Draw(cloth)
    if dots and kind == "check":
        for x in range(0, w, 44):
            draw.rectangle((x, 0, x + 18, h), fill=mix(colour, dots, 0.55))
        for y in range(0, h, 40):
            for x in range(0, w, 44):
                draw.rectangle((x + 18, y, x + 44, y + 17), fill=mix(colour, dots, 0.55))
                draw.rectangle((x, y, x + 18, y + 17), fill=dots)
    elif dots:
        for row in range(7):
            for column in range(16):
                x, y = column * 42 + (row % 2) * 21, row * 38 + 10
                draw.ellipse((x, y, x + 13, y + 13), fill=dots)
    folds = Image.new("L", (w, h), 200)
    draw = ImageDraw.Draw(folds)
    for i in range(ruffles * 2):
        foot = w * i / (ruffles * 2)
        draw.polygon(
            [(w / 2 + (foot - w / 2) * 0.72, h * 0.5), (foot, h), (foot + w / ruffles / 4, h)],
            fill=110 if i % 2 else 255,
        )
    folds = folds.filter(ImageFilter.GaussianBlur(6))
    upper = Image.new("L", (w, h), 0)
    ImageDraw.Draw(upper).rectangle((0, 0, w, h * 0.46), fill=255)
    folds.paste(
        horizontal((w, h), ((0.0, 170), (0.3, 255), (1.0, 120))), (0, 0), upper.filter(ImageFilter.GaussianBlur(8))
    )
    cloth = ImageChops.multiply(cloth, Image.merge("RGB", (folds,) * 3))
    cloth = ImageChops.multiply(
        cloth, Image.merge("RGB", (horizontal((w, h), ((0.0, 190), (0.35, 255), (1.0, 150))),) * 3)
    )
    draw = ImageDraw.Draw(cloth)
    for strand in range(3):
        level = h * (0.47 + 0.022 * strand)
        draw.arc(
            (w * 0.13, level - h * 0.1, w * 0.87, level + h * 0.07),
            8,
            172,
            fill=(206, 160, 96) if strand % 2 else (156, 108, 54),
            width=6,
        )
    sprite = cloth.convert("RGBA")
    sprite.putalpha(mask)
    return sprite


def covered(jar: Image.Image, cover: Image.Image, overlap: float = 0.20) -> Image.Image:
    """`jar` with `cover` over its mouth."""
    cover_w = round(jar.width * 1.10)
    cap = cover.resize((cover_w, round(cover.height * cover_w / cover.width)), Image.Resampling.LANCZOS)
    out = Image.new("RGBA", (cover_w, jar.height + round(cap.height * 0.30)))
    out.paste(jar, ((cover_w - jar.width) // 2, out.height - jar.height))
    out.alpha_composite(cap, (0, max(0, out.height - jar.height + round(jar.height * overlap) - cap.height)))
    return trimmed(out)


@lru_cache(maxsize=8)
def clay_jar(
    dark: Colour = (74, 34, 18), bright: Colour = (196, 112, 62), lid: bool = True, seed: int = 1
) -> Image.Image:
    """A glazed earthen jar in which sauce ripens."""
    w, h = 900, 1000
    rng = random.Random(f"clay {seed}")
    tone = Image.blend(noise(rng, (w, h), (5, 7)), noise(rng, (w, h), (3, 60)), 0.4)
    paint = blend_colours(tone, mix(dark, bright, 0.55), mix(dark, bright, 0.8), bright).convert("RGBA")
    draw = ImageDraw.Draw(paint)
    draw.rectangle((0, h * 0.24, w, h * 0.27), fill=(*mix(dark, bright, 0.35), 255))
    for x in range(0, w, 60):
        draw.arc((x, h * 0.28, x + 60, h * 0.34), 0, 180, fill=(*mix(dark, bright, 0.3), 255), width=7)
    glaze = Image.new("L", (w, h), 0)
    gdraw = ImageDraw.Draw(glaze)
    drips = [(x, h * (0.40 + 0.14 * rng.random())) for x in range(0, w + 1, 50)]
    gdraw.polygon([(0, 0), *drips, (w, 0)], fill=150)
    paint.paste(Image.new("RGB", (w, h), dark), (0, 0), glaze.filter(ImageFilter.GaussianBlur(9)))
    body = _smaller(turn_on_lathe(paint, CHUM, CLAY_LIGHT, bulge=0.07, gloss=0.28), 0.6)
    if not lid:
        return body
    cap_w = round(body.width * 0.66)
    cap = Image.new("RGBA", (cap_w * 2, cap_w))
    draw = ImageDraw.Draw(cap)
    glazed = mix(dark, bright, 0.5)
    draw.ellipse((0, cap_w * 0.34, cap_w * 2, cap_w * 0.86), fill=(*mix(dark, (0, 0, 0), 0.2), 255))
    for band in range(10):
        inset = band * cap_w * 0.085
        draw.ellipse(
            (inset, cap_w * (0.28 - band * 0.021), cap_w * 2 - inset * 1.25, cap_w * (0.78 - band * 0.030)),
            fill=(*mix(glazed, bright, band / 12), 255),
        )
    draw.ellipse((cap_w * 0.82, cap_w * 0.06, cap_w * 1.14, cap_w * 0.34), fill=(*mix(dark, bright, 0.4), 255))
    draw.ellipse((cap_w * 0.86, cap_w * 0.05, cap_w * 1.06, cap_w * 0.24), fill=(*bright, 255))
    cap = cap.resize((cap_w, cap_w // 2), Image.Resampling.LANCZOS)
    out = Image.new("RGBA", (body.width, body.height + round(cap.height * 0.52)))
    out.paste(body, (0, out.height - body.height))
    out.alpha_composite(cap, ((body.width - cap.width) // 2, 0))
    return trimmed(out)


@lru_cache(maxsize=16)
def bowl(
    outer: Colour = (238, 232, 220),
    inner: Colour = (214, 204, 188),
    band: Colour | None = (38, 84, 140),
    depth: float = 0.46,
) -> Image.Image:
    """An empty bowl, 600 wide, seen from a little above. Its mouth is the box `bowl_mouth()`."""
    w, mouth = 1200, 380
    h = round(w * depth) + mouth // 2
    out = Image.new("RGBA", (w, h))
    mask = Image.new("L", (w, h), 0)
    draw = ImageDraw.Draw(mask)
    points = []
    for i in range(61):
        t = i / 60 * math.pi
        points.append((w / 2 - math.cos(t) * w / 2, mouth / 2 + (math.sin(t) ** 0.72) * (h - mouth / 2 - 26)))
    draw.polygon(points, fill=255)
    draw.rectangle((w * 0.34, h - 60, w * 0.66, h - 14), fill=255)
    draw.ellipse((w * 0.34, h - 36, w * 0.66, h), fill=255)
    draw.ellipse((0, 0, w, mouth), fill=255)
    shade = horizontal((w, h), ((0.0, 150), (0.22, 250), (0.45, 240), (0.75, 168), (1.0, 92)))
    body = ImageChops.multiply(Image.new("RGB", (w, h), outer), Image.merge("RGB", (shade,) * 3))
    low = vertical((w, h), ((0.0, 255), (0.5, 250), (0.85, 190), (1.0, 130)))
    body = ImageChops.multiply(body, Image.merge("RGB", (low,) * 3))
    if band:
        draw = ImageDraw.Draw(body)
        for offset, width in ((70, 12), (100, 5)):
            draw.arc(
                (14, offset, w - 14, mouth + offset + 40), 4, 176, fill=mix(band, (255, 255, 255), 0.12), width=width
            )
        for petal in range(9):
            t = math.pi * (0.16 + 0.68 * petal / 8)
            x, y = w / 2 - math.cos(t) * w * 0.43, mouth / 2 + 120 + math.sin(t) * (mouth / 2 + 46)
            draw.ellipse((x - 17, y - 24, x + 17, y + 24), outline=band, width=7)
    out.paste(body, (0, 0), mask)
    draw = ImageDraw.Draw(out)
    draw.ellipse((0, 0, w, mouth), fill=(*mix(outer, (255, 255, 255), 0.55), 255))
    rim = 18
    hollow = Image.new("L", (w, h), 0)
    ImageDraw.Draw(hollow).ellipse((rim, rim * 0.7, w - rim, mouth - rim * 0.7), fill=255)
    inside = ImageChops.multiply(
        Image.new("RGB", (w, h), inner),
        Image.merge("RGB", (horizontal((w, h), ((0.0, 120), (0.4, 190), (1.0, 255))),) * 3),
    )
    out.paste(inside, (0, 0), hollow)
    return out.resize((w // 2, h // 2), Image.Resampling.LANCZOS)


def filled_bowl(content: Image.Image, *, heap: float = 0.5, inset: float = 0.035, **style: Any) -> Image.Image:
    """A bowl with `content` (a dome cut-out, wider than high) in it, rising `heap` of its height over the rim."""
    vessel = bowl(**style)
    w = vessel.width
    mouth = 190
    inner = round(w * (1 - 2 * inset))
    pile = content.resize((inner, round(content.height * inner / content.width)), Image.Resampling.LANCZOS)
    rise = round(pile.height * heap)
    out = Image.new("RGBA", (w, vessel.height + rise))
    out.alpha_composite(vessel, (0, rise))
    layer = Image.new("RGBA", out.size)
    layer.alpha_composite(pile, ((w - inner) // 2, max(0, rise + mouth - 6 - pile.height)))
    keep = Image.new("L", out.size, 0)
    draw = ImageDraw.Draw(keep)
    draw.rectangle((0, 0, w, rise + mouth // 2), fill=255)
    draw.ellipse((9, rise + 6, w - 9, rise + mouth - 7), fill=255)
    layer.putalpha(ImageChops.multiply(layer.getchannel("A"), keep))
    out.alpha_composite(layer)
    return trimmed(out)


def liquid(colour: Colour, rim: Colour) -> Image.Image:
    """The surface of tea, sauce or oil for `filled_bowl` (a flat ellipse with a reflection)."""
    w, h = 560, 150
    mask = Image.new("L", (w * 2, h * 2), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, w * 2, h * 2), fill=255)
    tone = horizontal((w, h), ((0.0, 70), (0.5, 130), (1.0, 220)))
    surface = blend_colours(tone, mix(colour, (0, 0, 0), 0.35), colour, rim)
    light = Image.new("L", (w, h), 0)
    ImageDraw.Draw(light).ellipse((w * 0.12, h * 0.16, w * 0.44, h * 0.46), fill=120)
    surface.paste(Image.new("RGB", (w, h), (255, 250, 235)), (0, 0), light.filter(ImageFilter.GaussianBlur(10)))
    sprite = surface.convert("RGBA")
    sprite.putalpha(mask.resize((w, h), Image.Resampling.LANCZOS))
    return sprite


def pouch(
    label: tuple[str, ...],
    *,
    paper: Colour = (206, 162, 108),
    accent: Colour = (150, 62, 28),
    window: Image.Image | None = None,
    shape: tuple[int, int] = (420, 560),
    seed: int = 1,
) -> Image.Image:
    """A stand-up bag of kraft paper with a label and, if given, a window onto the goods."""
    w, h = shape[0] * 2, shape[1] * 2
    rng = random.Random(f"pouch {label} {seed}")
    mask = Image.new("L", (w, h), 0)
    draw = ImageDraw.Draw(mask)
    left = [
        (w * (0.075 - 0.055 * math.sin(math.pi * min(1, t * 1.06)) + 0.03 * t), h * t)
        for t in (i / 30 for i in range(31))
    ]
    right = [(w - x + rng.uniform(-2, 2), y) for x, y in reversed(left)]
    foot = [(w * (0.90 - 0.80 * t), h * (0.965 + 0.034 * math.sin(math.pi * t))) for t in (i / 20 for i in range(21))]
    draw.polygon([p for p in left if p[1] < h * 0.965] + foot[::-1] + [p for p in right if p[1] < h * 0.965], fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(1.4))
    grain = Image.blend(noise(rng, (w, h), (240, 300)), noise(rng, (w, h), (6, 8)), 0.6)
    grain = Image.blend(grain, noise(rng, (w, h), (60, 500)), 0.25)
    bag = blend_colours(grain, mix(paper, (60, 30, 10), 0.22), paper, mix(paper, (255, 246, 226), 0.22))
    draw = ImageDraw.Draw(bag)
    for line in range(9):
        y = h * (0.028 + line * 0.007)
        draw.line((0, y, w, y), fill=mix(paper, (50, 24, 8), 0.18 if line % 2 else 0.02), width=4)
    draw.line((0, h * 0.105, w, h * 0.105), fill=mix(paper, (40, 20, 8), 0.3), width=3)
    layer = bag.convert("RGBA")
    if window:
        frame = (w * 0.20, h * 0.60, w * 0.80, h * 0.88)
        hole = Image.new("L", (w, h), 0)
        ImageDraw.Draw(hole).rounded_rectangle(frame, w * 0.10, fill=255)
        goods = window.resize((round(frame[2] - frame[0]), round(frame[3] - frame[1]))).convert("RGBA")
        ground = Image.new("RGBA", (w, h), (*mix(paper, (30, 14, 6), 0.65), 255))
        ground.alpha_composite(goods, (round(frame[0]), round(frame[1])))
        layer.paste(ground, (0, 0), hole)
        edge = ImageDraw.Draw(layer)
        edge.rounded_rectangle(frame, w * 0.10, outline=(*mix(paper, (40, 20, 8), 0.45), 255), width=5)
    draw = ImageDraw.Draw(layer)
    low = 0.54 if window else 0.74
    paper_label(draw, (w * 0.17, h * 0.17, w * 0.83, h * low), label, accent=accent)
    # the bag swells in its lower middle; the sides turn away from the light
    shade = horizontal(
        (w, h), ((0.0, 150), (0.14, 236), (0.36, 255), (0.62, 226), (0.86, 168), (0.93, 190), (1.0, 120))
    )
    down = vertical((w, h), ((0.0, 226), (0.07, 255), (0.11, 205), (0.2, 246), (0.6, 255), (0.9, 226), (1.0, 150)))
    shading = ImageChops.multiply(shade, down)
    creases = Image.new("L", (w, h), 255)
    draw = ImageDraw.Draw(creases)
    for _ in range(7):
        x, y = rng.uniform(0.06, 0.94) * w, rng.uniform(0.1, 0.95) * h
        dx, dy = rng.uniform(-0.12, 0.12) * w, rng.uniform(0.05, 0.16) * h
        draw.line((x, y, x + dx, y + dy), fill=188, width=7)
    shading = ImageChops.multiply(shading, creases.filter(ImageFilter.GaussianBlur(5)))
    out = ImageChops.multiply(layer.convert("RGB"), Image.merge("RGB", (shading,) * 3)).convert("RGBA")
    if window:
        shine = Image.new("L", (w, h), 0)
        ImageDraw.Draw(shine).polygon(
            [(w * 0.24, h * 0.86), (w * 0.40, h * 0.61), (w * 0.47, h * 0.61), (w * 0.31, h * 0.86)], fill=70
        )
        out.paste(Image.new("RGB", (w, h), (255, 255, 255)), (0, 0), shine.filter(ImageFilter.GaussianBlur(4)))
    out.putalpha(mask)
    return _smaller(out)


@lru_cache(maxsize=6)
def sack_body(seed: int = 1, dark: Colour = (150, 106, 58), bright: Colour = (244, 212, 158)) -> Image.Image:
    """An open jute sack, rolled at the top; goods go into its mouth (`filled_sack`)."""
    w, h = 1000, 860
    rng = random.Random(f"sack {seed}")
    weave_a = noise(rng, (w, h), (250, 20))
    weave_b = noise(rng, (w, h), (20, 215))
    tone = Image.blend(weave_a, weave_b, 0.5)
    tone = Image.blend(tone, noise(rng, (w, h), (7, 6)), 0.3)
    grid = Image.new("L", (w, h), 190)
    draw = ImageDraw.Draw(grid)
    for x in range(0, w, 9):
        draw.line((x, 0, x, h), fill=150, width=2)
    for y in range(0, h, 9):
        draw.line((0, y, w, y), fill=150, width=2)
    jute = blend_colours(ImageChops.overlay(tone, grid), dark, mix(dark, bright, 0.6), bright)
    mask = Image.new("L", (w, h), 0)
    draw = ImageDraw.Draw(mask)
    points = []
    for i in range(41):
        t = i / 40
        bulge = 0.085 * math.sin(math.pi * (0.14 + 0.62 * t)) + rng.uniform(-0.002, 0.002)
        points.append((w * (0.088 - bulge), h * (0.15 + 0.79 * t)))
    mirrored = [(w - x, y) for x, y in reversed(points)]
    foot = [(w * (0.055 + 0.89 * t), h * (0.94 + 0.045 * math.sin(math.pi * t))) for t in (i / 20 for i in range(21))]
    draw.polygon(points + foot + mirrored, fill=255)
    shade = ImageChops.multiply(
        horizontal((w, h), ((0.0, 150), (0.2, 246), (0.4, 255), (0.7, 206), (1.0, 110))),
        vertical((w, h), ((0.0, 255), (0.3, 200), (0.42, 255), (0.8, 240), (1.0, 150))),
    )
    folds = noise(rng, (w, h), (8, 3)).point([190 + i // 4 for i in range(256)])
    jute = ImageChops.multiply(
        ImageChops.multiply(jute, Image.merge("RGB", (shade,) * 3)), Image.merge("RGB", (folds,) * 3)
    )
    out = jute.convert("RGBA")
    out.putalpha(mask.filter(ImageFilter.GaussianBlur(1.5)))
    # the rolled brim
    for band in range(16):
        level = math.sin(math.pi * (band + 1) / 17)
        top = h * 0.055 + band * 6.2
        colour = mix(dark, bright, 0.25 + 0.7 * level)
        ImageDraw.Draw(out).ellipse(
            (w * 0.055 - level * 18, top - 10, w * 0.945 + level * 18, top + h * 0.24), outline=(*colour, 255), width=11
        )
    brim = out.filter(ImageFilter.GaussianBlur(1.0))
    return brim


def filled_sack(content: Image.Image, seed: int = 1) -> Image.Image:
    """A jute sack with a heap of goods."""
    body = sack_body(seed)
    w, h = body.size
    rise = 150
    out = Image.new("RGBA", (w, h + rise))
    out.alpha_composite(body, (0, rise))
    hollow = Image.new("L", out.size, 0)
    ImageDraw.Draw(hollow).ellipse((w * 0.075, rise + h * 0.055, w * 0.925, rise + h * 0.285), fill=255)
    out.paste(Image.new("RGB", out.size, (70, 40, 18)), (0, 0), hollow)
    pile = content.resize((round(w * 0.83), round(h * 0.40)), Image.Resampling.LANCZOS)
    layer = Image.new("RGBA", out.size)
    layer.alpha_composite(pile, (round(w * 0.085), rise + round(h * 0.275) - pile.height))
    keep = Image.new("L", out.size, 0)
    draw = ImageDraw.Draw(keep)
    draw.rectangle((0, 0, w, rise + h * 0.17), fill=255)
    draw.ellipse((w * 0.075, rise + h * 0.055, w * 0.925, rise + h * 0.285), fill=255)
    layer.putalpha(ImageChops.multiply(layer.getchannel("A"), keep))
    out.alpha_composite(layer)
    return _smaller(out, 0.75)

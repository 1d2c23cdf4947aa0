"""Wide pictures for the home page and stories, and simple portraits of the invented merchants' places.

The land of rice at dawn and at harvest, painted in layers; `house_front(seed)` for a merchant's page.
Deterministic; marked "ảnh minh hoạ" like the goods.
"""

from __future__ import annotations

import math
import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from . import produce
from .light import Colour, Scene, blend_colours, mix, noise, spot, vertical
from .pictures import add_caption
from .surfaces import foreground_leaves

WIDE = (1600, 900)


def _sky(size: tuple[int, int], top: Colour, low: Colour, horizon: float) -> Image.Image:
    ramp = vertical(size, ((0.0, 0), (horizon, 255), (1.0, 255)))
    return blend_colours(ramp, top, mix(top, low, 0.55), low)


def _sun(image: Image.Image, x: int, y: int, radius: int, colour: Colour) -> None:
    for grow, strength in ((9.0, 0.42), (4.2, 0.5), (2.0, 0.7)):
        side = round(radius * grow)
        glow = spot(256).resize((side, side)).point([round(i * strength) for i in range(256)])
        image.paste(Image.new("RGB", (side, side), colour), (x - side // 2, y - side // 2), glow)
    disc = Image.new("L", (radius * 4, radius * 4), 0)
    ImageDraw.Draw(disc).ellipse((radius, radius, radius * 3, radius * 3), fill=255)
    disc = disc.filter(ImageFilter.GaussianBlur(2))
    image.paste(mix(colour, (255, 255, 246), 0.75), (x - 2 * radius, y - 2 * radius), disc)


def _ridge(rng: random.Random, width: int, base: float, height: float, waves: int) -> list[tuple[float, float]]:
    parts = [
        (rng.uniform(0.5, 1.0) / (n + 1), rng.uniform(0, math.tau), (n + 1) * rng.uniform(0.7, 1.3))
        for n in range(waves)
    ]
    points = []
    for x in range(0, width + 9, 8):
        level = sum(size * math.sin(phase + turns * math.tau * x / width) for size, phase, turns in parts)
        points.append((float(x), base - height * (0.55 + 0.32 * level)))
    return points


def _layer(image: Image.Image, line: list[tuple[float, float]], top: Colour, low: Colour, depth: float) -> None:
    """Fill below `line` from `top` colour to `low` within `depth` pixels: mist gathers in the valley."""
    w, h = image.size
    mask = Image.new("L", (w, h), 0)
    ImageDraw.Draw(mask).polygon([*line, (w, h), (0, h)], fill=255)
    highest = max(0.0, min(y for _, y in line)) / h
    ramp = vertical((w, h), ((0.0, 0), (highest, 0), (min(1.0, highest + depth / h), 255), (1.0, 255)))
    image.paste(blend_colours(ramp, top, mix(top, low, 0.5), low), (0, 0), mask.filter(ImageFilter.GaussianBlur(0.8)))


def _clouds(image: Image.Image, rng: random.Random, colour: Colour, until: float) -> None:
    w, h = image.size
    veil = Image.blend(noise(rng, (w, h), (5, 14)), noise(rng, (w, h), (14, 40)), 0.4)
    veil = veil.point([max(0, min(255, (i - 138) * 4)) for i in range(256)]).filter(ImageFilter.GaussianBlur(9))
    fade = vertical((w, h), ((0.0, 150), (until * 0.6, 190), (until, 0), (1.0, 0)))
    image.paste(Image.new("RGB", (w, h), colour), (0, 0), ImageChops.multiply(veil, fade))


def _paddies(
    image: Image.Image,
    rng: random.Random,
    horizon: float,
    colours: tuple[Colour, ...],
    bank: Colour,
    water: Colour | None,
) -> None:
    """Terraced fields that widen towards the viewer, each a curved strip with a lit bank."""
    w, h = image.size
    rows = 11
    edges: list[list[tuple[float, float]]] = []
    for row in range(rows + 1):
        t = (row / rows) ** 1.75
        y = horizon + (h * 1.04 - horizon) * t
        sway, phase = 4 + 46 * t, rng.uniform(0, math.tau)
        edges.append([(float(x), y + sway * math.sin(phase + x / w * 4.2) * 0.5) for x in range(-8, w + 17, 16)])
    for row in range(rows):
        top = max(0, math.floor(min(y for _, y in edges[row])) - 2)
        size = (w, max(4, min(h, math.ceil(max(y for _, y in edges[row + 1])) + 2) - top))
        share = size[1] / h  # only the strip is drawn, with as many stems as it has of the whole height
        mask = Image.new("L", size, 0)
        ImageDraw.Draw(mask).polygon([(x, y - top) for x, y in edges[row] + edges[row + 1][::-1]], fill=255)
        base = colours[row % len(colours)]
        near = row / rows
        stems = noise(rng, size, (round(700 - 420 * near), round((160 - 90 * near) * share)))
        strip = blend_colours(
            Image.blend(stems, noise(rng, size, (9, round(26 * share))), 0.5),
            mix(base, (40, 50, 10), 0.34),
            base,
            mix(base, (255, 240, 170), 0.36),
        )
        if water and row % 4 == 1:
            strip = blend_colours(
                noise(rng, size, (6, round(60 * share))), mix(water, (90, 110, 120), 0.3), water, (255, 250, 232)
            )
        image.paste(strip, (0, top), mask.filter(ImageFilter.GaussianBlur(0.7)))
        draw = ImageDraw.Draw(image)
        thick = max(1, round(1 + 8 * near))
        draw.line([(x, y + thick) for x, y in edges[row]], fill=mix(bank, (30, 40, 10), 0.5), width=thick + 1)
        draw.line(edges[row], fill=bank, width=thick)
    for column in range(-3, 4):  # the paths between the fields run to the vanishing point
        draw = ImageDraw.Draw(image)
        x0, x1 = w * (0.52 + column * 0.11), w * (0.52 + column * 0.55 + 0.12)
        points = [(x0 + (x1 - x0) * t**1.4, horizon + (h - horizon) * t**1.4) for t in (i / 30 for i in range(31))]
        for (ax, ay), (bx, by) in zip(points, points[1:], strict=False):
            draw.line((ax, ay, bx, by), fill=bank, width=max(1, round(7 * (ay - horizon) / (h - horizon))))


def _palm(draw: ImageDraw.ImageDraw, rng: random.Random, x: float, y: float, height: float, colour: Colour) -> None:
    lean = rng.uniform(-0.12, 0.12) * height
    trunk = [(x + lean * t * t, y - height * t) for t in (i / 12 for i in range(13))]
    draw.line(trunk, fill=mix(colour, (70, 46, 26), 0.6), width=max(2, round(height * 0.035)), joint="curve")
    top = trunk[-1]
    for frond in range(11):
        angle = math.radians(-200 + frond * 22 + rng.uniform(-8, 8))
        reach = height * rng.uniform(0.34, 0.44)
        spine = [
            (top[0] + math.cos(angle) * reach * t, top[1] + math.sin(angle) * reach * t + reach * 0.62 * t * t)
            for t in (i / 10 for i in range(11))
        ]
        draw.line(spine, fill=colour, width=max(2, round(height * 0.018)), joint="curve")
        for n in range(2, 11):
            px, py = spine[n]
            length = reach * 0.26 * (1 - abs(n / 10 - 0.5))
            draw.line(
                (px, py, px - length * 0.25, py + length),
                fill=mix(colour, (0, 0, 0), 0.12),
                width=max(1, round(height * 0.012)),
            )


def _bamboo_grove(image: Image.Image, rng: random.Random, x: float, y: float, size: float, colour: Colour) -> None:
    mask = Image.new("L", image.size, 0)
    draw = ImageDraw.Draw(mask)
    for _ in range(46):
        cx, cy = x + rng.gauss(0, size * 0.42), y - abs(rng.gauss(0, size * 0.42)) - size * 0.1
        r = size * rng.uniform(0.10, 0.22)
        draw.ellipse((cx - r, cy - r * 0.8, cx + r, cy + r * 0.8), fill=255)
    draw.rectangle((x - size * 0.7, y - size * 0.2, x + size * 0.7, y), fill=255)
    box = (
        max(0, round(x - size * 1.9)),
        max(0, round(y - size * 2)),
        min(image.width, round(x + size * 1.9)),
        round(y),
    )
    if box[0] >= box[2]:
        return
    part = mask.crop(box).filter(ImageFilter.GaussianBlur(1.6))
    leaves = Image.blend(noise(rng, part.size, (40, 40)), vertical(part.size, ((0.0, 220), (1.0, 30))), 0.5)
    image.paste(
        blend_colours(leaves, mix(colour, (10, 30, 10), 0.45), colour, mix(colour, (255, 240, 170), 0.45)),
        box[:2],
        part,
    )


def _house(image: Image.Image, x: float, y: float, size: float, wall: Colour, roof: Colour) -> None:
    """A low tiled house of three bays with a veranda."""
    big = 3
    w, h = round(size * 1.7) * big, round(size) * big
    sprite = Image.new("RGBA", (w, h))
    draw = ImageDraw.Draw(sprite)
    draw.rectangle((w * 0.10, h * 0.46, w * 0.90, h), fill=(*wall, 255))
    draw.rectangle((w * 0.10, h * 0.46, w * 0.90, h * 0.58), fill=(*mix(wall, (60, 40, 30), 0.35), 255))
    for column in range(4):
        cx = w * (0.12 + 0.253 * column)
        draw.rectangle((cx - w * 0.012, h * 0.5, cx + w * 0.012, h), fill=(*mix(wall, (255, 255, 255), 0.45), 255))
    for bay in range(3):
        cx = w * (0.247 + 0.253 * bay)
        door = mix((116, 60, 34), (40, 90, 110), 0.0 if bay == 1 else 0.75)
        draw.rectangle(
            (cx - w * 0.075, h * (0.62 if bay == 1 else 0.66), cx + w * 0.075, h * (1.0 if bay == 1 else 0.9)),
            fill=(*door, 255),
        )
        draw.line(
            (cx, h * 0.64, cx, h * (1.0 if bay == 1 else 0.9)),
            fill=(*mix(door, (255, 240, 200), 0.4), 255),
            width=max(1, w // 160),
        )
    slope = [(0, h * 0.50), (w * 0.12, h * 0.10), (w * 0.88, h * 0.10), (w, h * 0.50)]
    draw.polygon(slope, fill=(*roof, 255))
    draw.polygon(
        [(w * 0.5, h * 0.1), (w * 0.88, h * 0.1), (w, h * 0.5), (w * 0.5, h * 0.5)],
        fill=(*mix(roof, (40, 10, 0), 0.16), 255),
    )
    for row in range(9):
        yy = h * (0.11 + row * 0.044)
        inset = w * 0.12 * (1 - (yy / h - 0.1) / 0.4)
        draw.line((inset, yy, w - inset, yy), fill=(*mix(roof, (60, 10, 0), 0.28), 255), width=max(1, h // 120))
    draw.rectangle((w * 0.11, h * 0.06, w * 0.89, h * 0.12), fill=(*mix(roof, (255, 220, 180), 0.25), 255))
    sprite = sprite.resize((w // big, h // big), Image.Resampling.LANCZOS)
    image.paste(sprite, (round(x - sprite.width / 2), round(y - sprite.height)), sprite)


def _farmer(draw: ImageDraw.ImageDraw, x: float, y: float, size: float, shirt: Colour) -> None:
    """A small bent figure under a conical hat."""
    draw.ellipse((x - size * 0.30, y - size * 0.55, x + size * 0.24, y), fill=shirt)
    draw.line(
        (x - size * 0.1, y, x - size * 0.12, y + size * 0.35),
        fill=mix(shirt, (30, 20, 20), 0.6),
        width=max(1, round(size * 0.12)),
    )
    draw.line(
        (x + size * 0.1, y, x + size * 0.08, y + size * 0.35),
        fill=mix(shirt, (30, 20, 20), 0.6),
        width=max(1, round(size * 0.12)),
    )
    draw.line(
        (x + size * 0.12, y - size * 0.35, x + size * 0.42, y - size * 0.02),
        fill=mix(shirt, (255, 230, 200), 0.2),
        width=max(1, round(size * 0.11)),
    )
    draw.polygon(
        [(x - size * 0.05, y - size * 0.98), (x - size * 0.42, y - size * 0.52), (x + size * 0.38, y - size * 0.50)],
        fill=(246, 226, 170),
    )
    draw.polygon(
        [(x - size * 0.05, y - size * 0.98), (x + size * 0.38, y - size * 0.50), (x + size * 0.02, y - size * 0.5)],
        fill=(214, 182, 116),
    )


def rice_field(variant: str = "dawn", size: tuple[int, int] = WIDE) -> Image.Image:
    """Fields, hills and a village: "dawn" (green, with water and mist) or "harvest" (gold, late sun)."""
    dawn = variant == "dawn"
    rng = random.Random(f"landscape {variant}")
    w, h = size[0] * 3 // 2, size[1] * 3 // 2  # drawn larger, so that thin lines come out smooth
    k = h / 900
    horizon = h * 0.50
    image = _sky(
        (w, h), (128, 178, 206) if dawn else (236, 170, 110), (255, 232, 196) if dawn else (255, 226, 160), 0.5
    )
    _sun(
        image,
        round(w * (0.70 if dawn else 0.30)),
        round(h * 0.30),
        round(44 * k),
        (255, 222, 150) if dawn else (255, 206, 120),
    )
    _clouds(image, rng, (255, 248, 236) if dawn else (255, 220, 170), 0.46)
    far, near = ((150, 176, 178), (226, 226, 204)) if dawn else ((196, 150, 120), (250, 214, 156))
    for number in range(4):
        share = number / 3
        tone: Colour = mix(far, (70, 112, 78) if dawn else (120, 104, 54), share)
        mist: Colour = mix(near, (196, 214, 160) if dawn else (232, 196, 120), share)
        _layer(
            image,
            _ridge(rng, w, horizon + (4 + 14 * share) * k, (150 - 100 * share) * k, 4),
            tone,
            mist,
            (120 - 40 * share) * k,
        )
    greens: tuple[Colour, ...] = ((150, 190, 76), (172, 204, 92), (126, 172, 62), (188, 212, 108))
    golds: tuple[Colour, ...] = ((234, 186, 70), (246, 204, 92), (222, 168, 54), (240, 196, 80))
    _paddies(
        image,
        rng,
        horizon + 8 * k,
        greens if dawn else golds,
        (112, 140, 60) if dawn else (150, 140, 60),
        (206, 226, 226) if dawn else None,
    )
    for x, y, s in ((0.08, 0.535, 70), (0.16, 0.525, 52), (0.84, 0.53, 60), (0.92, 0.545, 84), (0.60, 0.515, 38)):
        _bamboo_grove(image, rng, w * x, h * y, s * k, (84, 130, 56) if dawn else (134, 132, 52))
    _house(image, w * 0.115, h * 0.555, 62 * k, (250, 236, 204), (190, 84, 50))
    _house(image, w * 0.875, h * 0.565, 70 * k, (255, 244, 222), (178, 70, 44))
    _house(image, w * 0.205, h * 0.545, 44 * k, (244, 224, 180), (200, 96, 60))
    draw = ImageDraw.Draw(image)
    for x, y, height in ((0.055, 0.56, 150), (0.155, 0.55, 120), (0.945, 0.57, 170), (0.815, 0.55, 112)):
        _palm(draw, rng, w * x, h * y, height * k, (62, 108, 48) if dawn else (110, 110, 44))
    for x, y, s, shirt in (
        (0.40, 0.70, 30, (150, 84, 120)),
        (0.46, 0.715, 32, (70, 110, 150)),
        (0.60, 0.645, 20, (120, 90, 70)),
    ):
        _farmer(draw, w * x, h * y, s * k, shirt)
    scene = Scene((w, h), 7)
    scene.image = image
    if not dawn:
        for x, y, grow in ((0.70, 0.76, 1.0), (0.76, 0.79, 1.15), (0.66, 0.81, 1.1)):
            scene.stand(_sheaf_stack(), x * 1000, y * h / w * 1000, 66 * grow, shadow=0.5, length=0.3)
    if dawn:
        foreground_leaves(scene, "top")
        foreground_leaves(scene, "top-right")
    else:
        ears = produce.rice_ears()
        for x, y, width, turn in ((20, 1.10, 300, 14), (985, 1.10, 320, -14)):
            scene.stand(ears, x, y * h / w * 1000, width, turn=turn, blur=1.6, shadow=0)
    final = scene.finish(warmth=0.9 if dawn else 1.3, vignette=0.25).resize(size, Image.Resampling.LANCZOS)
    add_caption(final)
    return final


def _sheaf_stack() -> Image.Image:
    ears = produce.rice_ears()
    stack = Image.new("RGBA", (ears.width * 2, ears.height))
    for n, x in enumerate((0.0, 0.5, 0.25)):
        stack.alpha_composite(ears.rotate((1 - n) * 6, Image.Resampling.BICUBIC), (round(ears.width * x), 0))
    return stack


def house_front(seed: int, size: tuple[int, int] = (960, 720)) -> Image.Image:
    """A merchant's place: a house or workshop with trees in front of fields; twelve seeds, twelve places."""
    rng = random.Random(f"house {seed}")
    w, h = size[0] * 3 // 2, size[1] * 3 // 2
    k = h / 720
    dawn = seed % 2 == 0
    image = _sky((w, h), (140, 190, 216) if dawn else (244, 190, 130), (255, 240, 212), 0.6)
    _clouds(image, rng, (255, 252, 244), 0.5)
    _sun(image, round(w * rng.uniform(0.15, 0.85)), round(h * 0.2), round(30 * k), (255, 226, 160))
    _layer(image, _ridge(rng, w, h * 0.56, 150 * k, 4), (138, 168, 150), (222, 226, 190), 120 * k)
    _layer(image, _ridge(rng, w, h * 0.60, 70 * k, 3), (110, 150, 84), (190, 204, 120), 80 * k)
    _paddies(
        image,
        rng,
        h * 0.60,
        ((168, 200, 84), (186, 210, 100), (146, 184, 70)) if dawn else ((236, 192, 84), (246, 208, 104)),
        (128, 148, 66),
        None,
    )
    for x in (0.06, 0.2, 0.82, 0.95):
        _bamboo_grove(
            image, rng, w * x, h * 0.66, rng.uniform(80, 120) * k, mix((84, 134, 58), (140, 150, 60), rng.random())
        )
    walls: tuple[Colour, ...] = (
        (255, 242, 214),
        (250, 224, 170),
        (226, 236, 226),
        (248, 232, 224),
        (240, 240, 226),
        (255, 230, 196),
    )
    roofs: tuple[Colour, ...] = ((196, 84, 50), (166, 66, 44), (150, 110, 70), (126, 92, 80))
    yard = Image.new("L", (w, h), 0)
    ImageDraw.Draw(yard).polygon(
        [(w * 0.22, h * 0.80), (w * 0.78, h * 0.80), (w * 1.02, h * 1.02), (w * -0.02, h * 1.02)], fill=255
    )
    ground = blend_colours(
        Image.blend(noise(rng, (w, h), (16, 30)), noise(rng, (w, h), (400, 500)), 0.25),
        (176, 122, 84),
        (206, 158, 114),
        (232, 196, 150),
    )
    image.paste(ground, (0, 0), yard.filter(ImageFilter.GaussianBlur(5)))
    scene = Scene((w, h), seed)
    scene.image = image
    scene.darken(spot(256).resize((round(w * 0.8), round(h * 0.2))), (round(w * 0.14), round(h * 0.75)), 0.6)
    _house(scene.image, w * 0.5, h * 0.84, 330 * k, walls[seed % len(walls)], roofs[seed % len(roofs)])
    draw = ImageDraw.Draw(scene.image)
    for x in rng.sample([0.10, 0.16, 0.86, 0.92], 2):
        _palm(draw, rng, w * x, h * 0.86, rng.uniform(330, 420) * k, (70, 118, 52))
    props = ("1f9fa", "1f34a", "1f33c", "1fab7", "1f413", "1f9c4")
    for n in range(3):
        scene.stand(
            produce.emoji(props[(seed + n) % len(props)]),
            (0.24, 0.74, 0.84)[n] * 1000,
            0.93 * h / w * 1000 + n * 12,
            70,
            length=0.3,
        )
    final = scene.finish(warmth=1.0, vignette=0.3).resize(size, Image.Resampling.LANCZOS)
    add_caption(final)
    return final

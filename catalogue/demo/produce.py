"""Goods themselves: heaps of grain, tea and powder, noodles, honeycomb, seeds, crackers; the emoji cut-outs."""

from __future__ import annotations

import math
import random
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .light import Colour, blend_colours, horizontal, mix, noise, radial, trimmed, turned, upscale, vertical

EMOJI_FOLDER = Path(__file__).parent / "emoji"


@lru_cache(maxsize=64)
def emoji(name: str) -> Image.Image:
    """A cut-out of Fluent Emoji by its file name without ending, empty border cut away."""
    with Image.open(EMOJI_FOLDER / f"{name}.webp") as file:
        return trimmed(file.convert("RGBA"))


@lru_cache(maxsize=1)
def rice_ears() -> Image.Image:
    """A handful of ripe rice: stalks fan out, their ears bow under the grain."""
    rng = random.Random("rice ears")
    w, h = 900, 1200
    out = Image.new("RGBA", (w, h))
    draw = ImageDraw.Draw(out)
    for stalk in (-3, 3, -2, 2, -1, 1, 0):
        lean = stalk * 0.115 + rng.uniform(-0.02, 0.02)
        side = 1 if stalk > 0 or (stalk == 0 and rng.random() < 0.5) else -1
        foot, neck = (w * (0.5 + stalk * 0.008), h * 0.995), (w * (0.5 + lean * 1.5), h * 0.30)
        stem = [
            (
                foot[0] + (neck[0] - foot[0]) * t + w * lean * 0.35 * math.sin(math.pi * t),
                foot[1] + (neck[1] - foot[1]) * t,
            )
            for t in (i / 20 for i in range(21))
        ]
        bow = [
            (
                neck[0] + side * w * 0.22 * math.sin(t * 1.5),
                neck[1] - h * 0.20 * math.sin(t * 2.5) + h * 0.10 * t,
            )
            for t in (i / 20 for i in range(21))
        ]
        draw.line([(x + 4, y + 2) for x, y in stem + bow], fill=(112, 96, 30, 255), width=11, joint="curve")
        draw.line(stem + bow, fill=(196, 184, 78, 255), width=8, joint="curve")
        for number in range(66):
            t = 0.12 + 0.86 * number / 66
            x, y = bow[min(20, round(t * 20))]
            ahead = bow[min(20, round(t * 20) + 1)]
            angle = math.atan2(ahead[1] - y, ahead[0] - x) + rng.uniform(-0.75, 0.75)
            if number >= 60:
                angle = math.pi / 2 + rng.uniform(-0.3, 0.3)
            x, y = x + rng.uniform(-13, 13), y + rng.uniform(-6, 18)
            dx, dy = math.cos(angle) * 27, math.sin(angle) * 27
            tone = mix((206, 140, 34), (250, 206, 96), rng.random())
            for shift, colour, grow in (
                (3, mix(tone, (90, 50, 8), 0.55), 1.0),
                (0, tone, 1.0),
                (-3, mix(tone, (255, 248, 206), 0.6), 0.5),
            ):
                draw.polygon(
                    [
                        (
                            x + shift + dx * math.cos(a) * grow - dy * 0.40 * math.sin(a) * grow,
                            y + shift + dy * math.cos(a) * grow + dx * 0.40 * math.sin(a) * grow,
                        )
                        for a in (math.tau * i / 10 for i in range(10))
                    ],
                    fill=(*colour, 255),
                )
    for blade in (-1, 1):
        points = [
            (w * 0.5 + blade * w * 0.34 * t, h * (0.92 - 0.50 * math.sin(t * 1.9))) for t in (i / 16 for i in range(17))
        ]
        edge = [(x, y + 30 * math.sin(math.pi * i / 16)) for i, (x, y) in enumerate(points)]
        draw.polygon(points + edge[::-1], fill=(158, 162, 62, 255))
        draw.line(points, fill=(210, 204, 110, 255), width=4)
    return trimmed(out.resize((w // 2, h // 2), Image.Resampling.LANCZOS))


@lru_cache(maxsize=40)
def grain_texture(
    colours: tuple[Colour, ...],
    length: float,
    width: float,
    *,
    count: int = 2600,
    gap: Colour = (90, 60, 30),
    seed: int = 1,
    side: int = 420,
    bend: float = 0.0,
) -> Image.Image:
    """A square covered with grains, each an oval (or, with `bend`, a curled strand) with a lit and a dark side."""
    rng = random.Random(f"grain {colours} {length} {width} {seed}")
    scale = 2
    image = Image.new("RGB", (side * scale, side * scale), gap)
    draw = ImageDraw.Draw(image)
    for number in range(count):
        x, y = rng.uniform(0, side) * scale, rng.uniform(0, side) * scale
        angle = rng.uniform(0, math.tau)
        colour = rng.choice(colours)
        depth = 0.55 + 0.45 * number / count  # later grains lie higher and are brighter
        colour = mix(gap, colour, depth)
        dx, dy = math.cos(angle) * length * scale / 2, math.sin(angle) * length * scale / 2
        bright, dark = mix(colour, (255, 255, 250), 0.38), mix(colour, gap, 0.45)
        if bend:
            points = [
                (
                    x + dx * t - dy * bend * math.cos(t * 1.57),
                    y + dy * t + dx * bend * math.cos(t * 1.57),
                )
                for t in (i / 4 - 1 for i in range(9))
            ]
            draw.line([(a + 2, b + 3) for a, b in points], fill=dark, width=round(width * scale), joint="curve")
            draw.line(points, fill=colour, width=round(width * scale), joint="curve")
            draw.line([(a - 1, b - 1) for a, b in points[2:7]], fill=bright, width=max(1, round(width * scale * 0.3)))
            continue
        nx, ny = -dy * width / length, dx * width / length
        for offset, tint, shrink in ((2.4, dark, 1.0), (0, colour, 1.0), (-width * scale * 0.13, bright, 0.5)):
            draw.polygon(
                [
                    (
                        x + offset + (dx * math.cos(a) + nx * math.sin(a)) * shrink,
                        y + offset * 1.3 + (dy * math.cos(a) + ny * math.sin(a)) * shrink,
                    )
                    for a in (math.tau * i / 12 for i in range(12))
                ],
                fill=tint,
            )
    return image.resize((side, side), Image.Resampling.LANCZOS)


def _dome_mask(size: tuple[int, int], rough: float, rng: random.Random) -> Image.Image:
    w, h = size
    mask = Image.new("L", (w, h), 0)
    points = []
    for i in range(73):
        t = i / 72
        height = math.sin(math.pi * t) ** 0.72 * (0.78 + 0.22 * math.sin(math.pi * t))
        points.append((w * t, h * 0.78 - h * 0.76 * height + rng.uniform(-rough, rough)))
    under = [(w * t, h * 0.78 + h * 0.21 * math.sin(math.pi * t)) for t in (i / 40 for i in range(40, -1, -1))]
    ImageDraw.Draw(mask).polygon(points + under, fill=255)
    return mask.filter(ImageFilter.GaussianBlur(1.0))


def dome(
    texture: Image.Image, *, size: tuple[int, int] = (560, 300), rough: float = 3.0, seed: int = 1, light: float = 1.0
) -> Image.Image:
    """A heap of something, lit from the left; wider than high, its foot an ellipse."""
    rng = random.Random(f"dome {seed}")
    w, h = size
    cover = Image.new("RGB", size)
    for x in range(0, w, texture.width):
        for y in range(0, h, texture.height):
            cover.paste(texture if (x // texture.width + y // texture.height) % 2 == 0 else texture.rotate(180), (x, y))
    shade = radial(256).resize((round(w * 1.7), round(h * 2.0)), Image.Resampling.BILINEAR)
    shade = shade.crop((round(w * 0.52), round(h * 0.66), round(w * 0.52) + w, round(h * 0.66) + h))
    shade = shade.point([min(255, round((78 + i * 1.02) * light)) for i in range(256)])
    cover = ImageChops.multiply(cover, Image.merge("RGB", (shade,) * 3))
    warm = radial(128).resize((w, h)).transform(size, Image.Transform.AFFINE, (1, 0, w * 0.16, 0, 1, h * 0.22))
    cover = Image.composite(
        ImageChops.screen(cover, Image.new("RGB", size, (120, 96, 60))), cover, warm.point([i // 3 for i in range(256)])
    )
    sprite = cover.convert("RGBA")
    sprite.putalpha(_dome_mask(size, rough, rng))
    return sprite


@lru_cache(maxsize=24)
def rice(kind: str = "white") -> Image.Image:
    colours: dict[str, tuple[tuple[Colour, ...], Colour]] = {
        "white": (((252, 246, 232), (244, 236, 216), (255, 252, 244)), (184, 160, 122)),
        "sticky": (((255, 254, 248), (248, 246, 238), (252, 250, 244)), (190, 178, 156)),
        "red": (((168, 84, 52), (196, 116, 76), (142, 62, 40), (212, 146, 104)), (84, 36, 22)),
        "husk": (((226, 178, 84), (240, 202, 112), (208, 156, 66)), (122, 78, 28)),
    }
    tints, gap = colours[kind]
    if kind == "sticky":
        return grain_texture(tints, 13, 7.6, count=2600, gap=gap)
    return grain_texture(tints, 17, 5.4, count=2900, gap=gap)


@lru_cache(maxsize=4)
def tea_leaves(kind: str = "green") -> Image.Image:
    colours: dict[str, tuple[Colour, ...]] = {
        "green": ((70, 92, 42), (96, 116, 54), (54, 72, 34), (128, 140, 74)),
        "lotus": ((84, 86, 48), (108, 108, 64), (64, 64, 36), (142, 134, 84)),
    }
    return grain_texture(colours[kind], 34, 5.5, count=900, gap=(28, 30, 16), bend=0.55)


@lru_cache(maxsize=8)
def powder(colour: Colour, seed: int = 1) -> Image.Image:
    """Fine powder with a few lumps."""
    rng = random.Random(f"powder {colour} {seed}")
    size = (420, 420)
    tone = Image.blend(noise(rng, size, (420, 420)), noise(rng, size, (60, 60)), 0.55)
    tone = Image.blend(tone, noise(rng, size, (12, 12)), 0.4)
    return blend_colours(tone, mix(colour, (60, 26, 6), 0.32), colour, mix(colour, (255, 252, 236), 0.42))


def heap_of(
    piece: Image.Image | tuple[Image.Image, ...],
    *,
    count: int,
    piece_width: int,
    size: tuple[int, int] = (620, 340),
    seed: int = 1,
    dome_shape: bool = True,
    spin: float = 65,
    jitter: float = 0.10,
    fill: float = 0.92,
) -> Image.Image:
    """Many pieces piled in a mound (or spread flat), each with its own small shadow, back ones first."""
    rng = random.Random(f"heap {count} {piece_width} {seed}")
    pieces = piece if isinstance(piece, tuple) else (piece,)
    middle = pieces[0].resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    if not isinstance(middle, tuple):
        raise TypeError("a piece must be a colour cut-out")
    hollow = mix((middle[0], middle[1], middle[2]), (48, 22, 10), 0.62)
    variants: list[tuple[Image.Image, Image.Image]] = []
    for number in range(10):
        base = pieces[number % len(pieces)]
        width = round(piece_width * rng.uniform(1 - jitter, 1 + jitter))
        cut = turned(
            upscale(base.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if number % 3 == 2 else base, width),
            rng.uniform(-spin, spin),
        )
        soft = Image.new("L", (cut.width + 40, cut.height + 40), 0)
        soft.paste(cut.getchannel("A"), (24, 26))
        variants.append((cut, soft.filter(ImageFilter.GaussianBlur(max(3, piece_width / 16)))))
    w, h = size
    pad = piece_width
    out = Image.new("RGBA", (w + 2 * pad, h + 2 * pad))
    if dome_shape:  # what shows between the pieces is the dark inside of the mound, never the background
        inside = _dome_mask((round(w * 0.86), round(h * 0.86)), 2, rng)
        out.paste((*hollow, 255), (pad + round(w * 0.07), pad + round(h * 0.12)), inside)
    spots = []
    for _ in range(count):
        radius, angle = math.sqrt(rng.random()) * fill, rng.uniform(0, math.tau)
        x = w / 2 + math.cos(angle) * radius * w / 2
        flat_y = math.sin(angle) * radius
        lift = (1 - radius**2) * h * 0.52 if dome_shape else 0
        y = (
            h * (0.70 if dome_shape else 0.5)
            + flat_y * h * (0.28 if dome_shape else 0.48)
            - lift * rng.uniform(0.75, 1.0)
        )
        spots.append((flat_y * 0.55 + (1 - radius) * 0.9 if dome_shape else flat_y, x, y))
    spots.sort()
    for number, (_, x, y) in enumerate(spots):
        cut, soft = variants[(number * 7 + rng.randrange(3)) % len(variants)]
        left, top = pad + round(x - cut.width / 2), pad + round(y - cut.height / 2)
        under = out.crop((left - 20, top - 20, left - 20 + soft.width, top - 20 + soft.height))
        shaded = Image.composite(
            Image.new("RGB", under.size, (50, 22, 8)), under.convert("RGB"), soft.point([i // 2 for i in range(256)])
        ).convert("RGBA")
        shaded.putalpha(under.getchannel("A"))
        out.paste(shaded, (left - 20, top - 20))
        out.alpha_composite(cut, (left, top))
    light = radial(128).resize((round(out.width * 1.6), round(out.height * 1.6)))
    light = light.crop(
        (
            round(out.width * 0.42),
            round(out.height * 0.42),
            round(out.width * 0.42) + out.width,
            round(out.height * 0.42) + out.height,
        )
    )
    light = light.point([min(255, 120 + round(i * 0.75)) for i in range(256)])
    alpha = out.getchannel("A")
    out = ImageChops.multiply(out.convert("RGB"), Image.merge("RGB", (light,) * 3)).convert("RGBA")
    out.putalpha(alpha)
    return trimmed(out)


@lru_cache(maxsize=8)
def bean(dark: Colour, bright: Colour, spot: bool = False) -> Image.Image:
    """One round seed (lotus seed, sesame in close-up, soya)."""
    w, h = 200, 160
    mask = Image.new("L", (w * 2, h * 2), 0)
    ImageDraw.Draw(mask).ellipse((4, 4, w * 2 - 4, h * 2 - 4), fill=255)
    tone = (
        radial(256)
        .resize((w * 2, h * 2))
        .crop((round(w * 0.65), round(h * 0.7), round(w * 0.65) + w, round(h * 0.7) + h))
    )
    seed = blend_colours(tone, dark, mix(dark, bright, 0.62), bright)
    if spot:
        ImageDraw.Draw(seed).ellipse((w * 0.82, h * 0.42, w * 0.94, h * 0.58), fill=mix(dark, (60, 30, 10), 0.5))
    light = Image.new("L", (w, h), 0)
    ImageDraw.Draw(light).ellipse((w * 0.22, h * 0.16, w * 0.44, h * 0.34), fill=200)
    seed.paste(Image.new("RGB", (w, h), (255, 255, 250)), (0, 0), light.filter(ImageFilter.GaussianBlur(7)))
    sprite = seed.convert("RGBA")
    sprite.putalpha(mask.resize((w, h), Image.Resampling.LANCZOS))
    return sprite


@lru_cache(maxsize=6)
def noodle_nest(
    colour: Colour = (250, 240, 214), dark: Colour = (176, 142, 92), seed: int = 1, strands: int = 90
) -> Image.Image:
    """A coil of dried noodles."""
    rng = random.Random(f"nest {colour} {seed}")
    w, h = 1000, 560
    out = Image.new("RGBA", (w, h))
    draw = ImageDraw.Draw(out)
    for strand in range(strands):
        depth = strand / strands
        rx = w * rng.uniform(0.13, 0.46)
        ry = rx * rng.uniform(0.40, 0.50)
        cx, cy = w / 2 + rng.uniform(-26, 26), h * (0.60 - 0.14 * depth) + rng.uniform(-10, 10)
        start, sweep = rng.uniform(0, 360), rng.uniform(150, 330)
        points = []
        for i in range(41):
            a = math.radians(start + sweep * i / 40)
            wobble = 1 + 0.05 * math.sin(a * 3 + strand)
            points.append((cx + math.cos(a) * rx * wobble, cy + math.sin(a) * ry * wobble))
        tint = mix(dark, colour, 0.35 + 0.65 * depth)
        draw.line(
            [(x + 4, y + 6) for x, y in points], fill=(*mix(dark, (60, 34, 12), 0.45), 255), width=11, joint="curve"
        )
        draw.line(points, fill=(*tint, 255), width=10, joint="curve")
        draw.line(
            [(x - 1, y - 2) for x, y in points], fill=(*mix(tint, (255, 255, 250), 0.5), 255), width=3, joint="curve"
        )
    alpha = out.getchannel("A")
    shade = horizontal((w, h), ((0.0, 205), (0.3, 255), (0.65, 226), (1.0, 140)))
    out = ImageChops.multiply(out.convert("RGB"), Image.merge("RGB", (shade,) * 3)).convert("RGBA")
    out.putalpha(alpha)
    return trimmed(out.resize((w * 7 // 10, h * 7 // 10), Image.Resampling.LANCZOS))


@lru_cache(maxsize=6)
def noodle_bundle(
    colour: Colour = (246, 234, 204), dark: Colour = (160, 124, 74), band: Colour = (186, 60, 36), seed: int = 1
) -> Image.Image:
    """A sheaf of straight dried noodles tied in its middle, lying."""
    rng = random.Random(f"bundle {colour} {seed}")
    w, h = 1400, 420
    out = Image.new("RGBA", (w, h))
    draw = ImageDraw.Draw(out)
    for _ in range(150):
        level = rng.uniform(-1, 1)
        flare = rng.uniform(0.86, 1.0)
        depth = 1 - abs(level)
        y_mid, spread = h / 2 + level * h * 0.24, level * h * 0.40
        x0, x1 = w * rng.uniform(0.0, 0.045), w * rng.uniform(0.955, 1.0)
        points = [
            (x0 + (x1 - x0) * t, y_mid + (spread * flare - level * h * 0.24) * (2 * t - 1) ** 2)
            for t in (i / 14 for i in range(15))
        ]
        tint = mix(dark, colour, min(1, 0.45 + 0.55 * depth + 0.15 * (level < 0)))
        draw.line([(x, y + 5) for x, y in points], fill=(*mix(dark, (60, 34, 12), 0.4), 255), width=7)
        draw.line(points, fill=(*tint, 255), width=8)
        draw.line([(x, y - 2) for x, y in points], fill=(*mix(tint, (255, 255, 250), 0.5), 255), width=2)
    draw.rounded_rectangle((w * 0.455, h * 0.235, w * 0.545, h * 0.765), 14, fill=(*band, 255))
    for line in range(16):
        y = h * (0.245 + 0.033 * line)
        light = math.sin(math.pi * (line + 1) / 18)
        draw.rectangle(
            (w * 0.455, y, w * 0.545, y + h * 0.034),
            fill=(*mix(mix(band, (40, 10, 4), 0.5), mix(band, (255, 220, 190), 0.25), light), 255),
        )
    return trimmed(out.resize((w // 2, h // 2), Image.Resampling.LANCZOS))


@lru_cache(maxsize=4)
def honeycomb(seed: int = 1, tilt: float = 0.62) -> Image.Image:
    """A cut of comb, cells full of honey, seen slanting, with its thick front edge."""
    rng = random.Random(f"comb {seed}")
    side = 900
    plane = Image.new("RGB", (side, side), (170, 96, 18))
    draw = ImageDraw.Draw(plane)
    r = 42
    for row in range(-1, 15):
        for column in range(-1, 14):
            x = column * r * 1.74 + (row % 2) * r * 0.87
            y = row * r * 1.5
            hexagon = [
                (
                    x + r * 0.96 * math.cos(math.pi / 6 + k * math.pi / 3),
                    y + r * 0.96 * math.sin(math.pi / 6 + k * math.pi / 3),
                )
                for k in range(6)
            ]
            tone = rng.uniform(0, 1)
            draw.polygon(hexagon, fill=(255, 206, 96))
            for ring in range(9):
                share = ring / 9
                inner = [
                    (x + (a - x) * (0.86 - 0.5 * share) - ring * 0.7, y + (b - y) * (0.86 - 0.5 * share) - ring * 0.9)
                    for a, b in hexagon
                ]
                draw.polygon(inner, fill=mix((186, 96, 8), mix((250, 166, 30), (236, 138, 18), tone), share**0.7))
            draw.ellipse((x - 17, y - 19, x - 5, y - 9), fill=(255, 240, 190))
    plane = plane.filter(ImageFilter.GaussianBlur(1.1))
    cut = [(0.06, 0.10), (0.50, 0.02), (0.95, 0.14), (0.98, 0.60), (0.90, 0.93), (0.42, 0.98), (0.03, 0.86)]
    mask = Image.new("L", (side, side), 0)
    ImageDraw.Draw(mask).polygon([(x * side, y * side) for x, y in cut], fill=255)
    top = plane.convert("RGBA")
    top.putalpha(mask.filter(ImageFilter.GaussianBlur(3)))
    h = round(side * tilt)
    top = top.resize((side, h), Image.Resampling.LANCZOS)
    thick = 96
    out = Image.new("RGBA", (side, h + thick))
    wax = Image.new("RGBA", (side, h), (214, 132, 30, 255))
    wax.putalpha(top.getchannel("A"))
    for layer in range(thick, 0, -2):
        share = layer / thick
        tint = Image.new("RGB", (side, h), mix((246, 178, 62), (146, 72, 10), share))
        out.paste(tint, (0, layer), wax.getchannel("A"))
    ribs = ImageDraw.Draw(out)
    for x in range(30, side, 36):
        ribs.line((x, h * 0.86, x, h + thick - 10), fill=(255, 206, 110, 120), width=5)
    edge = Image.new("L", out.size, 0)
    for layer in range(thick, 0, -8):
        edge.paste(255, (0, layer), wax.getchannel("A"))
    out.putalpha(edge)
    out.alpha_composite(top, (0, 0))
    # honey runs down the front
    drip = Image.new("L", out.size, 0)
    ddraw = ImageDraw.Draw(drip)
    for x, length in ((0.30, 0.9), (0.47, 1.0), (0.70, 0.7)):
        ddraw.rounded_rectangle((x * side - 16, h * 0.90, x * side + 16, h * 0.93 + thick * length), 16, fill=235)
    drip = ImageChops.multiply(drip.filter(ImageFilter.GaussianBlur(3)), out.getchannel("A"))
    out.paste(Image.new("RGB", out.size, (250, 168, 34)), (0, 0), drip)
    return trimmed(out)


@lru_cache(maxsize=4)
def sesame_cracker(seed: int = 1) -> Image.Image:
    """A grilled rice cracker with sesame, nearly from above: blistered, brown at the rim."""
    rng = random.Random(f"cracker {seed}")
    side = 640
    tone = Image.blend(noise(rng, (side, side), (9, 9)), noise(rng, (side, side), (36, 36)), 0.45)
    tone = Image.blend(tone, noise(rng, (side, side), (120, 120)), 0.2)
    rim = radial(256).resize((side, side)).point([min(255, 90 + round(i * 1.5)) for i in range(256)])
    tone = ImageChops.multiply(tone.point([110 + i * 145 // 255 for i in range(256)]), rim)
    disc = blend_colours(tone, (120, 62, 22), (226, 172, 98), (255, 236, 190))
    draw = ImageDraw.Draw(disc)
    for _ in range(620):
        radius, angle = math.sqrt(rng.random()) * side * 0.47, rng.uniform(0, math.tau)
        x, y, a = side / 2 + math.cos(angle) * radius, side / 2 + math.sin(angle) * radius, rng.uniform(0, math.tau)
        dx, dy = math.cos(a) * 6, math.sin(a) * 6
        draw.line((x - dx + 1, y - dy + 2, x + dx + 1, y + dy + 2), fill=(110, 60, 22), width=7)
        draw.line(
            (x - dx, y - dy, x + dx, y + dy),
            fill=rng.choice(((40, 26, 18), (56, 36, 24), (250, 232, 190), (236, 208, 152))),
            width=6,
        )
    mask = Image.new("L", (side, side), 0)
    points = []
    for i in range(120):
        a = math.tau * i / 120
        wave = side * (0.478 + 0.010 * math.sin(a * 5 + seed) + 0.007 * math.sin(a * 11 + seed * 2))
        points.append((side / 2 + math.cos(a) * wave, side / 2 + math.sin(a) * wave))
    ImageDraw.Draw(mask).polygon(points, fill=255)
    sprite = disc.convert("RGBA")
    sprite.putalpha(mask.filter(ImageFilter.GaussianBlur(1.2)))
    return sprite


def slanted(sprite: Image.Image, tilt: float, thick: int = 0, edge: Colour = (150, 92, 40)) -> Image.Image:
    """A flat round thing seen from the side above: squashed to `tilt`, with a thickness in pixels."""
    low = sprite.resize((sprite.width, round(sprite.height * tilt)), Image.Resampling.LANCZOS)
    if not thick:
        return low
    out = Image.new("RGBA", (low.width, low.height + thick))
    for layer in range(thick, 0, -1):
        out.paste(
            Image.new("RGB", low.size, mix(edge, (60, 30, 10), layer / thick * 0.5)), (0, layer), low.getchannel("A")
        )
    out.alpha_composite(low)
    return out


@lru_cache(maxsize=4)
def peanut_kernel(seed: int = 1, skin: bool = True) -> Image.Image:
    """A shelled peanut in its red skin (or without it, roasted)."""
    dark, bright = ((116, 46, 32), (226, 144, 112)) if skin else ((176, 112, 44), (255, 224, 158))
    w, h = 220, 140
    mask = Image.new("L", (w * 2, h * 2), 0)
    draw = ImageDraw.Draw(mask)
    draw.ellipse((4, 16, w * 1.24, h * 2 - 16), fill=255)
    draw.ellipse((w * 0.72, 4, w * 2 - 6, h * 2 - 8), fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(9)).point([max(0, min(255, (i - 110) * 10)) for i in range(256)])
    rng = random.Random(f"kernel {seed} {skin}")
    tone = (
        radial(256)
        .resize((w * 2, h * 2))
        .crop((round(w * 0.62), round(h * 0.72), round(w * 0.62) + w, round(h * 0.72) + h))
    )
    tone = Image.blend(tone, noise(rng, (w, h), (26, 5)), 0.20)
    seed_image = blend_colours(tone, dark, mix(dark, bright, 0.6), bright)
    light = Image.new("L", (w, h), 0)
    ImageDraw.Draw(light).ellipse((w * 0.24, h * 0.2, w * 0.5, h * 0.34), fill=170)
    seed_image.paste(Image.new("RGB", (w, h), (255, 240, 226)), (0, 0), light.filter(ImageFilter.GaussianBlur(8)))
    sprite = seed_image.convert("RGBA")
    sprite.putalpha(mask.resize((w, h), Image.Resampling.LANCZOS))
    return trimmed(sprite)


@lru_cache(maxsize=3)
def peanut_brittle(seed: int = 1) -> Image.Image:
    """A block of peanut candy: kernels in amber caramel, a sprinkle of sesame, thick front edge."""
    rng = random.Random(f"brittle {seed}")
    w, h = 620, 420
    top = Image.new("RGBA", (w, h), (198, 118, 38, 255))
    for number in range(64):
        kernel = turned(
            upscale(peanut_kernel(number % 3 + 1, skin=number % 4 == 0), rng.randint(84, 112)), rng.uniform(-180, 180)
        )
        x, y = rng.uniform(-30, w - 60), rng.uniform(-30, h - 50)
        soft = kernel.getchannel("A").filter(ImageFilter.GaussianBlur(5)).point([i // 2 for i in range(256)])
        top.paste(Image.new("RGB", kernel.size, (110, 50, 10)), (round(x) + 5, round(y) + 7), soft)
        top.alpha_composite(kernel, (max(0, round(x)), max(0, round(y))))
    caramel = Image.new("L", (w, h), 0)
    caramel.paste(noise(rng, (w, h), (16, 11)).point([max(0, (i - 80)) * 3 // 4 for i in range(256)]))
    top.paste(Image.new("RGB", (w, h), (206, 122, 34)), (0, 0), caramel)
    draw = ImageDraw.Draw(top)
    for _ in range(150):
        x, y = rng.uniform(0, w), rng.uniform(0, h)
        draw.ellipse((x, y, x + 8, y + 6), fill=(255, 240, 204, 255))
    shine = noise(rng, (w, h), (10, 7)).point([max(0, (i - 176)) * 2 for i in range(256)])
    top.paste(Image.new("RGB", (w, h), (255, 244, 214)), (0, 0), shine)
    mask = Image.new("L", (w, h), 0)
    ImageDraw.Draw(mask).rounded_rectangle((2, 2, w - 3, h - 3), 22, fill=255)
    top.putalpha(mask)
    flat = top.transform(
        (w, round(h * 0.62)), Image.Transform.QUAD, (-46, 0, 0, h, w, h, w + 46, 0), Image.Resampling.BICUBIC
    )
    return slanted(flat, 1.0, 62, (176, 96, 26))


@lru_cache(maxsize=4)
def orange_half(outer: Colour = (246, 148, 22), flesh: Colour = (255, 176, 52)) -> Image.Image:
    """A cut orange (or lemon) facing the viewer."""
    side = 560
    out = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(out)
    draw.ellipse((4, 4, side - 4, side - 4), fill=(*outer, 255))
    draw.ellipse((20, 20, side - 20, side - 20), fill=(255, 240, 206, 255))
    rng = random.Random("orange")
    for segment in range(10):
        start = math.tau * segment / 10 + 0.045
        end = math.tau * (segment + 1) / 10 - 0.045
        reach = side * 0.43
        arc = [
            (
                side / 2 + math.cos(start + (end - start) * i / 12) * reach,
                side / 2 + math.sin(start + (end - start) * i / 12) * reach,
            )
            for i in range(13)
        ]
        middle = (start + end) / 2
        tip = (side / 2 + math.cos(middle) * 20, side / 2 + math.sin(middle) * 20)
        draw.polygon([tip, *arc], fill=(*flesh, 255))
        for _ in range(26):
            a, r0 = rng.uniform(start + 0.05, end - 0.05), rng.uniform(0.12, 0.36) * side
            x, y = side / 2 + math.cos(a) * r0, side / 2 + math.sin(a) * r0
            x1, y1 = side / 2 + math.cos(a) * (r0 + 26), side / 2 + math.sin(a) * (r0 + 26)
            draw.line((x, y, x1, y1), fill=(*mix(flesh, rng.choice(((255, 226, 140), outer)), 0.5), 255), width=8)
    out = out.filter(ImageFilter.GaussianBlur(1.0))
    light = (
        radial(256)
        .resize((side * 2, side * 2))
        .crop((round(side * 0.66), round(side * 0.72), round(side * 0.66) + side, round(side * 0.72) + side))
    )
    alpha = out.getchannel("A")
    out = ImageChops.multiply(
        out.convert("RGB"), Image.merge("RGB", (light.point([min(255, 150 + i // 2) for i in range(256)]),) * 3)
    ).convert("RGBA")
    out.putalpha(alpha)
    return out


@lru_cache(maxsize=4)
def peel_strip(colour: Colour = (240, 128, 20), seed: int = 1) -> Image.Image:
    """A candied strip of peel, sugared."""
    rng = random.Random(f"peel {seed}")
    w, h = 420, 150
    mask = Image.new("L", (w, h), 0)
    points = [(20 + (w - 40) * t, h * 0.62 - h * 0.34 * math.sin(math.pi * t)) for t in (i / 30 for i in range(31))]
    ImageDraw.Draw(mask).line(points, fill=255, width=44, joint="curve")
    ImageDraw.Draw(mask).ellipse((2, h * 0.62 - 20, 42, h * 0.62 + 20), fill=255)
    ImageDraw.Draw(mask).ellipse((w - 42, h * 0.62 - 20, w - 2, h * 0.62 + 20), fill=255)
    tone = vertical((w, h), ((0.0, 235), (0.5, 160), (1.0, 40)))
    strip = blend_colours(
        Image.blend(tone, noise(rng, (w, h), (40, 14)), 0.3),
        mix(colour, (120, 40, 0), 0.5),
        colour,
        mix(colour, (255, 230, 150), 0.6),
    )
    draw = ImageDraw.Draw(strip)
    for _ in range(240):
        x, y, r = rng.uniform(0, w), rng.uniform(0, h), rng.uniform(1.5, 3.2)
        draw.rectangle((x, y, x + r, y + r), fill=rng.choice(((255, 252, 240), (255, 240, 210), (255, 224, 160))))
    sprite = strip.convert("RGBA")
    sprite.putalpha(mask.filter(ImageFilter.GaussianBlur(1.2)))
    return trimmed(sprite)


@lru_cache(maxsize=6)
def round_fruit(dark: Colour, bright: Colour, seed: int = 1, stem: bool = True) -> Image.Image:
    """A small round vegetable (aubergine, lime, kumquat) with a green crown."""
    side = 420
    mask = Image.new("L", (side * 2, side * 2), 0)
    ImageDraw.Draw(mask).ellipse((6, 30, side * 2 - 6, side * 2 - 6), fill=255)
    tone = (
        radial(256)
        .resize((side * 2, side * 2))
        .crop((round(side * 0.70), round(side * 0.74), round(side * 0.70) + side, round(side * 0.74) + side))
    )
    fruit = blend_colours(tone, dark, mix(dark, bright, 0.66), bright)
    rng = random.Random(f"fruit {seed}")
    speck = noise(rng, (side, side), (70, 70)).point([max(0, i - 150) for i in range(256)])
    fruit.paste(
        Image.new("RGB", (side, side), mix(bright, (255, 255, 255), 0.2)),
        (0, 0),
        speck.point([i // 2 for i in range(256)]),
    )
    light = Image.new("L", (side, side), 0)
    ImageDraw.Draw(light).ellipse((side * 0.24, side * 0.20, side * 0.46, side * 0.38), fill=215)
    fruit.paste(Image.new("RGB", (side, side), (255, 255, 248)), (0, 0), light.filter(ImageFilter.GaussianBlur(16)))
    sprite = fruit.convert("RGBA")
    sprite.putalpha(mask.resize((side, side), Image.Resampling.LANCZOS))
    if stem:
        draw = ImageDraw.Draw(sprite)
        for k in range(5):
            a = math.tau * k / 5 - 1.57
            draw.polygon(
                [
                    (side / 2 + math.cos(a - 0.5) * 26, 52 + math.sin(a - 0.5) * 12),
                    (side / 2 + math.cos(a) * 104, 58 + math.sin(a) * 40),
                    (side / 2 + math.cos(a + 0.5) * 26, 52 + math.sin(a + 0.5) * 12),
                ],
                fill=(96, 134, 52, 255) if k % 2 else (122, 158, 66, 255),
            )
        draw.rounded_rectangle((side / 2 - 13, 6, side / 2 + 13, 58), 10, fill=(112, 128, 60, 255))
    return sprite


@lru_cache(maxsize=3)
def chilli_flakes() -> Image.Image:
    return grain_texture(
        ((196, 38, 18), (226, 74, 30), (156, 22, 12), (244, 176, 70)), 15, 10, count=2200, gap=(88, 14, 8)
    )


@lru_cache(maxsize=3)
def sesame_salt() -> Image.Image:
    return grain_texture(
        ((222, 180, 112), (246, 226, 180), (180, 130, 70), (122, 78, 40)), 11, 6.5, count=3200, gap=(96, 60, 28)
    )


@lru_cache(maxsize=2)
def dried_slices() -> Image.Image:
    """One dried slice of banana."""
    side = 260
    rng = random.Random("banana slice")
    tone = radial(256).resize((side, side))
    tone = Image.blend(tone, noise(rng, (side, side), (30, 30)), 0.25)
    disc = blend_colours(tone, (176, 104, 30), (240, 190, 88), (255, 232, 160))
    draw = ImageDraw.Draw(disc)
    for k in range(3):
        a = math.tau * k / 3
        draw.ellipse(
            (
                side / 2 + math.cos(a) * 30 - 8,
                side / 2 + math.sin(a) * 30 - 8,
                side / 2 + math.cos(a) * 30 + 8,
                side / 2 + math.sin(a) * 30 + 8,
            ),
            fill=(150, 92, 30),
        )
    mask = Image.new("L", (side * 2, side * 2), 0)
    ImageDraw.Draw(mask).ellipse((4, 4, side * 2 - 4, side * 2 - 4), fill=255)
    sprite = disc.filter(ImageFilter.GaussianBlur(1)).convert("RGBA")
    sprite.putalpha(mask.resize((side, side), Image.Resampling.LANCZOS))
    return slanted(sprite, 0.62, 18, (196, 126, 44))

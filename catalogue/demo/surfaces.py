"""What goods stand on and in front of: tables, walls out of focus, cloths, trays, mats, leaves."""

from __future__ import annotations

import math
import random
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .light import Colour, Scene, blend_colours, horizontal, mix, noise, radial, spot, vertical

WOODS: dict[str, tuple[Colour, Colour, Colour]] = {
    "oak": ((118, 70, 34), (186, 126, 72), (224, 172, 114)),
    "walnut": ((48, 24, 14), (98, 56, 32), (146, 92, 56)),
    "pale": ((176, 138, 98), (222, 190, 148), (246, 224, 190)),
    "grey": ((96, 86, 78), (156, 144, 130), (206, 196, 182)),
    "red": ((92, 36, 20), (152, 74, 40), (198, 118, 72)),
}


@lru_cache(maxsize=12)
def wood_texture(kind: str, planks: int, seed: int = 7) -> Image.Image:
    """Boards that run away from the viewer, seen from straight above."""
    rng = random.Random(f"wood {kind} {planks} {seed}")
    size = (1200, 700)
    grain = Image.blend(noise(rng, size, (420, 4)), noise(rng, size, (110, 3)), 0.5)
    grain = Image.blend(grain, noise(rng, size, (1100, 14)), 0.22)
    grain = Image.blend(grain, noise(rng, size, (7, 5)), 0.18)
    # growth rings: bend the grain sideways a little
    wave = []
    for y in range(0, size[1], 50):
        shift = 9 * math.sin(y / 97) + 5 * math.sin(y / 41 + 1)
        after = 9 * math.sin((y + 50) / 97) + 5 * math.sin((y + 50) / 41 + 1)
        wave.append(
            (
                (0, y, size[0], y + 50),
                (shift, y, after, y + 50, size[0] + after, y + 50, size[0] + shift, y),
            )
        )
    grain = grain.transform(size, Image.Transform.MESH, wave, Image.Resampling.BILINEAR)
    board_w = size[0] / planks
    tone = Image.new("L", size, 128)
    draw = ImageDraw.Draw(tone)
    for board in range(planks):
        draw.rectangle((board * board_w, 0, (board + 1) * board_w, size[1]), fill=rng.randint(96, 158))
    grain = ImageChops.overlay(grain.point([round(60 + i * 0.54) for i in range(256)]), tone)
    wood = blend_colours(grain, *WOODS[kind])
    draw = ImageDraw.Draw(wood)
    dark = mix(WOODS[kind][0], (0, 0, 0), 0.45)
    for board in range(1, planks):
        x = board * board_w
        draw.line((x, 0, x, size[1]), fill=dark, width=4)
        draw.line((x + 4, 0, x + 4, size[1]), fill=mix(WOODS[kind][2], WOODS[kind][1], 0.5), width=1)
    return wood.filter(ImageFilter.GaussianBlur(0.7))


@lru_cache(maxsize=6)
def stone_texture(dark: Colour, bright: Colour) -> Image.Image:
    """Slate or limewashed plaster, by its two colours."""
    rng = random.Random(f"stone {dark} {bright}")
    size = (1200, 700)
    grain = Image.blend(noise(rng, size, (9, 6)), noise(rng, size, (40, 24)), 0.4)
    grain = Image.blend(grain, noise(rng, size, (300, 180)), 0.28)
    grain = Image.blend(grain, noise(rng, size, (1200, 700)), 0.10)
    return blend_colours(grain, dark, mix(dark, bright, 0.5), bright)


@lru_cache(maxsize=6)
def linen_texture(dark: Colour, bright: Colour, check: Colour | None = None) -> Image.Image:
    """Woven cloth; `check` adds the lines of a checked towel."""
    rng = random.Random(f"linen {dark} {bright}")
    size = (1200, 700)
    weave = Image.blend(noise(rng, size, (600, 20)), noise(rng, size, (34, 350)), 0.5)
    weave = Image.blend(weave, noise(rng, size, (900, 525)), 0.25)
    cloth = blend_colours(weave, dark, mix(dark, bright, 0.62), bright)
    if check:
        lines = Image.new("L", size, 0)
        draw = ImageDraw.Draw(lines)
        for x in range(0, size[0], 96):
            draw.rectangle((x, 0, x + 30, size[1]), fill=105)
        across = Image.new("L", size, 0)
        draw = ImageDraw.Draw(across)
        for y in range(0, size[1], 96):
            draw.rectangle((0, y, size[0], y + 30), fill=105)
        cloth.paste(Image.new("RGB", size, check), (0, 0), ImageChops.add(lines, across))
    folds = (
        noise(rng, size, (6, 3)).filter(ImageFilter.GaussianBlur(20)).point([195 + i * 60 // 255 for i in range(256)])
    )
    return ImageChops.multiply(cloth, Image.merge("RGB", (folds,) * 3))


def table(scene: Scene, texture: Image.Image, horizon: float) -> None:
    """Lay `texture` as a table that ends at `horizon` (0..1 of the height), sharp in front, soft at its back."""
    w, h = scene.width, scene.height
    top = round(h * horizon)
    tw, th = texture.size
    board = texture.transform(
        (w, h - top),
        Image.Transform.QUAD,
        (0, 0, tw * 0.27, th, tw * 0.73, th, tw, 0),
        Image.Resampling.BICUBIC,
    )
    soft = board.resize((w // 4, board.height // 4), Image.Resampling.BILINEAR).filter(ImageFilter.GaussianBlur(2.2))
    soft = soft.resize(board.size, Image.Resampling.BICUBIC)
    board = Image.composite(soft, board, vertical(board.size, ((0.0, 255), (0.12, 230), (0.42, 0), (1.0, 0))))
    light = vertical(board.size, ((0.0, 255), (0.2, 236), (0.6, 250), (1.0, 214)))
    board = ImageChops.multiply(board, Image.merge("RGB", (light,) * 3))
    edge = vertical(board.size, ((0.0, 0), (0.018, 120), (0.05, 255), (1.0, 255)))
    scene.image.paste(board, (0, top), edge)


def flat(scene: Scene, texture: Image.Image) -> None:
    """The same surface seen from straight above: it fills the picture."""
    side = min(texture.size)
    part = texture.crop(((texture.width - side) // 2, 0, (texture.width + side) // 2, side))
    scene.background(part)


def wall_garden(
    scene: Scene,
    dark: Colour = (58, 92, 34),
    bright: Colour = (206, 210, 120),
    sun: Colour = (255, 236, 170),
    lights: int = 34,
) -> None:
    """A garden far out of focus: green light with round highlights."""
    rng = scene.rng
    size = (300, max(150, round(300 * scene.height / scene.width)))
    cells = Image.blend(noise(rng, size, (5, 5)), noise(rng, size, (11, 9)), 0.35)
    garden = blend_colours(cells, dark, mix(dark, bright, 0.45), bright)
    garden = garden.filter(ImageFilter.GaussianBlur(7))
    glow = spot(300).resize((480, 420))
    garden.paste(Image.new("RGB", glow.size, sun), (-180, -170), glow.point([round(i * 0.85) for i in range(256)]))
    for _ in range(lights):
        r = rng.uniform(5, 17)
        x, y = rng.uniform(0, size[0]), rng.uniform(0, size[1] * 0.6)
        disc = Image.new("L", (44, 44), 0)
        draw = ImageDraw.Draw(disc)
        draw.ellipse((22 - r, 22 - r, 22 + r, 22 + r), fill=150, outline=215)
        share = rng.choice((0.14, 0.22, 0.34, 0.46))
        disc = disc.filter(ImageFilter.GaussianBlur(1.3)).point([round(i * share) for i in range(256)])
        garden.paste(mix(sun, bright, rng.random() * 0.6), (round(x) - 22, round(y) - 22), disc)
    scene.background(garden)


def wall_plaster(scene: Scene, dark: Colour = (196, 148, 98), bright: Colour = (250, 222, 176)) -> None:
    """A warm wall with the light of a window falling on it."""
    rng = scene.rng
    size = (300, max(150, round(300 * scene.height / scene.width)))
    tone = Image.blend(horizontal(size, ((0.0, 235), (0.5, 170), (1.0, 70))), noise(rng, size, (8, 8)), 0.20)
    wall = blend_colours(tone, dark, mix(dark, bright, 0.6), bright)
    window = Image.new("L", size, 0)
    draw = ImageDraw.Draw(window)
    for column in range(2):
        for row in range(2):
            x, y = 70 + column * 62, -34 + row * 64
            draw.polygon([(x, y), (x + 54, y + 12), (x + 74, y + 68), (x + 20, y + 56)], fill=150)
    window = window.filter(ImageFilter.GaussianBlur(5))
    wall.paste(Image.new("RGB", size, mix(bright, (255, 255, 255), 0.6)), (0, 0), window)
    scene.background(wall)


def wall_kitchen(
    scene: Scene, dark: Colour = (38, 20, 12), bright: Colour = (150, 92, 46), lamp: Colour = (255, 190, 96)
) -> None:
    """A dim kitchen: dark wood, a few warm lamps and pots out of focus."""
    rng = scene.rng
    size = (300, max(150, round(300 * scene.height / scene.width)))
    tone = Image.blend(horizontal(size, ((0.0, 220), (0.4, 120), (1.0, 20))), noise(rng, size, (7, 6)), 0.32)
    wall = blend_colours(tone, dark, mix(dark, bright, 0.5), bright)
    draw = ImageDraw.Draw(wall)
    draw.rectangle((0, 62, 300, 68), fill=mix(dark, (0, 0, 0), 0.3))
    for _ in range(7):
        x, w, h = rng.uniform(0, 290), rng.uniform(14, 34), rng.uniform(18, 44)
        draw.rounded_rectangle((x, 62 - h, x + w, 62), 8, fill=mix(dark, bright, rng.uniform(0.1, 0.75)))
    wall = wall.filter(ImageFilter.GaussianBlur(7))
    for _ in range(16):
        r = rng.uniform(5, 13)
        disc = Image.new("L", (40, 40), 0)
        ImageDraw.Draw(disc).ellipse((20 - r, 20 - r, 20 + r, 20 + r), fill=170, outline=230)
        share = rng.choice((0.12, 0.22, 0.42))
        disc = disc.filter(ImageFilter.GaussianBlur(1.4)).point([round(i * share) for i in range(256)])
        wall.paste(lamp, (round(rng.uniform(-10, 290)), round(rng.uniform(-10, 90))), disc)
    scene.background(wall)


def wall_field(scene: Scene, ripe: bool = True) -> None:
    """Rice fields far out of focus: sky, a row of trees, then gold or green."""
    rng = scene.rng
    size = (300, max(150, round(300 * scene.height / scene.width)))
    near: Colour = (226, 178, 66) if ripe else (128, 164, 62)
    far: Colour = (240, 208, 112) if ripe else (176, 196, 98)
    view = Image.new("RGB", size, (255, 240, 206))
    view.paste(Image.new("RGB", size, (190, 216, 226)), (0, 0), vertical(size, ((0.0, 220), (0.26, 30), (1.0, 0))))
    draw = ImageDraw.Draw(view)
    top = size[1] * 0.24
    for x in range(-20, 320, 14):
        r = rng.uniform(10, 24)
        draw.ellipse((x - r, top - r * 0.9, x + r, top + r), fill=mix((74, 106, 50), (132, 150, 78), rng.random()))
    for row in range(24):
        y = top + 4 + row * row * 0.36
        draw.rectangle((0, y, 300, y + 40), fill=mix(far, near, min(1, row / 10) * rng.uniform(0.7, 1)))
    view = view.filter(ImageFilter.GaussianBlur(6))
    glow = spot(300).resize((420, 340)).point([round(i * 0.8) for i in range(256)])
    view.paste(Image.new("RGB", glow.size, (255, 244, 206)), (-150, -150), glow)
    scene.background(view)


# --- things that lie on the table -----------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def weave(strips: int, dark: Colour, bright: Colour) -> Image.Image:
    """A square of flat bamboo strips, woven over two, under two."""
    rng = random.Random(f"weave {strips} {dark}")
    side = 720
    step = side / strips
    light = Image.new("L", (side, side), 60)
    draw = ImageDraw.Draw(light)
    tones = [rng.randint(-26, 26) for _ in range(2 * strips)]
    for row in range(strips):
        for column in range(strips):
            across = (row + column) % 4 < 2
            x, y = column * step, row * step
            tone = tones[row] if across else tones[strips + column]
            for part in range(5):
                level = 176 + tone - 22 * abs(part - 2) + rng.randint(-5, 5)
                if across:
                    draw.rectangle(
                        (x, y + step * (0.06 + part * 0.18), x + step, y + step * (0.24 + part * 0.18)), fill=level
                    )
                else:
                    draw.rectangle(
                        (x + step * (0.06 + part * 0.18), y, x + step * (0.24 + part * 0.18), y + step), fill=level - 18
                    )
    light = Image.blend(light, noise(rng, (side, side), (300, 300)), 0.10)
    return blend_colours(light.filter(ImageFilter.GaussianBlur(0.6)), dark, mix(dark, bright, 0.58), bright)


BAMBOO_DARK: Colour = (98, 58, 22)
BAMBOO_BRIGHT: Colour = (248, 214, 148)


@lru_cache(maxsize=6)
def bamboo_tray(
    tilt: float = 0.52, strips: int = 34, dark: Colour = BAMBOO_DARK, bright: Colour = BAMBOO_BRIGHT
) -> Image.Image:
    """A round woven tray; `tilt` is height over width as seen (1 = from straight above)."""
    side, rim = 1000, 46
    flat_h = round(side * tilt)
    wall = round(46 * (1 - tilt))
    size = (side, flat_h + wall + 8)
    tray = Image.new("RGBA", size)
    body = weave(strips, dark, bright).resize((side, side), Image.Resampling.BICUBIC)
    inside = body.resize((side, flat_h), Image.Resampling.BICUBIC).convert("RGBA")
    # light inside: shadow under the near-left rim, sun on the far-right side
    shade = radial(256).resize((side, flat_h)).point([min(255, 120 + i * 2) for i in range(256)])
    inside = ImageChops.multiply(inside, Image.merge("RGBA", (shade, shade, shade, Image.new("L", shade.size, 255))))

    def ring(inset: float, lift: float, colour: Colour) -> None:
        mask = Image.new("L", (side * 2, size[1] * 2), 0)
        draw = ImageDraw.Draw(mask)
        box = (inset * 2, (lift + inset * tilt) * 2, (side - inset) * 2, (lift + flat_h - inset * tilt) * 2)
        draw.ellipse(box, fill=255)
        tray.paste(Image.new("RGB", size, colour), (0, 0), mask.resize(size, Image.Resampling.BILINEAR))

    ring(2, wall + 4, mix(dark, (0, 0, 0), 0.25))  # outer wall, lower edge
    for band in range(4):
        ring(1 + band, wall * (1 - band / 4), mix(dark, bright, 0.25 + 0.1 * band))
    ring(0, 2, mix(dark, bright, 0.72))  # top of the rim
    ring(9, 1, mix(dark, bright, 0.94))
    ring(20, 3, mix(dark, bright, 0.66))
    ring(rim - 12, 6, mix(dark, (0, 0, 0), 0.1))  # inner wall in shadow
    hole = Image.new("L", (side * 2, size[1] * 2), 0)
    ImageDraw.Draw(hole).ellipse(
        (rim * 2, (10 + rim * tilt) * 2, (side - rim) * 2, (10 + flat_h - rim * tilt * 0.9) * 2), fill=255
    )
    hole = hole.resize(size, Image.Resampling.BILINEAR)
    floor = Image.new("RGBA", size)
    floor.paste(inside, (0, 8))
    tray.paste(floor, (0, 0), hole)
    # lashing of the rim
    draw = ImageDraw.Draw(tray)
    for lash in range(22):
        angle = math.tau * (lash + 0.3) / 22
        x = side / 2 + math.cos(angle) * (side / 2 - 11)
        y = 2 + flat_h / 2 + math.sin(angle) * (flat_h / 2 - 11 * tilt)
        nx, ny = math.cos(angle) * 13, math.sin(angle) * 13 * tilt
        draw.line((x - nx, y - ny, x + nx, y + ny), fill=(*mix(dark, bright, 0.3), 255), width=6)
        draw.line((x - nx + 5, y - ny, x + nx + 5, y + ny), fill=(*mix(dark, bright, 0.9), 255), width=3)
    return tray


@lru_cache(maxsize=12)
def leaf(
    length: int = 700,
    breadth: float = 0.34,
    dark: Colour = (28, 84, 26),
    bright: Colour = (150, 196, 66),
    veins: int = 13,
) -> Image.Image:
    """One pointed leaf that points to the right, with a lit and a shaded half."""
    w, h = length * 2, round(length * breadth) * 2
    mask = Image.new("L", (w, h + 8), 0)
    upper = [(w * t, h / 2 - h / 2 * math.sin(math.pi * t**0.78) ** 0.9) for t in (i / 48 for i in range(49))]
    lower = [(w * t, h / 2 + h / 2 * math.sin(math.pi * t**0.78) ** 0.9) for t in (i / 48 for i in range(48, -1, -1))]
    ImageDraw.Draw(mask).polygon(upper + lower, fill=255)
    tone = vertical(mask.size, ((0.0, 214), (0.49, 172), (0.5, 96), (1.0, 150)))
    tone = Image.blend(tone, horizontal(mask.size, ((0.0, 90), (0.4, 190), (1.0, 150))), 0.35)
    draw = ImageDraw.Draw(tone)
    for vein in range(veins):
        x = w * (0.05 + 0.86 * vein / veins)
        draw.line((x, h / 2, x + w * 0.11, 0), fill=225, width=3)
        draw.line((x, h / 2, x + w * 0.11, h), fill=188, width=3)
    draw.line((0, h / 2, w, h / 2), fill=245, width=7)
    tone = tone.filter(ImageFilter.GaussianBlur(1.6))
    sprite = blend_colours(tone, dark, mix(dark, bright, 0.55), bright).convert("RGBA")
    sprite.putalpha(mask)
    return sprite.resize((w // 2, (h + 8) // 2), Image.Resampling.LANCZOS)


@lru_cache(maxsize=4)
def banana_leaf(seed: int = 3, dark: Colour = (30, 88, 30), bright: Colour = (142, 190, 74)) -> Image.Image:
    """A cut piece of banana leaf: long, glossy, many fine veins, a torn edge."""
    rng = random.Random(f"banana leaf {seed}")
    w, h = 1000, 420
    mask = Image.new("L", (w * 2, h * 2), 0)
    upper, lower = [], []
    for i in range(61):
        t = i / 60
        swell = math.sin(math.pi * (0.10 + 0.86 * t)) ** 0.6
        tear = rng.uniform(0, 7) + (rng.uniform(8, 26) if rng.random() < 0.12 else 0)
        upper.append((w * 2 * t, h - (h * 0.94 - tear * 2) * swell))
        lower.append((w * 2 * t, h + (h * 0.94 - tear * 2) * swell))
    ImageDraw.Draw(mask).polygon(upper + lower[::-1], fill=255)
    mask = mask.resize((w, h), Image.Resampling.LANCZOS)
    fine = Image.blend(noise(rng, (w, h), (170, 3)), noise(rng, (w, h), (60, 2)), 0.4)
    # the veins lean away from the midrib
    fine = fine.transform((w, h), Image.Transform.AFFINE, (1, 0.28, -60, 0, 1, 0), Image.Resampling.BILINEAR)
    tone = Image.blend(
        vertical((w, h), ((0.0, 150), (0.3, 214), (0.49, 120), (0.51, 70), (0.75, 150), (1.0, 110))), fine, 0.30
    )
    draw = ImageDraw.Draw(tone)
    draw.line((0, h / 2, w, h / 2), fill=235, width=9)
    draw.line((0, h / 2 + 6, w, h / 2 + 6), fill=60, width=4)
    sprite = blend_colours(tone.filter(ImageFilter.GaussianBlur(0.8)), dark, mix(dark, bright, 0.5), bright).convert(
        "RGBA"
    )
    sprite.putalpha(mask)
    return sprite


@lru_cache(maxsize=8)
def napkin(dark: Colour, bright: Colour, check: Colour | None = None, tilt: float = 0.42) -> Image.Image:
    """A folded cloth lying on the table, in perspective, with soft folds and a hem."""
    texture = linen_texture(dark, bright, check).crop((0, 0, 700, 700))
    draw = ImageDraw.Draw(texture)
    draw.rectangle((14, 14, 686, 686), outline=mix(dark, bright, 0.2), width=3)
    flat_cloth = texture.convert("RGBA").rotate(28, Image.Resampling.BICUBIC, expand=True)
    w = 900
    laid = flat_cloth.resize((w, round(w * tilt)), Image.Resampling.LANCZOS)
    return laid


@lru_cache(maxsize=4)
def bamboo_mat(
    dark: Colour = (130, 86, 36), bright: Colour = (244, 212, 146), slats: int = 26, tilt: float = 0.5
) -> Image.Image:
    """A mat of round slats tied with thread, in perspective."""
    w, h = 1000, 900
    tone = Image.new("L", (w, h), 0)
    rng = random.Random(f"mat {slats}")
    draw = ImageDraw.Draw(tone)
    step = h / slats
    for slat in range(slats):
        tint = rng.randint(-22, 18)
        for line in range(round(step)):
            level = 205 * math.sin(math.pi * (0.12 + 0.8 * line / step)) ** 0.8
            draw.line((0, slat * step + line, w, slat * step + line), fill=max(0, min(255, round(level + tint))))
    tone = Image.blend(tone, noise(rng, (w, h), (12, 500)), 0.10)
    mat = blend_colours(tone, dark, mix(dark, bright, 0.6), bright)
    draw = ImageDraw.Draw(mat)
    for x in (0.08, 0.36, 0.64, 0.92):
        for slat in range(slats):
            y = slat * step
            draw.line((x * w - 4, y + 2, x * w + 4, y + step - 2), fill=mix(dark, (255, 240, 210), 0.2), width=5)
    out = mat.convert("RGBA").transform(
        (w, round(h * tilt)),
        Image.Transform.QUAD,
        (-90, 0, 0, h, w, h, w + 90, 0),
        Image.Resampling.BICUBIC,
    )
    return out


def foreground_leaves(
    scene: Scene, where: str = "left", dark: Colour = (22, 66, 22), bright: Colour = (116, 168, 56)
) -> None:
    """A few leaves very near the lens, out of focus, in a corner."""
    rng = scene.rng
    spots = {
        "left": [(20, 985, 60), (110, 1010, 25), (-10, 900, 80)],
        "right": [(985, 985, 120), (900, 1010, 150), (1010, 900, 100)],
        "top": [(40, 30, -40), (150, -10, -70), (-10, 130, -15)],
        "top-right": [(960, 30, 220), (860, -10, 250), (1010, 120, 200)],
    }[where]
    ratio = scene.height / scene.width
    for x, y, angle in spots:
        scene.lay(
            leaf(500, 0.36, dark, bright),
            x,
            y * ratio,
            300,
            turn=angle + rng.uniform(-9, 9),
            blur=8,
            shadow=0,
        )

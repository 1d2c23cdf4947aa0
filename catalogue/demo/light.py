"""The canvas of a demo picture: light from the upper left, soft shadows, depth of field, one warm grade.

Nothing here knows goods. Everything is deterministic: all chance comes from a `random.Random` that is passed in.
Pure Pillow on purpose, so that the demo needs no further library.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

Colour = tuple[int, int, int]
SHADOW: Colour = (52, 26, 10)


def noise(rng: random.Random, size: tuple[int, int], cells: tuple[int, int]) -> Image.Image:
    """Smooth value noise ("L", full range): `cells` random values across and down, interpolated to `size`."""
    across, down = max(2, cells[0]), max(2, cells[1])
    return Image.frombytes("L", (across, down), rng.randbytes(across * down)).resize(size, Image.Resampling.BICUBIC)


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """Colour between `a` (share 0) and `b` (share 1)."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


@lru_cache(maxsize=64)
def vertical(size: tuple[int, int], stops: tuple[tuple[float, int], ...]) -> Image.Image:
    """An "L" image that varies from top to bottom through `stops` of (0..1, value)."""
    ramp = Image.new("L", (1, 256))
    ramp.putdata([round(_at(stops, i / 255)) for i in range(256)])
    return ramp.resize(size, Image.Resampling.BILINEAR)


@lru_cache(maxsize=64)
def horizontal(size: tuple[int, int], stops: tuple[tuple[float, int], ...]) -> Image.Image:
    """An "L" image that varies from left to right through `stops` of (0..1, value)."""
    ramp = Image.new("L", (256, 1))
    ramp.putdata([round(_at(stops, i / 255)) for i in range(256)])
    return ramp.resize(size, Image.Resampling.BILINEAR)


def _at(stops: Sequence[tuple[float, float]], where: float) -> float:
    before = stops[0]
    for stop in stops:
        if stop[0] >= where:
            span = stop[0] - before[0]
            return stop[1] if span <= 0 else before[1] + (stop[1] - before[1]) * (where - before[0]) / span
        before = stop
    return before[1]


def blend_colours(mask: Image.Image, dark: Colour, middle: Colour, bright: Colour) -> Image.Image:
    """Colour an "L" image through three colours."""
    channels = []
    for low, mid, high in zip(dark, middle, bright, strict=True):
        table = [
            round(low + (mid - low) * i / 128) if i < 128 else round(mid + (high - mid) * (i - 128) / 127)
            for i in range(256)
        ]
        channels.append(mask.point(table))
    return Image.merge("RGB", channels)


@lru_cache(maxsize=8)
def spot(size: int) -> Image.Image:
    """An "L" square: 255 in the middle, 0 at and beyond the inscribed circle."""
    fall = [max(0, round(255 * (1 - i / 180)) if i < 180 else 0) for i in range(256)]
    smooth = [round(255 * (v / 255) ** 2 * (3 - 2 * v / 255)) for v in fall]
    return Image.radial_gradient("L").point(smooth).resize((size, size), Image.Resampling.BICUBIC)


@lru_cache(maxsize=8)
def radial(size: int) -> Image.Image:
    """An "L" square: 255 in the middle, about 70 at the middle of its sides, 0 in its corners."""
    return ImageChops.invert(Image.radial_gradient("L").resize((size, size), Image.Resampling.BILINEAR))


def upscale(sprite: Image.Image, width: int) -> Image.Image:
    """Resize a cut-out to `width`; where it grows, give it back a crisp outline and a little local contrast."""
    height = max(1, round(sprite.height * width / sprite.width))
    grown = sprite.resize((width, height), Image.Resampling.LANCZOS)
    if width <= sprite.width * 1.15:
        return grown
    alpha = grown.getchannel("A").point([max(0, min(255, round((i - 128) * 1.7 + 128))) for i in range(256)])
    colours = grown.convert("RGB").filter(ImageFilter.UnsharpMask(radius=2.2, percent=90, threshold=2))
    grown = colours.convert("RGBA")
    grown.putalpha(alpha)
    return grown


def trimmed(sprite: Image.Image) -> Image.Image:
    """Cut away the empty border."""
    box = sprite.getchannel("A").point([0 if i < 12 else 255 for i in range(256)]).getbbox()
    return sprite.crop(box) if box else sprite


def turned(sprite: Image.Image, degrees: float) -> Image.Image:
    """Rotate a cut-out about its middle (counter-clockwise), border cut away."""
    if not degrees % 360:
        return sprite
    return trimmed(sprite.rotate(degrees, Image.Resampling.BICUBIC, expand=True))


def tinted(sprite: Image.Image, dark: Colour, middle: Colour, bright: Colour, share: float = 1.0) -> Image.Image:
    """The same shape in another colour (its own light and shade kept)."""
    grey = sprite.convert("RGB").convert("L")
    coloured = blend_colours(grey, dark, middle, bright)
    if share < 1:
        coloured = Image.blend(sprite.convert("RGB"), coloured, share)
    coloured = coloured.convert("RGBA")
    coloured.putalpha(sprite.getchannel("A"))
    return coloured


class Scene:
    """A picture being composed from back to front.

    Positions are in units of 1/1000 of the width, so that one composition fits any size;
    `y` is where a thing touches the table.
    """

    def __init__(self, size: tuple[int, int], seed: int) -> None:
        self.width, self.height = size
        self.rng = random.Random(seed)
        self.image = Image.new("RGB", size, (240, 220, 190))

    def px(self, units: float) -> int:
        return round(units * self.width / 1000)

    def background(self, image: Image.Image) -> None:
        self.image.paste(image.resize((self.width, self.height), Image.Resampling.BICUBIC))

    def darken(self, mask: Image.Image, box: tuple[int, int], strength: float, colour: Colour = SHADOW) -> None:
        """Lay a shadow (an "L" mask) on what is already there; multiplies, so that texture stays visible."""
        left, top = box
        area = (max(0, left), max(0, top), min(self.width, left + mask.width), min(self.height, top + mask.height))
        if area[0] >= area[2] or area[1] >= area[3]:
            return
        part = mask.crop((area[0] - left, area[1] - top, area[2] - left, area[3] - top))
        part = part.point([round(i * strength) for i in range(256)])
        under = self.image.crop(area)
        shade = Image.new("RGB", under.size, mix(colour, (255, 255, 255), 0.12))
        self.image.paste(Image.composite(ImageChops.multiply(under, shade), under, part), area[:2])

    def glow(self, x: float, y: float, width: float, height: float, colour: Colour, strength: float = 0.5) -> None:
        """Light that something throws on the table (amber under honey, gold under oil)."""
        w, h = self.px(width), self.px(height)
        light = spot(256).resize((w, h), Image.Resampling.BILINEAR).point([round(i * strength) for i in range(256)])
        left, top = self.px(x) - w // 2, self.px(y) - h // 2
        under = self.image.crop((left, top, left + w, top + h))
        lit = ImageChops.screen(under, Image.new("RGB", (w, h), colour))
        self.image.paste(Image.composite(lit, under, light), (left, top))

    def cast_shadow(self, sprite: Image.Image, left: int, base: int, *, length: float, strength: float) -> None:
        """The long soft shadow to the right and towards the viewer, and the dark contact under the thing."""
        w, h = sprite.size
        alpha = sprite.getchannel("A").resize((max(2, w // 4), max(2, h // 4)), Image.Resampling.BILINEAR)
        fallen_h = max(3, round(alpha.height * length))
        lean = 1.25 * length
        pad = 26
        canvas = (alpha.width + round(alpha.height * lean) + 2 * pad, fallen_h + 2 * pad)
        # a point (u, v) of the sprite, v upward from its base, falls to (u + lean*v, base - length*v)
        shadow = alpha.transform(
            canvas,
            Image.Transform.AFFINE,
            (
                1,
                lean / length,
                -pad - lean / length * (fallen_h + pad),
                0,
                1 / length,
                alpha.height - (fallen_h + pad) / length,
            ),
            Image.Resampling.BILINEAR,
        )
        fade = vertical(canvas, ((0.0, 60), (0.45, 150), (1.0, 255)))
        shadow = ImageChops.multiply(shadow.filter(ImageFilter.GaussianBlur(4.5)), fade)
        shadow = shadow.resize((canvas[0] * 4, canvas[1] * 4), Image.Resampling.BICUBIC)
        self.darken(shadow, (left - pad * 4, base - (fallen_h + pad) * 4), strength)
        feet = alpha.crop((0, round(alpha.height * 0.86), alpha.width, alpha.height)).getbbox() or (
            0,
            0,
            alpha.width,
            1,
        )
        feet_w = max(8, feet[2] - feet[0])
        contact_h = max(4, round(feet_w * 0.16))
        contact = Image.new("L", (feet_w + 24, contact_h + 24), 0)
        ImageDraw.Draw(contact).ellipse((12, 12, 12 + feet_w, 12 + contact_h), fill=255)
        contact = contact.filter(ImageFilter.GaussianBlur(max(2.0, contact_h / 4)))
        contact = contact.resize((contact.width * 4, contact.height * 4), Image.Resampling.BICUBIC)
        self.darken(contact, (left + (feet[0] - 12) * 4, base - round((12 + contact_h * 0.55) * 4)), 0.62 * strength)

    def stand(
        self,
        sprite: Image.Image,
        x: float,
        y: float,
        width: float,
        *,
        turn: float = 0,
        flip: bool = False,
        blur: float = 0,
        shadow: float = 0.75,
        length: float = 0.34,
        shade: float = 0,
    ) -> None:
        """Put a cut-out on the table: middle of its foot at (x, y), `width` wide before it is turned.

        `blur` in units (depth of field), `shade` darkens it (0..1) for things further back.
        """
        if flip:
            sprite = sprite.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        sprite = turned(upscale(sprite, self.px(width)), turn)
        left = self.px(x) - sprite.width // 2
        base = self.px(y)
        if shadow:
            self.cast_shadow(sprite, left, base, length=length, strength=shadow)
        self._paste(sprite, left, base - sprite.height, blur, shade)

    def lay(
        self,
        sprite: Image.Image,
        x: float,
        y: float,
        width: float,
        *,
        turn: float = 0,
        blur: float = 0,
        shadow: float = 0.6,
        lift: float = 10,
        shade: float = 0,
    ) -> None:
        """Lay something flat (leaf, cloth, tray): its middle at (x, y); shadow offset by `lift` units."""
        sprite = turned(upscale(sprite, self.px(width)), turn)
        left, top = self.px(x) - sprite.width // 2, self.px(y) - sprite.height // 2
        if shadow:
            spread = max(2.0, self.px(lift) / 4)
            pad = round(spread * 3)
            alpha = sprite.getchannel("A").resize((sprite.width // 4 + 1, sprite.height // 4 + 1))
            soft = Image.new("L", (alpha.width + 2 * pad, alpha.height + 2 * pad), 0)
            soft.paste(alpha, (pad, pad))
            soft = soft.filter(ImageFilter.GaussianBlur(spread))
            soft = soft.resize((soft.width * 4, soft.height * 4), Image.Resampling.BICUBIC)
            self.darken(soft, (left - pad * 4 + self.px(lift), top - pad * 4 + self.px(lift)), shadow)
        self._paste(sprite, left, top, blur, shade)

    def _paste(self, sprite: Image.Image, left: int, top: int, blur: float, shade: float) -> None:
        if shade:
            alpha = sprite.getchannel("A")
            sprite = ImageEnhance.Brightness(sprite.convert("RGB")).enhance(1 - shade).convert("RGBA")
            sprite.putalpha(alpha)
        if blur:
            radius = max(0.6, blur * self.width / 1000)
            pad = round(radius * 2.5)
            room = Image.new("RGBA", (sprite.width + 2 * pad, sprite.height + 2 * pad))
            # colours bleed outward so that the blurred rim does not turn grey
            room.paste(sprite.convert("RGB").resize(room.size), (0, 0))
            room.paste(sprite.convert("RGB"), (pad, pad), sprite.getchannel("A"))
            alpha = Image.new("L", room.size, 0)
            alpha.paste(sprite.getchannel("A"), (pad, pad))
            sprite = room.convert("RGB").filter(ImageFilter.GaussianBlur(radius)).convert("RGBA")
            sprite.putalpha(alpha.filter(ImageFilter.GaussianBlur(radius)))
            left, top = left - pad, top - pad
        self.image.paste(sprite, (left, top), sprite.getchannel("A"))

    def steam(self, x: float, y: float, height: float, strength: float = 0.5) -> None:
        """Three soft wisps that rise from (x, y)."""
        w, h = self.px(height * 0.7) // 3, self.px(height) // 3
        mask = Image.new("L", (w, h), 0)
        draw = ImageDraw.Draw(mask)
        for wisp in range(3):
            middle = w * (0.3 + 0.2 * wisp)
            phase = self.rng.uniform(0, 6.28)
            points = [
                (
                    middle + math.sin(phase + 5.5 * t) * w * 0.10 * (0.4 + t),
                    h * (0.97 - 0.92 * t * (0.8 + 0.1 * wisp)),
                )
                for t in (i / 30 for i in range(31))
            ]
            draw.line(points, fill=190, width=max(3, w // 14), joint="curve")
        mask = mask.filter(ImageFilter.GaussianBlur(w / 20))
        fade = vertical((w, h), ((0.0, 0), (0.35, 150), (0.8, 255), (1.0, 60)))
        mask = ImageChops.multiply(mask, fade).resize((w * 3, h * 3), Image.Resampling.BICUBIC)
        mask = mask.point([round(i * strength) for i in range(256)])
        self.image.paste((255, 250, 240), (self.px(x) - mask.width // 2, self.px(y) - mask.height), mask)

    def sun_through_leaves(self, strength: float = 0.34) -> None:
        """Blurred shadows of leaves and patches of sun across everything."""
        w, h = self.width // 8, self.height // 8
        mask = Image.new("L", (w, h), 0)
        draw = ImageDraw.Draw(mask)
        for _ in range(16):
            x, y = self.rng.uniform(-0.1, 1.1) * w, self.rng.uniform(-0.1, 1.1) * h
            if 0.25 < x / w < 0.75 and 0.35 < y / h < 0.85 and self.rng.random() < 0.75:
                continue  # the goods in the middle stay in the sun
            length, angle = self.rng.uniform(0.18, 0.42) * w, self.rng.uniform(0.5, 1.15)
            dx, dy = math.cos(angle) * length / 2, math.sin(angle) * length / 2
            nx, ny = -math.sin(angle) * length * 0.14, math.cos(angle) * length * 0.14
            draw.polygon([(x - dx, y - dy), (x + nx, y + ny), (x + dx, y + dy), (x - nx, y - ny)], fill=255)
        mask = mask.filter(ImageFilter.GaussianBlur(w / 34)).resize(self.image.size, Image.Resampling.BICUBIC)
        self.darken(mask, (0, 0), strength, (70, 48, 34))

    def finish(self, *, warmth: float = 1.0, vignette: float = 0.42) -> Image.Image:
        """Light falls off from the upper left to the lower right; warm highlights, gentle contrast, vignette."""
        w, h = self.width, self.height
        light = radial(96).resize((w, h), Image.Resampling.BILINEAR, box=(34.6, 37.4, 82.6, 85.4))
        lit = ImageChops.screen(self.image, Image.new("RGB", (w, h), (255, 214, 150)))
        self.image = Image.composite(lit, self.image, light.point([round(i * 0.17 * warmth) for i in range(256)]))
        rim = ImageChops.invert(radial(96).resize((w, h), Image.Resampling.BILINEAR, box=(7.7, 9.3, 85.2, 86.7)))
        self.darken(rim.point([max(0, (i - 96) * 255 // 159) for i in range(256)]), (0, 0), vignette, (64, 30, 14))
        curve = [round(255 * _contrast(i / 255)) for i in range(256)]
        red = [min(255, round(v * (1 + 0.012 * warmth))) for v in curve]
        blue = [round(v * (1 - 0.035 * warmth) + 4) for v in curve]
        self.image = self.image.point(red + curve + [min(255, v) for v in blue])
        return ImageEnhance.Color(self.image).enhance(1.06)


def _contrast(value: float) -> float:
    """A mild S-curve with lifted blacks."""
    smooth = value * value * (3 - 2 * value)
    return 0.012 + 0.988 * (0.72 * value**0.93 + 0.28 * smooth)

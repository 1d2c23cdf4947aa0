"""The sizes of every kept picture and the names of their files: pure, without Django, so that drawing processes use it.

A row keeps one name, that of the whole picture, and everything a page needs follows from it without any look-up:

    photos/2026/11/5f0c…-1600x1200-c8a47e-1a.jpg     the whole: width × height, its mean colour, how it was made
    photos/2026/11/5f0c…-1600x1200-c8a47e-1a-640.avif     the same 640 pixels wide, beside it

"1a" is the edition of the widths and a letter: `a` has AVIF and WebP, `w` WebP only; a number behind it counts how
often the sizes were made anew. A file of such a name never changes, so browsers may keep it for ever. Names from before
all this (`…-1200.webp` with `-640` and `-320` beside it) are still understood; `manage.py picture_sizes` renews them.
"""

import io
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from PIL import Image, features

# thumbnails; cards on phones; cards on desks and pictures on phones; large pictures. Other widths: another edition.
EDITIONS: dict[int, tuple[int, ...]] = {1: (160, 320, 640, 960)}
EDITION = 1
WIDTHS = EDITIONS[EDITION]
JPEG_WIDTHS = (320, 640)  # for browsers that know neither AVIF nor WebP
WIDEST_WEBP = 640  # where there is AVIF: the few phones that know only WebP are small
LONGEST_SIDE = 1600  # of the whole, for zoom, feeds, shared links; the sizes are made anew from it
# Speeds at which a 12-megapixel photo costs about 0.2 s in all; AVIF 50 looks like WebP 76 and is a fifth smaller.
JPEG_QUALITY, WEBP_QUALITY, AVIF_QUALITY = 80, 76, 50
WHOLE_QUALITY = 85
WEBP_METHOD, AVIF_SPEED = 2, 9
HAS_AVIF = bool(features.check("avif"))

TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
_NAME = re.compile(
    r"^(?P<stem>.+)-(?P<width>\d{1,4})x(?P<height>\d{1,4})-(?P<tone>[0-9a-f]{6})-(?P<edition>\d)(?P<letter>[aw])"
    r"(?P<again>\d{0,4})\.jpg$"
)
_OLD_NAME = re.compile(r"^(?P<stem>.+)-1200\.webp$")
_OLD_WIDTHS = (320, 640, 1200)
_SIZED = re.compile(r"^(?P<base>.+-\d{1,4}x\d{1,4}-[0-9a-f]{6}-\d[aw]\d{0,4})-\d{1,4}\.(jpg|webp|avif)$")
_OLD_SIZED = re.compile(r"^(?P<stem>.+)-(320|640|1200)\.webp$")


@dataclass(frozen=True)
class PictureName:
    """What the name of a kept picture says. Width and height in pixels of the whole; `tone` as "c8a47e"."""

    stem: str
    width: int
    height: int
    tone: str
    has_avif: bool = HAS_AVIF
    again: int = 0  # how often the sizes were made anew
    edition: int = EDITION

    @property
    def whole(self) -> str:
        return f"{self._base}.jpg"

    @property
    def is_current(self) -> bool:
        """Whether this installation would make the same files."""
        return self.has_avif == HAS_AVIF and self.edition == EDITION

    def sized(self, width: int, ending: str) -> str:
        """The file of that width; `width` one of `widths_of(ending)`."""
        return f"{self._base}-{width}.{ending}"

    def widths_of(self, ending: str) -> tuple[int, ...]:
        """The widths there are as "avif", "webp" or "jpg", the whole one not counted. Nothing is blown up."""
        if ending == "jpg":
            return tuple(width for width in JPEG_WIDTHS if width < self.width)
        if ending == "avif" and not self.has_avif:
            return ()
        widths = EDITIONS[self.edition]
        if ending == "webp" and self.has_avif:
            widths = tuple(width for width in widths if width <= WIDEST_WEBP)
        narrower = tuple(width for width in widths if width < self.width)
        return narrower if self.width > widths[-1] else (*narrower, self.width)

    def files(self) -> list[str]:
        """Every file of the picture, the whole one last: when that is there, the others are."""
        sized = [self.sized(width, ending) for ending in TYPES for width in self.widths_of(ending)]
        return [*sized, self.whole]

    @property
    def _base(self) -> str:
        letter = "a" if self.has_avif else "w"
        return f"{self.stem}-{self.width}x{self.height}-{self.tone}-{self.edition}{letter}{self.again or ''}"


@lru_cache(maxsize=4096)
def read_name(name: str) -> PictureName | None:
    """What the name of a whole picture says; None for a picture of another origin."""
    match = _NAME.match(name)
    if match is None or int(match["edition"]) not in EDITIONS:
        return None
    width, height = int(match["width"]), int(match["height"])
    if not 0 < width <= LONGEST_SIDE or not 0 < height <= LONGEST_SIDE:
        return None
    return PictureName(
        stem=match["stem"],
        width=width,
        height=height,
        tone=match["tone"],
        has_avif=match["letter"] == "a",
        again=int(match["again"] or 0),
        edition=int(match["edition"]),
    )


def old_sizes(name: str) -> dict[int, str]:
    """The files by width of a picture with an old name, all WebP; empty for any other."""
    match = _OLD_NAME.match(name)
    return {width: f"{match['stem']}-{width}.webp" for width in _OLD_WIDTHS} if match else {}


def files_of(name: str) -> list[str]:
    """Every file that belongs to the picture a row names; for one of another origin that file alone."""
    found = read_name(name)
    return found.files() if found else list(old_sizes(name).values()) or [name]


def whole_of(file: str) -> str | None:
    """The name that a row would keep for the picture this file belongs to; None for a file of another origin."""
    match = _SIZED.match(file)
    if match:
        return f"{match['base']}.jpg"
    match = _OLD_SIZED.match(file)
    if match:
        return f"{match['stem']}-{_OLD_WIDTHS[-1]}.webp"
    return file if read_name(file) else None


def sized_name(name: str, width: int) -> str:
    """A file every program can read at least so wide, where there is one; else the whole."""
    found = read_name(name)
    if found is None:
        wide_enough = [file for size, file in old_sizes(name).items() if size >= width]
        return wide_enough[0] if wide_enough else name
    sizes = [size for size in found.widths_of("jpg") if size >= width]
    return found.sized(sizes[0], "jpg") if sizes else found.whole


def never_changes(name: str) -> bool:
    """Whether a file of this name is written once and for all, so that whoever has it need not ask again."""
    return whole_of(name) is not None


def encode_sizes(
    whole: Image.Image, *, stem: str, again: int = 0, tone: str = ""
) -> tuple[PictureName, Mapping[str, bytes]]:
    """Return the name that an RGB picture gets, and the bytes of its files by name, in the order to be written.

    No side may be longer than LONGEST_SIDE; nothing that the picture carries beside its pixels is written. `tone` is
    for pictures of our own making, whose names are known before they are drawn; otherwise it is the mean colour.
    """
    name, content = encode_whole(whole, stem=stem, again=again, tone=tone)
    return name, {**encode_files(whole, name, name.files()[:-1]), name.whole: content}


def encode_whole(whole: Image.Image, *, stem: str, again: int = 0, tone: str = "") -> tuple[PictureName, bytes]:
    """The same for the whole picture alone; `encode_files` makes the others of it later."""
    name = PictureName(stem, whole.width, whole.height, tone or mean_colour(whole), HAS_AVIF, again)
    return name, _jpeg(bare(whole), quality=WHOLE_QUALITY)


def encode_files(whole: Image.Image, name: PictureName, wanted: Collection[str]) -> dict[str, bytes]:
    """The bytes of those files of the picture, by name; `whole` has its size. AVIF only if this machine can."""
    last = bare(whole)
    by_width = {last.width: last}
    widths = {width for ending in TYPES for width in name.widths_of(ending)}
    for width in sorted(widths, reverse=True):
        if width < last.width:
            height = max(1, round(whole.height * width / whole.width))
            last = by_width[width] = last.resize((width, height), Image.Resampling.LANCZOS)
    return {
        file: _encoded(by_width[width], ending)
        for ending in TYPES
        for width in name.widths_of(ending)
        if (ending != "avif" or HAS_AVIF) and (file := name.sized(width, ending)) in wanted
    }


def bare(image: Image.Image) -> Image.Image:
    """Pixels only: encoders write what a picture carries in its `info`."""
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    return clean


def mean_colour(image: Image.Image) -> str:
    """The colour a picture has from far away, as "c8a47e"; stands in its place until it has come."""
    red, green, blue = image.reduce(8).resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))  # type: ignore[misc]
    return f"{red:02x}{green:02x}{blue:02x}"


def _encoded(image: Image.Image, ending: str) -> bytes:
    if ending == "jpg":
        return _jpeg(image, quality=JPEG_QUALITY, progressive=True, optimize=True)
    buffer = io.BytesIO()
    if ending == "webp":
        image.save(buffer, "WEBP", quality=WEBP_QUALITY, method=WEBP_METHOD)
    else:
        # one thread: several uploads share the machine with the pages
        image.save(buffer, "AVIF", quality=AVIF_QUALITY, speed=AVIF_SPEED, max_threads=1)
    return buffer.getvalue()


def _jpeg(image: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **options)
    return buffer.getvalue()

"""The one intake of pictures from people: turned upright, bounded, stripped of everything but the picture, re-encoded.

What comes in is hostile until it has been decoded here; what goes out is WebP made by us in three widths, without
place, time, owner or camera. Names follow one pattern, from which every reader derives the other widths:
`photos/2026/11/<token>-1200.webp` has `-640.webp` and `-320.webp` beside it; models keep the widest name.
A picture smaller than a width is not blown up: the file of that name then holds it at its own size.
"""

import io
import re
import secrets
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pillow_heif
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

WIDTHS = (320, 640, 1200)
WIDEST = WIDTHS[-1]
MOST_BYTES = 15_000_000  # the largest photo a phone of today makes is about 12 MB
MOST_PIXELS = 50_000_000  # a decoded pixel costs 3 bytes: 150 MB at the very worst
LEAST_SIDE_PX = 200
TALLEST = 2  # times the width; a screenshot of a whole page is not a photo
QUALITY = 80
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")
ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif,image/avif"  # for <input type="file">

_NAME = re.compile(rf"^(?P<stem>.+)-(?P<width>{'|'.join(str(width) for width in WIDTHS)})\.webp$")

_SIGNATURE = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n|RIFF....WEBP|....ftyp", re.DOTALL)
# What Pillow and its plugins raise on damaged files; UnidentifiedImageError is an OSError.
_DAMAGE = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, OverflowError, MemoryError, RuntimeError)

pillow_heif.register_heif_opener()

MESSAGES = {
    "too_many_bytes": _("This file is larger than 15 MB. Please take a smaller photo."),
    "not_a_photo": _("This file is not a photo we can read. JPEG, PNG, WebP and HEIC work."),
    "too_many_pixels": _("This photo has more than 50 megapixels. Please take it in the camera's normal size."),
    "broken": _("This photo is damaged or was not sent whole. Please send it again."),
    "too_small": _("This photo is too small to be seen well. It needs at least 200 × 200 pixels."),
}


class PhotoRefused(Exception):
    """The picture cannot be taken in; `code` is a key of MESSAGES, `str()` says it to a person."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return str(MESSAGES[self.code])


@dataclass(frozen=True)
class PreparedPhoto:
    """A picture ready to be kept: width (a number of WIDTHS) → WebP bytes; real size of the widest in pixels."""

    files: Mapping[int, bytes]
    width_px: int
    height_px: int


def prepare_photo(data: bytes) -> PreparedPhoto:
    """Decode what a person sent and encode it anew; raises PhotoRefused. Touches no disk and no database."""
    if len(data) > MOST_BYTES:
        raise PhotoRefused("too_many_bytes")
    upright = _decode(data)
    files: dict[int, bytes] = {}
    widest = upright
    for width in sorted(WIDTHS, reverse=True):
        sized = _within(widest, width)
        if width == WIDEST:
            widest = sized
        buffer = io.BytesIO()
        sized.save(buffer, "WEBP", quality=QUALITY, method=4)
        files[width] = buffer.getvalue()
    return PreparedPhoto(files=files, width_px=widest.width, height_px=widest.height)


def plain_picture(data: bytes) -> bytes:
    """The same for what is looked at once and shown in one size (a screenshot, a complaint): one WebP, 1200 px wide."""
    buffer = io.BytesIO()
    _within(_decode(data), WIDEST).save(buffer, "WEBP", quality=QUALITY, method=2)
    return buffer.getvalue()


def keep_photo(photo: PreparedPhoto, *, today: date, stem: str = "", storage: Storage = default_storage) -> str:
    """Write all widths and return the widest file's name, which is what models keep. Each call makes new files.

    `stem` (no ending) gives files a chosen name, for pictures of our own making; the caller sees to it that it is free.
    """
    stem = stem or f"photos/{today:%Y/%m}/{secrets.token_hex(10)}"
    for width, content in photo.files.items():
        storage.save(f"{stem}-{width}.webp", ContentFile(content))
    return f"{stem}-{WIDEST}.webp"


def sized_name(name: str, width: int) -> str:
    """The file of that width (a number of WIDTHS) of the same picture; a name of another pattern comes back as is."""
    if width not in WIDTHS:
        raise ValueError(f"no such width: {width}")
    match = _NAME.match(name)
    return f"{match['stem']}-{width}.webp" if match else name


def photo_srcset(name: str, *, storage: Storage = default_storage) -> str:
    """The `srcset` of a picture kept here; empty for one of another origin, which has a single size."""
    if not _NAME.match(name):
        return ""
    return ", ".join(f"{storage.url(sized_name(name, width))} {width}w" for width in WIDTHS)


def _within(image: Image.Image, width: int) -> Image.Image:
    """A copy at most so wide, and not taller than TALLEST allows; never blown up."""
    sized = image.copy()
    sized.thumbnail((width, width * TALLEST), Image.Resampling.LANCZOS, reducing_gap=3)
    return sized


def _decode(data: bytes) -> Image.Image:
    """Return a plain RGB picture, upright, in sRGB, that carries nothing but its pixels."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # MOST_PIXELS is stricter
            image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise PhotoRefused("too_many_pixels") from error
    except _DAMAGE as error:
        raise PhotoRefused("broken" if _SIGNATURE.match(data) else "not_a_photo") from error
    if image.width * image.height > MOST_PIXELS:
        raise PhotoRefused("too_many_pixels")
    if min(image.size) < LEAST_SIDE_PX:
        raise PhotoRefused("too_small")
    try:
        # JPEG can be decoded at a half, a quarter …: a 50 MP photo then costs little memory.
        image.draft("RGB", (WIDEST * 2, WIDEST * 2 * TALLEST))
        profile = image.info.get("icc_profile")
        turned = ImageOps.exif_transpose(image)
        return _only_pixels(turned, profile)
    except _DAMAGE as error:
        raise PhotoRefused("broken") from error


def _only_pixels(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Flatten onto white, convert to sRGB where the camera named its colours, and drop all else."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        image = Image.new("RGB", layer.size, "white")
        image.paste(layer, mask=layer.getchannel("A"))
    elif profile and image.mode in {"RGB", "CMYK"}:
        image = _to_srgb(image, profile)
    image = image.convert("RGB")
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    return clean


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Phones photograph in wider colour spaces; a profile that cannot be used leaves the colours as they are."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image

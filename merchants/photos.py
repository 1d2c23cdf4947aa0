"""The one intake of pictures from people: turned upright, bounded, stripped of everything but the picture, re-encoded.

What comes in is hostile until it has been decoded here; what goes out was encoded by us, without place, time, owner or
camera, in all the sizes that pages show (merchants.picture_sizes, which also says how the files are called).
"""

import io
import re
import secrets
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pillow_heif
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

from merchants.picture_sizes import (
    LONGEST_SIDE,
    PictureName,
    bare,
    encode_files,
    encode_sizes,
    encode_whole,
    read_name,
)

MOST_BYTES = 15_000_000  # the largest photo a phone of today makes is about 12 MB
MOST_PIXELS = 50_000_000  # a decoded pixel costs 3 bytes: 150 MB at the very worst
LEAST_SIDE_PX = 200
PLAIN_BOX, PLAIN_QUALITY = (1200, 2400), 80  # as tall as the screenshot of a phone
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")
ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif,image/avif"  # for <input type="file">

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
    """A picture ready to be kept: its name without the stem, and the bytes of its files by what follows the stem."""

    name: PictureName
    files: Mapping[str, bytes]

    @property
    def width_px(self) -> int:
        return self.name.width

    @property
    def height_px(self) -> int:
        return self.name.height

    @property
    def whole(self) -> bytes:
        """The largest size, as JPEG."""
        return self.files[self.name.whole]


def read_upload(upload: "UploadedFile[Any]") -> bytes:
    """The bytes of a file that a person sent; raises PhotoRefused before reading one that is too large.

    Its size counts, not what is there: an upload handler may have kept less of one that is too large.
    """
    if (upload.size or 0) > MOST_BYTES:
        raise PhotoRefused("too_many_bytes")
    return upload.read()


def prepare_photo(data: bytes) -> PreparedPhoto:
    """Decode what a person sent and encode it anew; raises PhotoRefused. Touches no disk and no database.

    A photo of 12 megapixels takes about 0.2 s of one core.
    """
    name, files = encode_sizes(_decode(data, (LONGEST_SIDE, LONGEST_SIDE)), stem="")
    return PreparedPhoto(name=name, files=files)


def prepare_whole(data: bytes) -> tuple[PictureName, bytes]:
    """The whole alone (its name without a stem), for those who keep it themselves and then call `make_sizes`."""
    return encode_whole(_decode(data, (LONGEST_SIDE, LONGEST_SIDE)), stem="")


def plain_picture(data: bytes) -> bytes:
    """The same for what is looked at once and shown in one size (a screenshot, a complaint): one WebP in PLAIN_BOX."""
    buffer = io.BytesIO()
    bare(_decode(data, PLAIN_BOX)).save(buffer, "WEBP", quality=PLAIN_QUALITY, method=2)
    return buffer.getvalue()


def upright_picture(data: bytes) -> Image.Image:
    """The pixels alone, for a program that looks into the picture and keeps nothing; raises PhotoRefused."""
    return bare(_decode(data, (LONGEST_SIDE, LONGEST_SIDE)))


def keep_photo(photo: PreparedPhoto, *, today: date, stem: str = "", storage: Storage = default_storage) -> str:
    """Write all sizes, the whole last, and return the whole one's name, which is what models keep.

    Each call makes new files. `stem` (no ending) gives them a chosen name, for pictures of our own making; the caller
    sees to it that it is free.
    """
    stem = stem or f"photos/{today:%Y/%m}/{secrets.token_hex(10)}"
    for rest, content in photo.files.items():
        storage.save(stem + rest, ContentFile(content))
    return stem + photo.name.whole


def make_sizes(name: str, *, storage: Storage = default_storage) -> int:
    """Make those sizes of a kept picture that are not there, from the whole one, and return how many were missing.

    May be called at any time and twice; does nothing for a picture of another origin. AVIF that this machine cannot
    make is left out. FileNotFoundError without the whole picture.
    """
    found = read_name(name)
    if found is None:
        return 0
    missing = [file for file in found.files()[:-1] if not storage.exists(file)]
    if missing:
        with storage.open(name) as handle, Image.open(handle, formats=("JPEG",)) as whole:
            files = encode_files(whole.convert("RGB"), found, missing)
        for file, content in files.items():
            storage.save(file, ContentFile(content))
    return len(missing)


def _decode(data: bytes, box: tuple[int, int]) -> Image.Image:
    """Return an RGB picture, upright, in sRGB, within the box; its `info` is still the camera's: encode a bare copy."""
    if len(data) > MOST_BYTES:
        raise PhotoRefused("too_many_bytes")
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
        # JPEG can be decoded at a half, a quarter …: less time, and a 50 MP photo then costs little memory.
        scale = min(1.0, max(box) / max(image.size))  # however it will be turned
        image.draft("RGB", (round(image.width * scale), round(image.height * scale)))
        profile = image.info.get("icc_profile")
        return _only_pixels(ImageOps.exif_transpose(image), box, profile)
    except _DAMAGE as error:
        raise PhotoRefused("broken") from error


def _only_pixels(image: Image.Image, box: tuple[int, int], profile: bytes | None) -> Image.Image:
    """Bound (nothing is blown up), flatten onto white, convert to sRGB where the camera named its colours.

    What takes time comes after the bounding.
    """
    is_transparent = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    if is_transparent:
        image = image.convert("RGBA")
    elif image.mode not in {"RGB", "CMYK", "L"}:
        image = image.convert("RGB")
    image.thumbnail(box, Image.Resampling.BICUBIC)
    if is_transparent:
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    elif profile and image.mode in {"RGB", "CMYK"}:
        image = _to_srgb(image, profile)
    return image.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Phones photograph in wider colour spaces; a profile that cannot be used leaves the colours as they are."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image

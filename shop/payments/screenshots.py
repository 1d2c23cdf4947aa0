"""A buyer's screenshot of a transfer: bounded, turned upright, stripped of everything but the picture. Never proof."""

import secrets
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

from shop.payments.errors import PaymentRefused

LARGEST_BYTES = 8 * 1024 * 1024
LARGEST_PIXELS = 30_000_000
LONGEST_SIDE_PX = 1_600


def clean_screenshot(upload: "UploadedFile[Any]") -> "ContentFile[bytes]":
    """Return the picture as a JPEG of at most 1,600 px a side, without metadata, under an unguessable name.

    Raises PaymentRefused: "picture_too_large" (8 MB, 30 megapixels), "not_a_picture".
    """
    if (upload.size or 0) > LARGEST_BYTES:
        raise PaymentRefused("picture_too_large")
    try:
        with Image.open(upload, formats=["JPEG", "PNG", "WEBP"]) as picture:
            if picture.width * picture.height > LARGEST_PIXELS:
                raise PaymentRefused("picture_too_large")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:  # what Pillow raises on bad bytes
        raise PaymentRefused("not_a_picture") from error
    upright.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    drawn = BytesIO()
    upright.save(drawn, "JPEG", quality=80)
    return ContentFile(drawn.getvalue(), name=f"{secrets.token_urlsafe(24)}.jpg")

"""Pictures of pages in the sizes the pages show: drawn when a picture comes or changes, only looked up when one is read.

Wagtail would draw a missing size while a visitor waits; a public GET of ours writes nothing.
"""

import logging
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from wagtail.images.models import Filter, Image

logger = logging.getLogger(__name__)

WIDTHS_PX = (640, 1280)
SPECS = tuple(f"width-{width}|format-webp" for width in WIDTHS_PX)


@dataclass(frozen=True)
class Picture:
    """What a template needs of one picture; width and height belong to `url`, the widest size there is."""

    url: str
    srcset: str
    width: int
    height: int
    alt: str
    credit: str


def picture_of(image: Image | None, *, alt: str | None = None, credit: str = "") -> Picture | None:
    """Return the picture in its sizes; None without an image, or when its sizes were never drawn (logged).

    `alt` None means: the description kept with the image. Prefetch `renditions` to look up many.
    """
    if image is None:
        return None
    found = image.find_existing_renditions(*(Filter(spec=spec) for spec in SPECS))
    sizes = {rendition.width: rendition for rendition in found.values()}
    if not sizes:
        logger.warning("the sizes of image %s are missing; `manage.py draw_pictures` draws them", image.pk)
        return None
    widest = sizes[max(sizes)]
    return Picture(
        url=widest.url,
        srcset=", ".join(f"{sizes[width].url} {width}w" for width in sorted(sizes)) if len(sizes) > 1 else "",
        width=widest.width,
        height=widest.height,
        alt=image.description if alt is None else alt,
        credit=credit,
    )


def draw_sizes(image: Image) -> None:
    """Draw the sizes of one image that are not there yet; may be called again."""
    image.get_renditions(*SPECS)


def on_image_saved(sender: type, instance: Image, raw: bool = False, **_kwargs: Any) -> None:
    """Receiver of post_save: draws once the change is committed, when Wagtail has thrown the old file's sizes away."""
    if not raw:
        transaction.on_commit(lambda: draw_sizes(instance))

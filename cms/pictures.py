"""Pictures of pages in the two sizes that pages show: drawn when a picture comes, only looked up when a page is read.

The kept file is ours already (cms.picture_intake) and serves as the wide size; Wagtail draws the narrow one. It would
draw it while a visitor waits, but a public GET of ours writes nothing.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from wagtail.images.models import Filter, Image

NARROW_PX = 800  # fills a phone of 360 px with two pixels for each
NARROW_SPEC = f"width-{NARROW_PX}|format-webp"


@dataclass(frozen=True)
class Picture:
    """What a template needs of one picture; width and height belong to `url`, the wide size."""

    url: str
    srcset: str
    width: int
    height: int
    alt: str
    credit: str


def picture_of(image: Image | None, *, alt: str | None = None, credit: str = "") -> Picture | None:
    """Return the picture with the sizes it has; None without an image. Prefetch `renditions` to look up many.

    `alt` None means: the description kept with the image.
    """
    if image is None:
        return None
    sizes = [(image.file.url, image.width)]
    sizes += [(found.url, found.width) for found in image.find_existing_renditions(Filter(spec=NARROW_SPEC)).values()]
    return Picture(
        url=image.file.url,
        srcset=", ".join(f"{url} {width}w" for url, width in reversed(sizes)) if len(sizes) > 1 else "",
        width=image.width,
        height=image.height,
        alt=image.description if alt is None else alt,
        credit=credit,
    )


def draw_sizes(image: Image) -> None:
    """Draw the narrow size where it is missing and would be narrower; may be called again."""
    if image.width > NARROW_PX:
        image.get_renditions(NARROW_SPEC)


def on_image_saved(sender: type, instance: Image, raw: bool = False, **_kwargs: Any) -> None:
    """Receiver of post_save: draws once the change is committed, when Wagtail has thrown the old file's sizes away."""
    if not raw:
        transaction.on_commit(lambda: draw_sizes(instance))

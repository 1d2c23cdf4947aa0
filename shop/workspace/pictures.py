"""A product's picture as the workspace's lists show it."""

from dataclasses import dataclass
from typing import Any

from merchants.photos import photo_srcset, sized_name

SMALL = 320


@dataclass(frozen=True)
class Picture:
    """What templates/partials/picture.html asks for."""

    url: str
    srcset: str
    alt: str
    width: int = 320
    height: int = 320


def picture_of(image: Any, *, alt: str) -> Picture | None:
    """The small picture of a ProductImage; None without one."""
    if image is None or not image.original:
        return None
    storage, name = image.original.storage, image.original.name
    return Picture(url=storage.url(sized_name(name, SMALL)), srcset=photo_srcset(name, storage=storage), alt=alt)

"""A product's picture as the workspace's lists show it."""

from typing import Any

from merchants.shown_pictures import ShownPicture, shown_picture


def picture_of(image: Any, *, alt: str) -> ShownPicture | None:
    """The picture of a ProductImage; None without one."""
    return shown_picture(image.original.name, alt=alt) if image else None

"""Pictures of pages: Wagtail keeps the whole one, and its sizes lie beside it as of every picture (merchants.photos).

They are made when a picture comes and only named when a page is read: a public GET of ours writes nothing.
"""

from typing import Any

from django.db import transaction
from wagtail.images.models import Image

from merchants.photos import make_sizes
from merchants.picture_sizes import read_name
from merchants.picture_upkeep import drop_pictures
from merchants.shown_pictures import ShownPicture
from shop.storefront.generation import note_change


def picture_of(image: Image | None, *, alt: str | None = None, credit: str = "") -> ShownPicture | None:
    """Return what a page shows of it; None without an image. `alt` None means: the description kept with the image."""
    if image is None:
        return None
    return ShownPicture(
        image.file.name,
        alt=image.description if alt is None else alt,
        credit=credit,
        known_size=(image.width, image.height),
    )


def on_image_saved(sender: type, instance: Image, raw: bool = False, **_kwargs: Any) -> None:
    """Receiver of post_save: makes the sizes once the change is committed and the file is there."""
    if not raw:
        transaction.on_commit(lambda: make_sizes(instance.file.name))


def on_image_deleted(sender: type, instance: Image, **_kwargs: Any) -> None:
    """Receiver of post_delete: Wagtail takes the whole picture away, we its sizes."""
    drop_pictures([instance.file.name])


def on_file_renamed(*, old: str, new: str) -> None:
    """The picture's sizes were made anew (setting PICTURE_FIELDS): what Wagtail noted about the file follows."""
    found = read_name(new)
    images = Image.objects.filter(file=new)
    if found:
        images.update(width=found.width, height=found.height, file_hash="", file_size=None)
    for image in images:
        image.renditions.all().delete()
    note_change()

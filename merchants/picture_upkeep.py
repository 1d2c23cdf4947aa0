"""Kept pictures over the years: dropping files nobody shows any more, bringing old ones to today's sizes.

Which columns hold names of pictures stands in the setting PICTURE_FIELDS ("app.Model.field" → what else a new name
needs, a dotted name called with old= and new=, or ""). A row is never without its files: files are written before the
row and dropped after it, so that whoever is stopped in between leaves files that `sweep` finds, never a broken picture.
"""

import logging
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from posixpath import splitext
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task
from PIL import Image, ImageOps

from merchants.photos import make_sizes
from merchants.picture_sizes import HAS_AVIF, LONGEST_SIDE, encode_sizes, files_of, old_sizes, read_name, whole_of

log = logging.getLogger(__name__)

GRACE = timedelta(minutes=10)  # pages that are open, and caches before us, may still show a dropped picture
ORPHANED_AFTER = timedelta(days=1)  # no upload takes so long
FOLDERS = ("photos", "original_images")  # ours and Wagtail's; the demo's drawings are shared and stay
_CHUNK = 500


# --- dropping -------------------------------------------------------------------------------------------------------


def drop_pictures(names: Iterable[str]) -> None:
    """Have the files of these pictures removed soon, unless a row names them again; call it beside the deletion.

    The order stands in the database with the change itself: nothing is lost when the process ends here.
    """
    wanted = sorted({name for name in names if name.startswith(tuple(f"{folder}/" for folder in FOLDERS))})
    if wanted:
        remove_pictures.using(run_after=timezone.now() + GRACE).enqueue(names=wanted)


@task()
def remove_pictures(names: list[str]) -> int:
    """Remove the files of those of these pictures that no row names; returns how many pictures. Safe to run again."""
    unused = set(names) - named_by_rows(names)
    for name in sorted(unused):
        for file in files_of(name):
            default_storage.delete(file)
    return len(unused)


def sweep(*, now: datetime | None = None, only_recent: bool = False) -> int:
    """Remove files of pictures that no row names and that are older than a day; returns how many files.

    They come from uploads that ended between file and row. `only_recent`: this month's and last month's folder, for
    the clock; the command looks everywhere.
    """
    now = now or timezone.now()
    removed = 0
    for folder in _folders(now if only_recent else None):
        by_whole: dict[str, list[str]] = defaultdict(list)
        for file in default_storage.listdir(folder)[1]:
            if whole := whole_of(f"{folder}/{file}"):
                by_whole[whole].append(f"{folder}/{file}")
        for chunk in _chunks(sorted(by_whole)):
            for whole in sorted(set(chunk) - named_by_rows(chunk)):
                for file in by_whole[whole]:
                    if default_storage.get_modified_time(file) < now - ORPHANED_AFTER:
                        default_storage.delete(file)
                        removed += 1
    return removed


def sweep_recent() -> None:
    """A job of the clock."""
    if removed := sweep(only_recent=True):
        log.info("swept files of pictures that nothing shows", extra={"files": removed})


def named_by_rows(names: Sequence[str]) -> set[str]:
    """Those of these names that some row keeps."""
    found: set[str] = set()
    for holder in holders():
        for chunk in _chunks(names):
            rows = holder.rows().filter(**{f"{holder.field}__in": chunk})
            found.update(rows.values_list(holder.field, flat=True).distinct())
    return found


# --- today's sizes --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Holder:
    """A column that holds names of pictures."""

    model: type[models.Model]
    field: str
    renamed: Callable[..., None] | None  # called with old= and new=

    def rows(self) -> models.QuerySet[Any]:
        return self.model._default_manager.all()


def holders() -> list[Holder]:
    """The columns of the setting PICTURE_FIELDS."""
    found = []
    for path, renamed in settings.PICTURE_FIELDS.items():
        label, _, field = path.rpartition(".")
        found.append(Holder(apps.get_model(label), field, import_string(renamed) if renamed else None))
    return found


def picture_names() -> list[str]:
    """Every picture that a row names, once, in order of name."""
    names: set[str] = set()
    for holder in holders():
        names.update(holder.rows().order_by().values_list(holder.field, flat=True).distinct())
    return sorted(names - {""})


def renew_picture(name: str) -> str:
    """Make all sizes of a kept picture anew and have every row name them; returns the new name.

    A file keeps its name only while it keeps its content, because browsers may hold it for ever: so the picture gets
    another name and the old files go later. FileNotFoundError where the picture is gone, OSError where it is damaged.
    """
    known = read_name(name)
    stem = stem_of(name)
    if not known and not old_sizes(name):
        stem = f"{stem}-{secrets.token_hex(5)}"  # two files of another origin may differ in their ending only
    with default_storage.open(name) as handle, Image.open(handle) as opened:
        whole = ImageOps.exif_transpose(opened).convert("RGB")
    whole.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    new, files = encode_sizes(whole, stem=stem, again=known.again + 1 if known else 0)
    for file, content in files.items():
        if default_storage.exists(file):  # of a run that was stopped: it may be cut short
            default_storage.delete(file)
        default_storage.save(file, ContentFile(content))
    with transaction.atomic():
        for holder in holders():
            holder.rows().filter(**{holder.field: name}).update(**{holder.field: new.whole})
            if holder.renamed:
                holder.renamed(old=name, new=new.whole)
        drop_pictures([name])
    return new.whole


def complete_picture(name: str) -> bool:
    """Bring one picture up to date with as little as possible: missing files under the same name, else all anew.

    Returns whether anything was to be done.
    """
    found = read_name(name)
    if found is None or not found.is_current:
        renew_picture(name)
        return True
    return make_sizes(name) > 0


def stem_of(name: str) -> str:
    """What stays of a picture's name when its sizes are made anew."""
    if found := read_name(name):
        return found.stem
    return name.removesuffix("-1200.webp") if old_sizes(name) else splitext(name)[0]


def picture_notices() -> Iterator[str]:
    """What of the pictures deserves a look (doctor)."""
    if not HAS_AVIF:
        yield "pictures: Pillow has no AVIF here, so new photos are kept as WebP and JPEG only, a fifth larger"
    names = picture_names()
    old = sum(1 for name in names if (found := read_name(name)) is None or not found.is_current)
    if old:
        yield f"pictures: {old} of {len(names)} lack today's sizes; manage.py picture_sizes --missing makes them"


# --- folders --------------------------------------------------------------------------------------------------------


def _folders(month_of: datetime | None) -> Iterator[str]:
    """Where kept pictures lie: all of them, or those of this and last month."""
    if month_of is not None:
        last = month_of.replace(day=1) - timedelta(days=1)
        candidates = [f"{FOLDERS[0]}/{day:%Y/%m}" for day in (timezone.localtime(month_of), last)]
        yield from (folder for folder in candidates if _is_folder(folder))
        return
    for top in FOLDERS:
        if _is_folder(top):
            yield from _tree(top)


def _tree(folder: str) -> Iterator[str]:
    yield folder
    for inner in default_storage.listdir(folder)[0]:
        yield from _tree(f"{folder}/{inner}")


def _is_folder(folder: str) -> bool:
    """Storages without folders (S3) list nothing for a missing one; the file system raises."""
    try:
        default_storage.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _chunks(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _CHUNK):
        yield names[start : start + _CHUNK]

"""Photos of a form that was sent back for another fault: she need not choose, and send, them again.

They lie where no address serves them, under the number of the person who sent them, and go after a day. A browser
cannot put files back into a form; without this a product goes on sale without the photo that was taken first.
"""

import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.utils import timezone

from merchants.photos import PhotoRefused, PreparedPhoto, prepare_photo
from shop.users.models import User

KEPT_FOR = timedelta(days=1)
MOST_OF_ONE_PERSON = 24
_FOLDER = "waiting-photos"
_TOKEN = re.compile(r"[0-9a-f]{32}\Z")


def _storage() -> Storage:
    return storages["private"]


def _name(person: User, token: str) -> str:
    return f"{_FOLDER}/{person.pk}/{token}.jpg"


def keep_waiting(*, photos: Sequence[PreparedPhoto], person: User) -> list[str]:
    """Keep them for her next try and return their tokens; the oldest go when there are too many."""
    tokens = []
    for photo in photos:
        token = secrets.token_hex(16)
        _storage().save(_name(person, token), ContentFile(photo.whole))
        tokens.append(token)
    _remove(f"{_FOLDER}/{person.pk}", keep_newest=MOST_OF_ONE_PERSON)
    return tokens


def waiting_photos(*, tokens: Iterable[str], person: User) -> list[PreparedPhoto]:
    """Her photos of these tokens; another person's, unknown and outdated ones are left out."""
    found = []
    for token in tokens:
        if not _TOKEN.match(token) or not _storage().exists(_name(person, token)):
            continue
        with _storage().open(_name(person, token)) as kept:
            try:
                found.append(prepare_photo(kept.read()))
            except PhotoRefused:  # a file that was damaged on our disk is no reason to refuse her form
                continue
    return found


def drop_waiting(*, tokens: Iterable[str], person: User) -> None:
    """Forget them; what is gone already is no error."""
    for token in tokens:
        if _TOKEN.match(token):
            _storage().delete(_name(person, token))


def remove_old_waiting_photos(now: datetime | None = None) -> int:
    """Remove what nobody came back for within KEPT_FOR and return how many; the clock calls it daily."""
    before = (now or timezone.now()) - KEPT_FOR
    try:
        folders, _files = _storage().listdir(_FOLDER)
    except FileNotFoundError:  # nobody ever came; a bucket has no folders and lists none
        return 0
    return sum(_remove(f"{_FOLDER}/{folder}", before=before) for folder in folders)


def _remove(folder: str, *, before: datetime | None = None, keep_newest: int = 0) -> int:
    _folders, files = _storage().listdir(folder)
    dated = sorted(((_storage().get_modified_time(f"{folder}/{file}"), file) for file in files), reverse=True)
    gone = [file for at, file in dated if at < before] if before else [file for _at, file in dated[keep_newest:]]
    for file in gone:
        _storage().delete(f"{folder}/{file}")
    return len(gone)

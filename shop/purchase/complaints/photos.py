"""Photos beside what is said in a case: taken in by the one intake, kept in the private storage."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse

from merchants.photos import MOST_BYTES, PhotoRefused, plain_picture
from shop.purchase.complaints.models import Complaint, ComplaintEntry, ComplaintPhoto
from shop.purchase.complaints.states import ComplaintRefused

MOST_PHOTOS = 5  # of each side in one case


def take_in(files: "Iterable[UploadedFile[Any]]") -> list[bytes]:
    """Decode and encode anew what a person chose, before any lock is taken.

    Raises ComplaintRefused("too_many_photos") before looking at the first, PhotoRefused for what is no photo.
    """
    chosen = [file for file in files if file]
    if len(chosen) > MOST_PHOTOS:
        raise ComplaintRefused("too_many_photos")
    if any((file.size or 0) > MOST_BYTES for file in chosen):
        raise PhotoRefused("too_many_bytes")
    return [plain_picture(file.read(MOST_BYTES + 1)) for file in chosen]


def room_for_photos(complaint: Complaint, *, by: str) -> int:
    """How many more photos this side may add to the case."""
    kept = ComplaintPhoto.objects.filter(entry__complaint=complaint, entry__by=by).count()
    return max(0, MOST_PHOTOS - kept)


def keep_photos(entry: ComplaintEntry, photos: Sequence[bytes]) -> None:
    """Keep prepared photos beside an entry; the last act of its transaction, so that no refusal leaves files behind.

    Raises ComplaintRefused("too_many_photos").
    """
    if len(photos) > room_for_photos(entry.complaint, by=entry.by):
        raise ComplaintRefused("too_many_photos")
    for photo in photos:
        row = ComplaintPhoto(entry=entry)
        row.picture.save(f"{secrets.token_urlsafe(24)}.webp", ContentFile(photo), save=False)
        row.save()


def photo_answer(complaint: Complaint, pk: int) -> HttpResponse:
    """The picture itself, kept by no cache; the caller has found that the reader may see the case.

    Http404 for a photo of another case.
    """
    photo = ComplaintPhoto.objects.filter(pk=pk, entry__complaint=complaint).first()
    if photo is None:
        raise Http404("no such photo here")
    try:
        with photo.picture.open("rb") as kept:
            answer = HttpResponse(kept.read(), content_type="image/webp")
    except FileNotFoundError as error:
        raise Http404("its file is gone") from error
    answer.headers["Content-Disposition"] = f'inline; filename="{complaint.number}-{photo.pk}.webp"'
    answer.headers["Cache-Control"] = "no-store, private"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer

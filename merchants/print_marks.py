"""The marks that staff uploaded for the signs of their commune."""

from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from merchants import audit
from merchants.models import Commune, PrintMark
from merchants.photos import keep_photo, prepare_photo
from merchants.picture_upkeep import drop_pictures
from merchants.print_sheets import Marks


def marks_of(commune_id: int) -> Marks:
    """The commune's marks as the sheets take them; VietQR and NAPAS in this order, then the bank's own."""
    general: list[bytes] = []
    of_banks: dict[str, bytes] = {}
    for mark in PrintMark.objects.filter(commune=commune_id).order_by("-kind"):
        with default_storage.open(str(mark.picture.name)) as kept:
            picture = kept.read()
        if mark.kind == PrintMark.Kind.BANK:
            of_banks[mark.bank_code] = picture
        else:
            general.append(picture)
    return Marks(general=general, of_banks=of_banks)


@transaction.atomic
def set_mark(
    *,
    commune: Commune,
    kind: str,
    bank_code: str,
    data: bytes,
    actor: Any,
    request: HttpRequest | None = None,
) -> PrintMark:
    """Take in a picture as the commune's mark of that kind, in place of an earlier one. Raises PhotoRefused."""
    name = keep_photo(prepare_photo(data), today=timezone.localdate())
    known = PrintMark.objects.select_for_update().filter(commune=commune, kind=kind, bank_code=bank_code).first()
    if known is not None:
        drop_pictures([str(known.picture.name)])
    mark = known or PrintMark(commune=commune, kind=kind, bank_code=bank_code)
    mark.picture.name = name
    mark.added_by = actor
    mark.save()
    audit.record(
        action="print_mark.set", obj=mark, actor=actor, commune=commune, after={"mark": str(mark)}, request=request
    )
    return mark


@transaction.atomic
def remove_mark(*, mark: PrintMark, actor: Any, request: HttpRequest | None = None) -> None:
    """Take a mark off all signs drawn from now on."""
    audit.record(
        action="print_mark.removed",
        obj=mark,
        actor=actor,
        commune=mark.commune,
        before={"mark": str(mark)},
        request=request,
    )
    drop_pictures([str(mark.picture.name)])
    mark.delete()

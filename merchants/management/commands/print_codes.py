"""`manage.py print_codes`: the signs of a commune or a village as one PDF."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.utils import timezone, translation

from merchants import audit
from merchants.folding import fold_text
from merchants.models import Commune, Village
from merchants.print_marks import marks_of
from merchants.print_runs import codes_to_print, sign_of, site_host
from merchants.print_sheets import LAYOUTS, draw_parts, join_parts, sheet_words


class Command(BaseCommand):
    help = "Writes the signs of a commune's valid payment codes as one vector PDF in mm."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--commune", required=True, metavar="CODE", help="Code of the commune, as 17605.")
        parser.add_argument("--village", metavar="NAME", help="Only this village; marks and case do not matter.")
        parser.add_argument("--layout", choices=sorted(LAYOUTS), default="a4")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.pdf")

    def handle(self, *args: Any, **options: Any) -> None:
        commune = Commune.objects.filter(code=options["commune"]).first()
        if commune is None:
            raise CommandError(f"There is no commune {options['commune']}.")
        out: Path = options["out"]
        if not out.parent.is_dir():
            raise CommandError(f"There is no folder {out.parent}.")
        codes = codes_to_print(commune=commune)
        if options["village"] is not None:
            codes = codes.filter(account__merchant__village__in=_villages(commune, options["village"]))
        count = codes.count()
        if not count:
            raise CommandError("There is no code to print.")
        signs = (sign_of(code, host=site_host()) for code in codes.iterator(chunk_size=500))
        with translation.override("vi"):
            marks = marks_of(commune.pk)
            parts = draw_parts(signs, layout=options["layout"], words=sheet_words(), marks=marks)
            pages = join_parts(parts, out)
        if options["layout"] != "strips":
            now = timezone.now()
            codes.model.objects.filter(pk__in=codes.order_by().values("pk")).update(printed_at=now)
        audit.record(
            action="codes.print_done",
            obj=commune,
            actor_label="print_codes",
            after={"count": count, "pages": pages, "village": options["village"] or "", "layout": options["layout"]},
        )
        self.stdout.write(f"{out}: {count} codes on {pages} pages")


def _villages(commune: Commune, name: str) -> QuerySet[Village]:
    """Villages of that name; "Xóm 1 · Long Thành" means the one in that former commune."""
    village, _, former = name.partition("·")
    found = commune.villages.filter(folded_name=fold_text(village))
    if former.strip():
        wanted = fold_text(former)
        found = found.filter(pk__in=[v.pk for v in found.select_related("former_commune") if _former(v) == wanted])
    if not found.exists():
        raise CommandError(f"There is no village {name} in {commune.name}.")
    return found


def _former(village: Village) -> str:
    return fold_text(village.former_commune.name) if village.former_commune else ""

"""Fills `spelled_title` of the goods that are listed already: as catalogue.search.spelled_words does."""

import re
import unicodedata

from django.db import migrations

WORD = re.compile(r"[^\W_]+")
BATCH = 1_000


def spell_titles(apps, schema_editor):
    ListedProduct = apps.get_model("catalogue", "ListedProduct")
    last = 0
    while rows := list(ListedProduct.objects.filter(pk__gt=last).order_by("pk").only("pk", "title")[:BATCH]):
        for row in rows:
            row.spelled_title = " ".join(WORD.findall(unicodedata.normalize("NFC", row.title.casefold())))
        ListedProduct.objects.bulk_update(rows, ["spelled_title"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0037_listed_spelling")]
    operations = [migrations.RunPython(spell_titles, migrations.RunPython.noop)]

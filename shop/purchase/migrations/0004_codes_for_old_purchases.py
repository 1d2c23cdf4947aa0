"""Give every purchase of before a look-up code of its own, in batches."""

import secrets

from django.db import migrations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # shop.order.reference, as of this migration
AT_ONCE = 500


def fill(apps, schema_editor):
    purchases = apps.get_model("purchase", "Purchase").objects.using(schema_editor.connection.alias)
    while rows := list(purchases.filter(look_up_code="").only("pk")[:AT_ONCE]):
        for row in rows:
            row.look_up_code = "".join(secrets.choice(ALPHABET) for _ in range(6))
        purchases.bulk_update(rows, ["look_up_code"])


class Migration(migrations.Migration):
    dependencies = [("purchase", "0003_found_again_gift_invoice")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

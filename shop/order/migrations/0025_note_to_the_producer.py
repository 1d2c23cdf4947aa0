"""A buyer's words to one producer stand on that producer's order; the purchase's own note went to all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("order", "0024_order_of_purchase")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="buyer_note",
            field=models.CharField(blank=True, max_length=500, verbose_name="note to the producer"),
        ),
    ]

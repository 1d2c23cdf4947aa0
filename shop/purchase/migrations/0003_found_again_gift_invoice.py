"""How a purchase is found again, the gift, and what the buyer wants on her invoice. 0004 fills the codes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import shop.purchase.models


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0003_audit_append_only"),
        ("order", "0025_note_to_the_producer"),
        ("purchase", "0002_relations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="purchase",
            name="gift_message",
            field=models.CharField(blank=True, max_length=300, verbose_name="words that go with the gift"),
        ),
        migrations.AddField(
            model_name="purchase",
            name="is_gift",
            field=models.BooleanField(default=False, verbose_name="gift"),
        ),
        # Empty first: a default that is called while adding a column gives every old row the same code.
        migrations.AddField(
            model_name="purchase",
            name="look_up_code",
            field=models.CharField(default="", editable=False, max_length=6),
        ),
        migrations.AlterField(
            model_name="purchase",
            name="look_up_code",
            field=models.CharField(default=shop.purchase.models.new_look_up_code, editable=False, max_length=6),
        ),
        migrations.AddField(
            model_name="purchase",
            name="look_up_issued_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="purchase",
            name="look_up_issued_by",
            field=models.CharField(blank=True, editable=False, max_length=120),
        ),
        migrations.AddIndex(
            model_name="purchase",
            index=models.Index(fields=["look_up_code"], name="purchase_by_look_up_code"),
        ),
        migrations.AddIndex(
            model_name="purchase",
            index=models.Index(fields=["user", "-id"], name="purchase_of_member"),
        ),
        migrations.CreateModel(
            name="InvoiceRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("company_name", models.CharField(max_length=200, verbose_name="company")),
                ("tax_code", models.CharField(max_length=13, verbose_name="tax code")),
                ("address", models.CharField(max_length=255, verbose_name="address")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                (
                    "purchase",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invoice_request",
                        to="purchase.purchase",
                    ),
                ),
            ],
            options={"verbose_name": "invoice request", "verbose_name_plural": "invoice requests"},
        ),
    ]

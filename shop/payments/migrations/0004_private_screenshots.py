import shop.payments.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0003_receipt_reference'),
    ]

    operations = [
        migrations.AlterField(
            model_name='paymentattempt',
            name='buyer_screenshot',
            field=models.ImageField(blank=True, storage=shop.payments.models.private_storage, upload_to='transfer-screenshots/'),
        ),
    ]

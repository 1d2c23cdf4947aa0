"""Fork of Oscar's `address` app: same label, our fields."""

from oscar.apps.address import apps


class AddressConfig(apps.AddressConfig):
    name = "shop.address"
    default_auto_field = "django.db.models.BigAutoField"

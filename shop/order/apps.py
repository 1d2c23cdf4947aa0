"""Fork of Oscar's `order` app: same label, our fields."""

from oscar.apps.order import apps


class OrderConfig(apps.OrderConfig):
    name = "shop.order"
    default_auto_field = "django.db.models.BigAutoField"

"""Fork of Oscar's `partner` app: same label, our fields."""

from oscar.apps.partner import apps


class PartnerConfig(apps.PartnerConfig):
    name = "shop.partner"
    default_auto_field = "django.db.models.BigAutoField"

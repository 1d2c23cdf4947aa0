from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PurchaseConfig(AppConfig):
    name = "shop.purchase"
    label = "purchase"
    verbose_name = _("Purchases")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to payments: an order follows its attempts."""
        from shop.purchase import holds  # noqa: F401

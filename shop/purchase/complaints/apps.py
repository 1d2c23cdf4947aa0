from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "shop.purchase.complaints"
    label = "complaints"
    verbose_name = _("Complaints")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to payments: a complaint follows the refund that was agreed in it."""
        from shop.purchase.complaints import agreed_refund  # noqa: F401

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "shop.outbox"
    label = "outbox"
    verbose_name = _("Outbox and clock")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shop.outbox.checks import check_dotted_paths

        register(check_dotted_paths)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagesConfig(AppConfig):
    name = "shop.messages"
    label = "shop_messages"
    verbose_name = _("Messages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to the register: who is paid where must not change in silence."""
        from shop.messages import account_letters  # noqa: F401

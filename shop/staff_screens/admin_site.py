"""Django's admin with what the platform's staff needs there; Oscar's tables only to look at, unused ones not at all.

Goods, stock and orders have one writer each elsewhere (audited, with the rules of this shop); a form here would go
round them, as the dashboard's would (shop.oscar_dashboard).
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.apps import AdminConfig
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

TO_LOOK_AT = frozenset({"catalogue", "partner", "order", "address"})
NOT_USED = frozenset(
    {
        "analytics",
        "auth",  # rights come from memberships
        "basket",
        "communication",
        "customer",
        "flatpages",
        "offer",
        "payment",
        "reviews",
        "shipping",
        "taggit",
        "voucher",
        "wagtaildocs",
        "wagtailimages",
        "wishlists",
    }
)


class LookedAt(ModelAdmin):
    """Mixed in before an admin class: everything is shown, nothing can be written."""

    actions = None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SecondFactorOfOthers(ModelAdmin):
    """Mixed in before allauth's: a lost second factor can be taken away; its secret is nobody's to read or write."""

    exclude = ["data"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StaffAdminSite(AdminSite):
    site_header = site_title = "OCOP"
    index_title = _("System tables")

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin] | None = None,
        **options: Any,
    ) -> None:
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        for model in models:
            label = model._meta.app_label
            if label in NOT_USED:
                continue
            chosen = admin_class or ModelAdmin
            before = LookedAt if label in TO_LOOK_AT else SecondFactorOfOthers if label == "mfa" else None
            if before is not None:
                chosen = type(chosen.__name__, (before, chosen), {"__module__": chosen.__module__})
            super().register(model, chosen, **options)


class StaffAdminConfig(AdminConfig):
    """Stands in INSTALLED_APPS where "django.contrib.admin" would."""

    default_site = "shop.staff_screens.admin_site.StaffAdminSite"

from django.apps import AppConfig


class ShopConfig(AppConfig):
    """The project package itself: settings, commands and the locale that serve all packages."""

    name = "shop"
    label = "shop_project"

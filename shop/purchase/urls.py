"""Addresses of shop.purchase."""

from django.urls import URLPattern, URLResolver

app_name = "purchase"
urlpatterns: list[URLPattern | URLResolver] = []

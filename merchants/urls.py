"""Addresses of the commune's side, under /quan-ly/."""

from django.urls import URLPattern, URLResolver

app_name = "merchants"
urlpatterns: list[URLPattern | URLResolver] = []

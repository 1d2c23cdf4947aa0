"""Addresses of shop.workspace, under /quan-ly/."""

from django.urls import URLPattern, URLResolver, path

from shop.workspace import home

app_name = "workspace"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.show, name="home"),
]

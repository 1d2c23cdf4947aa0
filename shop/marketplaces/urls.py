"""Addresses of shop.marketplaces: the product feeds."""

from django.urls import path

from shop.marketplaces.feeds import views

app_name = "marketplaces"
urlpatterns = [
    path("feeds/google.xml", views.google_xml, name="google_feed"),
    path("feeds/meta.csv", views.meta_csv, name="meta_feed"),
]

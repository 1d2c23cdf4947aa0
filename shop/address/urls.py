"""Addresses around addresses."""

from django.urls import path

from shop.address import views

app_name = "shop_address"
urlpatterns = [
    path("thanh-toan/xa/", views.found_communes, name="found_communes"),
]

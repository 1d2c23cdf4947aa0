"""Addresses around addresses."""

from django.urls import path

from shop.address import views

app_name = "shop_address"
urlpatterns = [
    path("thanh-toan/xa/", views.found_communes, name="found_communes"),
    path("tai-khoan/dia-chi/", views.my_addresses, name="my_addresses"),
    path("tai-khoan/dia-chi/them/", views.edit, name="add"),
    path("tai-khoan/dia-chi/hoan-tac/", views.restore, name="restore"),
    path("tai-khoan/dia-chi/<int:pk>/", views.edit, name="edit"),
    path("tai-khoan/dia-chi/<int:pk>/bo/", views.remove, name="remove"),
    path("tai-khoan/dia-chi/<int:pk>/dung-truoc/", views.choose_first, name="choose_first"),
]

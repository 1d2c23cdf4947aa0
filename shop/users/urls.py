"""Addresses of shop.users, beside allauth's under /tai-khoan/."""

from django.urls import URLPattern, URLResolver, path

from shop.users import demo_page, views

app_name = "users"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("kich-hoat/<str:code>/", views.activate, name="activate"),
    path("mat-khau-dau-tien/", views.first_password, name="first_password"),
    path("ban-trinh-dien/", demo_page.demo_people, name="demo"),
    path("xac-thuc-hai-lop/", views.second_factor_needed, name="second_factor_needed"),
]

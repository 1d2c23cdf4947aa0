"""Addresses of the commune's side, under /quan-ly/. All of them ask for the second factor (shop.users)."""

from django.urls import URLPattern, URLResolver, path

from merchants import views

app_name = "merchants"
urlpatterns: list[URLPattern | URLResolver] = [
    path("co-so/", views.businesses, name="businesses"),
    path("co-so/them/", views.add, name="add"),
    path("co-so/<int:pk>/", views.business, name="business"),
    path("co-so/<int:pk>/sua/", views.correct, name="correct"),
    path("co-so/<int:pk>/tai-khoan/them/", views.account_add, name="account_add"),
    path("co-so/tai-khoan/<int:pk>/ngung/", views.account_end, name="account_end"),
    path("co-so/tai-khoan/<int:pk>/xem-so/", views.account_show, name="account_show"),
    path("co-so/tai-khoan/<int:pk>/cap-ma/", views.code_issue, name="code_issue"),
    path("co-so/ma/<int:pk>/thu-hoi/", views.code_withdraw, name="code_withdraw"),
    path("co-so/ma/<int:pk>/to-treo.pdf", views.poster, name="poster"),
]

"""Addresses of basket, checkout and purchases."""

from django.urls import path

from shop.purchase.web import (
    after_sale,
    basket_views,
    checkout_views,
    complaint_views,
    find_views,
    my_purchases,
    purchase_views,
)

app_name = "purchase"
urlpatterns = [
    path("gio-hang/", basket_views.basket_page, name="basket"),
    path("gio-hang/them/", basket_views.basket_add, name="basket_add"),
    path("gio-hang/<int:line_id>/so-luong/", basket_views.basket_change, name="basket_change"),
    path("gio-hang/<int:line_id>/bo/", basket_views.basket_remove, name="basket_remove"),
    path("thanh-toan/", checkout_views.checkout_page, name="checkout"),
    path("chinh-sach/<slug:kind>/<int:number>/", checkout_views.policy_version, name="policy_version"),
    path("tim-don/", find_views.find, name="find"),
    path("tim-don/gui-ma/", find_views.send_code, name="find_send_code"),
    path("tim-don/nhap-ma/", find_views.find_code, name="find_code"),
    path("tai-khoan/don-hang/", my_purchases.my_purchases, name="my_purchases"),
    path("mua/<slug:token>/mua-lai/", my_purchases.put_in_again, name="buy_again"),
    path("mua/<slug:token>/", purchase_views.purchase_page, name="purchase"),
    path("mua/<slug:token>/trang-thai/", purchase_views.purchase_state, name="purchase_state"),
    path("mua/<slug:token>/<slug:number>/ma.png", purchase_views.code_picture, name="code_picture"),
    path("mua/<slug:token>/<slug:number>/the.png", purchase_views.code_card, name="code_card"),
    path("mua/<slug:token>/<slug:number>/da-chuyen/", purchase_views.say_sent, name="say_sent"),
    path("mua/<slug:token>/<slug:number>/anh-chuyen-khoan/", purchase_views.screenshot, name="screenshot"),
    path("mua/<slug:token>/<slug:number>/them-gio/", purchase_views.extend, name="extend"),
    path("mua/<slug:token>/<slug:number>/huy/", after_sale.cancel, name="cancel"),
    path("mua/<slug:token>/<slug:number>/da-nhan/", after_sale.received, name="received"),
    path(
        "mua/<slug:token>/<slug:number>/hoan/<int:pk>/chua-thay/",
        complaint_views.refund_not_seen,
        name="refund_not_seen",
    ),
    path("mua/<slug:token>/<slug:number>/khieu-nai/", complaint_views.file_page, name="complaint_new"),
    path("mua/<slug:token>/<slug:number>/khieu-nai/<slug:case>/", complaint_views.case_page, name="complaint"),
    path(
        "mua/<slug:token>/<slug:number>/khieu-nai/<slug:case>/viet/",
        complaint_views.case_write,
        name="complaint_write",
    ),
    path(
        "mua/<slug:token>/<slug:number>/khieu-nai/<slug:case>/buoc/",
        complaint_views.case_step,
        name="complaint_step",
    ),
    path(
        "mua/<slug:token>/<slug:number>/khieu-nai/<slug:case>/anh/<int:pk>/",
        complaint_views.case_photo,
        name="complaint_photo",
    ),
]

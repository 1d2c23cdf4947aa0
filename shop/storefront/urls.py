"""Addresses of shop.storefront."""

from django.urls import URLPattern, URLResolver, path

from shop.storefront import (
    catalogue_page,
    certificate_page,
    code_page,
    installable,
    me,
    merchant_page,
    product_page,
    report_page,
    suggestions,
    vain_searches,
)

app_name = "storefront"
urlpatterns: list[URLPattern | URLResolver] = [
    path("manifest.webmanifest", installable.manifest, name="manifest"),
    path("ngoai-tuyen/", installable.offline, name="offline"),
    path("san-pham/", catalogue_page.show, name="catalogue"),
    path("san-pham/goi-y/", suggestions.show, name="suggestions"),
    path("san-pham/khong-thay/", vain_searches.report, name="vain_search"),
    path("san-pham/thu-tu-hien-thi/", catalogue_page.ranking, name="ranking"),
    path("san-pham/<slug:slug>-<int:pk>/", product_page.show, name="product"),
    path("san-pham/<slug:slug>-<int:pk>/phan-anh/", report_page.show, name="report"),
    path("san-pham/<slug:slug>-<int:pk>/phan-anh/gui/", report_page.send, name="report_send"),
    path("san-pham/<slug:slug>-<int:pk>/phan-anh/cam-on/", report_page.thanks, name="report_thanks"),
    path("co-so/<slug:slug>-<int:pk>/", merchant_page.show, name="merchant"),
    path("chung-nhan/<slug:token>/", certificate_page.show, name="certificate"),
    path("ma/<str:code>/", code_page.show, name="code_check"),
    path("toi/", me.show, name="me"),
]

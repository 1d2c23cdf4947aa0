"""Every address of the installation. Public paths are mirrored under /en/; machines' and staff's are not."""

from django.apps import apps
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail import views as wagtail_views
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from shop.api.api import api
from shop.api.docs import docs
from shop.health import healthz, readyz
from shop.media_files import media_file
from shop.storefront import installable, search_engines
from shop.storefront.public_page import public_page

serve_content = public_page(wagtail_views.serve, reads=("trang",))
handler400 = "shop.error_pages.bad_request"
handler404 = "shop.error_pages.page_not_found"
handler500 = "shop.error_pages.server_error"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("cms/", include(wagtailadmin_urls)),
    path("admin/", admin.site.urls),
    path("dashboard/", apps.get_app_config("dashboard").urls),  # type: ignore[attr-defined]
    path("documents/", include(wagtaildocs_urls)),
    path("webhooks/", include("shop.payments.urls")),
    path("", include("shop.marketplaces.urls")),
    path("api/v1/docs", docs, name="api_docs"),
    path("api/v1/", api.urls),
    path("favicon.ico", installable.favicon, name="favicon"),
    path("sw.js", installable.worker, name="service_worker"),
    path("robots.txt", search_engines.robots_txt, name="robots_txt"),
    path("sitemap.xml", search_engines.sitemap_index, name="sitemap"),
    path("sitemap-trang.xml", search_engines.sitemap_pages, name="sitemap_pages"),
    path("sitemap-hang-<int:number>.xml", search_engines.sitemap_goods, name="sitemap_goods"),
    path("", include("shop.oscar_names")),
    path("media/<path:path>", media_file, name="media"),
]
urlpatterns += i18n_patterns(
    path("tai-khoan/", include("allauth.urls")),
    path("tai-khoan/", include("shop.users.urls")),
    path("quan-ly/", include("shop.workspace.urls")),
    path("quan-ly/", include("merchants.urls")),
    path("", include("shop.address.urls")),
    path("", include("shop.purchase.urls")),
    path("", include("shop.storefront.urls")),
    path("", include("cms.urls")),
    # Wagtail's own list of addresses also holds passwords for private pages; ours are all public.
    path("", serve_content, {"path": ""}, name="home"),
    re_path(wagtail_urls.serve_pattern, serve_content, name="wagtail_serve"),
    prefix_default_language=False,
)

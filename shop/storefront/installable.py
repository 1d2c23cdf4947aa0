"""The shop on the home screen: icon, manifest, service worker, and the page for when there is no network.

What the worker may keep is said here and in js/offline_worker.js: the offline page, our own hashed static files, and
the pages and pictures of the goods that this browser looked at last. Nothing of a basket, an order or a workplace.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import etag, require_safe

from shop.storefront.public_page import public_page

GREEN, WHITE = "#275018", "#ffffff"  # --rice-800 and --white of tokens.css; a manifest knows no variables
MOST_GOODS = 12  # as js/last_seen.js keeps
_SOURCES = Path(__file__).resolve().parents[1] / "static" / "shop"
_WORKER = "js/offline_worker.js"
_KEPT = ("css/*.css", "js/*.js", "img/*.svg", "icons.svg", "vendor/podkova/*.woff2")
_NOT_KEPT = {_WORKER, "img/land.svg"}  # the hero's landscape: large, and on the front page only


@require_safe
@cache_control(public=True, max_age=86_400)
def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """Feed readers, bank apps and old browsers look here without asking the page."""
    return HttpResponseRedirect(static("shop/img/favicon-32.png"))


@public_page(reads=())
def manifest(request: HttpRequest) -> HttpResponse:
    """What the phone shows once the shop is on its home screen; one for each language."""
    area = getattr(request, "area_name", "")
    name = _("Country Market")
    icons = [
        {"src": static(f"shop/img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    maskable = {"src": static("shop/img/icon-maskable-512.png"), "sizes": "512x512", "type": "image/png"}
    shown = {
        "id": "/",
        "name": f"{name} {area}".strip(),
        "short_name": name,
        "description": _(
            "Certified specialities sold by the people who make them, paid straight into their own account."
        ),
        "lang": get_language(),
        "dir": "ltr",
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "background_color": WHITE,
        "theme_color": GREEN,
        "categories": ["shopping", "food"],
        "icons": [*icons, {**maskable, "purpose": "maskable"}],
        "shortcuts": [
            {"name": _("Goods"), "url": reverse("storefront:catalogue")},
            {"name": _("Basket"), "url": reverse("purchase:basket")},
        ],
    }
    return JsonResponse(shown, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@public_page(reads=())
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the worker and shown for any page that cannot be fetched."""
    return render(request, "storefront/offline.html", {"section": ""})


def _worker_mark(request: HttpRequest) -> str:
    return f'"{hashlib.blake2b(_worker_text().encode(), digest_size=16).hexdigest()}"'


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
@etag(_worker_mark)
def worker(request: HttpRequest) -> HttpResponse:
    """The worker stands at the root because its scope is the shop; its program is a hashed static file.

    No page: what the server keeps of pages must never hand out the worker of the release before.
    """
    return HttpResponse(_worker_text(), content_type="text/javascript; charset=utf-8")


def _offline_addresses() -> dict[str, str]:
    addresses = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            addresses[language] = reverse("storefront:offline")
    return addresses


@lru_cache(maxsize=1)
def _worker_text() -> str:
    """A changed static file has a new name, so the text changes, and browsers replace the worker and what it kept."""
    found = sorted(path.relative_to(_SOURCES).as_posix() for pattern in _KEPT for path in _SOURCES.glob(pattern))
    assets = [static(f"shop/{name}") for name in found if name not in _NOT_KEPT]
    program = static(f"shop/{_WORKER}")
    version = hashlib.blake2b("\n".join([program, *assets]).encode(), digest_size=8).hexdigest()
    given = {
        "version": version,
        "pages": _offline_addresses(),
        "assets": assets,
        # pictures of another host are left to the browser's own cache
        "media": settings.MEDIA_URL if settings.MEDIA_URL.startswith("/") else "/media/",
        "mostGoods": MOST_GOODS,
    }
    return f"self.SHOP = {json.dumps(given)};\nimportScripts({json.dumps(program)});\n"

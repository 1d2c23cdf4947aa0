"""Which commune a request is about: `request.commune`, from the host; None means every commune."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from wagtail.models import Site

from merchants.models import Commune
from shop.storefront.models import SiteCommune

CACHE_SECONDS = 30


@dataclass(frozen=True)
class HostCommune:
    """What one host shows; `commune` None means all."""

    commune: Commune | None
    area_name: str


def host_commune(request: HttpRequest) -> HostCommune:
    """Look up the host's commune, kept for half a minute in the cache; unknown hosts get the default site's."""
    host = request.get_host()
    key = f"host-commune:{host}"
    found = cache.get(key)
    if found is None:
        site = Site.find_for_request(request)
        row = SiteCommune.objects.select_related("commune").filter(site=site).first() if site else None
        found = HostCommune(commune=row.commune if row else None, area_name=row.area_name if row else "")
        cache.set(key, found, CACHE_SECONDS)
    return found


class CommuneMiddleware:
    """Sets request.commune (Commune or None) and request.area_name; the health checks touch no database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info not in {"/healthz", "/readyz"}:
            found = host_commune(request)
            request.commune, request.area_name = found.commune, found.area_name  # type: ignore[attr-defined]
        return self.get_response(request)

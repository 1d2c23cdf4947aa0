"""Which commune a request is about: `request.commune`, from the host; None means every commune."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from wagtail.models import Site

from merchants.models import Commune
from shop.storefront.generation import KeptByGeneration, generation_of
from shop.storefront.models import SiteCommune

# Health checks and payment notices are of no host: the first touch no database, the second are none's to delay.
HOSTLESS = ("/healthz", "/readyz", "/webhooks/")


@dataclass(frozen=True)
class HostCommune:
    """What one host shows; `commune` None means all, `site` None that nothing is published there."""

    commune: Commune | None
    area_name: str
    site: Site | None


_hosts: KeptByGeneration[HostCommune] = KeptByGeneration(most=1_000)


def host_commune(request: HttpRequest) -> HostCommune:
    """Look up the host's commune; unknown hosts get the default site's."""
    return _hosts.get_or_make(
        request.get_host(), generation=generation_of(request), make=lambda: _look_up_host(request)
    )


def _look_up_host(request: HttpRequest) -> HostCommune:
    site = Site.find_for_request(request)
    row = SiteCommune.objects.select_related("commune").filter(site=site).first() if site else None
    return HostCommune(commune=row.commune if row else None, area_name=row.area_name if row else "", site=site)


def _own_copy(site: Site) -> Site:
    """Wagtail keeps things on the page objects of a request; the next request must not find them there."""
    copied = copy.copy(site)
    copied.root_page = copy.copy(site.root_page)
    return copied


class CommuneMiddleware:
    """Sets request.commune (Commune or None) and request.area_name, and the site that Wagtail would look up again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(HOSTLESS):
            found = host_commune(request)
            request.commune, request.area_name = found.commune, found.area_name  # type: ignore[attr-defined]
            request._wagtail_site = _own_copy(found.site) if found.site else None  # type: ignore[attr-defined]
        return self.get_response(request)

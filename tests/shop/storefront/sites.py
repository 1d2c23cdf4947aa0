"""Hosts that each show one commune."""

from typing import Any

from wagtail.models import Page, Site

from merchants.models import Commune
from shop.storefront.models import SiteCommune


def site_of(commune: Commune | None, *, host: str, area_name: str = "") -> Site:
    """A site on that host with the default site's pages; commune None shows every commune."""
    root: Any = Page.objects.filter(depth=2).first() or Page.objects.get(depth=1)
    site = Site.objects.create(hostname=host, port=80, root_page=root, site_name=host)
    SiteCommune.objects.create(site=site, commune=commune, area_name=area_name)
    return site

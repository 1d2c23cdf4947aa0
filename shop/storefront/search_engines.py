"""What search engines read: robots.txt and the sitemap, one host at a time, streamed."""

from collections.abc import Iterator
from uuid import UUID
from xml.sax.saxutils import escape

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from catalogue.models import ListedProduct
from merchants.models import Merchant

ADDRESSES_PER_FILE = 10_000  # sitemaps.org allows 50,000; smaller files are read sooner
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
PRIVATE_PATHS = ("gio-hang", "thanh-toan", "mua", "toi", "quan-ly", "tai-khoan")
MACHINE_PATHS = ("cms", "dashboard", "admin", "webhooks", "api")


def _base_url(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *"]
    lines += [f"Disallow: /{path}/" for path in (*PRIVATE_PATHS, *MACHINE_PATHS)]
    lines += [f"Disallow: /en/{path}/" for path in PRIVATE_PATHS]
    lines += ["", f"Sitemap: {_base_url(request)}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _goods(request: HttpRequest) -> "QuerySet[ListedProduct]":
    commune = getattr(request, "commune", None)
    goods = ListedProduct.objects.order_by("pk")
    return goods if commune is None else goods.filter(commune=commune)


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Names the files: one for pages and producers, as many as needed for the goods."""
    base_url = _base_url(request)
    files = 1 + (_goods(request).count() - 1) // ADDRESSES_PER_FILE
    names = ["trang", *(f"hang-{number}" for number in range(1, files + 1))]
    entries = "".join(f"<sitemap><loc>{base_url}/sitemap-{name}.xml</loc></sitemap>\n" for name in names)
    xml = f'{_HEAD}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</sitemapindex>\n'
    return HttpResponse(xml, content_type="application/xml; charset=utf-8")


@require_safe
def sitemap_pages(request: HttpRequest) -> HttpResponseBase:
    """The catalogue, the producers, and every live public page of the site's Wagtail tree."""
    return _xml(_page_entries(request))


@require_safe
def sitemap_goods(request: HttpRequest, number: int) -> HttpResponseBase:
    """One file of goods; 404 beyond the last."""
    first = (number - 1) * ADDRESSES_PER_FILE
    if number < 1 or number > 10_000 or not _goods(request)[first : first + 1].exists():
        raise Http404
    return _xml(_goods_entries(request, first))


def _xml(entries: Iterator[str]) -> StreamingHttpResponse:
    def document() -> Iterator[str]:
        yield f"{_HEAD}<urlset {_NAMESPACES}>\n"
        yield from entries
        yield "</urlset>\n"

    return StreamingHttpResponse(document(), content_type="application/xml; charset=utf-8")


def _goods_entries(request: HttpRequest, first: int) -> Iterator[str]:
    base_url = _base_url(request)
    rows = _goods(request).values_list("pk", "slug", "refreshed_at")[first : first + ADDRESSES_PER_FILE]
    for pk, slug, refreshed_at in rows.iterator(chunk_size=2_000):
        yield _both_languages(base_url, f"/san-pham/{slug}-{pk}/", refreshed_at.date().isoformat())


def _page_entries(request: HttpRequest) -> Iterator[str]:
    base_url = _base_url(request)
    yield _both_languages(base_url, "/san-pham/", "")
    merchants = Merchant.objects.public(getattr(request, "commune", None)).order_by("pk")
    for pk, slug, updated_at in merchants.values_list("pk", "slug", "updated_at").iterator(chunk_size=2_000):
        yield _both_languages(base_url, f"/co-so/{slug}-{pk}/", updated_at.date().isoformat())
    site = Site.find_for_request(request)
    if site is not None:
        yield from _content_entries(request, site)


def _content_entries(request: HttpRequest, site: Site) -> Iterator[str]:
    """Every live page of the site's trees under the reader's host, each with its translations."""
    base_url = _base_url(request)
    addresses: dict[UUID, dict[str, tuple[str, str]]] = {}
    for home in site.root_page.get_translations(inclusive=True).order_by("pk"):
        pages = Page.objects.descendant_of(home, inclusive=True).live().public().select_related("locale")
        for page in pages.order_by("path").iterator():
            path = page.get_url(request, current_site=site)
            if path is not None and path.startswith("/"):
                changed = page.last_published_at.date().isoformat() if page.last_published_at else ""
                addresses.setdefault(page.translation_key, {})[page.locale.language_code] = (base_url + path, changed)
    for twins in addresses.values():
        links = "".join(_alternate(code, address) for code, (address, _changed) in twins.items())
        for address, changed in twins.values():
            yield _entry(address, changed, links if len(twins) > 1 else "")


def _both_languages(base_url: str, path: str, changed: str) -> str:
    links = "".join(_alternate(code, base_url + prefix + path) for code, prefix in (("vi", ""), ("en", "/en")))
    return "".join(_entry(base_url + prefix + path, changed, links) for prefix in ("", "/en"))


def _alternate(code: str, address: str) -> str:
    return f'<xhtml:link rel="alternate" hreflang="{code}" href="{escape(address)}"/>'


def _entry(url: str, changed: str, links: str) -> str:
    last_changed = f"<lastmod>{changed}</lastmod>" if changed else ""
    return f"<url><loc>{escape(url)}</loc>{last_changed}{links}</url>\n"

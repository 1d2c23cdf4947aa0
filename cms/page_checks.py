"""What must always hold for pages, and what an installation still lacks; `manage.py doctor` asks."""

from collections import Counter
from collections.abc import Iterator

from django.conf import settings
from wagtail.models import Page, Site

from cms.addresses import RESERVED_SLUGS, TOP_LEVEL_DEPTH
from cms.pages import PolicyPage
from cms.site_settings import SiteOwner
from shop.purchase.models import PolicyVersion


def check_pages() -> Iterator[str]:
    """Yield pages nobody can reach, policies that stand twice, and policies whose live words are not in force."""
    for page in Page.objects.live().filter(depth=TOP_LEVEL_DEPTH, slug__in=RESERVED_SLUGS):
        yield f"page {page.pk} ({page.title}) lies under /{page.slug}/, which the shop uses itself"
    live = list(PolicyPage.objects.live().filter(locale__language_code=settings.LANGUAGE_CODE).order_by("pk"))
    for kind, count in Counter(page.kind for page in live).items():
        if count > 1:
            yield f"policy {kind}: {count} live pages"
    newest = {version.kind: version for version in PolicyVersion.objects.defer("text_html").order_by("kind", "number")}
    for page in live:
        version = newest.get(page.kind)
        if version is None:
            yield f"policy {page.kind}: live, but no version was recorded"
        elif version.sha256 != page.wording_sha256:
            yield f"policy {page.kind}: the live words are not those of version {version.number}"


def page_notices() -> Iterator[str]:
    """Yield what the law wants shown and is not there yet (NĐ 248/2026, domain H3)."""
    live = set(PolicyPage.objects.live().values_list("kind", flat=True))
    for kind in PolicyVersion.Kind.values:
        if kind not in live:
            yield f"policy {kind}: no live page"
    named = SiteOwner.objects.exclude(name="").values("site_id")
    for site in Site.objects.exclude(pk__in=named):
        yield f"site {site.hostname}: its owner is not named"

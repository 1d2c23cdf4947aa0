"""Addresses of pages: which the shop keeps for itself, and where the same page stands in the other language.

What serves readers of a page that has no translation (decided 2026-11): under the other language its address leads to
the page in the language it was written in, never to a 404; the frame's language link leads to the nearest page above
it that is translated, at last the home page; search engines are told of true translations only.
"""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.translation import gettext
from wagtail.models import Page

# First path segments that belong to the shop, to Oscar's names or to machines; a page there would never be seen.
RESERVED_SLUGS = frozenset(
    [
        "san-pham", "co-so", "chung-nhan", "gio-hang", "thanh-toan", "mua", "ma", "toi", "quan-ly", "tai-khoan",
        "chinh-sach", "tim-don", "ngoai-tuyen",
        "cms", "dashboard", "admin", "webhooks", "feeds", "api", "media", "static", "documents", "healthz", "readyz",
        "vi", "en", "sitemap", "robots", "demo",
        "catalogue", "basket", "checkout", "accounts", "search", "offers", "wishlists", "password-reset",
    ]
)  # fmt: skip
HOME_DEPTH = 2  # of a site's home page; the tree's root is 1
TOP_LEVEL_DEPTH = 3


@dataclass(frozen=True)
class Twins:
    """`switch`: language → path the language link leads to. `alternates`: (language, full address) of true twins."""

    switch: dict[str, str]
    alternates: list[tuple[str, str]]


def is_reserved(*, slug: str, depth: int) -> bool:
    """Whether a page with this slug at this depth would lie under an address of the shop."""
    return depth == TOP_LEVEL_DEPTH and slug in RESERVED_SLUGS


def reserved_message(slug: str) -> str:
    return gettext("The shop itself uses the address “%(slug)s”; choose another.") % {"slug": slug}


def twins_of(page: Page, request: HttpRequest) -> Twins:
    """Find the page in the other languages. At most two queries; a page not saved yet has no twins."""
    own_path = page.get_url(request)
    if not own_path:
        return Twins(switch={}, alternates=[])
    live = list(page.get_translations(inclusive=True).live().select_related("locale"))
    switch: dict[str, str] = {}
    for twin in live:
        if path := twin.get_url(request):
            switch[twin.locale.language_code] = path
    alternates = [(code, request.build_absolute_uri(path)) for code, path in sorted(switch.items(), reverse=True)]
    if settings.LANGUAGE_CODE in switch:
        alternates.append(("x-default", request.build_absolute_uri(switch[settings.LANGUAGE_CODE])))
    switch.setdefault(page.locale.language_code, own_path)
    missing = {code for code, _name in settings.LANGUAGES} - switch.keys()
    if missing:
        switch |= _nearest_above(page, request, missing)
    return Twins(switch=switch, alternates=alternates if len(live) > 1 else [])


def _nearest_above(page: Page, request: HttpRequest, languages: set[str]) -> dict[str, str]:
    keys = page.get_ancestors().filter(depth__gt=1).values("translation_key")
    above = Page.objects.live().filter(translation_key__in=keys, locale__language_code__in=languages)
    found: dict[str, str] = {}
    for twin in above.select_related("locale").order_by("depth"):
        if path := twin.get_url(request):
            found[twin.locale.language_code] = path  # the deepest comes last and stays
    return found


def path_in_reading_language(home: Page, request: HttpRequest, path_components: list[str]) -> str | None:
    """Where an address leads that `home`'s own tree does not know: the twin, or the page as it was written; or None.

    `home` is the home page of the language asked for; the trees of the other languages are searched by the same slugs.
    """
    for other_home in home.get_translations().live().specific():
        try:
            found = Page.route(other_home, request, path_components).page
        except Http404:
            continue
        twin = found.get_translation_or_none(home.locale)
        return (twin if twin is not None and twin.live else found).get_url(request)
    return None

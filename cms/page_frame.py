"""What every public page shows in its frame and editors decide: owner, menu, policies. The same for every visitor."""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from wagtail.models import Page, Site
from wagtail.models.sites import SITE_ROOT_PATHS_CACHE_KEY, SITE_ROOT_PATHS_CACHE_VERSION

from cms.site_settings import SiteOwner
from shop.purchase.models import PolicyVersion
from shop.storefront.cards import Text, in_reading_language
from shop.storefront.generation import KeptByGeneration, generation_of

# The header's line holds so many letters of menu on a screen of 768 px; what is beyond stands in the footer alone.
HEADER_LETTERS = 22


@dataclass(frozen=True)
class FrameLink:
    """`kind` is filled for policies (PolicyVersion.Kind); `in_header`: there is room for it there.

    `lang` is filled where the title is not in the page's language.
    """

    title: str
    url: str
    kind: str = ""
    in_header: bool = False
    lang: str = ""


@dataclass(frozen=True)
class OwnerLines:
    """Who runs the site, in the page's language; what is there in Vietnamese only is marked as such."""

    name: Text
    address: Text
    registration: Text
    representative: str
    phone: str
    email: str
    moit_url: str


@dataclass(frozen=True)
class Frame:
    owner: OwnerLines | None
    menu: tuple[FrameLink, ...]
    policies: tuple[FrameLink, ...]


_frames: KeptByGeneration[Frame] = KeptByGeneration(most=500)


def frame_of(site: Site, request: HttpRequest) -> Frame:
    """The frame of one site in the page's language; read anew when anything public changed.

    Policies are the installation's, in the reader's language where it is there, else in Vietnamese.
    """
    language = get_language()
    return _frames.get_or_make(
        (site.pk, language), generation=generation_of(request), make=lambda: _read_frame(site, language, request)
    )


def _read_frame(site: Site, language: str, request: HttpRequest) -> Frame:
    """Three queries, one more or two when Wagtail has to look up where the sites begin."""
    homes = {home.locale.language_code: home for home in _homes_of(site) if home.live or home.pk == site.root_page_id}
    home = homes.get(language) or site.root_page
    below = Q(path__startswith=home.path, depth=home.depth + 1, show_in_menus=True)
    pages = (
        Page.objects.live()
        .filter(below | Q(policypage__isnull=False))
        .select_related("locale")
        .annotate(kind=F("policypage__kind"))
        .order_by("path")
    )
    menu, policies = [], []
    for page in pages:
        is_below = page.depth == home.depth + 1 and page.path.startswith(home.path)
        if page.show_in_menus and is_below:
            menu.append(page)
        if page.kind:
            policies.append(page)
    return Frame(
        owner=_owner(site),
        menu=_menu([(page.title, url) for page in menu if (url := page.get_url(request))]),
        policies=_policies(policies, language, request),
    )


def _homes_of(site: Site) -> list[Page]:
    """The site's home in each language; where one moved, Wagtail is made to look up again where the sites begin.

    Wagtail itself forgets that in the process of the editor alone, when the cache is one of each process.
    """
    homes = list(site.root_page.get_translations(inclusive=True).select_related("locale"))
    known = cache.get(SITE_ROOT_PATHS_CACHE_KEY, version=SITE_ROOT_PATHS_CACHE_VERSION)
    here = {(site.pk, home.url_path, home.locale.language_code) for home in homes}
    if known is not None and not here <= {(path[0], path[1], path[3]) for path in known}:
        Site.clear_site_root_paths_cache()
    return homes


def _owner(site: Site) -> OwnerLines | None:
    owner = SiteOwner.objects.filter(site=site).exclude(name="").first()
    if owner is None:
        return None
    return OwnerLines(
        name=in_reading_language(owner.name, owner.name_en),
        address=in_reading_language(owner.address, owner.address_en),
        registration=in_reading_language(owner.registration, owner.registration_en),
        representative=owner.representative,
        phone=owner.phone,
        email=owner.email,
        moit_url=owner.moit_url,
    )


def _menu(pages: list[tuple[str, str]]) -> tuple[FrameLink, ...]:
    links, letters = [], 0
    for title, url in pages:
        letters += len(title)
        links.append(FrameLink(title, url, in_header=letters <= HEADER_LETTERS))
    return tuple(links)


def _policies(pages: list[Page], language: str, request: HttpRequest) -> tuple[FrameLink, ...]:
    shown: dict[str, Page] = {}
    for page in sorted(pages, key=lambda page: page.pk):
        if page.kind not in shown or page.locale.language_code == language:
            shown[page.kind] = page
    links = []
    for kind in PolicyVersion.Kind.values:
        page = shown.get(kind)
        if page is not None and (url := page.get_url(request)):
            lang = "" if page.locale.language_code == language else page.locale.language_code
            links.append(FrameLink(page.title, url, kind, lang=lang))
    return tuple(links)


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: site_owner, site_menu, site_policies; looked up only when a template asks."""

    def frame() -> Frame:
        site = Site.find_for_request(request)
        return frame_of(site, request) if site else Frame(owner=None, menu=(), policies=())

    lazy = SimpleLazyObject(frame)
    return {
        "site_owner": SimpleLazyObject(lambda: lazy.owner),
        "site_menu": SimpleLazyObject(lambda: lazy.menu),
        "site_policies": SimpleLazyObject(lambda: lazy.policies),
    }

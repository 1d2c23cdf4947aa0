"""What every public page shows in its frame and editors decide: owner, menu, policies. The same for every visitor."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from wagtail.models import Locale, Site

from cms.pages import PolicyPage
from cms.site_settings import SiteOwner
from shop.purchase.models import PolicyVersion
from shop.storefront.cards import Text, in_reading_language

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


def frame_of(site: Site, request: HttpRequest) -> Frame:
    """Read the frame of one site in the page's language.

    Policies are the installation's, in the reader's language where it is there, else in Vietnamese.
    """
    home = site.root_page.localized
    menu = home.get_children().live().in_menu().order_by("path")
    return Frame(
        owner=_owner(site),
        menu=_menu([(page.title, url) for page in menu if (url := page.get_url(request))]),
        policies=_policies(request),
    )


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


def _policies(request: HttpRequest) -> tuple[FrameLink, ...]:
    reading = Locale.get_active()
    shown: dict[str, PolicyPage] = {}
    for page in PolicyPage.objects.live().select_related("locale").order_by("pk"):
        if page.kind not in shown or page.locale_id == reading.pk:
            shown[page.kind] = page
    links = []
    for kind in PolicyVersion.Kind.values:
        page = shown.get(kind)
        if page is not None and (url := page.get_url(request)):
            lang = "" if page.locale_id == reading.pk else page.locale.language_code
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

"""Pages on the default site, published as an editor would."""

import io
from typing import Any, TypeVar

from django.core.files.base import ContentFile
from PIL import Image as Pillow
from wagtail.images.models import Image
from wagtail.models import Locale, Page, Site

from cms.models import GuidePage, HomePage, PolicyPage, StoryIndexPage, StoryPage
from shop.storefront.models import SiteCommune

SomePage = TypeVar("SomePage", bound=Page)


def home_page(language: str = "vi") -> HomePage:
    """The home page the migrations made."""
    home = Site.objects.get(is_default_site=True).root_page
    return home.get_translation(Locale.objects.get(language_code=language)).specific


def published(page: SomePage, parent: Page, *, twin_of: Page | None = None) -> SomePage:
    """Add the page below `parent`, in its language, and publish it."""
    page.locale = parent.locale
    if twin_of is not None:
        page.translation_key = twin_of.translation_key
    page.live = False
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def guide_page(parent: Page | None = None, *, twin_of: Page | None = None, **fields: Any) -> GuidePage:
    values: dict[str, Any] = {"title": "Cách quét mã", "slug": "cach-quet-ma", "body": [("text", "<p>Quét.</p>")]}
    return published(GuidePage(**(values | fields)), parent or home_page(), twin_of=twin_of)


def policy_page(**fields: Any) -> PolicyPage:
    values: dict[str, Any] = {"title": "Điều khoản", "slug": "dieu-khoan", "kind": "terms", "body": "<p>Bản đầu.</p>"}
    return published(PolicyPage(**(values | fields)), home_page())


def story_index(language: str = "vi", *, twin_of: Page | None = None) -> StoryIndexPage:
    title, slug = ("Chuyện quê", "chuyen-que") if language == "vi" else ("Stories", "stories")
    return published(StoryIndexPage(title=title, slug=slug), home_page(language), twin_of=twin_of)


def story_page(parent: Page, *, twin_of: Page | None = None, **fields: Any) -> StoryPage:
    values: dict[str, Any] = {
        "title": "Mùa gặt",
        "slug": "mua-gat",
        "intro": "Gặt xong.",
        "body": [("text", "<p>Đồng.</p>")],
    }
    return published(StoryPage(**(values | fields)), parent, twin_of=twin_of)


def picture(
    *, width: int = 1000, height: int = 600, title: str = "Đồng lúa", name: str = "dong.webp", kind: str = "WEBP"
) -> Image:
    """A picture of a page; by a name that says its size (merchants.picture_sizes) its sizes come with the commit."""
    buffer = io.BytesIO()
    Pillow.new("RGB", (width, height), "goldenrod").save(buffer, kind)
    return Image.objects.create(
        title=title, file=ContentFile(buffer.getvalue(), name), width=width, height=height, description=title
    )


def default_site_shows(commune: Any, area_name: str = "") -> SiteCommune:
    """Tie the default site to one commune."""
    site = Site.objects.get(is_default_site=True)
    return SiteCommune.objects.create(site=site, commune=commune, area_name=area_name)

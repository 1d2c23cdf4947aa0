"""Put the demo's pages on the default site: home, stories, a guide, four policies, the owner; Vietnamese and English.

Must run before the purchases are seeded: they accept the policies that stand then. What is there is left as it is,
so that an editor who tries the demo keeps her changes.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from django.db import transaction
from wagtail.images.models import Image
from wagtail.models import Locale, Page, Site

from catalogue.demo.drawings import DRAWINGS
from catalogue.demo.seed import drawn_name, picture_name, store_missing
from cms.demo import texts
from cms.models import GuidePage, HomePage, PolicyPage, SiteOwner, StoryIndexPage, StoryMerchant, StoryPage
from merchants.demo.plan import DemoPlan
from merchants.demo.register import AREA_NAME, COMMUNE_CODE
from merchants.demo.seed import named_merchants
from merchants.folding import slugify_vietnamese
from merchants.models import Commune
from shop.storefront.models import SiteCommune

EDITION = 1  # of the landscapes
SomePage = TypeVar("SomePage", bound=Page)

INDEX = {
    "vi": {
        "title": "Chuyện quê",
        "slug": "chuyen-que",
        "intro": "Chuyện đồng, chuyện nghề, chuyện chợ của người làm ra hàng.",
    },
    "en": {
        "title": "Stories",
        "slug": "stories",
        "intro": "Of fields, crafts and market days, by the people behind the goods.",
    },
}
GUIDES = {
    "vi": {"title": "Hướng dẫn", "slug": "huong-dan", "intro": "Làm từng bước, có thể in ra."},
    "en": {"title": "Guides", "slug": "guides", "intro": "Step by step; they print well."},
}
# product set → name on the shelf, Vietnamese and English
SHELVES = (
    (3, "Gạo, ngũ cốc", "Rice"),
    (4, "Mật ong", "Honey"),
    (9, "Tương, nước mắm", "Sauces"),
    (11, "Chè", "Tea"),
    (7, "Lạc, hạt", "Nuts"),
    (1, "Trái cây", "Fruit"),
    (2, "Trứng, thịt", "Eggs, meat"),
    (21, "Đan lát", "Basketry"),
)
HOME_WORDS: dict[str, dict[str, Any]] = {
    "vi": {
        "title": "Đặc sản OCOP mua thẳng từ người làm ra",
        "how": "Mua thế nào",
        "how_steps": (
            ("Chọn hàng", "Không cần mở tài khoản. Mua của nhiều nhà trong một giỏ, mỗi nhà thành một đơn."),
            ("Quét mã của từng nhà", "Số tiền và nội dung đã điền sẵn; tiền vào thẳng tài khoản người bán."),
            ("Nhận hàng", "Trang đơn tự báo khi tiền về, khi hàng gói, khi hàng đi."),
        ),
        "shelf": "Các loại hàng",
        "goods": "Hàng có sao OCOP",
        "goods_intro": "Mỗi ngôi sao mở ra giấy chứng nhận của nó.",
        "producers": "Người làm ra",
        "producers_intro": "Bạn mua của họ, trả cho họ, không qua ai.",
        "newest": "Mới lên kệ",
        "description": "Gạo, mật ong, chè, cam, tương của bà con xã Hợp Minh, Nghệ An: mua thẳng, trả bằng mã VietQR. "
        "Bản trình diễn.",
    },
    "en": {
        "title": "OCOP specialities straight from those who make them",
        "how": "How to buy",
        "how_steps": (
            ("Choose", "No account needed. One basket may hold goods of many producers; each becomes an order."),
            (
                "Scan each producer's code",
                "Amount and reference are filled in; money goes to the seller's account.",
            ),
            ("Receive", "The order's page says by itself when the money came, when it is packed, when it is sent."),
        ),
        "shelf": "Kinds of goods",
        "goods": "Goods with OCOP stars",
        "goods_intro": "Every star opens the certificate behind it.",
        "producers": "The people who make them",
        "producers_intro": "You buy from them and pay them, nobody in between.",
        "newest": "New on the shelf",
        "description": "Rice, honey, tea, oranges and sauces from Hợp Minh commune, Nghệ An, paid by VietQR "
        "straight to those who make them. A demonstration.",
    },
}


def seed(plan: DemoPlan) -> None:
    """Make what is missing; pictures first, they need no transaction."""
    store_missing(plan, {story.picture: _file_name(story) for story in texts.STORIES})
    with transaction.atomic():
        site = Site.objects.get(is_default_site=True)
        homes = {"vi": site.root_page.specific}
        homes["en"] = homes["vi"].get_translation(Locale.objects.get(language_code="en")).specific
        _name_the_place(site)
        for text in texts.POLICIES:
            _add_policy(text, homes)
        indexes = _add_pair(
            homes, lambda language: StoryIndexPage(show_in_menus=True, **INDEX[language]), INDEX["vi"]["slug"]
        )
        for story in texts.STORIES:
            _add_story(story, indexes, plan)
        _add_guide(homes)
        for language, home in homes.items():
            _furnish(home, language)
    plan.say(f"pages: {Page.objects.live().filter(depth__gt=1).count()}")


def _file_name(story: texts.StoryText) -> str:
    """Where the picture lies in the media storage; one of goods may be there already, for the catalogue."""
    kind, _, key = story.picture.partition("/")
    return picture_name(key) if kind == "goods" else drawn_name(story.picture, f"demo/{story.picture}-{EDITION}")


def _name_the_place(site: Site) -> None:
    commune = Commune.objects.get(code=COMMUNE_CODE)
    SiteCommune.objects.get_or_create(site=site, defaults={"commune": commune, "area_name": AREA_NAME})
    SiteOwner.objects.get_or_create(site=site, defaults=texts.OPERATOR)


def _add_pair(parents: dict[str, Page], make: Callable[[str], SomePage], slug: str) -> dict[str, SomePage]:
    """Add one page in both languages and publish both; `slug` is the Vietnamese one, by which it is found again."""
    there = parents["vi"].get_children().filter(slug=slug).first()
    if there is not None:
        vietnamese: Any = there.specific
    else:
        vietnamese = _publish(parents["vi"], make("vi"), locale=parents["vi"].locale)
    english_locale = parents["en"].locale
    english: Any = vietnamese.get_translation_or_none(english_locale)
    if english is None:
        twin = make("en")
        twin.translation_key = vietnamese.translation_key
        english = _publish(parents["en"], twin, locale=english_locale)
    return {"vi": vietnamese, "en": english.specific}


def _publish(parent: Page, page: SomePage, *, locale: Locale) -> SomePage:
    page.locale = locale
    page.live = False
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


# --- the pages ------------------------------------------------------------------------------------------------------


def _add_policy(text: texts.PolicyText, homes: dict[str, HomePage]) -> None:
    words = {
        "vi": {"title": text.title, "slug": text.slug, "body": text.body},
        "en": {"title": text.title_en, "slug": text.slug_en, "body": text.body_en},
    }
    _add_pair(homes, lambda language: PolicyPage(kind=text.kind, **words[language]), text.slug)


def _add_story(text: texts.StoryText, indexes: dict[str, StoryIndexPage], plan: DemoPlan) -> None:
    words = {
        "vi": {"title": text.title, "slug": text.slug, "intro": text.intro},
        "en": {"title": text.title_en, "slug": slugify_vietnamese(text.title_en), "intro": text.intro_en},
    }
    bodies = {"vi": text.body, "en": text.body_en}
    merchants = named_merchants()

    def make(language: str) -> StoryPage:
        page = StoryPage(
            date=(plan.now - timedelta(days=text.days_ago)).date(),
            picture=_picture(text),
            picture_alt=text.caption if language == "vi" else "",
            picture_caption=text.caption if language == "vi" else "Illustration",
            body=[("text", bodies[language])],
            **words[language],
        )
        page.story_merchants = [
            StoryMerchant(merchant=merchants[key], sort_order=order)
            for order, key in enumerate(text.merchants)
            if key in merchants
        ]
        return page

    _add_pair(indexes, make, text.slug)


def _picture(text: texts.StoryText) -> Image:
    """The drawing as a picture of Wagtail; it uses the file that lies in the storage already."""
    name = _file_name(text)
    there = Image.objects.filter(file=name).first()
    if there is not None:
        return there
    width, height, _tone = DRAWINGS[text.picture]
    return Image.objects.create(title=text.caption, file=name, width=width, height=height, description=text.caption)


def _add_guide(homes: dict[str, HomePage]) -> None:
    words = {
        "vi": (texts.GUIDE_TITLE, texts.GUIDE_SLUG, texts.GUIDE_INTRO, texts.GUIDE_STEPS, texts.GUIDE_NOTE),
        "en": (
            texts.GUIDE_TITLE_EN,
            texts.GUIDE_SLUG_EN,
            texts.GUIDE_INTRO_EN,
            texts.GUIDE_STEPS_EN,
            texts.GUIDE_NOTE_EN,
        ),
    }
    headings = {"vi": "Sáu bước", "en": "Six steps"}

    def make(language: str) -> GuidePage:
        title, slug, intro, steps, note = words[language]
        body = [
            ("steps", {"title": headings[language], "steps": [{"title": step, "text": text} for step, text in steps]}),
            ("text", note),
        ]
        return GuidePage(title=title, slug=slug, intro=intro, body=body)

    shelves = _add_pair(homes, lambda language: GuidePage(show_in_menus=True, **GUIDES[language]), GUIDES["vi"]["slug"])
    _add_pair(shelves, make, texts.GUIDE_SLUG)


def _furnish(home: HomePage, language: str) -> None:
    """Fill the home page once; one that an editor has published keeps her blocks."""
    if home.latest_revision_id is not None:
        return
    word = HOME_WORDS[language]
    is_english = language == "en"
    home.title = texts.HERO_TITLE_EN if is_english else texts.HERO_TITLE
    home.seo_title = word["title"]
    home.search_description = word["description"]
    home.body = [
        (
            "hero",
            {
                "title": texts.HERO_TITLE_EN if is_english else texts.HERO_TITLE,
                "text": texts.HERO_TEXT_EN if is_english else texts.HERO_TEXT,
                "button_label": texts.HERO_BUTTON_EN if is_english else texts.HERO_BUTTON,
                "button_page": None,
            },
        ),
        (
            "shelf",
            {
                "title": word["shelf"],
                "shelves": [{"ocop_set": number, "name": en if is_english else vi} for number, vi, en in SHELVES],
            },
        ),
        ("goods", {"title": word["goods"], "intro": word["goods_intro"], "choice": "certified", "count": 8}),
        ("producers", {"title": word["producers"], "intro": word["producers_intro"], "count": 6}),
        ("story", {"story": None}),
        (
            "steps",
            {"title": word["how"], "steps": [{"title": step, "text": text} for step, text in word["how_steps"]]},
        ),
        ("goods", {"title": word["newest"], "choice": "newest", "count": 4}),
        ("trust", None),
    ]
    home.save_revision().publish()

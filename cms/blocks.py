"""The blocks editors build pages from. Each explains itself in the chooser and has a template of its own.

Blocks of the front page bring their own section; those of running text (text, picture, steps) bring only themselves,
and the page's template puts them into a column. A new block is a class here, a template, and one line at the end.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from catalogue.ocop.product_sets import SET_CHOICES, SETS
from cms.choosers import MerchantChooserBlock, ProductChooserBlock
from cms.pictures import picture_of
from shop.storefront.home_goods import (
    goods_by_id,
    goods_for_block,
    pictures_of_sets,
    producers_by_id,
    producers_for_block,
)

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "link", "document-link", "ol", "ul", "blockquote"]
POLICY_FEATURES = ["h2", "h3", "bold", "italic", "link", "document-link", "ol", "ul"]


class GoodsChoice(models.TextChoices):
    NEWEST = "newest", _("the newest")
    CERTIFIED = "certified", _("with a valid certificate")
    PRODUCT_SET = "set", _("of one product set")
    PICKED = "picked", _("picked by hand")


def _commune_of(context: dict[str, Any]) -> Any:
    return getattr(context.get("request"), "commune", None)


def _catalogue_of_set(number: int | None) -> str:
    address = reverse("storefront:catalogue")
    return f"{address}?{urlencode({'nhom': SETS[number].slug})}" if number in SETS else address


class HeroBlock(blocks.StructBlock):
    """The first thing a visitor sees: a sentence over the land, one button."""

    title = blocks.CharBlock(label=_("Title"), max_length=80)
    text = blocks.TextBlock(label=_("Text"), required=False, max_length=240)
    button_label = blocks.CharBlock(label=_("Button"), required=False, max_length=40)
    button_page = blocks.PageChooserBlock(label=_("Button leads to"), required=False)

    class Meta:
        icon = "home"
        template = "cms/blocks/hero.html"
        label = _("Welcome")
        description = _("A large sentence with a button; without a page the button leads to the goods.")
        preview_value = {
            "title": "Hàng quê, mua thẳng từ người làm ra",
            "text": "Tương, mật ong, chè xanh, lạc rang của bà con trong xã. Trả tiền thẳng bằng mã VietQR.",
            "button_label": "Xem hàng quê",
        }

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        page = value.get("button_page")
        context["button_url"] = page.localized.get_url(context.get("request")) if page else ""
        return context


class ShelfBlock(blocks.StructBlock):
    """The kinds of goods as round pictures; a kind without goods hides itself."""

    title = blocks.CharBlock(label=_("Title"), max_length=80, help_text=_("Read aloud, not shown."))
    shelves = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("ocop_set", blocks.ChoiceBlock(label=_("Product set"), choices=SET_CHOICES)),
                ("name", blocks.CharBlock(label=_("Short name"), max_length=30)),
            ]
        ),
        label=_("Kinds of goods"),
        min_num=1,
        max_num=12,
    )

    class Meta:
        icon = "list-ul"
        template = "cms/blocks/shelf.html"
        label = _("Kinds of goods")
        description = _("Round pictures that lead to the goods of one product set each; the picture comes by itself.")
        preview_value = {
            "title": "Các loại hàng",
            "shelves": [
                {"ocop_set": 9, "name": "Tương, nước mắm"},
                {"ocop_set": 4, "name": "Mật ong"},
                {"ocop_set": 11, "name": "Chè"},
            ],
        }

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        wanted = [(int(shelf["ocop_set"]), shelf["name"]) for shelf in value["shelves"] if shelf.get("ocop_set")]
        pictures = pictures_of_sets(commune=_commune_of(context), sets=[number for number, _name in wanted])
        context["shelves"] = [
            {
                "url": _catalogue_of_set(number),
                "name": name,
                "picture": pictures[number],
            }
            for number, name in wanted
            if number in pictures
        ]
        return context


class GoodsBlock(blocks.StructBlock):
    """A row of goods, chosen by a rule so that it never grows stale, or picked by hand."""

    title = blocks.CharBlock(label=_("Title"), max_length=80)
    intro = blocks.CharBlock(label=_("Introduction"), required=False, max_length=160)
    choice = blocks.ChoiceBlock(label=_("Which goods"), choices=GoodsChoice.choices, default=GoodsChoice.CERTIFIED)
    ocop_set = blocks.ChoiceBlock(label=_("Product set"), choices=SET_CHOICES, required=False)
    products = blocks.ListBlock(
        ProductChooserBlock(label=_("Product")), label=_("Picked by hand"), default=[], max_num=12
    )
    count = blocks.IntegerBlock(label=_("How many"), min_value=2, max_value=12, default=8)

    class Meta:
        icon = "tag"
        template = "cms/blocks/goods.html"
        label = _("Goods")
        description = _("Goods of this site: the newest, the certified, one product set, or picked by hand.")
        preview_value = {"title": "Hàng có sao", "choice": "certified", "count": 4, "products": []}

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["choice"] == GoodsChoice.PRODUCT_SET and not cleaned.get("ocop_set"):
            error = ValidationError(_("Choose the product set."))
            raise blocks.StructBlockValidationError(block_errors={"ocop_set": error})
        if cleaned["choice"] == GoodsChoice.PICKED and not len(cleaned["products"]):
            raise blocks.StructBlockValidationError(non_block_errors=[_("Pick at least one product.")])
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        commune, choice = _commune_of(context), value.get("choice") or GoodsChoice.CERTIFIED
        ocop_set = int(value["ocop_set"]) if value.get("ocop_set") else None
        if choice == GoodsChoice.PICKED:
            picked = [product.pk for product in value["products"] if product is not None]
            context["cards"] = goods_by_id(commune=commune, product_ids=picked)
        else:
            context["cards"] = goods_for_block(
                commune=commune, choice=choice, ocop_set=ocop_set, count=value.get("count") or 8
            )
        if context["cards"]:
            context["more_url"] = _catalogue_of_set(ocop_set if choice == GoodsChoice.PRODUCT_SET else None)
        return context


class ProducersBlock(blocks.StructBlock):
    """The people behind the goods."""

    title = blocks.CharBlock(label=_("Title"), max_length=80)
    intro = blocks.CharBlock(label=_("Introduction"), required=False, max_length=160)
    merchants = blocks.ListBlock(
        MerchantChooserBlock(label=_("Producer")),
        label=_("Picked by hand"),
        help_text=_("Leave empty to show those with the most stars and goods."),
        default=[],
        max_num=12,
    )
    count = blocks.IntegerBlock(label=_("How many"), min_value=2, max_value=12, default=6)

    class Meta:
        icon = "group"
        template = "cms/blocks/producers.html"
        label = _("Producers")
        description = _("Producers of this site who have goods on sale.")
        preview_value = {"title": "Người làm ra", "count": 3, "merchants": []}

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        commune = _commune_of(context)
        picked = [merchant.pk for merchant in value["merchants"] if merchant is not None]
        if picked:
            context["merchants"] = producers_by_id(commune=commune, merchant_ids=picked)
        else:
            context["merchants"] = producers_for_block(commune=commune, count=value.get("count") or 6)
        return context


class StoryBlock(blocks.StructBlock):
    """One story with a large picture."""

    story = blocks.PageChooserBlock(
        label=_("Story"),
        page_type="cms.StoryPage",
        required=False,
        help_text=_("Leave empty to show the newest one."),
    )

    class Meta:
        icon = "doc-full"
        template = "cms/blocks/story.html"
        label = _("Story")
        description = _("One story with a large picture: the newest, or the one you choose.")
        preview_value = {"story": None}

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        from cms.stories import newest_stories, story_card  # cms.pages imports this module

        context = super().get_context(value, parent_context=parent_context)
        request, chosen = context.get("request"), value.get("story")
        if chosen is not None:
            shown = chosen.localized.specific
            story = shown if shown.live else None
        else:
            story = newest_stories(request).first()
        context["story"] = story_card(story, request) if story else None
        return context


class TrustBlock(blocks.StaticBlock):
    """Why one can buy here without worry; the same words on every site."""

    class Meta:
        icon = "check"
        template = "cms/blocks/trust.html"
        label = _("Why you can trust us")
        description = _("Three reasons: the money goes to the producer, stars one can look up, a name and a telephone.")
        admin_text = _("Three fixed reasons; nothing to fill in.")
        preview_value = None

    def get_preview_value(self) -> None:
        return None


class PictureBlock(blocks.StructBlock):
    """A picture with a caption."""

    picture = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(
        label=_("What one sees"), required=False, max_length=160, help_text=_("Read aloud to those who cannot see it.")
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=160)

    class Meta:
        icon = "image"
        template = "cms/blocks/picture.html"
        label = _("Picture")
        description = _("One picture with an optional caption.")
        preview_value = {"picture": None, "alt": "", "caption": "Cánh đồng lúa (ảnh minh hoạ)"}

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["picture"] = picture_of(
            value.get("picture"), alt=value.get("alt") or None, credit=value.get("caption") or ""
        )
        return context


class StepsBlock(blocks.StructBlock):
    """Numbered steps, as in a guide."""

    title = blocks.CharBlock(label=_("Title"), max_length=80)
    steps = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(label=_("Step"), max_length=80)),
                ("text", blocks.TextBlock(label=_("Text"), required=False, max_length=400)),
            ]
        ),
        label=_("Steps"),
        min_num=1,
        max_num=12,
    )

    class Meta:
        icon = "list-ol"
        template = "cms/blocks/steps.html"
        label = _("Steps")
        description = _("Numbered steps: how to scan a code, how to order.")
        preview_value = {
            "title": "Mua thế nào",
            "steps": [
                {"title": "Chọn hàng", "text": "Thêm vào giỏ, mỗi cơ sở một đơn."},
                {"title": "Quét mã", "text": "Số tiền và nội dung đã điền sẵn."},
                {"title": "Nhận hàng", "text": "Người bán gói và gửi."},
            ],
        }


def text_block() -> blocks.RichTextBlock:
    return blocks.RichTextBlock(
        label=_("Text"),
        icon="pilcrow",
        features=TEXT_FEATURES,
        description=_("Running text with headings, lists and links."),
        preview_value="<h2>Tiêu đề</h2><p>Một đoạn văn về làng, về nghề, về người.</p>",
    )


BODY_BLOCKS = [
    ("text", text_block()),
    ("picture", PictureBlock()),
    ("steps", StepsBlock()),
]

HOME_BLOCKS = [
    ("hero", HeroBlock()),
    ("shelf", ShelfBlock()),
    ("goods", GoodsBlock()),
    ("producers", ProducersBlock()),
    ("story", StoryBlock()),
    ("trust", TrustBlock()),
    *BODY_BLOCKS,
]

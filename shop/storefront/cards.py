"""Goods and producers as cards, for partials/product_card.html, merchant_card.html and home_producers.html.

Pure: the rows are read by whoever asks.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language

from catalogue.models import ListedProduct, Product
from catalogue.season import in_season
from merchants.models import Merchant
from merchants.shown_pictures import ShownPicture, shown_picture

LEAST_STARS = 3  # OCOP ranks below three stars carry no badge
DRAWN_PORTRAITS = 4


@dataclass(frozen=True)
class Hint:
    """“Ingredients: … soy beans …”; `label` is empty for the product's own sentence. `lang` as below."""

    label: str
    text: str
    lang: str = ""


@dataclass(frozen=True)
class ProductCard:
    """One product in a grid; prices in whole dong, `stars` 0 without a certificate that holds today.

    `lang` is "vi" where an English page has to show the Vietnamese name, else empty. `hint` says why the product is
    among the hits of a search where its name does not.
    """

    url: str
    name: str
    picture: ShownPicture | None
    price: Decimal
    is_from: bool
    unit_price: Decimal | None
    unit: str
    stars: int
    seller: str
    place: str
    is_available: bool
    lang: str = ""
    hint: Hint | None = None
    is_in_season: bool = False


@dataclass(frozen=True)
class ProducerCard:
    """One producer; `portrait_number` 1–4 chooses the drawn stand-in; `lang` as above, for `known_for`."""

    url: str
    name: str
    portrait: ShownPicture | None
    portrait_number: int
    place: str
    known_for: str
    product_count: int = 0
    lang: str = ""

    @property
    def about(self) -> str:
        return self.known_for


@dataclass(frozen=True)
class Text:
    """Words in the reader's language; `lang` is "vi" where only Vietnamese is there on an English page."""

    words: str
    lang: str = ""


def in_reading_language(vietnamese: str, english: str) -> Text:
    """English where the page is English and it is given, else the Vietnamese, marked as such (DESIGN §7)."""
    if get_language() != "en":
        return Text(vietnamese)
    return Text(english) if english else Text(vietnamese, "vi" if vietnamese else "")


def unit_label(unit: str) -> str:
    """`kg`, `litre`, `piece` in the reader's language; empty for none."""
    return str(Product.Unit(unit).label) if unit else ""


def product_url(*, slug: str, pk: int) -> str:
    before, after = _around_product(get_language() or "", get_script_prefix())
    return f"{before}{slug}-{pk}{after}"


@lru_cache(maxsize=8)
def _around_product(_language: str, _script_prefix: str) -> tuple[str, str]:
    """What stands before and behind slug and id: a list asks for it once per card."""
    before, after = reverse("storefront:product", kwargs={"slug": "slug", "pk": 0}).split("slug-0")
    return before, after


def product_card(row: ListedProduct, day: date, *, with_seller: bool = True, hint: Hint | None = None) -> ProductCard:
    """The card of one listed product on that day; the producer's own page need not name the seller."""
    has_badge = row.stars >= LEAST_STARS and row.stars_until is not None and row.stars_until >= day
    name = in_reading_language(row.title, row.title_en)
    return ProductCard(
        url=product_url(slug=row.slug, pk=row.pk),
        name=name.words,
        picture=shown_picture(row.picture),
        price=row.price_from,
        is_from=row.price_to > row.price_from,
        unit_price=row.unit_price,
        unit=unit_label(row.unit_price_per),
        stars=row.stars if has_badge else 0,
        seller=row.merchant_name if with_seller else "",
        place=row.place,
        is_available=row.in_stock,
        lang=name.lang,
        hint=hint,
        is_in_season=in_season(row.season, on=day),
    )


def producer_card(merchant: Merchant, *, product_count: int = 0) -> ProducerCard:
    """The card of one producer; needs village and commune loaded."""
    about = in_reading_language(merchant.summary, merchant.summary_en)
    return ProducerCard(
        url=merchant.get_absolute_url(),
        name=merchant.name,
        portrait=shown_picture(merchant.portrait.name),
        portrait_number=merchant.pk % DRAWN_PORTRAITS + 1,
        place=place_of(merchant),
        known_for=about.words,
        product_count=product_count,
        lang=about.lang,
    )


def place_of(merchant: Merchant) -> str:
    """Village and commune, as “Xóm 3, xã Hợp Minh”; needs both loaded."""
    village = merchant.village.name if merchant.village else ""
    return ", ".join(part for part in (village, merchant.commune.name) if part)

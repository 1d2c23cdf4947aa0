"""Which products a question is about; every public query starts with `Product.objects.public(commune)`."""

from typing import TYPE_CHECKING

from django.db import models
from oscar.apps.catalogue.managers import ProductQuerySet as OscarProductQuerySet

if TYPE_CHECKING:
    from catalogue.models import ListedProduct  # noqa: F401  # named in quotes below
    from merchants.models import Commune


# What cards and hints show of a listing row: the texts that are searched make up most of it.
CARD_COLUMNS = (
    "product_id", "merchant_id", "ocop_set", "stars", "stars_until", "price_from", "price_to", "unit_price",
    "unit_price_per", "in_stock", "season", "title", "title_en", "slug", "picture", "merchant_name", "place",
    "listed_at",
)  # fmt: skip


class ListedProductQuerySet(models.QuerySet["ListedProduct"]):
    def for_cards(self) -> "ListedProductQuerySet":
        """Read CARD_COLUMNS alone."""
        return self.only(*CARD_COLUMNS)


def sellable_if(prefix: str = "") -> models.Q:
    """The condition of `sellable()`, for a query over something that has the product under `prefix` ("product__")."""
    return (
        ~models.Q(**{f"{prefix}structure": "parent"})
        & (models.Q(**{f"{prefix}parent": None}) | models.Q(**{f"{prefix}parent__is_public": True}))
        & models.Q(
            **{
                f"{prefix}is_public": True,
                f"{prefix}merchant__is_public": True,
                f"{prefix}merchant__status": "active",
            }
        )
    )


class ProductQuerySet(OscarProductQuerySet):
    def public(self, commune: "Commune | None") -> "ProductQuerySet":
        """Pages a visitor of that commune's site may see: standalone or parent, public, of a public merchant."""
        found = self.exclude(structure="child").filter(
            is_public=True, merchant__is_public=True, merchant__status="active"
        )
        return found if commune is None else found.filter(merchant__commune=commune)

    def sellable(self) -> "ProductQuerySet":
        """What can lie in a basket: standalone or child, public itself and through its parent and merchant."""
        return self.filter(sellable_if(), stockrecords__isnull=False)

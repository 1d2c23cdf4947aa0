"""Which products a question is about; every public query starts with `Product.objects.public(commune)`."""

from typing import TYPE_CHECKING

from django.db import models
from oscar.apps.catalogue.managers import ProductQuerySet as OscarProductQuerySet

if TYPE_CHECKING:
    from merchants.models import Commune


class ProductQuerySet(OscarProductQuerySet):
    def public(self, commune: "Commune | None") -> "ProductQuerySet":
        """Pages a visitor of that commune's site may see: standalone or parent, public, of a public merchant."""
        found = self.exclude(structure="child").filter(
            is_public=True, merchant__is_public=True, merchant__status="active"
        )
        return found if commune is None else found.filter(merchant__commune=commune)

    def sellable(self) -> "ProductQuerySet":
        """What can lie in a basket: standalone or child, public itself and through its parent and merchant."""
        return self.exclude(structure="parent").filter(
            models.Q(parent=None) | models.Q(parent__is_public=True),
            is_public=True,
            merchant__is_public=True,
            merchant__status="active",
            stockrecords__isnull=False,
        )

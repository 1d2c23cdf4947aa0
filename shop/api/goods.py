"""Goods as the API tells them."""

from datetime import date
from typing import Annotated, Any

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Path, Query, Router, Schema

from catalogue.models import ListedProduct
from catalogue.search import find_words, matching
from catalogue.season import months_of
from catalogue.synonyms import load_synonyms
from shop.api.pages import CommuneOut, PageNumber, PageSize, cut

router = Router()


class NotThere(Exception):
    """No public object has this number; answered as 404."""


class SellerOut(Schema):
    id: int
    name: str
    url: str


class ProductOut(Schema):
    id: int
    title: str
    title_en: str
    url: str
    picture: str
    price_from_vnd: int
    price_to_vnd: int
    unit_price_vnd: int | None
    unit: str
    in_stock: bool
    ocop_stars: int
    ocop_stars_until: date | None
    ocop_set: int | None
    season_months: list[int]
    seller: SellerOut
    commune: CommuneOut


class ProductsOut(Schema):
    count: int
    page: int
    page_size: int
    items: list[ProductOut]


def _listed(request: HttpRequest) -> "QuerySet[ListedProduct]":
    commune = getattr(request, "commune", None)
    rows = ListedProduct.objects.select_related("commune")
    return rows if commune is None else rows.filter(commune=commune)


def product_out(request: HttpRequest, row: ListedProduct) -> dict[str, Any]:
    """One row as the schema wants it; addresses are absolute."""
    has_stars = bool(row.stars and row.stars_until and row.stars_until >= timezone.localdate())
    return {
        "id": row.pk,
        "title": row.title,
        "title_en": row.title_en,
        "url": request.build_absolute_uri(f"/san-pham/{row.slug}-{row.pk}/"),
        "picture": request.build_absolute_uri(default_storage.url(row.picture)) if row.picture else "",
        "price_from_vnd": int(row.price_from),
        "price_to_vnd": int(row.price_to),
        "unit_price_vnd": int(row.unit_price) if row.unit_price is not None else None,
        "unit": row.unit_price_per,
        "in_stock": row.in_stock,
        "ocop_stars": row.stars if has_stars else 0,
        "ocop_stars_until": row.stars_until if has_stars else None,
        "ocop_set": row.ocop_set,
        "season_months": list(months_of(row.season)),
        "seller": {
            "id": row.merchant_id,
            "name": row.merchant_name,
            "url": request.build_absolute_uri(f"/co-so/{row.merchant_slug}-{row.merchant_id}/"),
        },
        "commune": {"code": row.commune.code, "name": row.commune.name},
    }


@router.get("", response=ProductsOut, summary=gettext_noop("Goods on sale"))
def products(
    request: HttpRequest,
    q: Annotated[str, Query("", max_length=200, description=gettext_noop("Words; tone marks are optional."))],
    ocop_set: Annotated[
        int | None,
        Query(None, ge=1, le=26, description=gettext_noop("Number of the official OCOP product set, 1 to 26.")),
    ],
    stars: Annotated[
        int | None, Query(None, ge=3, le=5, description=gettext_noop("At least so many valid stars, 3 to 5."))
    ],
    page: PageNumber,
    page_size: PageSize,
) -> dict[str, Any]:
    rows = _listed(request)
    if q.strip():
        words = find_words(q, synonyms=load_synonyms())
        rows = rows.filter(matching(words)) if words else rows.none()
    if ocop_set is not None:
        rows = rows.filter(ocop_set=ocop_set)
    if stars is not None:
        rows = rows.filter(stars__gte=stars, stars_until__gte=timezone.localdate())
    found = rows.order_by("-listed_at", "-pk")[cut(page, page_size)]
    return {
        "count": rows.count(),
        "page": page,
        "page_size": page_size,
        "items": [product_out(request, row) for row in found],
    }


@router.get("{int:product_id}", response=ProductOut, summary=gettext_noop("One of the goods"))
def product(
    request: HttpRequest,
    product_id: Annotated[int, Path(..., description=gettext_noop("The good's number, as in its address."))],
) -> dict[str, Any]:
    row = _listed(request).filter(pk=min(product_id, 2**63 - 1)).first()
    if row is None:
        raise NotThere
    return product_out(request, row)

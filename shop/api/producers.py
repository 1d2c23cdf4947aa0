"""Producers with a public page, as the API tells them."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Router, Schema

from merchants.models import Merchant
from shop.api.pages import CommuneOut, PageNumber, PageSize, cut

router = Router()


class MerchantOut(Schema):
    id: int
    name: str
    legal_form: str
    trade: str
    village: str
    commune: CommuneOut
    url: str


class MerchantsOut(Schema):
    count: int
    page: int
    page_size: int
    items: list[MerchantOut]


@router.get("", response=MerchantsOut, summary=gettext_noop("Producers with a public page"))
def merchants(request: HttpRequest, page: PageNumber, page_size: PageSize) -> dict[str, Any]:
    rows = Merchant.objects.public(getattr(request, "commune", None)).select_related("village", "commune")
    found = rows.order_by("sort_name", "pk")[cut(page, page_size)]
    return {
        "count": rows.count(),
        "page": page,
        "page_size": page_size,
        "items": [
            {
                "id": row.pk,
                "name": row.name,
                "legal_form": row.legal_form,
                "trade": row.trade,
                "village": row.village.name if row.village else "",
                "commune": {"code": row.commune.code, "name": row.commune.name},
                "url": request.build_absolute_uri(f"/co-so/{row.slug}-{row.pk}/"),
            }
            for row in found
        ],
    }

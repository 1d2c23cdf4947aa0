"""Open figures: how many businesses of each commune have an account and a valid payment code. No personal data."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Router, Schema

from merchants.coverage import coverage_by_commune
from shop.api.pages import CommuneOut

router = Router()


class CoverageRow(Schema):
    commune: CommuneOut
    month: str
    on_the_register: int
    account_known: int
    code_valid: int


class CoverageOut(Schema):
    items: list[CoverageRow]


@router.get("", response=CoverageOut, summary=gettext_noop("Coverage by commune, this month"))
def coverage(request: HttpRequest) -> dict[str, Any]:
    month = timezone.localdate().strftime("%Y-%m")
    return {
        "items": [
            {
                "commune": {"code": row.commune.code, "name": row.commune.name},
                "month": month,
                "on_the_register": row.on_the_register,
                "account_known": row.account_known,
                "code_valid": row.code_valid,
            }
            for row in coverage_by_commune(getattr(request, "commune", None))
        ]
    }

"""How far the commune has come: read-only figures on the ladder from the register to a code. No personal data.

The later rungs (seen on the spot, holder confirmed, used) come with the visits; a rung without data is not shown as 0.
"""

from dataclasses import dataclass

from django.db.models import Count, Q

from merchants.models import Commune, Merchant


@dataclass(frozen=True)
class CommuneCoverage:
    """Active businesses of one commune and how many of them stand on each rung."""

    commune: Commune
    on_the_register: int
    account_known: int
    code_valid: int


def coverage_by_commune(commune: Commune | None = None) -> list[CommuneCoverage]:
    """Return one row per commune that has active businesses, in Vietnamese order; one query and one for names."""
    active_account = Q(bank_accounts__status="active")
    figures = (
        Merchant.objects.in_commune(commune)
        .counted()
        .values("commune_id")
        .annotate(
            on_the_register=Count("pk", distinct=True),
            account_known=Count("pk", distinct=True, filter=active_account),
            code_valid=Count(
                "pk", distinct=True, filter=active_account & Q(bank_accounts__payment_codes__status="valid")
            ),
        )
        .order_by()
    )
    communes = Commune.objects.in_bulk([row["commune_id"] for row in figures])
    rows = [
        CommuneCoverage(
            commune=communes[row["commune_id"]],
            on_the_register=row["on_the_register"],
            account_known=row["account_known"],
            code_valid=row["code_valid"],
        )
        for row in figures
    ]
    return sorted(rows, key=lambda row: row.commune.sort_name)

"""Which policies hold today; the buyer accepts exactly these, and the purchase points to them."""

from django.db.models import QuerySet

from catalogue.prepared_reads import prepared_read
from shop.purchase.models import PolicyVersion


def current_policies() -> list[PolicyVersion]:
    """The newest version of each kind, in the order of the kinds; empty before any was published. One query."""
    newest: dict[str, PolicyVersion] = {}
    for version in _versions():
        newest[version.kind] = version
    return [newest[kind] for kind in PolicyVersion.Kind.values if kind in newest]


@prepared_read
def _versions() -> "QuerySet[PolicyVersion]":
    return PolicyVersion.objects.defer("text_html").order_by("kind", "number")

"""`/chung-nhan/<token>/`: one OCOP certificate as the register has it: holds, ran out, or was revoked."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.models import ListedProduct, OcopCertificate
from catalogue.ocop.product_sets import SETS
from merchants.models import Commune, Merchant
from shop.storefront.cards import producer_card, product_card
from shop.storefront.public_page import public_page
from shop.storefront.seller_block import vietnamese

MOST_GOODS = 24
MOST_NAMES = 3  # of goods on the certificate itself
POINTS = {3: (50, 70), 4: (70, 90), 5: (90, 100)}  # from, to; QĐ 26/2026/QĐ-TTg of 22/5/2026, Điều 3.3


@public_page(reads=())
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The certificate is open on every site of the installation; its goods are those of this site."""
    certificates = OcopCertificate.objects.select_related("holder__village", "holder__commune")
    certificate = certificates.filter(token=token).first()
    if certificate is None:
        raise Http404("no such certificate")
    context = _context(certificate, getattr(request, "commune", None), timezone.localdate())
    return render(request, "storefront/certificate.html", context)


def _context(certificate: OcopCertificate, commune: Commune | None, today: date) -> dict[str, Any]:
    holder = certificate.holder
    state = _state(certificate, today)
    rows = ListedProduct.objects.for_cards().filter(product__certificates=certificate).order_by("-listed_at", "-pk")
    if commune is not None:
        rows = rows.filter(commune=commune)
    is_public = holder.is_public and holder.status == Merchant.Status.ACTIVE
    is_here = is_public and (commune is None or holder.commune_id == commune.pk)
    official = SETS[certificate.ocop_set]
    shown = list(rows[:MOST_GOODS])
    return {
        "certificate": {
            "state": state,
            "state_text": _state_text(certificate, state),
            "stars": certificate.stars,
            "rank_text": _rank_text(certificate.stars, state),
            "number": certificate.decision_number,
            "certificate_number": certificate.number,
            "issuer": vietnamese(certificate.issuer),
            "issued_on": certificate.issued_on,
            "expires_on": certificate.expires_on,
            "holds_until": max(certificate.last_valid_day, certificate.issued_on),
            "revoked_on": certificate.revoked_on,
            "holder": vietnamese(holder.name),
            "goods": [row.title for row in shown[:MOST_NAMES]],
            "is_sample": certificate.is_sample,
            "product_set": official.name_en if get_language() == "en" else official.name,
        },
        "merchant": producer_card(holder) if is_here else None,
        "cards": [product_card(row, today) for row in shown],
        "crumbs": [{"title": _("All goods"), "url": reverse("storefront:catalogue")}],
    }


def _state(certificate: OcopCertificate, today: date) -> str:
    """Return "valid", "early", "expired" or "revoked" (which outlives an expiry)."""
    if certificate.revoked_on is not None and certificate.revoked_on <= today:
        return "revoked"
    if certificate.issued_on > today:
        return "early"
    return "valid" if certificate.expires_on >= today else "expired"


def _state_text(certificate: OcopCertificate, state: str) -> str:
    if state == "revoked" and certificate.revoked_on is not None:
        day = date_format(certificate.revoked_on, "d/m/Y")
        return _("This certificate was revoked on %(day)s. The stars may not be shown any more.") % {"day": day}
    if state == "early":
        day = date_format(certificate.issued_on, "d/m/Y")
        return _("This certificate holds only from %(day)s on.") % {"day": day}
    if state == "expired":
        day = date_format(certificate.expires_on, "d/m/Y")
        return _("This certificate ran out on %(day)s. The stars may not be shown any more.") % {"day": day}
    return ""


def _rank_text(stars: int, state: str) -> str:
    """What the rank means, in points; nothing of a rank that may not be shown."""
    if state != "valid":
        return _("Stars may be shown only while the certificate holds. The goods may still be on sale, without stars.")
    least, below = POINTS[stars]
    numbers = {"stars": stars, "least": least, "below": below}
    if stars == 5:
        return _("A council judged the goods and gave %(least)s of 100 points or more: %(stars)s stars.") % numbers
    return (
        _("A council judged the goods and gave from %(least)s to less than %(below)s of 100 points: %(stars)s stars.")
        % numbers
    )

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
    is_valid = certificate.is_valid_on(today)
    rows = ListedProduct.objects.for_cards().filter(product__certificates=certificate).order_by("-listed_at", "-pk")
    if commune is not None:
        rows = rows.filter(commune=commune)
    is_public = holder.is_public and holder.status == Merchant.Status.ACTIVE
    is_here = is_public and (commune is None or holder.commune_id == commune.pk)
    official = SETS[certificate.ocop_set]
    return {
        "certificate": {
            "stars": certificate.stars,
            "number": certificate.decision_number,
            "certificate_number": certificate.number,
            "issuer": vietnamese(certificate.issuer),
            "issued_on": certificate.issued_on,
            "expires_on": certificate.expires_on,
            "holder": vietnamese(holder.name),
            "is_valid": is_valid,
            "is_sample": certificate.is_sample,
            "state_text": "" if is_valid else _state_text(certificate, today),
            "product_set": official.name_en if get_language() == "en" else official.name,
        },
        "merchant": producer_card(holder) if is_here else None,
        "cards": [product_card(row, today) for row in rows[:MOST_GOODS]],
        "crumbs": [{"title": _("All goods"), "url": reverse("storefront:catalogue")}],
    }


def _state_text(certificate: OcopCertificate, today: date) -> str:
    if certificate.revoked_on is not None and certificate.revoked_on <= today:
        day = date_format(certificate.revoked_on, "d/m/Y")
        return _("This certificate was revoked on %(day)s. The stars may not be shown any more.") % {"day": day}
    if certificate.issued_on > today:
        day = date_format(certificate.issued_on, "d/m/Y")
        return _("This certificate holds only from %(day)s on.") % {"day": day}
    day = date_format(certificate.expires_on, "d/m/Y")
    return _("This certificate ran out on %(day)s. The stars may not be shown any more.") % {"day": day}

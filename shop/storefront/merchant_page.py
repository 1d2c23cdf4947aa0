"""`/co-so/<slug>-<id>/`: one producer, her goods, and what the law wants to be known about a seller."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.models import ListedProduct
from merchants.models import Merchant
from shop.delivery.models import DeliveryOption
from shop.delivery.rates import offers_for
from shop.purchase.choices import pays_by_transfer, receiving_number
from shop.storefront.cards import in_reading_language, producer_card
from shop.storefront.catalogue_page import GOODS_A_PAGE, goods_page
from shop.storefront.catalogue_query import PageNotThere, page_number
from shop.storefront.page_context import base_url, page_addresses
from shop.storefront.public_page import public_page
from shop.storefront.seller_block import seller_facts
from shop.storefront.structured_data import breadcrumb_list, json_ld


@public_page(reads=("trang",))
def show(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The page; another slug leads to the right one; 404 for a business without a public page on this site."""
    commune, today = getattr(request, "commune", None), timezone.localdate()
    merchants = Merchant.objects.public(commune).select_related("village", "commune")
    merchants = merchants.annotate(receiving_number=receiving_number("pk"))
    merchant = merchants.filter(pk=pk).first()
    if merchant is None:
        raise Http404("no such producer here")
    if slug != merchant.slug:
        return HttpResponsePermanentRedirect(merchant.get_absolute_url())
    try:
        number = page_number(request.GET.get("trang", "1"))
    except PageNotThere as error:
        raise Http404("no such page of goods") from error
    context = _context(request, merchant, number, today)
    context["is_paid_by_transfer"] = pays_by_transfer(merchant.receiving_number)
    return render(request, "storefront/merchant.html", context)


def _context(request: HttpRequest, merchant: Merchant, number: int, today: date) -> dict[str, Any]:
    first = (number - 1) * GOODS_A_PAGE
    rows = ListedProduct.objects.for_cards().filter(merchant=merchant).order_by("-in_stock", "-listed_at", "-pk")
    page = goods_page(rows[first : first + GOODS_A_PAGE + 1], number=number, today=today, with_seller=False)
    if number > 1 and not page.object_list:
        raise Http404("no such page of goods")
    card = producer_card(merchant)
    story = in_reading_language(merchant.story, merchant.story_en)
    crumbs = [{"title": _("All goods"), "url": reverse("storefront:catalogue")}]
    base = base_url(request)
    return {
        "section": "catalogue",
        "merchant": {
            "id": merchant.pk,
            "name": card.name,
            "portrait": card.portrait,
            "portrait_number": card.portrait_number,
            "place": card.place,
            "summary": card.known_for,
            "summary_lang": card.lang,
            "story": story.words,
            "story_lang": story.lang,
            "phone": merchant.phone,
        },
        "seller_facts": seller_facts(merchant),
        **_delivery(merchant),
        "page": page,
        "crumbs": crumbs,
        "structured_data": json_ld(
            _organization(merchant, base, request.path),
            breadcrumb_list([*crumbs, {"title": merchant.name, "url": request.path}], base_url=base),
        ),
        **page_addresses(request, [("trang", str(number))] if number > 1 else None),
    }


def _delivery(merchant: Merchant) -> dict[str, Any]:
    """What it costs to get goods from here; `free_from` counts from an empty basket."""
    offers = {offer.kind: offer for offer in offers_for({merchant.pk: Decimal(0)})[merchant.pk]}
    flat = offers.get(DeliveryOption.Kind.FLAT_RATE)
    return {
        "delivery_from": flat.full_price_vnd if flat else None,
        "delivery_free_from": flat.missing_for_free_vnd if flat else None,
        "can_collect": DeliveryOption.Kind.COLLECT in offers,
        "collect_note": merchant.collection_note,
    }


def _organization(merchant: Merchant, base: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "Organization",
        "@id": base + path,
        "name": merchant.name,
        "url": base + path,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": merchant.address or (merchant.village.name if merchant.village else ""),
            "addressLocality": merchant.commune.name,
            "addressRegion": merchant.commune.province_name,
            "addressCountry": "VN",
        },
    }
    if merchant.phone:
        found["telephone"] = merchant.phone
    return found

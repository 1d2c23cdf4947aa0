"""The basket's pages: put in, look, change, take out."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from merchants.money import format_dong
from merchants.shown_pictures import ShownPicture, shown_picture
from shop.delivery.models import DeliveryOption
from shop.delivery.rates import DeliveryOffer, offers_for
from shop.purchase.basket import (
    NOT_ENOUGH,
    PRICE_CHANGED,
    SOLD_OUT,
    BasketGroup,
    BasketRefused,
    BasketRow,
    add_to_basket,
    basket_of_request,
    read_basket,
    remove_line,
    set_quantity,
)
from shop.purchase.web.private_page import private_page
from shop.purchase.web.same_site import same_site_only

LARGEST_ID = 2**63 - 1


def whole_number(text: str | None) -> int | None:
    """Read a form's number; None for anything that is not plain digits of a sensible length."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 18:
        return None
    return int(text)


def refusal_text(refused: BasketRefused) -> str:
    """Say to the visitor why the basket stayed as it was."""
    if refused.code == "not_enough":
        return _("Only %(available)s are left.") % {"available": refused.available}
    return {
        "not_for_sale": _("This is not for sale any more."),
        "sold_out": _("This is sold out for now."),
        "quantity": _("Choose a quantity between 1 and 999."),
        "full": _("The basket is full: order what is in it first."),
        "unknown_line": _("This was not in your basket any more."),
        "closed": _("This basket has been ordered already."),
    }[refused.code]


def problem_text(row: BasketRow) -> str:
    """What stands against a line, or has changed about it; empty when all is well."""
    notice = row.notice
    if notice is None:
        return ""
    if notice.code == PRICE_CHANGED:
        return _("The price has changed: it was %(old)s.") % {"old": format_dong(notice.old_price_vnd or 0)}
    if notice.code == SOLD_OUT:
        return _("Sold out meanwhile. It will not be ordered.")
    if notice.code == NOT_ENOUGH:
        return _("Only %(available)s are left. Please lower the quantity.") % {"available": notice.available}
    return _("Not for sale any more. It will not be ordered.")


@require_POST
@same_site_only
def basket_add(request: HttpRequest) -> HttpResponse:
    """Put a good in the basket, or with `to=checkout` buy it at once; the form stands on public pages without a token.

    What is in the basket already is bought with it: the checkout shows everything.
    """
    to_checkout = request.POST.get("to") == "checkout"
    product_id = whole_number(request.POST.get("product"))
    quantity = whole_number(request.POST.get("quantity", "1"))
    basket = basket_of_request(request)
    if product_id is None or product_id > LARGEST_ID:
        messages.error(request, _("This is not for sale any more."))
    elif quantity is None:
        messages.error(request, _("Choose a quantity between 1 and 999."))
    else:
        try:
            add_to_basket(basket=basket, product_id=product_id, quantity=quantity, commune=request.commune)  # type: ignore[attr-defined]
            if to_checkout:
                return redirect("purchase:checkout")
            messages.success(request, _("Put in your basket."))
        except BasketRefused as refused:
            messages.error(request, refusal_text(refused))
    return HttpResponseRedirect(reverse("purchase:basket"))


@require_safe
@private_page()
def basket_page(request: HttpRequest) -> HttpResponse:
    """The basket, grouped by merchant."""
    contents = read_basket(basket=basket_of_request(request), commune=request.commune)  # type: ignore[attr-defined]
    offers = offers_for({group.merchant.pk: group.goods_vnd for group in contents.groups})
    context = {
        "section": "basket",
        "groups": [group_for_page(group, offers[group.merchant.pk]) for group in contents.groups],
        "total": contents.goods_vnd,
        "total_at_the_door": total_at_the_door(contents.groups, offers),
        "item_count": contents.item_count,
        "can_order": bool(contents.buyable_groups),
        "checkout_url": reverse("purchase:checkout"),
    }
    return render(request, "storefront/basket.html", context)


@require_POST
@private_page()
def basket_change(request: HttpRequest, line_id: int) -> HttpResponse:
    """Set the quantity of a line of the visitor's own basket; 0 takes it out."""
    quantity = whole_number(request.POST.get("quantity"))
    try:
        if quantity is None:
            raise BasketRefused("quantity")
        set_quantity(
            basket=basket_of_request(request),
            line_id=min(line_id, LARGEST_ID),
            quantity=quantity,
            commune=request.commune,  # type: ignore[attr-defined]
        )
    except BasketRefused as refused:
        messages.error(request, refusal_text(refused))
    return redirect("purchase:basket")


@require_POST
@private_page()
def basket_remove(request: HttpRequest, line_id: int) -> HttpResponse:
    """Take a line out; the message offers to put it back."""
    try:
        remove_line(basket=basket_of_request(request), line_id=min(line_id, LARGEST_ID))
        messages.success(request, _("Taken out of your basket."))
    except BasketRefused as refused:
        messages.error(request, refusal_text(refused))
    return redirect("purchase:basket")


def group_for_page(group: BasketGroup, offers: tuple[DeliveryOffer, ...]) -> dict[str, Any]:
    """One merchant's part of the basket as templates/storefront/basket.html wants it."""
    merchant = group.merchant
    return {
        "merchant": merchant,
        "subtotal": group.goods_vnd,
        "delivery_note": delivery_note(offers),
        "lines": [line_for_page(row) for row in group.rows],
    }


def line_for_page(row: BasketRow) -> dict[str, Any]:
    """One line as the templates want it."""
    product = row.product
    return {
        "id": row.line_id,
        "field_id": f"quantity-{row.line_id}",
        "name": product.parent.shown_title if product.is_child else product.shown_title,
        "note": product.variant_label,
        "url": product.get_absolute_url(),
        "picture": partial(picture_for_page, row),  # called by the template that shows it
        "price": row.unit_price_vnd,
        "quantity": row.quantity,
        "max_quantity": max(row.most, 1),
        "total": row.price_vnd,
        "problem": problem_text(row),
        "is_blocked": not row.can_be_bought,
        "update_url": reverse("purchase:basket_change", args=[row.line_id]),
        "remove_url": reverse("purchase:basket_remove", args=[row.line_id]),
    }


def picture_for_page(row: BasketRow) -> ShownPicture | None:
    """The first picture of the good; the name stands beside it, so it needs no description."""
    return shown_picture(row.picture.original.name) if row.picture else None


def total_at_the_door(groups: Sequence[BasketGroup], offers: Mapping[int, tuple[DeliveryOffer, ...]]) -> Decimal | None:
    """Goods and delivery to the door together, in dong; None where some producer's goods must be collected."""
    total = Decimal(0)
    for group in groups:
        flat = door_delivery(offers[group.merchant.pk])
        if flat is None:
            return None
        total += group.goods_vnd + flat.price_vnd
    return total


def door_delivery(offers: tuple[DeliveryOffer, ...]) -> DeliveryOffer | None:
    """The offer that brings the goods to the buyer's door, if the merchant makes one."""
    return next((offer for offer in offers if offer.kind == DeliveryOption.Kind.FLAT_RATE), None)


def delivery_note(offers: tuple[DeliveryOffer, ...]) -> str:
    """What delivery of this merchant's goods will cost, said before the checkout."""
    flat = door_delivery(offers)
    if flat is None:
        return _("To be collected from the producer.")
    if flat.price_vnd == 0:
        return _("Delivery is free.")
    price = format_dong(flat.price_vnd)
    if flat.missing_for_free_vnd:
        missing = format_dong(flat.missing_for_free_vnd)
        return _("Delivery %(price)s; free if you add goods for %(missing)s.") % {"price": price, "missing": missing}
    return _("Delivery %(price)s.") % {"price": price}

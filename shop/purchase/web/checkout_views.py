"""The checkout: one page, as a guest, all merchants of the basket at once."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merchants.phone_numbers import shown_phone
from merchants.typed_text import clean_line
from shop.address.saved_addresses import note_chosen
from shop.delivery.models import DeliveryOption
from shop.order.models import PaymentMethod
from shop.purchase.basket import BasketContents, basket_of_request, read_basket
from shop.purchase.choices import MerchantChoice, MerchantOffer, merchant_offers
from shop.purchase.forms import CheckoutForm
from shop.purchase.member_checkout import member_of, remember_address, with_saved_address
from shop.purchase.models import PolicyVersion
from shop.purchase.place_purchase import BuyerDetails, DeliveryAddress, InvoiceWish, PurchaseRefused, place_purchase
from shop.purchase.policies import current_policies
from shop.purchase.web.basket_views import line_for_page
from shop.purchase.web.private_page import private_page

HOME_PROVINCE = "40"  # Nghệ An, where no commune of the site says otherwise


@dataclass(frozen=True)
class Chosen:
    """The offers of the page's merchants and what the buyer has chosen so far."""

    offers: tuple[MerchantOffer, ...]
    choices: Mapping[int, MerchantChoice]

    @property
    def goods_vnd(self) -> Decimal:
        return sum((offer.group.goods_vnd for offer in self.offers), Decimal(0))

    @property
    def total_vnd(self) -> Decimal:
        totals = (offer.total_vnd(self.choices[offer.group.merchant.pk]) for offer in self.offers)
        return sum(totals, Decimal(0))

    @property
    def needs_address(self) -> bool:
        return any(choice.delivery != DeliveryOption.Kind.COLLECT for choice in self.choices.values())

    @property
    def is_cash_anywhere(self) -> bool:
        return any(choice.payment == PaymentMethod.CASH_ON_DELIVERY for choice in self.choices.values())

    @property
    def seen(self) -> str:
        """A hash of everything that has a price here; it comes back with the form, so that a change is noticed."""
        facts = [
            (row.line_id, row.quantity, str(row.unit_price_vnd))
            for offer in self.offers
            for row in offer.group.buyable_rows
        ]
        prices = [(way.kind, str(way.price_vnd)) for offer in self.offers for way in offer.deliveries]
        return hashlib.sha256(repr((facts, prices)).encode()).hexdigest()[:24]


@require_http_methods(["GET", "HEAD", "POST"])
@private_page()
def checkout_page(request: HttpRequest) -> HttpResponse:
    """Show the form, refresh it (`refresh` pressed: another province or delivery), or place the purchase."""
    basket = basket_of_request(request)
    contents = read_basket(basket=basket, commune=request.commune)  # type: ignore[attr-defined]
    key = request.POST.get("idempotency_key") or secrets.token_urlsafe(18)
    if not contents.buyable_groups and request.method != "POST":
        return redirect("purchase:basket")
    chosen = _chosen(request, contents)
    is_final = request.method == "POST" and "refresh" not in request.POST
    form = _form(request, chosen)
    if is_final and form.is_valid():
        if form.cleaned_data["is_gift"] and chosen.is_cash_anywhere:
            form.add_error("payment", _("Pay a gift by transfer: the recipient should not have to pay for it."))
        elif chosen.offers and request.POST.get("seen") != chosen.seen:
            form.add_error(None, _("A price or the stock has changed meanwhile. Please look at your order once more."))
        else:
            answer = _place(request, basket, form, chosen, key)
            if answer is not None:
                return answer
    if request.method == "POST" and "refresh" in request.POST:
        form.forget_faults()
    status = 422 if is_final and form.errors else 200
    return render(request, "storefront/checkout.html", _context(contents, chosen, form, key), status=status)


@require_safe
def policy_version(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """One wording of a policy as it was published; what a buyer accepted can be read again years later."""
    version = get_object_or_404(PolicyVersion, kind=kind, number=min(number, 2**31 - 1))
    return render(request, "purchase/policy_version.html", {"version": version})


def _form(request: HttpRequest, chosen: Chosen) -> CheckoutForm:
    commune = request.commune  # type: ignore[attr-defined]
    initial, member = {}, None
    if request.user.is_authenticated:
        user: Any = request.user
        member = member_of(user, policies=current_policies(), needs_address=chosen.needs_address)
        hers = member.addresses[0] if member.addresses else None
        initial = {
            "name": user.full_name or (hers.first_name if hers else ""),
            "phone": shown_phone(user.phone or (hers.phone if hers else "")),
            "email": user.email or "",
        }
    return CheckoutForm(
        request.POST if request.method == "POST" else None,
        member=member,
        initial=initial,
        needs_address=chosen.needs_address,
        home_province=commune.province_code if commune else HOME_PROVINCE,
    )


def _chosen(request: HttpRequest, contents: BasketContents) -> Chosen:
    """Take the choices from the form where they are on offer; else what is suggested."""
    offers = tuple(offer for offer in merchant_offers(contents.buyable_groups) if offer.suggested is not None)
    wants_cash = request.POST.get("payment") == PaymentMethod.CASH_ON_DELIVERY
    choices = {}
    for offer in offers:
        suggested = offer.suggested
        assert suggested is not None  # noqa: S101  # filtered above
        wished = request.POST.get(f"delivery-{offer.group.merchant.pk}", "")
        kinds = {way.kind for way in offer.deliveries}
        choices[offer.group.merchant.pk] = MerchantChoice(
            payment=PaymentMethod.CASH_ON_DELIVERY if wants_cash else suggested.payment,
            delivery=wished if wished in kinds else suggested.delivery,
            note=clean_line(request.POST.get(f"note-{offer.group.merchant.pk}", ""), longest=500),
        )
    return Chosen(offers=offers, choices=choices)


def _place(request: HttpRequest, basket: Any, form: CheckoutForm, chosen: Chosen, key: str) -> HttpResponse | None:
    """Place the purchase; None with the reason on the form when it was refused."""
    buyer = _buyer(form, chosen)
    buyable = [row.line_id for offer in chosen.offers for row in offer.group.buyable_rows]
    try:
        placed = place_purchase(
            basket=basket,
            buyer=buyer,
            choices=chosen.choices,
            idempotency_key=key,
            accepted_policy_ids=[policy.pk for policy in current_policies()],
            commune=request.commune,  # type: ignore[attr-defined]
            language=get_language() or "vi",
            user=request.user if request.user.is_authenticated else None,  # type: ignore[arg-type]
            line_ids=buyable,
            expected_total_vnd=chosen.total_vnd if chosen.offers else None,
        )
    except PurchaseRefused as refused:
        form.add_error(None, _refusal_text(refused))
        return None
    if placed.is_new:
        messages.success(request, _("Your order has been placed."))
        if form.saved_address is not None:
            note_chosen(form.saved_address)
        elif form.member is not None and form.cleaned_data["save_address"]:
            remember_address(user=form.member.user, buyer=buyer)
    return redirect(placed.purchase)


def _buyer(form: CheckoutForm, chosen: Chosen) -> BuyerDetails:
    data = form.cleaned_data
    address = None
    if form.needs_address:
        province, commune = form.place_names
        address = DeliveryAddress(
            line=data["street"],
            commune_code=data["commune"],
            commune_name=commune,
            province_code=data["province"],
            province_name=province,
            former=data["former_address"],
        )
    buyer = BuyerDetails(
        name=data["name"],
        phone=data["phone"],
        email=data["email"],
        recipient_name=data["recipient_name"],
        recipient_phone=data["recipient_phone"],
        address=address,
        is_gift=data["is_gift"],
        gift_message=data["gift_message"],
        invoice=_invoice(data),
    )
    return with_saved_address(buyer, form.saved_address) if form.saved_address is not None else buyer


def _invoice(data: Mapping[str, Any]) -> InvoiceWish | None:
    if not data["wants_invoice"]:
        return None
    return InvoiceWish(
        company_name=data["invoice_company"],
        tax_code=data["invoice_tax_code"],
        address=data["invoice_address"],
        email=data["invoice_email"],
    )


def _refusal_text(refused: PurchaseRefused) -> str:
    if refused.code == "lines":
        names = ", ".join(problem.title for problem in refused.lines)
        return _("Not available any more: %(names)s. The rest can still be ordered.") % {"names": names}
    return {
        "empty": _("The basket is empty."),
        "closed": _("This basket has been ordered already."),
        "price_changed": _("A price has changed meanwhile. Please look at your order once more."),
        "choices": _("This way to pay or deliver is not offered any more. Please choose again."),
        "address_missing": _("The producer needs an address to deliver to."),
        "buyer": _("Please check your name and phone number."),
        "policies": _("The terms have been renewed. Please read and accept them again."),
        "too_much": _("This is more than one order can hold. Please order in two parts."),
        "key": _("This form was too old. Please send it again."),
        "key_used": _("This form was too old. Please send it again."),
    }[refused.code]


def _context(contents: BasketContents, chosen: Chosen, form: CheckoutForm, key: str) -> dict[str, Any]:
    policies = [
        {"title": policy.title, "url": reverse("purchase:policy_version", args=[policy.kind, policy.number])}
        for policy in current_policies()
    ]
    return {
        "form": form,
        "groups": [_group(offer, chosen.choices[offer.group.merchant.pk]) for offer in chosen.offers],
        "blocked": [line_for_page(row) for row in contents.blocked_rows],
        "takes_transfer": any(PaymentMethod.TRANSFER in offer.payments for offer in chosen.offers),
        "cash_only": [
            offer.group.merchant.name for offer in chosen.offers if PaymentMethod.TRANSFER not in offer.payments
        ],
        "needs_address": chosen.needs_address,
        "goods_total": chosen.goods_vnd,
        "delivery_total": chosen.total_vnd - chosen.goods_vnd,
        "total": chosen.total_vnd,
        "seen": chosen.seen,
        "policies": policies,
        "idempotency_key": key,
        "basket_url": reverse("purchase:basket"),
    }


def _group(offer: MerchantOffer, choice: MerchantChoice) -> dict[str, Any]:
    merchant = offer.group.merchant
    collect_note = merchant.collection_note or merchant.address
    ways = [
        {
            "value": way.kind,
            "label": _("I collect the goods myself")
            if way.kind == DeliveryOption.Kind.COLLECT
            else _("Delivered to me"),
            "note": collect_note if way.kind == DeliveryOption.Kind.COLLECT else "",
            "price": way.price_vnd,
            "is_chosen": way.kind == choice.delivery,
        }
        for way in offer.deliveries
    ]
    return {
        "merchant": merchant,
        "lines": [line_for_page(row) for row in offer.group.buyable_rows],
        "subtotal": offer.group.goods_vnd,
        "delivery_price": offer.total_vnd(choice) - offer.group.goods_vnd,
        "total": offer.total_vnd(choice),
        "note_field": f"note-{merchant.pk}",
        "note": choice.note,
        "delivery_field": f"delivery-{merchant.pk}",
        "delivery_choices": ways,
    }

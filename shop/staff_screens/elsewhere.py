"""Where the work of the dashboard's closed pages is done, and a way there that opens for the person who asks.

A member of the platform's staff has no role at a merchant or a commune (merchants.permissions): the workspace and the
register are shut for her. She is told who may do the work, and is led to what she can see: the public pages, with the
seller's address and phone. Whoever does have the role is led to the very page of the workspace.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Product
from merchants.models import Membership, Merchant
from merchants.permissions import MAY, Act, Grants, request_grants
from shop.order.models import Order
from shop.partner.models import Partner


@dataclass(frozen=True)
class Link:
    url: str
    label: str


@dataclass(frozen=True)
class Elsewhere:
    """A sentence on who does this work and where; who in particular, if one business is meant; the ways on."""

    text: str
    who: str
    links: tuple[Link, ...]


_GOODS = gettext_lazy("Goods, prices, stock and photos are written by the producer, or her helper, in the workspace.")
_ORDERS = gettext_lazy(
    "Orders are confirmed, packed, sent and cancelled by the producer in the workspace; money is never typed in."
)
_PEOPLE = gettext_lazy("Businesses and who works for them are kept on the register, by the officers of their commune.")
_ACCOUNTS = gettext_lazy(
    "Everybody chooses her own password on the sign-in page, by a code from her mailbox or from an officer."
)
_PAGES = gettext_lazy("Pages, news and texts are written in the content system.")
_PROMOTIONS = gettext_lazy("Offers and vouchers are switched off: every merchant is paid the price she set.")
_DELIVERY = gettext_lazy("Delivery is collecting or a flat rate.")
_LETTERS = gettext_lazy("Letters to buyers and producers are part of the program and its translations.")
_GROUPS = gettext_lazy("Goods are grouped by the official list of OCOP product sets; there is nothing to set up here.")
_REVIEWS = gettext_lazy("Reviews are switched off.")

# Beginnings of the dashboard's URL names → what is said. The first that fits wins.
_SAID = (
    ("catalogue-product", _GOODS),
    ("catalogue-", _GROUPS),
    ("stock-", _GOODS),
    ("order-", _ORDERS),
    ("partner-", _PEOPLE),
    ("user-alert", _GOODS),
    ("user", _ACCOUNTS),
    ("page-", _PAGES),
    ("offer-", _PROMOTIONS),
    ("voucher-", _PROMOTIONS),
    ("range-", _PROMOTIONS),
    ("shipping-", _DELIVERY),
    ("comms-", _LETTERS),
    ("reviews-", _REVIEWS),
)


def elsewhere(request: HttpRequest, url_name: str, arguments: Mapping[str, Any]) -> Elsewhere:
    """What to say, and whom and where to ask, instead of the closed page of that name and those arguments."""
    text = next((said for start, said in _SAID if url_name.startswith(start)), _GOODS)
    grants = request_grants(request)
    if text is _GOODS and (product := _product(arguments)) is not None:
        return link_to_goods(request, grants, product)
    if text is _ORDERS and (order := Order.objects.filter(number=arguments.get("number", "")).first()) is not None:
        return link_to_order(request, grants, order)
    if text is _PEOPLE and (merchant := _merchant(arguments)) is not None:
        return _link_to_merchant(request, grants, merchant)
    return Elsewhere(text=str(text), who="", links=_general_links(request, grants, str(text)))


def _product(arguments: Mapping[str, Any]) -> Product | None:
    pk = arguments.get("pk") or arguments.get("parent_pk")
    return Product.objects.select_related("merchant").filter(pk=pk).first() if pk else None


def _merchant(arguments: Mapping[str, Any]) -> Merchant | None:
    pk = arguments.get("partner_pk") or arguments.get("pk")
    partner = Partner.objects.select_related("merchant").filter(pk=pk).first() if pk else None
    return partner.merchant if partner else None


def link_to_goods(request: HttpRequest, grants: Grants, product: Product) -> Elsewhere:
    links = []
    if grants.may(Act.GOODS_VIEW, product):
        page = product.parent_id or product.pk
        links.append(Link(reverse("workspace:product", args=[page]), _("Open it in the workspace")))
    shown = Product.objects.public(getattr(request, "commune", None)).filter(pk=product.parent_id or product.pk)
    if shown.exists():
        links.append(Link(product.get_absolute_url(), _("See it in the shop")))
    if product.merchant is not None:
        links += _public_page(request, product.merchant)
    return Elsewhere(
        text=str(_GOODS),
        who=_who_may(Act.GOODS_EDIT, product.merchant, product.get_title()),
        links=tuple(links),
    )


def link_to_order(request: HttpRequest, grants: Grants, order: Order) -> Elsewhere:
    links = []
    if grants.may(Act.ORDER_VIEW, order):
        links.append(Link(reverse("workspace:order", args=[order.number]), _("Open the order in the workspace")))
    if order.merchant is not None:
        links += _public_page(request, order.merchant)
    return Elsewhere(
        text=str(_ORDERS), who=_who_may(Act.ORDER_CONFIRM, order.merchant, order.number), links=tuple(links)
    )


def _link_to_merchant(request: HttpRequest, grants: Grants, merchant: Merchant) -> Elsewhere:
    links = []
    if grants.may(Act.REGISTER_VIEW, merchant):
        links.append(Link(reverse("merchants:business", args=[merchant.pk]), _("Open it on the register")))
    links += _public_page(request, merchant)
    return Elsewhere(text=str(_PEOPLE), who=_who_may(Act.MERCHANT_EDIT, merchant, merchant.name), links=tuple(links))


def _public_page(request: HttpRequest, merchant: Merchant) -> list[Link]:
    """The page with the seller's address and phone, where this site shows it."""
    if not Merchant.objects.public(getattr(request, "commune", None)).filter(pk=merchant.pk).exists():
        return []
    return [Link(merchant.get_absolute_url(), _("The seller's page, with address and phone"))]


def _who_may(act: Act, merchant: Merchant | None, what: str) -> str:
    """One sentence that names the people whose role allows the act at that merchant or in its commune."""
    if merchant is None:
        return ""
    roles = [role for role, acts in MAY.items() if act in acts]
    at_merchant = Membership.objects.filter(merchant=merchant, role__in=roles)
    in_commune = Membership.objects.filter(commune=merchant.commune_id, role__in=roles)
    memberships = (at_merchant | in_commune).in_force(timezone.now()).select_related("user").order_by("pk")
    people = ", ".join(f"{grant.user.get_full_name()} ({grant.get_role_display()})" for grant in memberships[:12])
    if not people:
        return _("“%(what)s” belongs to %(merchant)s. Nobody has the role to change it yet: ask an officer.") % {
            "what": what,
            "merchant": merchant.name,
        }
    return _("“%(what)s” belongs to %(merchant)s. It may be changed by: %(people)s.") % {
        "what": what,
        "merchant": merchant.name,
        "people": people,
    }


def _general_links(request: HttpRequest, grants: Grants, text: str) -> tuple[Link, ...]:
    """The ways on where no one object is meant; each opens for the person who asks."""
    shop = Link(reverse("storefront:catalogue"), _("See the goods in the shop"))
    if text in {_GOODS, _GROUPS}:
        workspace = Link(reverse("workspace:products"), _("To the goods in the workspace"))
        return (workspace, shop) if grants.merchant_ids(Act.GOODS_VIEW) else (shop,)
    if text == _ORDERS:
        workspace = Link(reverse("workspace:orders"), _("To the orders in the workspace"))
        own = (workspace,) if grants.merchant_ids(Act.ORDER_VIEW) else ()
        return (*own, Link(reverse("dashboard:order-list"), _("To the list of orders")))
    if text == _PEOPLE:
        register = Link(reverse("merchants:businesses"), _("To the register"))
        own = (register,) if grants.is_officer else ()
        return (*own, Link(reverse("dashboard:partner-list"), _("To the list of sellers")))
    if text == _ACCOUNTS:
        return (Link(reverse("account_reset_password"), _("To the page for a new password")),)
    if text == _PAGES and request.user.has_perm("wagtailadmin.access_admin"):
        return (Link(reverse("wagtailadmin_home"), _("To the pages and stories")),)
    if text == _DELIVERY and request.user.has_perm("delivery.view_deliveryoption"):
        return (Link(reverse("admin:delivery_deliveryoption_changelist"), _("To the delivery options")),)
    return ()

"""From a basket to a purchase with one order per merchant: one transaction, all or nothing, once per key."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.timezone import now as current_time
from oscar.core.loading import get_model

from catalogue.prepared_reads import prepared_read
from merchants.models import BankAccount, Commune, Merchant
from shop.delivery.models import DeliveryOption
from shop.delivery.rates import DeliveryOffer, offers_for
from shop.order.models import Fulfilment, Order, Payment, PaymentMethod, ShippingAddress
from shop.order.reference import new_reference
from shop.outbox.enqueue import enqueue
from shop.partner import stock
from shop.partner.stock import StockPart, StockShort
from shop.payments.attempts import open_cash_attempt, open_transfer_attempt
from shop.purchase.basket import (
    NOT_ENOUGH,
    SOLD_OUT,
    Basket,
    BasketLine,
    LineNotice,
    lines_of,
    may_be_sold,
    notice_of,
    wanted_of,
)
from shop.purchase.choices import MerchantChoice, receiving_accounts, ways_to_pay
from shop.purchase.holds import hold_end
from shop.purchase.models import InvoiceRequest, PolicyVersion, Purchase
from shop.purchase.policies import current_policies
from shop.purchase.split_by_merchant import MerchantPart, split_by_merchant
from shop.purchase.states import log_placed
from shop.users.models import User

Line = get_model("order", "Line")
LinePrice = get_model("order", "LinePrice")
Country = get_model("address", "Country")

MOST_VND = Decimal(9_999_999_999)  # per order: what Oscar's money columns hold
REFERENCE_TRIES = 5
_PHONE = re.compile(r"\+[1-9]\d{7,14}")  # E.164; buyers may live abroad
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True)
class DeliveryAddress:
    """Today's two levels; `line` is house, street, village; `former` what the buyer typed of the old address."""

    line: str
    commune_code: str
    commune_name: str
    province_code: str
    province_name: str
    former: str = ""


@dataclass(frozen=True)
class InvoiceWish:
    """What a VAT invoice is to name; `tax_code` as python-stdnum writes it, 10 or 13 digits."""

    company_name: str
    tax_code: str
    address: str
    email: str


@dataclass(frozen=True)
class BuyerDetails:
    """Who buys, and who receives where that is someone else. Phones in E.164. A gift's parcel says no prices."""

    name: str
    phone: str
    email: str = ""
    recipient_name: str = ""
    recipient_phone: str = ""
    address: DeliveryAddress | None = None
    note: str = ""
    is_gift: bool = False
    gift_message: str = ""
    invoice: InvoiceWish | None = None


@dataclass(frozen=True)
class LineProblem:
    """A line that cannot be bought as it is; `notice.code` says why, `notice.available` how many there are."""

    line_id: int
    title: str
    notice: LineNotice


@dataclass(frozen=True)
class PlacedPurchase:
    """`is_new` is False when the same key had been placed before; nothing was done then."""

    purchase: Purchase
    orders: tuple[Order, ...]
    is_new: bool


class PurchaseRefused(Exception):
    """Nothing was bought and the basket is as it was.

    Codes: "lines" (`lines` names each; buy the rest by passing the other lines' ids), "empty", "closed" (bought in
    another tab), "price_changed" (the total is no longer what was shown), "choices" (`merchant_ids`: a way to pay or
    to deliver that is not offered), "address_missing", "buyer", "policies" (not accepted, or newer ones exist),
    "too_much", "key" (malformed), "key_used" (someone else's).
    """

    def __init__(
        self, code: str, *, lines: Sequence[LineProblem] = (), merchant_ids: Collection[int] = (), detail: str = ""
    ) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.lines = tuple(lines)
        self.merchant_ids = tuple(merchant_ids)


def place_purchase(
    *,
    basket: Any,
    buyer: BuyerDetails,
    choices: Mapping[int, MerchantChoice],
    idempotency_key: str,
    accepted_policy_ids: Collection[int],
    commune: Commune | None,
    language: str,
    user: User | None = None,
    line_ids: Collection[int] | None = None,
    expected_total_vnd: Decimal | None = None,
    now: datetime | None = None,
) -> PlacedPurchase:
    """Buy the basket (or the lines named in `line_ids`), hold the goods, ask each merchant's money.

    Prices, stock, delivery costs and accounts are read from the database here; nothing of the form is believed but
    choices. With `expected_total_vnd` (what the page showed, delivery included) a change of price meanwhile is
    refused instead of charged. `choices` by merchant id. `accepted_policy_ids` must hold all current policies.
    The same `idempotency_key` (unguessable, made with the form) gives the same purchase, also in a race.
    A basket that was bought whole is closed; one of which the rest was bought keeps the other lines.
    Raises PurchaseRefused; then nothing was written.
    """
    if not _KEY.fullmatch(idempotency_key):
        raise PurchaseRefused("key")
    if placed := _placed_before(idempotency_key, user):
        return placed
    if basket.pk is None:
        raise PurchaseRefused("empty")
    _check_buyer(buyer)
    try:
        with transaction.atomic():
            open_basket = Basket.objects.select_for_update().filter(pk=basket.pk, status=Basket.OPEN).first()
            if open_basket is None:
                if placed := _placed_before(idempotency_key, user):
                    return placed
                raise PurchaseRefused("closed")
            draft = _draft(
                basket=open_basket, choices=choices, commune=commune, line_ids=line_ids, address=buyer.address
            )
            if expected_total_vnd is not None and draft.total_vnd != expected_total_vnd:
                raise PurchaseRefused("price_changed", detail=f"{expected_total_vnd} → {draft.total_vnd}")
            policies = _accepted(accepted_policy_ids)
            return _write(
                draft=draft,
                basket=open_basket,
                buyer=buyer,
                idempotency_key=idempotency_key,
                policies=policies,
                commune=commune,
                language=language,
                user=user,
                placed_at=now or current_time(),
            )
    except IntegrityError:
        # The same key was placed from another basket at the same moment: the first one counts.
        if placed := _placed_before(idempotency_key, user):
            return placed
        raise


@dataclass(frozen=True)
class _PartDraft:
    part: MerchantPart
    merchant: Merchant
    partner_id: int | None
    account: BankAccount | None
    payment: str
    delivery: DeliveryOffer
    note: str

    @property
    def total_vnd(self) -> Decimal:
        return self.part.goods_vnd + self.delivery.price_vnd


@dataclass(frozen=True)
class _Draft:
    """A purchase that is sound as far as can be seen without locks."""

    parts: tuple[_PartDraft, ...]
    lines: dict[int, Any]  # basket lines by id
    is_whole_basket: bool

    @property
    def total_vnd(self) -> Decimal:
        return sum((part.total_vnd for part in self.parts), Decimal(0))

    @property
    def is_delivered(self) -> bool:
        return any(part.delivery.kind != DeliveryOption.Kind.COLLECT for part in self.parts)


def _placed_before(idempotency_key: str, user: User | None) -> PlacedPurchase | None:
    found = _purchases_with(idempotency_key)
    if not found:
        return None
    purchase = found[0]
    if purchase.user_id is not None and purchase.user_id != (user.pk if user else None):
        raise PurchaseRefused("key_used")
    return PlacedPurchase(purchase, tuple(purchase.orders.order_by("pk")), is_new=False)


@prepared_read
def _purchases_with(idempotency_key: str) -> "QuerySet[Purchase]":
    return Purchase.objects.filter(idempotency_key=idempotency_key)


def _check_buyer(buyer: BuyerDetails) -> None:
    """Forms have said so in words already; this keeps programs honest."""
    phones = [buyer.phone] + ([buyer.recipient_phone] if buyer.recipient_phone else [])
    if not buyer.name.strip() or not all(_PHONE.fullmatch(phone) for phone in phones):
        raise PurchaseRefused("buyer")


def _draft(
    *,
    basket: Any,
    choices: Mapping[int, MerchantChoice],
    commune: Commune | None,
    line_ids: Collection[int] | None,
    address: DeliveryAddress | None,
) -> _Draft:
    every_line = lines_of(basket)
    lines = [line for line in every_line if line_ids is None or line.pk in set(line_ids)]
    if not lines:
        raise PurchaseRefused("empty")
    notices = {line.pk: notice_of(line, is_sellable=may_be_sold(line, commune)) for line in lines}
    problems = [
        LineProblem(line.pk, line.product.shown_title, notice)
        for line in lines
        if (notice := notices[line.pk]) is not None and notice.blocks
    ]
    if problems:
        raise PurchaseRefused("lines", lines=problems)

    parts = split_by_merchant([wanted_of(line) for line in lines])
    ids = [part.merchant_id for part in parts]
    merchants = {line.product.merchant_id: line.product.merchant for line in lines}
    accounts = receiving_accounts(ids)
    payments = ways_to_pay(accounts, ids)
    offers = offers_for({part.merchant_id: part.goods_vnd for part in parts})
    partners = {line.product.merchant_id: line.sold_by_id for line in lines}
    chosen: list[_PartDraft] = []
    refused: list[int] = []
    for part in parts:
        choice = choices.get(part.merchant_id)
        delivery = next((offer for offer in offers[part.merchant_id] if choice and offer.kind == choice.delivery), None)
        if choice is None or delivery is None or choice.payment not in payments[part.merchant_id]:
            refused.append(part.merchant_id)
            continue
        chosen.append(
            _PartDraft(
                part=part,
                merchant=merchants[part.merchant_id],
                partner_id=partners[part.merchant_id],
                account=accounts.get(part.merchant_id),
                payment=choice.payment,
                delivery=delivery,
                note=choice.note.strip()[:500],
            )
        )
    if refused:
        raise PurchaseRefused("choices", merchant_ids=refused)
    if any(part.total_vnd > MOST_VND for part in chosen):
        raise PurchaseRefused("too_much")
    draft = _Draft(tuple(chosen), {line.pk: line for line in lines}, is_whole_basket=len(lines) == len(every_line))
    if draft.is_delivered and (address is None or not address.line.strip() or not address.commune_name):
        raise PurchaseRefused("address_missing")
    return draft


def _accepted(accepted_policy_ids: Collection[int]) -> list[PolicyVersion]:
    current = current_policies()
    if not {policy.pk for policy in current} <= set(accepted_policy_ids):
        raise PurchaseRefused("policies")
    return current


def _write(
    *,
    draft: _Draft,
    basket: Any,
    buyer: BuyerDetails,
    idempotency_key: str,
    policies: list[PolicyVersion],
    commune: Commune | None,
    language: str,
    user: User | None,
    placed_at: datetime,
) -> PlacedPurchase:
    """Write everything; the purchase first, so that a racing twin waits there before it touches any stock."""
    wish = Purchase.DeliveryWish
    purchase = Purchase.objects.create(
        idempotency_key=idempotency_key,
        user=user,
        commune=commune,
        language=language,
        buyer_name=buyer.name.strip()[:120],
        buyer_phone=buyer.phone,
        buyer_email=buyer.email,
        recipient_name=buyer.recipient_name.strip()[:120],
        recipient_phone=buyer.recipient_phone,
        delivery_wish=wish.DELIVER if draft.is_delivered else wish.COLLECT,
        shipping_address=_write_address(buyer) if draft.is_delivered else None,
        note=buyer.note.strip()[:500],
        is_gift=buyer.is_gift,
        gift_message=buyer.gift_message.strip()[:300] if buyer.is_gift else "",
        basket_id=basket.pk,
    )
    purchase.accepted_policies.add(*policies)
    if buyer.invoice is not None:
        InvoiceRequest.objects.create(purchase=purchase, **asdict(buyer.invoice))
    orders = _write_orders(draft=draft, purchase=purchase, basket=basket, user=user, placed_at=placed_at)
    lines = _write_lines(draft=draft, orders=orders)
    _hold_goods(draft=draft, lines=lines)
    log_placed(orders, actor=user)
    for part, order in zip(draft.parts, orders, strict=True):
        if part.payment == PaymentMethod.TRANSFER:
            assert part.account is not None  # noqa: S101  # ways_to_pay offers transfer only with an account
            open_transfer_attempt(
                order=order, account=part.account, amount_vnd=order.total_incl_tax, expires_at=order.hold_until
            )
        else:
            open_cash_attempt(order=order, amount_vnd=order.total_incl_tax)
    if draft.is_whole_basket:
        Basket.objects.filter(pk=basket.pk).update(status=Basket.SUBMITTED, date_submitted=placed_at)
    else:
        BasketLine.objects.filter(basket=basket, pk__in=draft.lines).delete()
    enqueue(kind="purchase.placed", payload={"purchase_id": purchase.pk})
    return PlacedPurchase(purchase, tuple(orders), is_new=True)


def _write_address(buyer: BuyerDetails) -> ShippingAddress:
    assert buyer.address is not None  # noqa: S101  # _draft has seen to it
    country, _created = Country.objects.get_or_create(
        iso_3166_1_a2="VN",
        defaults={
            "iso_3166_1_a3": "VNM",
            "iso_3166_1_numeric": "704",
            "printable_name": "Việt Nam",
            "name": "Việt Nam",
            "is_shipping_country": True,
        },
    )
    address: ShippingAddress = ShippingAddress.objects.create(
        first_name=(buyer.recipient_name or buyer.name).strip()[:255],
        line1=buyer.address.line.strip()[:255],
        line4=buyer.address.commune_name,
        state=buyer.address.province_name,
        commune_code=buyer.address.commune_code,
        province_code=buyer.address.province_code,
        former_address=buyer.address.former.strip()[:160],
        phone_number=buyer.recipient_phone or buyer.phone,
        country=country,
    )
    return address


def _write_orders(
    *, draft: _Draft, purchase: Purchase, basket: Any, user: User | None, placed_at: datetime
) -> list[Order]:
    """One order per merchant; a reference that exists already (one in a billion) is drawn again."""
    for is_last in [False] * (REFERENCE_TRIES - 1) + [True]:
        orders = [
            Order(
                number=new_reference(),
                basket=basket,
                purchase=purchase,
                merchant=part.merchant,
                user=user,
                guest_email=purchase.buyer_email,
                currency="VND",
                total_incl_tax=part.total_vnd,
                total_excl_tax=part.total_vnd,
                shipping_incl_tax=part.delivery.price_vnd,
                shipping_excl_tax=part.delivery.price_vnd,
                shipping_code=part.delivery.kind,
                shipping_method=str(part.delivery.label),
                shipping_address=purchase.shipping_address,
                payment_method=part.payment,
                payment=Payment.AWAITING if part.payment == PaymentMethod.TRANSFER else Payment.COD_DUE,
                fulfilment=Fulfilment.PLACED,
                status=Fulfilment.PLACED,
                hold_until=hold_end(method=part.payment, placed_at=placed_at),
                date_placed=placed_at,
                is_sample=part.merchant.is_sample,
                buyer_note=part.note,
            )
            for part in draft.parts
        ]
        try:
            with transaction.atomic():
                Order.objects.bulk_create(orders)
            return orders
        except IntegrityError:
            if is_last:
                raise
    raise AssertionError("unreachable")


def _write_lines(*, draft: _Draft, orders: list[Order]) -> list[Any]:
    lines = Line.objects.bulk_create(
        Line(
            order=order,
            partner_id=part.partner_id,
            partner_name=part.merchant.name,
            partner_sku=draft.lines[wanted.line_id].stockrecord.partner_sku,
            stockrecord_id=wanted.stockrecord_id,
            product_id=wanted.product_id,
            title=_title(draft.lines[wanted.line_id].product),
            upc=draft.lines[wanted.line_id].product.upc,
            quantity=wanted.quantity,
            num_allocated=wanted.quantity,
            unit_price_incl_tax=wanted.unit_price_vnd,
            unit_price_excl_tax=wanted.unit_price_vnd,
            line_price_incl_tax=wanted.price_vnd,
            line_price_excl_tax=wanted.price_vnd,
            line_price_before_discounts_incl_tax=wanted.price_vnd,
            line_price_before_discounts_excl_tax=wanted.price_vnd,
        )
        for part, order in zip(draft.parts, orders, strict=True)
        for wanted in part.part.lines
    )
    LinePrice.objects.bulk_create(
        LinePrice(
            order=line.order,
            line=line,
            quantity=line.quantity,
            price_incl_tax=line.unit_price_incl_tax,
            price_excl_tax=line.unit_price_excl_tax,
        )
        for line in lines
    )
    return list(lines)


def _title(product: Any) -> str:
    """What the order calls the goods for ever: Vietnamese, with the variant."""
    title = product.get_title()
    label = product.variant_label if product.is_child else ""
    return title[:255] if not label or label in title else f"{title} – {label}"[:255]


def _hold_goods(*, draft: _Draft, lines: Sequence[Any]) -> None:
    """Promise the goods; who comes too late hears which ones are gone, and nothing is written."""
    try:
        stock.hold_all(parts=[StockPart(line.stockrecord_id, line.quantity, line.order_id) for line in lines])
    except StockShort as short:
        problems = [
            LineProblem(
                line.pk,
                line.product.shown_title,
                LineNotice(NOT_ENOUGH if free > 0 else SOLD_OUT, available=max(0, free)),
            )
            for line in draft.lines.values()
            if (free := short.shortages.get(line.stockrecord_id)) is not None
        ]
        raise PurchaseRefused("lines", lines=problems) from short

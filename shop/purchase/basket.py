"""The basket: what a visitor wants, priced and checked anew whenever it is read.

Kept in Oscar's Basket and Line tables, whose middleware looks after cookie and sign-in; Oscar's own price and
offer machinery is not used. Reading writes nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, F, QuerySet, Sum
from django.http import HttpRequest
from oscar.apps.basket.middleware import BasketMiddleware
from oscar.core.loading import get_model

from catalogue.managers import sellable_if
from catalogue.models import Product
from catalogue.prepared_reads import prepared_read
from merchants.models import Commune, Merchant
from shop.partner.models import StockRecord
from shop.purchase.split_by_merchant import Wanted, split_by_merchant

Basket = get_model("basket", "Basket")
BasketLine = get_model("basket", "Line")
ProductImage = get_model("catalogue", "ProductImage")

MOST_OF_ONE = 999  # units of one good in a basket
MOST_LINES = 60  # different goods in a basket

# What keeps a line from being bought; `price_changed` only informs.
WITHDRAWN, SOLD_OUT, NOT_ENOUGH, PRICE_CHANGED = "withdrawn", "sold_out", "not_enough", "price_changed"


class BasketRefused(Exception):
    """The basket stays as it was.

    Codes: "not_for_sale", "sold_out", "not_enough" (`available` says how many there are), "quantity" (not 1 to 999),
    "full" (MOST_LINES), "unknown_line", "closed" (bought meanwhile).
    """

    def __init__(self, code: str, *, available: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.available = available


@dataclass(frozen=True)
class LineNotice:
    """What the buyer must know about a line: a code above, and the figures that go with it."""

    code: str
    available: int = 0
    old_price_vnd: Decimal | None = None

    @property
    def blocks(self) -> bool:
        return self.code != PRICE_CHANGED


@dataclass(frozen=True)
class BasketRow:
    """One line at the price of now."""

    line_id: int
    product: Product
    stockrecord_id: int
    quantity: int
    available: int
    unit_price_vnd: Decimal
    notice: LineNotice | None
    pictures: "LinePictures" = field(repr=False, compare=False)

    @property
    def picture(self) -> Any:
        """ProductImage or None; the first row that is asked reads those of all rows."""
        return self.pictures.found[self.line_id]

    @property
    def price_vnd(self) -> Decimal:
        return self.unit_price_vnd * self.quantity

    @property
    def can_be_bought(self) -> bool:
        return self.notice is None or not self.notice.blocks

    @property
    def most(self) -> int:
        """The largest quantity the buyer may choose now."""
        return min(self.available, MOST_OF_ONE)


class LinePictures:
    """The pictures of some lines, read when one is wanted: what is ordered needs none."""

    def __init__(self, lines: Sequence[Any]) -> None:
        self._lines = lines

    @cached_property
    def found(self) -> dict[int, Any]:
        return pictures_of(self._lines)


@dataclass(frozen=True)
class BasketGroup:
    """The lines of one merchant; `goods_vnd` counts only those that can be bought."""

    merchant: Merchant
    rows: tuple[BasketRow, ...]

    @property
    def buyable_rows(self) -> tuple[BasketRow, ...]:
        return tuple(row for row in self.rows if row.can_be_bought)

    @property
    def goods_vnd(self) -> Decimal:
        return sum((row.price_vnd for row in self.buyable_rows), Decimal(0))


@dataclass(frozen=True)
class BasketContents:
    """A basket as it stands now; groups and rows in the order in which they were added."""

    groups: tuple[BasketGroup, ...] = ()

    @property
    def rows(self) -> tuple[BasketRow, ...]:
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def blocked_rows(self) -> tuple[BasketRow, ...]:
        return tuple(row for row in self.rows if not row.can_be_bought)

    @property
    def buyable_groups(self) -> tuple[BasketGroup, ...]:
        return tuple(group for group in self.groups if group.buyable_rows)

    @property
    def goods_vnd(self) -> Decimal:
        return sum((group.goods_vnd for group in self.groups), Decimal(0))

    @property
    def item_count(self) -> int:
        return sum(row.quantity for row in self.rows)


def basket_of_request(request: HttpRequest, *, for_change: bool = False) -> Any:
    """Return the visitor's open Oscar basket, unsaved while there is none, without pricing it or applying offers.

    Puts it in place of Oscar's lazy `request.basket`, so that Oscar's middleware sets the cookie when it has been
    saved. For pages that are not cached: it reads cookie and user. Writes only with `for_change`, or to merge the
    basket of a visitor who has just signed in.
    """
    middleware = BasketMiddleware(lambda _request: None)
    brings_cookie = middleware.get_cookie_key(request) in request.COOKIES
    if request.user.is_authenticated and not brings_cookie and not for_change:
        basket = Basket.open.filter(owner=request.user).order_by("pk").first() or Basket(owner=request.user)
    else:
        basket = middleware.get_basket(request)
    request.basket = basket  # type: ignore[attr-defined]
    return basket


def count_items(basket: Any) -> int:
    """How many units lie in the basket, for the header; one query."""
    if basket.pk is None:
        return 0
    total = BasketLine.objects.filter(basket=basket).aggregate(total=Sum("quantity", default=0))["total"]
    return int(total)


def add_to_basket(*, basket: Any, product_id: int, quantity: int, commune: Commune | None) -> int:
    """Add units of a sellable; returns how many of it now lie in the basket.

    What lies there already counts towards the bounds; BasketRefused changes nothing. Each call adds.
    """
    _check_quantity(quantity)
    record = _sellable(product_id, commune)
    with transaction.atomic():
        is_new = basket.pk is None
        _open_for_change(basket)
        lines = {} if is_new else {line.stockrecord_id: line for line in BasketLine.objects.filter(basket=basket)}
        line = lines.get(record.pk)
        wanted = quantity + (line.quantity if line else 0)
        _check_available(record, wanted)
        if line is None:
            if len(lines) >= MOST_LINES:
                raise BasketRefused("full")
            BasketLine.objects.create(
                basket=basket,
                line_reference=f"{product_id}_{record.pk}",  # as Oscar writes it, so that it merges at sign-in
                product_id=product_id,
                stockrecord=record,
                quantity=wanted,
                price_currency=record.price_currency,
                price_excl_tax=record.price,
                price_incl_tax=record.price,
            )
        else:
            _save_quantity(basket, line, record, wanted)
    return wanted


def set_quantity(*, basket: Any, line_id: int, quantity: int, commune: Commune | None) -> int:
    """Set a line's quantity and take today's price as seen; 0 removes the line. Returns the quantity."""
    if quantity == 0:
        remove_line(basket=basket, line_id=line_id)
        return 0
    _check_quantity(quantity)
    if basket.pk is None:
        raise BasketRefused("unknown_line")
    with transaction.atomic():
        _open_for_change(basket)
        line = BasketLine.objects.filter(basket=basket, pk=line_id).first()
        if line is None:
            raise BasketRefused("unknown_line")
        record = _sellable(line.product_id, commune)
        _check_available(record, quantity)
        _save_quantity(basket, line, record, quantity)
    return quantity


def remove_line(*, basket: Any, line_id: int) -> None:
    """Take a line out; one that is gone already is no error."""
    if basket.pk is None:
        return
    with transaction.atomic():
        _open_for_change(basket)
        BasketLine.objects.filter(basket=basket, pk=line_id).delete()


def read_basket(*, basket: Any, commune: Commune | None, line_ids: Collection[int] | None = None) -> BasketContents:
    """Read the basket at the prices and stock of now, grouped by merchant.

    One query, whatever its size, and one more when the first picture is asked for. `line_ids` limits it to some lines.
    `commune` None: goods of every commune may be bought.
    """
    if basket.pk is None:
        return BasketContents()
    lines = lines_of(basket, line_ids)
    pictures = LinePictures(lines)
    rows = {line.pk: _row(line, commune, pictures) for line in lines}
    merchants = {line.product.merchant_id: line.product.merchant for line in lines}
    parts = split_by_merchant([wanted_of(line) for line in lines])
    return BasketContents(
        tuple(
            BasketGroup(merchants[part.merchant_id], tuple(rows[line.line_id] for line in part.lines)) for part in parts
        )
    )


# What the rows of basket, checkout and order are made of. All of the five tables would be 120 columns, of which the
# stories alone are kilobytes; a column that is missing here costs a query for each line, which the tests would see.
_PRODUCT = ("structure", "title", "title_en", "slug", "is_public", "upc", "variant_label", "parent", "merchant")
_PARENT = ("structure", "title", "title_en", "slug", "is_public")
_MERCHANT = (
    "name", "slug", "commune", "status", "is_public", "phone", "address", "collection_note", "portrait", "is_sample",
)  # fmt: skip
_STOCK = ("product", "partner", "partner_sku", "price", "price_currency", "num_in_stock", "num_allocated")
_LINE = ("basket", "product", "stockrecord", "quantity", "price_incl_tax", "date_created")
_COLUMNS = (
    *_LINE,
    *(f"product__{name}" for name in _PRODUCT),
    *(f"product__parent__{name}" for name in _PARENT),
    *(f"product__merchant__{name}" for name in _MERCHANT),
    *(f"stockrecord__{name}" for name in _STOCK),
)


def lines_of(basket: Any, line_ids: Collection[int] | None = None) -> list[Any]:
    """The basket's lines with product, parent, merchant and stock, oldest first; one query.

    Each also has `is_sellable` (see `may_be_sold`) and `sold_by_id`, the id of its merchant's Partner or None.
    """
    if basket.pk is None:
        return []
    lines = _lines_of(basket.pk)
    return lines if line_ids is None else [line for line in lines if line.pk in set(line_ids)]


@prepared_read
def _lines_of(basket_id: int) -> "QuerySet[Any]":
    lines: QuerySet[Any] = (
        BasketLine.objects.filter(basket=basket_id)
        .select_related("product__parent", "product__merchant", "stockrecord")
        .only(*_COLUMNS)
        .annotate(
            is_sellable=ExpressionWrapper(sellable_if("product__"), output_field=BooleanField()),
            sold_by_id=F("product__merchant__partner"),
        )
        .order_by("date_created", "pk")[: MOST_LINES * 2]  # two full baskets may have been merged at sign-in
    )
    return lines


def pictures_of(lines: Sequence[Any]) -> dict[int, Any]:
    """The first picture of each line's product, else of its parent, by line id; one query."""
    wanted = {pk for line in lines for pk in (line.product_id, line.product.parent_id) if pk}
    first: dict[int, Any] = {}
    for image in ProductImage.objects.filter(product_id__in=wanted).order_by("display_order", "pk"):
        first.setdefault(image.product_id, image)
    return {line.pk: first.get(line.product_id) or first.get(line.product.parent_id) for line in lines}


def may_be_sold(line: Any, commune: Commune | None) -> bool:
    """Whether what lies in this line of `lines_of` may be sold on this commune's site; no query."""
    return bool(line.is_sellable) and (commune is None or line.product.merchant.commune_id == commune.pk)


def wanted_of(line: Any) -> Wanted:
    """A basket line at the price of now; needs product and stockrecord loaded."""
    return Wanted(
        line_id=line.pk,
        merchant_id=line.product.merchant_id,
        product_id=line.product_id,
        stockrecord_id=line.stockrecord_id,
        quantity=line.quantity,
        unit_price_vnd=price_of(line.stockrecord) or Decimal(0),
    )


def price_of(record: StockRecord) -> Decimal | None:
    """The price in whole dong; None when the record has none that can be asked for (the line is then blocked)."""
    price = record.price
    if price is None or price <= 0 or price != price.to_integral_value() or record.price_currency != "VND":
        return None
    return Decimal(price).quantize(Decimal(1))


def notice_of(line: Any, *, is_sellable: bool) -> LineNotice | None:
    """What stands against buying the line as it is, or has changed since it was put in."""
    record = line.stockrecord
    available = max(0, record.net_stock_level)
    if not is_sellable or price_of(record) is None:
        return LineNotice(WITHDRAWN)
    if available == 0:
        return LineNotice(SOLD_OUT)
    if available < line.quantity:
        return LineNotice(NOT_ENOUGH, available=available)
    if line.price_incl_tax is not None and line.price_incl_tax != record.price:
        return LineNotice(PRICE_CHANGED, available=available, old_price_vnd=line.price_incl_tax)
    return None


def _row(line: Any, commune: Commune | None, pictures: LinePictures) -> BasketRow:
    return BasketRow(
        line_id=line.pk,
        product=line.product,
        stockrecord_id=line.stockrecord_id,
        quantity=line.quantity,
        available=max(0, line.stockrecord.net_stock_level),
        unit_price_vnd=price_of(line.stockrecord) or Decimal(0),
        notice=notice_of(line, is_sellable=may_be_sold(line, commune)),
        pictures=pictures,
    )


def _check_quantity(quantity: int) -> None:
    if isinstance(quantity, bool) or not isinstance(quantity, int) or not 1 <= quantity <= MOST_OF_ONE:
        raise BasketRefused("quantity")


def _sellable(product_id: int, commune: Commune | None) -> StockRecord:
    """The one stock record of a product that may be sold here."""
    records = StockRecord.objects.filter(sellable_if("product__"), product_id=product_id)
    if commune is not None:
        records = records.filter(product__merchant__commune=commune)
    # a number beyond 64 bits would overflow SQLite
    record: StockRecord | None = records.first() if 0 < product_id < 2**63 else None
    if record is None or price_of(record) is None:
        raise BasketRefused("not_for_sale")
    return record


def _check_available(record: StockRecord, wanted: int) -> None:
    available = max(0, record.net_stock_level)
    if available == 0:
        raise BasketRefused("sold_out", available=0)
    if wanted > MOST_OF_ONE:
        raise BasketRefused("quantity", available=available)
    if wanted > available:
        raise BasketRefused("not_enough", available=available)


def _open_for_change(basket: Any) -> None:
    """Save a new basket, or lock an old one against a second tab; the caller holds the transaction."""
    if basket.pk is None:
        basket.save()
    elif Basket.objects.select_for_update().filter(pk=basket.pk, status=Basket.OPEN).first() is None:
        raise BasketRefused("closed")


def _save_quantity(basket: Any, line: Any, record: StockRecord, quantity: int) -> None:
    """Keep the quantity, and the price the buyer has now seen; the caller has locked the basket."""
    line.basket = basket  # spares Oscar's save() a query
    line.quantity = quantity
    line.price_excl_tax = line.price_incl_tax = record.price
    line.save(update_fields=["quantity", "price_excl_tax", "price_incl_tax", "date_updated"])

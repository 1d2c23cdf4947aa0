"""The only code that changes a stockrecord's two counters; every change leaves a StockMovement beside it.

One operation is one conditional UPDATE, however many goods it moves, so that two shoppers cannot both get the
last item. All functions open their own transaction (a savepoint inside the caller's) and are all or nothing;
none may be called twice for the same event, because each call moves goods.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import transaction
from django.db.models import Case, F, IntegerField, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.timezone import now

from catalogue.listed_product import stock_changed as refresh_availability
from shop.partner.models import StockMovement, StockRecord
from shop.partner.signals import stock_changed
from shop.users.models import User

Reason = StockMovement.Reason

MOST_AT_ONCE = 100_000  # units in one operation; more is a slip of the finger
MOST_IN_STOCK = 10_000_000  # far below the counter's 2^31
# Fulfilment states in which an order's goods are promised but still on the shelf.
STATES_THAT_HOLD_STOCK = ("placed", "confirmed", "packed")


@dataclass(frozen=True)
class StockPart:
    """So many units of one stockrecord, for one order or for none."""

    stockrecord_id: int
    quantity: int
    order_id: int | None = None


@dataclass(frozen=True)
class StockChange:
    """What was free to sell of one sellable before and after one operation."""

    stockrecord_id: int
    product_id: int
    available_before: int
    available_after: int


class StockRefused(Exception):
    """The operation did not happen; nothing changed. `code` is for programs."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


class StockShort(StockRefused):
    """Less is free than was asked for; `shortages` gives what is free by stockrecord id."""

    def __init__(self, shortages: Mapping[int, int]) -> None:
        super().__init__("short", f"not enough in stock: {dict(shortages)}")
        self.shortages = dict(shortages)

    @property
    def available(self) -> int:
        """What is free of the only, or the scarcest, good asked for."""
        return min(self.shortages.values())


@dataclass(frozen=True)
class _Counters:
    product_id: int
    in_stock: int
    allocated: int

    @property
    def available(self) -> int:
        return self.in_stock - self.allocated


def hold(*, stockrecord_id: int, quantity: int, order_id: int | None = None, note: str = "") -> None:
    """Promise goods to an order; raises StockShort(available) when less is free."""
    hold_all(parts=[StockPart(stockrecord_id, quantity, order_id)], note=note)


def hold_all(*, parts: Sequence[StockPart], note: str = "") -> None:
    """Promise several goods at once, or none: StockShort names every one that is short."""
    _move(parts=parts, reason=Reason.HELD, in_stock=0, allocated=1, note=note)


def release(*, stockrecord_id: int, quantity: int, order_id: int | None = None, note: str = "") -> None:
    """Take a promise back; the goods are free again."""
    release_all(parts=[StockPart(stockrecord_id, quantity, order_id)], note=note)


def release_all(*, parts: Sequence[StockPart], actor: User | None = None, note: str = "") -> None:
    """Take several promises back; StockRefused("not_held") when less was promised than is given back."""
    _move(parts=parts, reason=Reason.RELEASED, in_stock=0, allocated=-1, actor=actor, note=note)


def hand_over(*, stockrecord_id: int, quantity: int, order_id: int | None = None, note: str = "") -> None:
    """Promised goods leave the shelf."""
    hand_over_all(parts=[StockPart(stockrecord_id, quantity, order_id)], note=note)


def hand_over_all(*, parts: Sequence[StockPart], actor: User | None = None, note: str = "") -> None:
    """Promised goods leave the shelf; StockRefused("not_held") when they were not promised."""
    _move(parts=parts, reason=Reason.SOLD, in_stock=-1, allocated=-1, actor=actor, note=note)


def take_back(
    *, stockrecord_id: int, quantity: int, order_id: int | None = None, actor: User | None = None, note: str = ""
) -> None:
    """Goods of an order came back and can be sold again."""
    take_back_all(parts=[StockPart(stockrecord_id, quantity, order_id)], actor=actor, note=note)


def take_back_all(*, parts: Sequence[StockPart], actor: User | None = None, note: str = "") -> None:
    """Goods of an order came back and can be sold again."""
    _move(parts=parts, reason=Reason.RETURNED, in_stock=1, allocated=0, actor=actor, note=note)


def restock(*, stockrecord_id: int, quantity: int, actor: User | None = None, note: str = "") -> None:
    """Put fresh goods on the shelf; StockRefused("too_many") above MOST_IN_STOCK."""
    _move(
        parts=[StockPart(stockrecord_id, quantity)],
        reason=Reason.RESTOCKED,
        in_stock=1,
        allocated=0,
        actor=actor,
        note=note,
    )


def open_stock(*, stockrecord_id: int, quantity: int, actor: User | None = None) -> None:
    """Put the first goods of a new sellable (made with 0 in stock) on the shelf."""
    _move(parts=[StockPart(stockrecord_id, quantity)], reason=Reason.OPENING, in_stock=1, allocated=0, actor=actor)


def record_opening(*, stockrecords: Iterable[StockRecord], actor: User | None = None) -> None:
    """Explain the stock of records that were just inserted in bulk with a quantity (imports, demo data)."""
    StockMovement.objects.bulk_create(
        [
            StockMovement(
                stockrecord=record, reason=Reason.OPENING, in_stock_change=record.num_in_stock or 0, actor=actor
            )
            for record in stockrecords
            if record.num_in_stock
        ],
        batch_size=2_000,
    )


def spoil(*, stockrecord_id: int, quantity: int, actor: User | None = None, note: str = "") -> None:
    """Write goods off; only those not promised to anyone: StockShort(available) otherwise."""
    _move(
        parts=[StockPart(stockrecord_id, quantity)],
        reason=Reason.SPOILED,
        in_stock=-1,
        allocated=0,
        actor=actor,
        note=note,
    )


def set_counted(*, stockrecord_id: int, counted: int, actor: User | None = None, note: str = "") -> None:
    """Set the shelf to what was counted, promised goods included.

    StockRefused("below_promised") when fewer lie there than are promised: an order must be cancelled first.
    Counting the same number again leaves a row that says so.
    """
    if not 0 <= counted <= MOST_IN_STOCK:
        raise StockRefused("quantity_out_of_bounds")
    with transaction.atomic():
        before = _lock([stockrecord_id])[stockrecord_id]
        if counted < before.allocated:
            raise StockRefused("below_promised", f"{before.allocated} are promised")
        updated = StockRecord.objects.filter(
            pk=stockrecord_id, num_in_stock=before.in_stock, num_allocated__lte=counted
        ).update(num_in_stock=counted, date_updated=now())
        if updated != 1:
            raise StockRefused("changed_meanwhile")
        StockMovement.objects.create(
            stockrecord_id=stockrecord_id,
            reason=Reason.COUNTED,
            in_stock_change=counted - before.in_stock,
            actor=actor,
            note=note,
        )
        _announce({stockrecord_id: before}, {stockrecord_id: counted - before.in_stock})


def check_stock() -> Iterator[str]:
    """Yield one text for each stockrecord whose counters the movements or the open orders do not explain."""
    moved = StockRecord.objects.annotate(
        moved_in_stock=Coalesce(Sum("movements__in_stock_change"), 0),
        moved_allocated=Coalesce(Sum("movements__allocated_change"), 0),
    ).exclude(num_in_stock=F("moved_in_stock"), num_allocated=F("moved_allocated"))
    for row in moved.order_by("pk").iterator():
        yield (
            f"stockrecord {row.pk}: counters {row.num_in_stock}/{row.num_allocated}, "
            f"movements say {row.moved_in_stock}/{row.moved_allocated}"
        )
    promised = (
        apps.get_model("order", "Line")
        .objects.filter(stockrecord=OuterRef("pk"), order__fulfilment__in=STATES_THAT_HOLD_STOCK)
        .order_by()
        .values("stockrecord")
        .annotate(total=Sum("quantity"))
        .values("total")
    )
    off = StockRecord.objects.annotate(promised=Coalesce(Subquery(promised), 0)).exclude(num_allocated=F("promised"))
    for row in off.order_by("pk").iterator():
        yield f"stockrecord {row.pk}: {row.num_allocated} allocated, open orders hold {row.promised}"


def _move(
    *,
    parts: Sequence[StockPart],
    reason: StockMovement.Reason,
    in_stock: int,
    allocated: int,
    actor: User | None = None,
    note: str = "",
) -> None:
    """Move `quantity` × the two signs for every part in one UPDATE, or refuse as a whole."""
    totals: dict[int, int] = {}
    for part in parts:
        if isinstance(part.quantity, bool) or not 1 <= part.quantity <= MOST_AT_ONCE:
            raise StockRefused("quantity_out_of_bounds")
        totals[part.stockrecord_id] = totals.get(part.stockrecord_id, 0) + part.quantity
    if not totals:
        return
    with transaction.atomic():
        before = _lock(totals)
        moved = StockRecord.objects.filter(_still_possible(totals, in_stock, allocated), pk__in=totals).update(
            num_in_stock=F("num_in_stock") + _by_record(totals, in_stock),
            num_allocated=F("num_allocated") + _by_record(totals, allocated),
            date_updated=now(),
        )
        if moved != len(totals):
            raise _why_not(before, totals, in_stock, allocated)
        StockMovement.objects.bulk_create(
            StockMovement(
                stockrecord_id=part.stockrecord_id,
                reason=reason,
                in_stock_change=in_stock * part.quantity,
                allocated_change=allocated * part.quantity,
                order_id=part.order_id,
                actor=actor,
                note=note[:200],
            )
            for part in parts
        )
        _announce(before, {pk: (in_stock - allocated) * quantity for pk, quantity in totals.items()})


def _by_record(totals: Mapping[int, int], sign: int) -> Value | Case:
    """The change of each record as one SQL expression."""
    if sign == 0:
        return Value(0)
    return Case(
        *(When(pk=pk, then=Value(sign * quantity)) for pk, quantity in totals.items()),
        default=Value(0),
        output_field=IntegerField(),
    )


def _still_possible(totals: Mapping[int, int], in_stock: int, allocated: int) -> Q:
    """The condition inside the UPDATE: nothing promised twice, nothing negative, no absurd pile."""
    possible = Q(num_in_stock__gte=F("num_allocated") + _by_record(totals, allocated - in_stock))
    if allocated < 0:
        possible &= Q(num_allocated__gte=_by_record(totals, -allocated))
    if in_stock > 0:
        possible &= Q(num_in_stock__lte=Value(MOST_IN_STOCK) - _by_record(totals, in_stock))
    return possible


def _lock(stockrecord_ids: Iterable[int]) -> dict[int, _Counters]:
    """Lock the rows in the order of their ids and read them; StockRefused("unknown") when one is missing."""
    wanted = sorted(stockrecord_ids)
    rows = (
        StockRecord.objects.select_for_update()
        .filter(pk__in=wanted)
        .order_by("pk")
        .values_list("pk", "product_id", "num_in_stock", "num_allocated")
    )
    found = {pk: _Counters(product_id, in_stock or 0, allocated or 0) for pk, product_id, in_stock, allocated in rows}
    if len(found) != len(wanted):
        raise StockRefused("unknown")
    return found


def _why_not(before: Mapping[int, _Counters], totals: Mapping[int, int], in_stock: int, allocated: int) -> StockRefused:
    if allocated < 0:
        return StockRefused("not_held")
    if in_stock > 0:
        return StockRefused("too_many")
    short = {pk: before[pk].available for pk, quantity in totals.items() if before[pk].available < quantity}
    return StockShort(short) if short else StockRefused("changed_meanwhile")


def _announce(before: Mapping[int, _Counters], change: Mapping[int, int]) -> None:
    """Tell those above, and let the lists follow where goods ran out or are there again."""
    changes = [
        StockChange(pk, counters.product_id, counters.available, counters.available + change[pk])
        for pk, counters in before.items()
    ]
    if crossed := [each.product_id for each in changes if (each.available_before > 0) != (each.available_after > 0)]:
        refresh_availability(crossed)
    stock_changed.send(sender=StockRecord, changes=changes)

"""Keeps the narrow listing table true: the only code that writes ListedProduct.

Who calls what, always inside the transaction of the change:

* goods form, import, price, picture, publishing, withdrawing: `product_changed(product_id)`;
* stock taken, given back or counted: `stock_changed(product_ids)`, which writes only where a product begins or ceases
  to be available;
* a merchant's name, place or publicity; a certificate given, changed or revoked: nobody has to, because receivers
  below follow `save()` and `delete()` of both models; writers that go round `save()` call `refresh_listed_products`;
* a seeder or an import of many: `refresh_listed_products()` once, at the end;
* the clock, once after midnight: `refresh_ended_stars(today=…)`, so that a lower certificate that still holds takes
  the place of one that ran out (the ended badge itself is hidden by the reader's comparison with today).

Every function may be called twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from django.db import connection, models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from django.dispatch import Signal
from django.utils import timezone

from catalogue.models import ListedProduct, OcopCertificate, Product
from catalogue.ocop.product_sets import SETS
from catalogue.search import drop_left_over_words, drop_words, index_words
from catalogue.words import search_words, spelled_words
from merchants.folding import sort_key
from merchants.models import Merchant

# Sent inside the transaction when listing rows were written or removed; not when only availability changed.
listing_changed = Signal()

CHUNK = 2_000
MOST_TEXT = 8_000  # characters of a product's text that are searched
# net quantity times factor gives the quantity in the unit by which prices are compared
_COMPARED_UNIT = {
    "g": ("kg", Decimal("0.001")),
    "kg": ("kg", Decimal(1)),
    "ml": ("l", Decimal("0.001")),
    "l": ("l", Decimal(1)),
    "piece": ("piece", Decimal(1)),
}


@dataclass(frozen=True)
class RefreshCount:
    """How many pages are listed after a refresh, and how many rows went because their page is not public any more."""

    listed: int
    withdrawn: int


@dataclass
class _Offers:
    """What of one page can be bought: prices in dong, whether anything is there, words of its variants."""

    prices: list[tuple[Decimal, str, Decimal]] = field(default_factory=list)  # price, unit, net quantity
    is_available: bool = False
    variant_words: list[str] = field(default_factory=list)


def unit_price_of(
    *, price: Decimal, unit: str, net_quantity: Decimal, to_compare: bool = False
) -> tuple[Decimal | None, str]:
    """Return the price per kg, litre or piece in whole dong, and that unit; (None, "") where it says nothing new.

    500 g for 60.000 ₫ gives (120000, "kg"); one piece, or exactly 1 kg, gives (None, "") unless it stands beside others
    `to_compare` with.
    """
    compared, factor = _COMPARED_UNIT[unit]
    quantity = net_quantity * factor
    if quantity == 1 and not to_compare:
        return None, ""
    return (price / quantity).quantize(Decimal(1), rounding=ROUND_HALF_UP), compared


def refresh_listed_products(
    *, product_ids: Iterable[int] | None = None, merchant_id: int | None = None, today: date | None = None
) -> RefreshCount:
    """Write the listing rows of these products (pages or variants), of one merchant, or, given neither, of all.

    Rows of pages that are no longer public, or that have nothing to sell, are removed. Each chunk is one transaction
    that first locks the product pages in order of their id, so that two refreshes of one page follow each other and
    the later one sees what the earlier one's transaction changed.
    """
    day = today or timezone.localdate()
    pages: Iterable[list[int]]
    if product_ids is not None:
        pages = _chunks(sorted(_page_ids(product_ids)))
    else:
        scope = Product.objects.exclude(structure="child")
        if merchant_id is not None:
            scope = scope.filter(merchant_id=merchant_id)
        pages = _id_chunks(scope)
    listed = withdrawn = 0
    for chunk in pages:
        with transaction.atomic():
            now_listed, now_withdrawn = _refresh_chunk(chunk, day)
        listed += now_listed
        withdrawn += now_withdrawn
    if product_ids is None and merchant_id is None:
        drop_left_over_words()
        _gather_statistics()
    return RefreshCount(listed=listed, withdrawn=withdrawn)


def product_changed(product_id: int) -> None:
    """Bring the listing row of this product, or of the page this variant belongs to, up to date."""
    refresh_listed_products(product_ids=[product_id])


def stock_changed(product_ids: Iterable[int]) -> None:
    """Bring only availability up to date; cheap, and writes nothing while it stays as it was."""
    with transaction.atomic():
        page_ids = _locked(_page_ids(product_ids))
        available = {
            page_id for page_id, offers in _offers_by_page(page_ids).items() if offers.prices and offers.is_available
        }
        rows = ListedProduct.objects.filter(pk__in=page_ids)
        rows.filter(pk__in=available, in_stock=False).update(in_stock=True)
        rows.exclude(pk__in=available).filter(in_stock=True).update(in_stock=False)


def picture_renamed(*, old: str, new: str) -> None:
    """Follow a picture whose sizes were made anew under another name (setting PICTURE_FIELDS)."""
    if ListedProduct.objects.filter(picture=old).update(picture=new):
        listing_changed.send(ListedProduct)


def refresh_ended_stars(*, today: date | None = None) -> RefreshCount:
    """Refresh the pages whose stars ended before today and those whose certificate begins today; a job of the clock."""
    today = today or timezone.localdate()
    ended = set(ListedProduct.objects.filter(stars_until__lt=today).values_list("pk", flat=True))
    begins = OcopCertificate.objects.filter(issued_on=today).values_list("products", flat=True)
    return refresh_listed_products(product_ids=ended | {pk for pk in begins if pk}, today=today)


def listing_breaches() -> Iterator[str]:
    """Yield a text for each row that is missing, left over, or says another price, availability or title (doctor)."""
    for chunk in _id_chunks(Product.objects.exclude(structure="child")):
        expected = {row.pk: row for row in _rows(chunk, timezone.localdate())}
        actual = ListedProduct.objects.in_bulk(chunk)
        for pk in chunk:
            want, have = expected.get(pk), actual.get(pk)
            if want is None and have is None:
                continue
            if have is None:
                yield f"product {pk}: public and sellable, but not listed"
            elif want is None:
                yield f"product {pk}: listed, but not public or nothing to sell"
            else:
                for name in (
                    "title", "price_from", "price_to", "in_stock", "season", "stars", "merchant_id", "commune_id",
                ):  # fmt: skip
                    if getattr(want, name) != getattr(have, name):
                        yield (
                            f"product {pk}: listed with {name} {getattr(have, name)}, "
                            f"but it should be {getattr(want, name)}"
                        )


# --- one chunk ------------------------------------------------------------------------------------------------------


def _refresh_chunk(page_ids: Sequence[int], day: date) -> tuple[int, int]:
    _locked(page_ids)
    rows = _rows(page_ids, day)
    kept = {row.pk for row in rows}
    gone = list(ListedProduct.objects.filter(pk__in=page_ids).exclude(pk__in=kept).values_list("pk", flat=True))
    if gone:
        drop_words(gone)
        ListedProduct.objects.filter(pk__in=gone).delete()
    if rows:
        names = [f.name for f in ListedProduct._meta.concrete_fields if not f.primary_key]
        ListedProduct.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["product"], update_fields=names, batch_size=500
        )
        index_words([(row.pk, row.folded_title, row.folded_text) for row in rows])
    if rows or gone:
        listing_changed.send(ListedProduct)
    return len(rows), len(gone)


def _rows(page_ids: Sequence[int], day: date) -> list[ListedProduct]:
    """Compute the rows that these pages should have; pages without a row are not public or have nothing to sell."""
    offers_by_page = _offers_by_page(page_ids)
    stars_by_page = _stars_by_page(page_ids, day)
    pictures = _first_pictures(page_ids)
    products = (
        Product.objects.public(None)
        .filter(pk__in=page_ids)
        .values(
            "pk", "title", "title_en", "summary", "summary_en", "slug", "ocop_set", "origin", "ingredients",
            "season", "date_created", "merchant_id", "merchant__name", "merchant__slug", "merchant__commune_id",
            "merchant__commune__name", "merchant__village_id", "merchant__village__name",
            "merchant__village__former_commune__name",
        )
    )  # fmt: skip
    now = timezone.now()
    rows = []
    for product in products:
        offers = offers_by_page.get(product["pk"])
        if offers is None or not offers.prices:
            continue
        cheapest, unit, net_quantity = min(offers.prices)
        unit_price, per = unit_price_of(price=cheapest, unit=unit, net_quantity=net_quantity)
        stars, stars_until = stars_by_page.get(product["pk"], (0, None))
        official = SETS.get(product["ocop_set"])
        village, commune = product["merchant__village__name"], product["merchant__commune__name"]
        rows.append(
            ListedProduct(
                product_id=product["pk"],
                merchant_id=product["merchant_id"],
                commune_id=product["merchant__commune_id"],
                village_id=product["merchant__village_id"],
                ocop_set=product["ocop_set"],
                ocop_group=official.group if official else "",
                stars=stars,
                stars_until=stars_until,
                price_from=cheapest,
                price_to=max(offers.prices)[0],
                unit_price=unit_price,
                unit_price_per=per,
                in_stock=offers.is_available,
                season=product["season"],
                title=product["title"],
                title_en=product["title_en"],
                slug=product["slug"],
                picture=pictures.get(product["pk"], ""),
                merchant_name=product["merchant__name"],
                merchant_slug=product["merchant__slug"],
                place=", ".join(part for part in (village, commune) if part)[:160],
                sort_name=sort_key(product["title"]),
                folded_title=search_words(f"{product['title']} {product['title_en']}"),
                spelled_title=spelled_words(product["title"]),
                folded_text=" ".join(
                    (
                        search_words(
                            f"{' '.join(offers.variant_words)} {product['summary']} {product['summary_en']} "
                            f"{product['origin']} {product['ingredients']}"[:MOST_TEXT]
                        ),
                        _words_of_set(product["ocop_set"]),
                        _words_of_seller(
                            product["merchant__name"],
                            village,
                            product["merchant__village__former_commune__name"],
                            commune,
                        ),
                    )
                ),
                listed_at=product["date_created"],
                refreshed_at=now,
            )
        )
    return rows


def _offers_by_page(page_ids: Sequence[int]) -> dict[int, _Offers]:
    found: dict[int, _Offers] = defaultdict(_Offers)
    sellables = (
        Product.objects.sellable()
        .filter(models.Q(pk__in=page_ids) | models.Q(parent_id__in=page_ids))
        .values_list(
            "pk", "parent_id", "variant_label", "title", "unit", "net_quantity",
            "stockrecords__price", "stockrecords__num_in_stock", "stockrecords__num_allocated",
        )
    )  # fmt: skip
    for pk, parent_id, label, title, unit, net_quantity, price, in_stock, allocated in sellables:
        if price is None:
            continue
        offers = found[parent_id or pk]
        offers.prices.append((price.quantize(Decimal(1)), unit, net_quantity))
        offers.is_available = offers.is_available or (in_stock or 0) > (allocated or 0)
        if parent_id:
            offers.variant_words += [label, title]
    return found


def _stars_by_page(page_ids: Sequence[int], day: date) -> dict[int, tuple[int, date]]:
    """The highest rank that holds on that day, and its last valid day (the longest among equals)."""
    best: dict[int, tuple[int, date]] = {}
    certificates = OcopCertificate.objects.valid_on(day).filter(products__in=page_ids)
    for certificate in certificates.annotate(page_id=models.F("products")).order_by("pk"):
        page_id = certificate.page_id
        candidate = (certificate.stars, certificate.last_valid_day)
        if candidate > best.get(page_id, (0, date.min)):
            best[page_id] = candidate
    return best


def _first_pictures(page_ids: Sequence[int]) -> dict[int, str]:
    image = Product._meta.get_field("images").related_model
    found: dict[int, str] = {}
    ordered = image._default_manager.filter(product_id__in=page_ids).order_by("product_id", "display_order", "pk")
    for page_id, name in ordered.values_list("product_id", "original"):
        found.setdefault(page_id, name)
    return found


@lru_cache(maxsize=64)
def _words_of_set(number: int | None) -> str:
    official = SETS.get(number) if number else None
    if official is None:
        return ""
    # "chế biến" and "sơ chế" (processed) fold to the word for tea; in every other set they would drown the tea.
    words = search_words(f"{official.name} {official.name_en}")
    return " ".join(words.replace("che bien", " ").replace("so che", " ").split())


@lru_cache(maxsize=4_096)
def _words_of_seller(*names: str | None) -> str:
    return search_words(" ".join(name for name in names if name))


# --- which pages ----------------------------------------------------------------------------------------------------


def _page_ids(product_ids: Iterable[int]) -> set[int]:
    """Pages of these products: a variant stands for its parent; unknown ids are dropped."""
    ids = list(set(product_ids))
    found: set[int] = set()
    for chunk in _chunks(ids):
        rows = Product.objects.filter(pk__in=chunk).values_list("pk", "parent_id")
        found.update(parent_id or pk for pk, parent_id in rows)
        # The row of a deleted product went with it by cascade; its words are dropped with the next full refresh.
    return found


def _locked(page_ids: Iterable[int]) -> list[int]:
    """Lock the pages in order of id until the transaction ends (a no-op on SQLite, where one writer writes)."""
    rows = Product.objects.filter(pk__in=list(page_ids)).order_by("pk").values_list("pk", flat=True)
    return list(rows.select_for_update(no_key=True))


def _chunks(ids: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield list(ids[start : start + CHUNK])


def _id_chunks(scope: "models.QuerySet[Any]") -> Iterator[list[int]]:
    last = 0
    while chunk := list(scope.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        yield chunk
        last = chunk[-1]


def _gather_statistics() -> None:
    """Without statistics both databases pick wrong indexes for filtered lists (seconds instead of milliseconds).

    PostgreSQL also reads from an index alone only where a vacuum has noted that all rows are visible; a transaction
    that is already open (tests, a restore) has to do without.
    """
    is_vacuumed = connection.vendor == "postgresql" and not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute(f"{'VACUUM (ANALYZE)' if is_vacuumed else 'ANALYZE'} {ListedProduct._meta.db_table}")


# --- receivers ------------------------------------------------------------------------------------------------------


def _merchant_saved(*, instance: Merchant, created: bool, raw: bool, **_: Any) -> None:
    if not created and not raw:
        refresh_listed_products(merchant_id=instance.pk)


def _certificate_saved(*, instance: OcopCertificate, created: bool, raw: bool, **_: Any) -> None:
    if not created and not raw:
        refresh_listed_products(product_ids=list(instance.products.values_list("pk", flat=True)))


# A certificate that goes, or is taken off all goods at once, is asked for its goods while it still has them.
_GOODS = "_goods_until_now"


def _certificate_goes(*, instance: OcopCertificate, **_: Any) -> None:
    setattr(instance, _GOODS, list(instance.products.values_list("pk", flat=True)))


def _certificate_gone(*, instance: OcopCertificate, **_: Any) -> None:
    refresh_listed_products(product_ids=getattr(instance, _GOODS, ()))


def _certified_products_changed(
    *, instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **_: Any
) -> None:
    if action in {"post_add", "post_remove"}:
        refresh_listed_products(product_ids=[instance.pk] if reverse else pk_set or ())
    elif reverse and action == "post_clear":
        product_changed(instance.pk)
    elif not reverse and action == "pre_clear":
        _certificate_goes(instance=instance)
    elif not reverse and action == "post_clear":
        _certificate_gone(instance=instance)


def connect_receivers() -> None:
    """Called once by the app's ready()."""
    post_save.connect(_merchant_saved, sender=Merchant, dispatch_uid="listing_follows_merchant")
    post_save.connect(_certificate_saved, sender=OcopCertificate, dispatch_uid="listing_follows_certificate")
    pre_delete.connect(_certificate_goes, sender=OcopCertificate, dispatch_uid="listing_before_deletion")
    post_delete.connect(_certificate_gone, sender=OcopCertificate, dispatch_uid="listing_follows_deletion")
    m2m_changed.connect(
        _certified_products_changed,
        sender=OcopCertificate.products.through,
        dispatch_uid="listing_follows_certified_products",
    )

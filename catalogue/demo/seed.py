"""Put the demo's goods, pictures and certificates into the catalogue; stock and prices follow in shop.partner.demo.

Products are found again by `code`: `mau-<key>` for the named, `mau-<number>` for the generated ones.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from catalogue.demo.drawing import draw_all
from catalogue.demo.drawings import DRAWINGS
from catalogue.demo.goods import GOODS, Certificate, Good
from catalogue.demo.variety import InventedGood, invented_goods
from catalogue.models import OcopCertificate, Product
from catalogue.season import season_of
from merchants.demo.plan import DemoPlan
from merchants.demo.register import MERCHANTS
from merchants.demo.seed import named_merchants
from merchants.folding import slugify_vietnamese
from merchants.models import Merchant
from merchants.picture_sizes import PictureName

EDITION = 2  # of the pictures: another number has them drawn anew
VIEWS = ("goods", "near", "label")  # of each named good; the fourth picture is its seller's house
CERTIFICATE_MONTHS = 36  # domain E5
SHUFFLE = 13  # no divisor of the number of goods
_BATCH = 2_000
_Item = TypeVar("_Item")


def picture_name(key: str, view: str = "goods") -> str:
    """Where a picture of a good lies in the media storage; its sizes lie beside it (merchants.picture_sizes).

    `view`: "goods" (the scene), "near" or "label" (catalogue.demo.more_pictures).
    """
    return drawn_name(f"{view}/{key}", f"demo/{view}/{key}-{EDITION}")


def portrait_name(key: str) -> str:
    """Where the house front of a merchant lies in the media storage."""
    number = [named.key for named in MERCHANTS].index(key)
    return drawn_name(f"places/{number}", f"demo/merchants/{key}-{EDITION}")


def drawn_name(drawing: str, stem: str) -> str:
    """The name of a drawing's whole picture, known before it is drawn."""
    width, height, tone = DRAWINGS[drawing]
    return PictureName(stem, width, height, tone).whole


def product_code(key: str | int) -> str:
    """The code by which a demo product is found again."""
    return f"mau-{key}"


def seed(plan: DemoPlan) -> None:
    """Make what is missing, pictures first (they take longest and need no transaction)."""
    goods = GOODS[: plan.products]
    _store_pictures(plan, [good.key for good in goods], [named.key for named in MERCHANTS[: plan.merchants]])
    merchants = named_merchants()
    with transaction.atomic():
        _hang_portraits(merchants)
        for position, good in enumerate(goods):
            if good.merchant in merchants:
                _add_named(good, merchants, plan, position)
    _add_invented(plan)
    plan.say(f"catalogue: {Product.objects.filter(is_sample=True).exclude(structure='child').count()} goods")


# --- pictures -------------------------------------------------------------------------------------------------------


def _store_pictures(plan: DemoPlan, goods: Sequence[str], merchants: Sequence[str]) -> None:
    wanted = {f"{view}/{key}": picture_name(key, view) for key in goods for view in VIEWS}
    wanted |= {f"places/{number}": portrait_name(key) for number, key in enumerate(merchants)}
    store_missing(plan, wanted)


def store_missing(plan: DemoPlan, wanted: dict[str, str]) -> None:
    """Draw those of these pictures (name for `drawing.draw` → path in the media storage) that are not there yet."""
    missing = {drawing: path for drawing, path in wanted.items() if not default_storage.exists(path)}
    if missing:
        plan.say(f"drawing {len(missing)} pictures …")
    for files in draw_all(missing):
        for name, content in files.items():  # the whole one, which says "drawn", comes last
            if not default_storage.exists(name):
                default_storage.save(name, ContentFile(content))


def _hang_portraits(merchants: dict[str, Merchant]) -> None:
    for key, merchant in merchants.items():
        if not merchant.portrait:
            Merchant.objects.filter(pk=merchant.pk).update(portrait=portrait_name(key))


# --- named goods ----------------------------------------------------------------------------------------------------


def _product_class() -> object:
    """The one product class every product has."""
    model = apps.get_model("catalogue", "ProductClass")
    return model.objects.get_or_create(name="Hàng hóa", defaults={"track_stock": True, "requires_shipping": True})[0]


def _add_named(good: Good, merchants: dict[str, Merchant], plan: DemoPlan, position: int) -> None:
    if Product.objects.filter(code=product_code(good.key)).exists():
        return
    page = Product.objects.create(
        code=product_code(good.key),
        structure=Product.PARENT if good.variants else Product.STANDALONE,
        product_class=_product_class(),
        merchant=merchants[good.merchant],
        title=good.title,
        title_en=good.title_en,
        summary=good.summary,
        summary_en=good.summary_en,
        description=good.story,
        ocop_set=good.ocop_set,
        unit=good.unit,
        net_quantity=good.net_quantity,
        origin=good.origin,
        ingredients=good.ingredients,
        storage=good.storage,
        shelf_life=good.shelf_life,
        warnings=good.warnings,
        season=season_of(good.months),
        priority=len(GOODS) - position,
        is_sample=True,
    )
    for number, variant in enumerate(good.variants, 1):
        Product.objects.create(
            code=product_code(f"{good.key}-{number}"),
            structure=Product.CHILD,
            parent=page,
            merchant=page.merchant,
            title=f"{good.title}, {variant.label}",
            variant_label=variant.label,
            unit=variant.unit or good.unit,
            net_quantity=Decimal(variant.net),
            is_sample=True,
        )
    # lists begin with the newest: the sellers take turns there instead of standing in blocks
    listed_at = plan.now - timedelta(days=1 + position * SHUFFLE % len(GOODS))
    Product.objects.filter(pk=page.pk).update(date_created=listed_at)
    _hang_pictures(
        page,
        (picture_name(good.key), good.title),
        (picture_name(good.key, "near"), f"{good.title}, nhìn gần"),
        (picture_name(good.key, "label"), f"nhãn sau bao bì {good.title}"),
        (page.merchant.portrait.name or portrait_name(good.merchant), f"nơi làm hàng, {page.merchant.name}"),
    )
    if good.certificate:
        _add_certificate(good, good.certificate, page, merchants, plan)


def _hang_pictures(page: Product, *pictures: tuple[str, str]) -> None:
    """Give the page these pictures (name in the media storage, what is to be seen) in this order."""
    apps.get_model("catalogue", "ProductImage").objects.bulk_create(_images(page, pictures))


def _images(page: Product, pictures: Iterable[tuple[str, str]]) -> list[Any]:
    image = apps.get_model("catalogue", "ProductImage")
    return [
        image(product=page, original=name, caption=f"Ảnh minh hoạ: {seen}"[:200], display_order=place)
        for place, (name, seen) in enumerate(pictures)
    ]


def _add_certificate(
    good: Good, given: Certificate, page: Product, merchants: dict[str, Merchant], plan: DemoPlan
) -> None:
    issued = months_before(plan.now.date(), given.months_ago)
    certificate = OcopCertificate.objects.create(
        holder=merchants[given.holder] if given.holder else page.merchant,
        ocop_set=good.ocop_set,
        stars=given.stars,
        number=f"MẪU-{given.stars}S-{given.number:03d}",
        decision_number=f"MẪU-{given.number:02d}/QĐ-MẪU",
        issuer="Cơ quan công nhận cấp trung ương (mẫu)" if given.stars == 5 else "Cơ quan công nhận cấp tỉnh (mẫu)",
        issued_on=issued,
        expires_on=date.fromordinal(months_before(issued, -CERTIFICATE_MONTHS).toordinal() - 1),
        is_sample=True,
    )
    certificate.products.add(page)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier (later when negative); the 28th where a month is shorter."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, min(day.day, 28))


# --- generated goods ------------------------------------------------------------------------------------------------


def _add_invented(plan: DemoPlan) -> None:
    first = len(GOODS) + 1
    if plan.products < first:
        return
    there = set(
        Product.objects.filter(is_sample=True, code__regex=r"^mau-\d+$").values_list("code", flat=True)
        if Product.objects.filter(is_sample=True).count() > len(GOODS)
        else ()
    )
    sellers = list(Merchant.objects.filter(is_sample=True, bank_accounts__isnull=False).distinct().order_by("pk"))
    kind = _product_class()
    new = (
        good
        for good in invented_goods(first=first, last=plan.products, seed=plan.seed)
        if product_code(good.number) not in there
    )
    done = 0
    for batch in _batches(new, _BATCH):
        with transaction.atomic():
            _write_batch(batch, sellers, kind, plan)
        done += len(batch)
        if done % (5 * _BATCH) == 0:
            plan.say(f"catalogue: {done} more goods …")


def _write_batch(batch: Sequence[InventedGood], sellers: Sequence[Merchant], kind: object, plan: DemoPlan) -> None:
    products = []
    for good in batch:
        # a few sell much, most sell a little
        place = int(random.Random(good.number).random() ** 1.7 * len(sellers))
        products.append(
            Product(
                code=product_code(good.number),
                structure=Product.STANDALONE,
                product_class=kind,
                merchant=sellers[place],
                title=good.title,
                slug=slugify_vietnamese(good.title),
                summary=good.summary,
                description=good.story,
                ocop_set=good.like.ocop_set,
                unit=good.unit,
                net_quantity=good.net_quantity,
                origin=sellers[place].address,
                ingredients=good.like.ingredients,
                storage=good.like.storage,
                shelf_life=good.like.shelf_life,
                warnings=good.like.warnings,
                is_sample=True,
            )
        )
    Product.objects.bulk_create(products)
    older = plan.now - timedelta(days=len(GOODS) + 1 + batch[0].number // _BATCH)
    Product.objects.filter(pk__in=[product.pk for product in products]).update(date_created=older)
    houses = [portrait_name(named.key) for named in MERCHANTS[: plan.merchants]]
    apps.get_model("catalogue", "ProductImage").objects.bulk_create(
        image
        for product, good in zip(products, batch, strict=True)
        for image in _images(
            product,
            (
                (picture_name(good.like.key), good.title),
                (picture_name(good.like.key, "near"), f"{good.title}, nhìn gần"),
                (product.merchant.portrait.name or houses[good.number % len(houses)], "nơi làm hàng"),
            ),
        )
    )
    today = plan.now.date()
    certified = [(product, good) for product, good in zip(products, batch, strict=True) if good.stars]
    certificates = OcopCertificate.objects.bulk_create(
        [
            OcopCertificate(
                holder_id=product.merchant_id,
                ocop_set=good.like.ocop_set,
                stars=good.stars,
                number=f"MẪU-{good.stars}S-{good.number:06d}",
                decision_number=f"MẪU-{good.number:06d}/QĐ-MẪU",
                issuer="Cơ quan công nhận cấp tỉnh (mẫu)",
                issued_on=months_before(today, good.number % 40),
                expires_on=months_before(today, good.number % 40 - CERTIFICATE_MONTHS),
                is_sample=True,
            )
            for product, good in certified
        ]
    )
    through = OcopCertificate.products.through
    through.objects.bulk_create(
        [
            through(ocopcertificate_id=certificate.pk, product_id=product.pk)
            for certificate, (product, _) in zip(certificates, certified, strict=True)
        ]
    )


def _batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch

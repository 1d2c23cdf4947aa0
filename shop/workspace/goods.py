"""The producer's goods: list with search, a plain form for new and old ones, on sale and off it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from oscar.core.loading import get_model

from catalogue.models import Product
from catalogue.net_quantity import quantity_fault
from merchants.folding import fold_text
from merchants.models import Merchant
from merchants.permissions import Act, find_permitted, request_grants
from merchants.shown_pictures import ShownPicture
from merchants.typed_text import clean_line, typed_in
from shop.partner.models import StockRecord
from shop.partner.stock import StockRefused
from shop.users.signed_in import signed_in
from shop.workspace.frame import helped_merchant
from shop.workspace.goods_form import MOST_PHOTOS, QUANTITY_FAULTS, ProductForm
from shop.workspace.goods_writing import add_product, correct_product, product_class, set_public
from shop.workspace.pictures import picture_of
from shop.workspace.refusals import words_for
from shop.workspace.waiting_photos import drop_waiting, keep_waiting, waiting_photos

ProductImage = get_model("catalogue", "ProductImage")

PAGE_SIZE = 20
LOW_STOCK = 3
SEARCHED_GOODS = 5_000  # titles are compared folded, which no index of this table knows


@dataclass(frozen=True)
class GoodsRow:
    """One page of goods on the list; of a product with variants the lowest price and the sum of the stock."""

    pk: int
    name: str
    merchant_name: str
    picture: ShownPicture | None
    price: Decimal | None
    variants: int
    stock_text: str
    is_low: bool
    is_public: bool


def goods_visible_to(request: HttpRequest) -> QuerySet[Product]:
    """Pages of goods (standalone or with variants) of the businesses whose goods the person may see."""
    merchants = request_grants(request).merchant_ids(Act.GOODS_VIEW)
    return Product.objects.filter(merchant_id__in=merchants).exclude(structure=Product.CHILD)


def with_offers(goods: QuerySet[Product]) -> QuerySet[Product]:
    """The same with stock, variants and pictures; a fixed number of queries."""
    stock = Prefetch("stockrecords", StockRecord.objects.order_by("pk"))
    children = Prefetch("children", Product.objects.order_by("pk").prefetch_related(stock))
    images = Prefetch("images", ProductImage.objects.order_by("display_order", "pk"))
    return goods.select_related("merchant__commune").prefetch_related(stock, children, images)


def quantity_fault_of(product: Product) -> str:
    """What stands in the way of its sale (catalogue.net_quantity), else ""."""
    if product.is_parent:  # each variant says its size in its name
        return ""
    return quantity_fault(ocop_set=product.ocop_set, unit=product.unit, net_quantity=product.net_quantity)


def sellables_of(product: Product) -> list[Product]:
    return list(product.children.all()) if product.is_parent else [product]


@login_required
@never_cache
@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """Newest first; what is off sale is marked."""
    goods = goods_visible_to(request).order_by("-pk")
    words = clean_line(request.GET.get("q", ""))
    if folded := fold_text(words):
        titles = goods.values_list("pk", "title")[:SEARCHED_GOODS]
        goods = goods.filter(pk__in=[pk for pk, title in titles if folded in fold_text(title or "")][:1_000])
    page = Paginator(with_offers(goods), PAGE_SIZE).get_page(request.GET.get("trang"))
    grants = request_grants(request)
    context = {
        "section": "products",
        "page": page,
        "rows": [_row(product) for product in page.object_list],
        "words": words,
        "may_add": bool(grants.merchant_ids(Act.GOODS_EDIT)),
        "several_merchants": len(grants.merchant_ids(Act.GOODS_VIEW)) > 1,
    }
    return render(request, "workspace/products.html", context)


def _row(product: Product) -> GoodsRow:
    records = [record for sellable in sellables_of(product) for record in sellable.stockrecords.all()]
    free = sum((record.num_in_stock or 0) - (record.num_allocated or 0) for record in records)
    images = product.images.all()
    return GoodsRow(
        pk=product.pk,
        name=product.get_title(),
        merchant_name=product.merchant.name,
        picture=picture_of(images[0] if images else None, alt=""),
        price=min((record.price for record in records), default=None),
        variants=len(records) if product.is_parent else 0,
        stock_text=(ngettext("%(number)s left", "%(number)s left", free) % {"number": free} if free else _("sold out")),
        is_low=free <= LOW_STOCK,
        is_public=bool(product.is_public),
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new product, on sale with one press."""
    merchants = list(
        Merchant.objects.filter(pk__in=request_grants(request).merchant_ids(Act.GOODS_EDIT)).select_related("commune")
    )
    if not merchants:
        raise Http404("sells nothing")
    typed = typed_in(request)
    tokens = _waiting_tokens(typed)
    waiting = waiting_photos(tokens=tokens, person=signed_in(request))
    form = ProductForm(typed, request.FILES or None, merchants=merchants, sellables=(), waiting=waiting)
    if form.is_bound:
        form.instance.product_class = product_class()  # Oscar's own check of the product asks for it
    if request.method == "POST" and form.is_valid():
        merchant = form.chosen_merchant()
        product = add_product(
            product=form.save(commit=False),
            merchant=merchant,
            offer=form.offers()[0],
            photos=form.cleaned_data["photos"],
            who=_who(request, merchant),
        )
        drop_waiting(tokens=tokens, person=signed_in(request))
        messages.success(request, _("“%(name)s” is on sale.") % {"name": product.title})
        return redirect("workspace:products")
    context = {"form": form, "section": "products", "may_edit": True, "waiting": _keep_waiting(request, form, tokens)}
    return render(request, "workspace/product_form.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a product; who may only count sees the stock and nothing else to change."""
    pages = with_offers(Product.objects.exclude(structure=Product.CHILD))
    product = find_permitted(request, Act.GOODS_VIEW, pages, pk=pk)
    grants = request_grants(request)
    may_edit = grants.may(Act.GOODS_EDIT, product)
    if request.method == "POST" and not grants.may(Act.STOCK_COUNT, product):
        raise Http404("may look only")
    name = product.title
    images = list(product.images.all())
    typed = typed_in(request)
    tokens = _waiting_tokens(typed)
    form = ProductForm(
        typed,
        request.FILES or None,
        instance=product,
        merchants=[product.merchant],
        sellables=sellables_of(product),
        may_edit=may_edit,
        waiting=waiting_photos(tokens=tokens, person=signed_in(request)) if may_edit else (),
    )
    if request.method == "POST" and form.is_valid():
        removed, main = _photo_wishes(request, images) if may_edit else ([], None)
        try:
            correct_product(
                product=product,
                offers=form.offers(),
                photos=form.cleaned_data.get("photos") or [],
                removed_photos=removed,
                main_photo=main,
                who=_who(request, product.merchant),
            )
        except StockRefused as refusal:
            form.add_error(None, words_for(refusal.code))
        else:
            drop_waiting(tokens=tokens, person=signed_in(request))
            messages.success(request, _("Saved."))
            return redirect("workspace:product", pk=product.pk)
    context = {
        "form": form,
        "waiting": _keep_waiting(request, form, tokens),
        "product": product,
        "product_name": name,
        "photos": [(image, picture_of(image, alt=_("Photo"))) for image in images],
        "may_edit": may_edit,
        "section": "products",
    }
    return render(request, "workspace/product_form.html", context)


def _waiting_tokens(typed: QueryDict | None) -> list[str]:
    return typed.getlist("waiting_photo")[:MOST_PHOTOS] if typed is not None else []


def _keep_waiting(request: HttpRequest, form: ProductForm, tokens: list[str]) -> list[str]:
    """Keep the good photos of a form that goes back for another fault; returns their tokens for its next try."""
    photos = form.cleaned_data.get("photos") if form.is_bound and form.errors else None
    if not photos:
        return []
    drop_waiting(tokens=tokens, person=signed_in(request))
    return keep_waiting(photos=photos, person=signed_in(request))


def _photo_wishes(request: HttpRequest, images: list[Any]) -> tuple[list[int], int | None]:
    """Which photos go and which one comes first; numbers of other products' photos are not heard."""
    own = {str(image.pk): image.pk for image in images}
    removed = [own[key] for key in request.POST.getlist("remove_photo") if key in own]
    main = own.get(request.POST.get("main_photo", ""))
    return removed, main if main not in removed else None


@login_required
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Take off sale, or put on sale again with on=1."""
    pages = Product.objects.exclude(structure=Product.CHILD).select_related("merchant__commune")
    product = find_permitted(request, Act.GOODS_EDIT, pages, pk=pk)
    is_public = request.POST.get("on") == "1"
    fault = quantity_fault_of(product) if is_public else ""
    if fault:
        messages.error(request, QUANTITY_FAULTS[fault][1])
        return redirect("workspace:product", pk=product.pk)
    set_public(product=product, is_public=is_public, who=_who(request, product.merchant))
    said = _("“%(name)s” is on sale.") if is_public else _("“%(name)s” is off sale. Orders that are placed go on.")
    messages.success(request, said % {"name": product.title})
    return redirect("workspace:product", pk=product.pk)


def _who(request: HttpRequest, merchant: Merchant) -> dict[str, Any]:
    return {"actor": request.user, "on_behalf_of": helped_merchant(request, merchant), "request": request}

"""Oscar's list of goods for the platform's staff: whose it is, what it costs, how much is left; nothing to press."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_tables2 import A, Column, TemplateColumn
from oscar.apps.dashboard.catalogue.views import ProductListView
from oscar.apps.dashboard.tables import DashboardTable
from oscar.core.loading import get_model

from catalogue.models import ListedProduct, Product
from catalogue.search import find_words, matching
from merchants.folding import fold_text, slugify_vietnamese
from merchants.money import format_dong
from shop.partner.models import StockRecord

ProductImage = get_model("catalogue", "ProductImage")


def _records(product: Product) -> list[StockRecord]:
    sellables = product.children.all() if product.is_parent else [product]
    return [record for sellable in sellables for record in sellable.stockrecords.all()]


class GoodsTable(DashboardTable):
    """One page of goods a row: of goods with variants the lowest price and the sum of the stock."""

    picture = TemplateColumn(
        verbose_name=_("Picture"),
        template_name="oscar/dashboard/catalogue/product_row_image.html",
        orderable=False,
    )
    title = TemplateColumn(
        verbose_name=_("Product"),
        template_name="oscar/dashboard/catalogue/product_row_title.html",
        order_by="title",
        accessor=A("title"),
    )
    merchant = Column(verbose_name=_("Seller"), accessor="merchant__name", order_by="merchant__sort_name", default="–")
    price = Column(verbose_name=_("Price"), empty_values=(), orderable=False)
    stock = Column(verbose_name=_("In stock"), empty_values=(), orderable=False)
    is_public = Column(verbose_name=_("On sale"))
    date_updated = Column(verbose_name=_("Last change"))

    icon = "fas fa-sitemap"

    class Meta(DashboardTable.Meta):
        order_by = "-date_updated"

    def render_price(self, record: Product) -> str:
        prices = [Decimal(stock.price) for stock in _records(record) if stock.price is not None]
        return format_dong(min(prices)) if prices else "–"

    def render_stock(self, record: Product) -> int:
        return sum((stock.num_in_stock or 0) - (stock.num_allocated or 0) for stock in _records(record))

    def render_is_public(self, value: bool) -> Any:
        return _("yes") if value else _("no")


class GoodsSearchForm(forms.Form):
    title = forms.CharField(max_length=80, required=False, label=_("Product or seller"))


class GoodsListView(ProductListView):
    """Found without tone marks, by the goods' words or the seller's name; the same queries for 2 rows and for 20."""

    form_class = GoodsSearchForm
    table_class = GoodsTable

    def get_queryset(self) -> QuerySet[Product]:
        stock = Prefetch("stockrecords", StockRecord.objects.order_by("pk"))
        found = (
            Product.objects.exclude(structure=Product.CHILD)
            .select_related("merchant")
            .prefetch_related(
                stock,
                Prefetch("children", Product.objects.order_by("pk").prefetch_related(stock)),
                Prefetch("images", ProductImage.objects.order_by("display_order", "pk")),
            )
        )
        return self.apply_search(found)

    def apply_search(self, queryset: QuerySet[Product]) -> QuerySet[Product]:
        self.form = self.form_class(self.request.GET)
        words = self.form.cleaned_data["title"] if self.form.is_valid() else ""
        if not fold_text(words):
            return queryset
        matches = Q(title__icontains=words) | Q(merchant__folded_name__contains=fold_text(words))
        if (query := find_words(words)) is not None:
            matches |= Q(slug__contains=slugify_vietnamese(words))  # what is off sale has no listed words
            matches |= Q(pk__in=ListedProduct.objects.filter(matching(query)).values("product_id"))
        return queryset.filter(matches)

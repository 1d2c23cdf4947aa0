"""Lets editors pick goods and producers in Wagtail: only what visitors may see, found without tone marks."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser as views
from wagtail.admin.viewsets.chooser import ChooserViewSet

from catalogue.models import ListedProduct, Product
from merchants.folding import fold_text
from merchants.models import Merchant


class _WordsForm(BaseFilterForm):
    """One search box; titles and names are compared without tone marks."""

    q = forms.CharField(label=_("Search"), required=False, max_length=80)

    def folded(self) -> str:
        self.search_query = self.cleaned_data.get("q") or ""
        self.is_searching = bool(self.search_query)
        return fold_text(self.search_query)


class ProductWordsForm(_WordsForm):
    def filter(self, objects: QuerySet[Product]) -> QuerySet[Product]:
        for word in self.folded().split():
            objects = objects.filter(listed__folded_title__contains=word)
        return objects


class MerchantWordsForm(_WordsForm):
    def filter(self, objects: QuerySet[Merchant]) -> QuerySet[Merchant]:
        for word in self.folded().split():
            objects = objects.filter(folded_name__contains=word)
        return objects


class _ProductList:
    filter_form_class = ProductWordsForm
    ordering = ["listed__sort_name", "pk"]

    def get_object_list(self) -> QuerySet[Product]:
        listed = ListedProduct.objects.values("pk")
        return Product.objects.public(None).filter(pk__in=listed).select_related("merchant")

    @property
    def columns(self) -> list[Column]:
        return [*super().columns, Column("merchant", label=_("Seller"), accessor="merchant")]  # type: ignore[misc]


class _MerchantList:
    filter_form_class = MerchantWordsForm
    ordering = ["sort_name", "pk"]

    def get_object_list(self) -> QuerySet[Merchant]:
        return Merchant.objects.filter(is_public=True, status=Merchant.Status.ACTIVE).select_related("village")

    @property
    def columns(self) -> list[Column]:
        return [*super().columns, Column("village", label=_("Village"), accessor="village")]  # type: ignore[misc]


class ProductChooseView(_ProductList, views.ChooseView):
    """The whole window for picking a product."""


class ProductResultsView(_ProductList, views.ChooseResultsView):
    """Its list alone, after a search or a turn of the page."""


class MerchantChooseView(_MerchantList, views.ChooseView):
    """The whole window for picking a producer."""


class MerchantResultsView(_MerchantList, views.ChooseResultsView):
    """Its list alone, after a search or a turn of the page."""


class ProductChooserViewSet(ChooserViewSet):
    model = Product
    icon = "tag"
    choose_one_text = _("Choose a product")
    choose_another_text = _("Choose another product")
    choose_view_class = ProductChooseView
    choose_results_view_class = ProductResultsView


class MerchantChooserViewSet(ChooserViewSet):
    model = Merchant
    icon = "group"
    choose_one_text = _("Choose a producer")
    choose_another_text = _("Choose another producer")
    choose_view_class = MerchantChooseView
    choose_results_view_class = MerchantResultsView


product_chooser = ProductChooserViewSet("product_chooser", url_prefix="products")
merchant_chooser = MerchantChooserViewSet("merchant_chooser", url_prefix="producers")
ProductChooserBlock: Any = product_chooser.get_block_class(name="ProductChooserBlock", module_path="cms.choosers")
MerchantChooserBlock: Any = merchant_chooser.get_block_class(name="MerchantChooserBlock", module_path="cms.choosers")

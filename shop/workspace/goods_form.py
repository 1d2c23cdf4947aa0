"""The plain form for one product: words, set, quantity, price in whole dong, stock as counted, photos."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Product
from catalogue.net_quantity import quantity_fault
from catalogue.ocop.product_sets import GROUPS, SETS
from catalogue.season import NOT_SAID, WHOLE_YEAR, month_name, months_of, season_of
from merchants.models import Merchant
from merchants.money import DongRefused, format_dong, parse_dong
from merchants.photos import ACCEPT, PhotoRefused, PreparedPhoto, prepare_photo, read_upload
from shop.partner.models import StockRecord
from shop.partner.stock import MOST_IN_STOCK

LOWEST_PRICE_VND = 500  # the smallest note in daily use; anything below is a price without its zeros
HIGHEST_PRICE_VND = 1_000_000_000
MOST_PHOTOS = 8

# what stands in the way of a sale → field and words (catalogue.net_quantity)
QUANTITY_FAULTS = {
    "no_measure": (
        "net_quantity",
        gettext_lazy("Food needs its weight or volume, as on the label: for example 500 and g, or 750 and ml."),
    ),
    "no_set": (
        "ocop_set",
        gettext_lazy("Please choose what kind of goods these are: of food, buyers must read how much is in it."),
    ),
}


class DongField(forms.CharField):
    """A price in whole dong, never guessed and never 0."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_dong(text, at_least=LOWEST_PRICE_VND, at_most=HIGHEST_PRICE_VND)
        except DongRefused as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal

    def prepare_value(self, value: Any) -> Any:
        return format_dong(value).removesuffix("₫").strip() if isinstance(value, Decimal) else value


class StockField(forms.IntegerField):
    """How many lie on the shelf, as a plain number."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(min_value=0, max_value=MOST_IN_STOCK, widget=widget, **kwargs)
        self.error_messages["invalid"] = _("Please enter a whole number, for example 12.")

    def clean(self, value: Any) -> Any:
        if isinstance(value, str) and value.strip() and not (value.strip().isascii() and value.strip().isdecimal()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().clean(value)


class NetQuantityField(forms.CharField):
    """How much is in one unit: "500", "0,5" or "0.5"; at most three decimals."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        plain = text.replace(",", ".")
        whole, _dot, part = plain.partition(".")
        is_plain = whole.isascii() and whole.isdecimal() and len(whole) <= 6
        has_part = not _dot or (part.isascii() and part.isdecimal() and len(part) <= 3)
        if not is_plain or not has_part:
            raise ValidationError(_("Please enter a number such as 500 or 0,5."), code="invalid")
        amount = Decimal(plain)
        # "1.500" could be one and a half or fifteen hundred: a unit of measure makes the difference of a thousand
        if "." in text and len(part) == 3:
            raise ValidationError(
                _("Please write it without a dot between thousands: 1500, or 1,5 for one and a half."), code="grouping"
            )
        if amount <= 0:
            raise ValidationError(_("The quantity must be above 0."), code="zero")
        return amount

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}".replace(".", ",") if isinstance(value, Decimal) else value


class ManyPhotosInput(forms.ClearableFileInput):
    """Several photos in one field, also straight from the camera."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class PhotosField(forms.FileField):
    """Photos, each through the one intake; cleans to a list of PreparedPhoto."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=ManyPhotosInput(attrs={"accept": ACCEPT}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        uploads = [upload for upload in (data if isinstance(data, (list, tuple)) else [data]) if upload]
        if len(uploads) > MOST_PHOTOS:
            raise ValidationError(_("At most %(number)s photos.") % {"number": MOST_PHOTOS}, code="too_many")
        photos: list[PreparedPhoto] = []
        errors = []
        for upload in uploads:
            try:
                super().clean(upload, initial)
                photos.append(prepare_photo(read_upload(upload)))
            except PhotoRefused as refusal:
                errors.append(ValidationError(f"{upload.name[:60]}: {refusal}", code=refusal.code))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return photos


class SeasonField(forms.MultipleChoiceField):
    """A box for each month and one for the whole year; cleans to the number of catalogue.season, none to “not said”."""

    YEAR = "quanh-nam"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=self._boxes, widget=forms.CheckboxSelectMultiple, required=False, **kwargs)

    def _boxes(self) -> list[tuple[str, str]]:
        months = [(str(month), capfirst(month_name(month))) for month in range(1, 13)]
        return [(self.YEAR, capfirst(_("all year round"))), *months]

    def clean(self, value: Any) -> Any:
        chosen = set(super().clean(value))
        if self.YEAR not in chosen:
            return season_of(int(month) for month in chosen) if chosen else NOT_SAID
        if 1 < len(chosen) < 13:
            raise ValidationError(_("Please choose all year round or single months, not both."), code="both")
        return WHOLE_YEAR

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        return [self.YEAR] if value == WHOLE_YEAR else [str(month) for month in months_of(value)]


@dataclass(frozen=True)
class Offer:
    """Price and stock of one sellable as typed; `seen_stock` is what the page showed when it was typed."""

    product_id: int | None
    price: Decimal | None  # None: who only counts leaves it as it is
    stock: int
    seen_stock: int | None


def set_choices() -> list[tuple[Any, Any]]:
    """The official product sets under their groups."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for item in SETS.values():
        groups.setdefault(item.group, []).append((item.number, item.name))
    return [("", _("Choose")), *[(GROUPS[key].name, rows) for key, rows in groups.items()]]


class ProductForm(forms.ModelForm):
    """One product with its price and stock; of a product with variants each variant has its own pair of fields."""

    title = forms.CharField(label=gettext_lazy("Name of the goods"), max_length=120)
    description = forms.CharField(
        label=gettext_lazy("Its story"), max_length=8_000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    net_quantity = NetQuantityField(
        label=gettext_lazy("How much is in it"),
        max_length=12,
        help_text=gettext_lazy("As on the label, with the unit below: 500 and g, 1,5 and litre, 10 and piece."),
        error_messages={"required": gettext_lazy("Please say how much is in it, as on the label: 500 for 500 g.")},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    season = SeasonField(
        label=gettext_lazy("Season"),
        help_text=gettext_lazy("The months in which you have it. Leave all empty if it has no season."),
    )
    photos = PhotosField(
        label=gettext_lazy("Photos"),
        required=False,
        help_text=gettext_lazy("By daylight, the goods large in the middle. At most 8, 15 MB each."),
    )

    class Meta:
        model = Product
        fields = ["title", "summary", "description", "ocop_set", "net_quantity", "unit", "season"]

    def __init__(
        self,
        *args: Any,
        merchants: Sequence[Merchant],
        sellables: Sequence[Product],
        may_edit: bool = True,
        waiting: Sequence[PreparedPhoto] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.waiting = list(waiting)  # photos of an earlier try (shop.workspace.waiting_photos)
        self.merchants = {str(merchant.pk): merchant for merchant in merchants}
        self.sellables = list(sellables)
        self.may_edit = may_edit
        self.fields["summary"].help_text = _("What makes it special, in one sentence.")
        self.fields["ocop_set"].choices = set_choices()  # type: ignore[attr-defined]
        self._ask_for_quantity()
        if len(self.merchants) > 1 and self.instance.pk is None:
            choices = [(key, merchant.name) for key, merchant in self.merchants.items()]
            self.fields["merchant"] = forms.ChoiceField(label=_("Sold by"), choices=choices)
        self._add_offer_fields()
        if not may_edit:  # who only counts: nothing but the stock can be typed, whatever is sent
            for name in [name for name in self.fields if not name.startswith(("stock_", "seen_"))]:
                del self.fields[name]

    def _ask_for_quantity(self) -> None:
        """Nothing false is proposed: of a new product neither quantity nor unit is filled in beforehand."""
        if self.instance.pk and self.instance.is_parent:  # its variants hold the quantity
            del self.fields["net_quantity"], self.fields["unit"]
            return
        units = [("", _("Choose")), *Product.Unit.choices]
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["unit"].initial = None
        self.fields["unit"].error_messages["required"] = _("Please choose the unit.")
        for name in ("net_quantity", "unit"):
            self.fields[name].widget.attrs["data-missing"] = self.fields[name].error_messages["required"]
        if self.instance.pk is None:
            for name in ("net_quantity", "unit"):
                self.initial.pop(name, None)

    def clean(self) -> dict[str, Any]:
        """What goes on sale says how much is in it."""
        cleaned = super().clean() or {}
        if "unit" not in self.fields or not {"unit", "net_quantity", "ocop_set"} <= set(cleaned):
            return cleaned
        fault = quantity_fault(ocop_set=cleaned["ocop_set"], unit=cleaned["unit"], net_quantity=cleaned["net_quantity"])
        if fault:
            self.add_error(*QUANTITY_FAULTS[fault])
        return cleaned

    def _add_offer_fields(self) -> None:
        """Price and stock of each sellable; a new product has one, not yet saved."""
        rows: list[tuple[str, str, StockRecord | None]] = []
        for product in self.sellables:
            label = f" ({product.variant_label or product.get_title()})" if product.is_child else ""
            rows.append((str(product.pk), label, product.stockrecords.all()[0] if product.stockrecords.all() else None))
        for key, label, record in rows or [("new", "", None)]:
            self.fields[f"price_{key}"] = DongField(
                label=_("Price in dong") + label,
                initial=record.price if record else None,
                help_text=_("With all its zeros: 25.000"),
            )
            self.fields[f"stock_{key}"] = StockField(
                label=_("In stock") + label,
                initial=record.num_in_stock if record else None,
                help_text=(
                    _("%(number)s of them are promised to open orders.") % {"number": record.num_allocated}
                    if record and record.num_allocated
                    else ""
                ),
            )
            if record:
                self.fields[f"seen_{key}"] = forms.IntegerField(
                    required=False, initial=record.num_in_stock, widget=forms.HiddenInput
                )

    def clean_photos(self) -> list[PreparedPhoto]:
        photos: list[PreparedPhoto] = [*self.waiting, *(self.cleaned_data["photos"] or [])]
        kept = self.instance.images.count() if self.instance.pk else 0
        if kept + len(photos) > MOST_PHOTOS:
            raise ValidationError(
                _("At most %(number)s photos; take one away first.") % {"number": MOST_PHOTOS}, code="too_many"
            )
        return photos

    def clean_ocop_set(self) -> int | None:
        chosen = self.cleaned_data["ocop_set"]
        return int(chosen) if chosen else None

    def chosen_merchant(self) -> Merchant:
        """Whose goods these are."""
        if self.instance.pk:
            return self.instance.merchant
        if "merchant" in self.cleaned_data:
            return self.merchants[self.cleaned_data["merchant"]]
        return next(iter(self.merchants.values()))

    def offers(self) -> list[Offer]:
        """What was typed for each sellable."""
        keys = [str(product.pk) for product in self.sellables] or ["new"]
        return [
            Offer(
                product_id=int(key) if key != "new" else None,
                price=self.cleaned_data.get(f"price_{key}"),
                stock=self.cleaned_data[f"stock_{key}"],
                seen_stock=self.cleaned_data.get(f"seen_{key}"),
            )
            for key in keys
        ]

    def groups(self) -> list[tuple[str, list[Any]]]:
        """The fields in the order of the page."""
        offers = [self[name] for name in self.fields if name.startswith(("price_", "stock_"))]
        if not self.may_edit:
            return [(_("In stock"), offers)]
        first = [self["merchant"]] if "merchant" in self.fields else []
        first += [self[name] for name in ("title", "photos")]
        quantity = [self[name] for name in ("net_quantity", "unit") if name in self.fields]
        more = [self[name] for name in ("summary", "description", "ocop_set", "season")]
        return [(_("The goods"), first), (_("Price and stock"), offers + quantity), (_("What buyers read"), more)]

    def validate_constraints(self) -> None:
        """The fields above say the same in plain words."""

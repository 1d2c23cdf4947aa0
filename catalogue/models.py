"""What is sold: Oscar's catalogue with our Product; star-imports Oscar's other models on the last lines."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from oscar.apps.catalogue.abstract_models import AbstractProduct

from catalogue.managers import ListedProductQuerySet, ProductQuerySet
from catalogue.ocop.certificate import OcopCertificate
from catalogue.ocop.product_sets import SET_CHOICES, SETS, ProductSet
from catalogue.season import NOT_SAID, WHOLE_YEAR
from catalogue.synonyms import SynonymGroup
from merchants.folding import slugify_vietnamese
from merchants.sealed_text import unseal


class Product(AbstractProduct):
    """A page (standalone or parent) or a variant (child); `merchant` sells it, on children too.

    `description` is the story; English columns are optional and shown when filled.
    Net quantity and unit belong to the sellable (standalone or child) and give the unit price.
    """

    class Unit(models.TextChoices):
        GRAM = "g", _("g")
        KILOGRAM = "kg", _("kg")
        MILLILITRE = "ml", _("ml")
        LITRE = "l", _("litre")
        PIECE = "piece", _("piece")

    merchant = models.ForeignKey(
        "merchants.Merchant", on_delete=models.PROTECT, related_name="products", verbose_name=_("seller")
    )
    title_en = models.CharField(_("title in English"), max_length=255, blank=True)
    summary = models.CharField(_("in one sentence"), max_length=240, blank=True)
    summary_en = models.CharField(_("in one sentence, English"), max_length=240, blank=True)
    description_en = models.TextField(_("story, English"), blank=True)
    variant_label = models.CharField(_("variant"), max_length=60, blank=True, help_text=_("As “500 ml bottle”."))
    ocop_set = models.PositiveSmallIntegerField(_("product set"), choices=SET_CHOICES, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=5, choices=Unit.choices, default=Unit.PIECE)
    net_quantity = models.DecimalField(_("net quantity"), max_digits=9, decimal_places=3, default=Decimal(1))
    origin = models.CharField(_("origin"), max_length=160, blank=True)
    ingredients = models.TextField(_("ingredients"), blank=True)
    storage = models.CharField(_("storage"), max_length=240, blank=True)
    shelf_life = models.CharField(_("shelf life"), max_length=120, blank=True)
    warnings = models.CharField(_("warnings"), max_length=240, blank=True)
    # a bit for each month (catalogue.season); of a product with variants the page says it for all
    season = models.PositiveSmallIntegerField(_("season"), default=NOT_SAID, blank=True)
    is_sample = models.BooleanField(_("invented for the demo"), default=False)

    objects = ProductQuerySet.as_manager()

    class Meta(AbstractProduct.Meta):
        constraints = [
            models.CheckConstraint(condition=models.Q(net_quantity__gt=0), name="product_net_quantity_is_positive"),
            models.CheckConstraint(
                condition=models.Q(season__gte=NOT_SAID, season__lte=WHOLE_YEAR), name="product_season_is_of_months"
            ),
        ]

    def save(self, *args: object, **kwargs: object) -> None:
        self.slug = slugify_vietnamese(self.get_title())
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        page = self.parent if self.is_child else self
        return reverse("storefront:product", kwargs={"slug": page.slug, "pk": page.pk})

    @property
    def official_set(self) -> ProductSet | None:
        return SETS.get(self.ocop_set) if self.ocop_set else None

    @property
    def shown_title(self) -> str:
        """The title in the page's language; Vietnamese where no English is given."""
        return (self.title_en if get_language() == "en" else "") or self.get_title()


class ListedProduct(models.Model):
    """The narrow row behind lists, facets and search: one per public page; catalogue.listed_product refreshes it.

    `stars` holds until `stars_until` (inclusive); readers compare with today, so a badge ends by itself.
    `price_from` is the lowest price of its sellables, whole dong. Rows of withdrawn products do not exist.
    """

    product = models.OneToOneField(Product, on_delete=models.CASCADE, primary_key=True, related_name="listed")
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.CASCADE, related_name="+")
    commune = models.ForeignKey("merchants.Commune", on_delete=models.CASCADE, related_name="+")
    village = models.ForeignKey("merchants.Village", on_delete=models.SET_NULL, null=True, related_name="+")
    ocop_set = models.PositiveSmallIntegerField(null=True)
    ocop_group = models.CharField(max_length=20, blank=True)
    stars = models.PositiveSmallIntegerField(default=0)
    stars_until = models.DateField(null=True)
    price_from = models.DecimalField(max_digits=12, decimal_places=0)
    price_to = models.DecimalField(max_digits=12, decimal_places=0)
    unit_price = models.DecimalField(max_digits=12, decimal_places=0, null=True)
    unit_price_per = models.CharField(max_length=5, blank=True)
    in_stock = models.BooleanField()
    season = models.PositiveSmallIntegerField(default=NOT_SAID)
    title = models.CharField(max_length=255)
    title_en = models.CharField(max_length=255, blank=True)
    slug = models.CharField(max_length=255)
    picture = models.CharField(max_length=255, blank=True)
    merchant_name = models.CharField(max_length=120)
    merchant_slug = models.CharField(max_length=80)
    place = models.CharField(max_length=160, blank=True)
    sort_name = models.CharField(max_length=240)
    folded_title = models.TextField(default="")
    spelled_title = models.TextField(default="")  # the title's words, lower-cased, with their marks
    folded_text = models.TextField()
    listed_at = models.DateTimeField()
    refreshed_at = models.DateTimeField(auto_now=True)

    objects = ListedProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("listed product")
        verbose_name_plural = _("listed products")
        indexes = [
            # With the id, which decides among equals: else all goods of one price are read and sorted. With the prices,
            # so that a price range is read from the newest on, too.
            models.Index(fields=["commune", "-listed_at", "-product", "price_from", "price_to"], name="listed_newest"),
            models.Index(fields=["commune", "price_from", "product"], name="listed_price"),
            models.Index(fields=["commune", "ocop_set", "-listed_at"], name="listed_set"),
            models.Index(fields=["commune", "ocop_group", "-listed_at"], name="listed_group"),
            models.Index(fields=["commune", "sort_name", "product"], name="listed_name"),
            models.Index(fields=["merchant"], name="listed_merchant"),
            # all that facets are counted from: the rows themselves, with their texts, are not touched
            models.Index(
                fields=[
                    "commune",
                    "in_stock",
                    "stars",
                    "stars_until",
                    "ocop_set",
                    "ocop_group",
                    "village",
                    "merchant",
                    "price_from",
                    "price_to",
                    "season",
                ],
                name="listed_facets",
            ),  # fmt: skip
            # the same for the hits of a search, one by one, and what they are sorted by (catalogue.search)
            models.Index(
                fields=[
                    "product",
                    "commune",
                    "in_stock",
                    "listed_at",
                    "stars",
                    "stars_until",
                    "ocop_set",
                    "ocop_group",
                    "village",
                    "merchant",
                    "price_from",
                    "price_to",
                    "season",
                ],
                name="listed_hits",
            ),  # fmt: skip
            models.Index(fields=["commune", "stars", "stars_until"], name="listed_stars"),
            # sites that show every commune
            models.Index(fields=["-listed_at", "-product", "price_from", "price_to"], name="listed_newest_everywhere"),
            models.Index(fields=["price_from", "product"], name="listed_price_everywhere"),
            models.Index(fields=["sort_name", "product"], name="listed_name_everywhere"),
            models.Index(fields=["ocop_set", "-listed_at"], name="listed_set_everywhere"),
            models.Index(fields=["ocop_group", "-listed_at"], name="listed_group_everywhere"),
            models.Index(fields=["stars", "stars_until"], name="listed_stars_everywhere"),
        ]

    def __str__(self) -> str:
        return self.title


class ListingReport(models.Model):
    """Something a visitor says is wrong with a listing; the officers of its commune look at it.

    Kept when the product is deleted: `product_title` and `merchant` still say what it was about.
    """

    class Reason(models.TextChoices):
        NOT_AS_SHOWN = "not_as_shown", _("Not what picture or words promise")
        FALSE_STARS = "false_stars", _("Stars, origin or certificate are not true")
        UNSAFE = "unsafe", _("Spoilt, unsafe or forbidden goods")
        MONEY = "money", _("Asks for money on another account, or more than stated")
        STOLEN = "stolen", _("Picture or name taken from somebody else")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        NEW = "new", _("new")
        SEEN = "seen", _("looked at")
        CLOSED = "closed", _("closed")

    product = models.ForeignKey(Product, on_delete=models.SET_NULL, null=True, related_name="+")
    product_title = models.CharField(max_length=255)
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=16, choices=Reason.choices)
    text = models.TextField(blank=True)
    sealed_contact = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    closing_note = models.CharField(max_length=400, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("report about a listing")
        verbose_name_plural = _("reports about listings")
        indexes = [
            models.Index(fields=["merchant", "state"], name="listing_report_merchant"),
            models.Index(fields=["product", "state"], name="listing_report_product"),
            models.Index(fields=["state", "-created_at"], name="listing_report_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="closed") | models.Q(closed_at__isnull=False, sealed_contact=""),
                name="closed_report_is_dated_and_anonymous",
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_title}: {self.reason}"

    @property
    def contact(self) -> str:
        """How to reach whoever reported; raises SealBroken where the installation's key has changed."""
        return unseal(self.sealed_contact)


from oscar.apps.catalogue.models import *  # noqa: E402, F403

__all__ = ["ListedProduct", "ListingReport", "OcopCertificate", "Product", "SynonymGroup"]

"""The business itself, as the commune's register knows it."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from merchants.folding import fold_text, slugify_vietnamese, sort_key
from merchants.models.commune import Commune, Village
from merchants.sealed_text import keyed_hash, seal, unseal

VIETNAMESE_PHONE = RegexValidator(r"^\+84[235789]\d{8,9}$", _("A Vietnamese phone number, as +84912345678."))


class MerchantQuerySet(models.QuerySet["Merchant"]):
    def in_commune(self, commune: Commune | None) -> "MerchantQuerySet":
        """Those of one commune; None means every commune (an installation for a whole province)."""
        return self if commune is None else self.filter(commune=commune)

    def public(self, commune: Commune | None) -> "MerchantQuerySet":
        """Those that may have a public page: active and shown by their own wish."""
        return self.in_commune(commune).filter(status=Merchant.Status.ACTIVE, is_public=True)

    def counted(self) -> "MerchantQuerySet":
        """The denominator of coverage: active businesses (domain G8), and paused or not found ones where the commune
        has decided so. Closed ones and those that refuse are never in it."""
        return self.filter(
            models.Q(status=Merchant.Status.ACTIVE)
            | models.Q(status=Merchant.Status.PAUSED, commune__counts_paused=True)
            | models.Q(status=Merchant.Status.NOT_FOUND, commune__counts_not_found=True)
        )


class Merchant(models.Model):
    """Any establishment on the register (cơ sở kinh doanh); it sells online only when an Oscar Partner points to it."""

    class LegalForm(models.TextChoices):
        HOUSEHOLD = "household", _("household business")
        COOPERATIVE = "cooperative", _("cooperative")
        COOPERATIVE_GROUP = "cooperative_group", _("cooperative group")
        COMPANY = "company", _("company")
        OTHER = "other", _("other")

    class Status(models.TextChoices):
        """As the statisticians' establishment form counts them (domain G8); only ACTIVE is in the denominator."""

        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        CLOSED = "closed", _("closed")
        NOT_FOUND = "not_found", _("not found")
        REFUSED = "refused", _("refused")

    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="merchants", verbose_name=_("commune"))
    village = models.ForeignKey(
        Village, on_delete=models.PROTECT, related_name="merchants", null=True, blank=True, verbose_name=_("village")
    )
    name = models.CharField(_("business name"), max_length=120)
    slug = models.SlugField(max_length=80, editable=False)
    legal_form = models.CharField(
        _("legal form"), max_length=20, choices=LegalForm.choices, default=LegalForm.HOUSEHOLD
    )
    vsic_section = models.CharField(_("VSIC section"), max_length=1, blank=True, help_text=_("A letter from A to U."))
    trade = models.CharField(_("trade"), max_length=80, blank=True, help_text=_("A plain word, as “rice mill”."))
    owner_name = models.CharField(_("owner or representative"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True, validators=[VIETNAMESE_PHONE])
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    # A 12-digit tax code is a personal ID number (TT 86/2024/TT-BTC): sealed, found by keyed hash, shown as last four.
    tax_code_sealed = models.TextField(editable=False, blank=True)
    tax_code_hash = models.CharField(max_length=64, editable=False, blank=True, db_index=True)
    tax_code_last4 = models.CharField(max_length=4, editable=False, blank=True)
    tax_code_is_personal = models.BooleanField(editable=False, default=False)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.ACTIVE)
    status_reason = models.CharField(_("reason"), max_length=200, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    is_public = models.BooleanField(_("has a public page"), default=False)
    summary = models.CharField(_("in one sentence"), max_length=240, blank=True)
    summary_en = models.CharField(_("in one sentence, English"), max_length=240, blank=True)
    story = models.TextField(_("story"), blank=True)
    story_en = models.TextField(_("story, English"), blank=True)
    portrait = models.ImageField(_("portrait or house front"), upload_to="merchants/", blank=True)
    collection_note = models.CharField(
        _("where and when to collect"), max_length=200, blank=True, help_text=_("Shown to buyers who collect.")
    )
    register_import = models.ForeignKey(
        "merchants.RegisterImport", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    is_sample = models.BooleanField(_("invented for the demo"), default=False)
    folded_name = models.CharField(max_length=120, editable=False, db_index=True)
    sort_name = models.CharField(max_length=240, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = MerchantQuerySet.as_manager()

    class Meta:
        verbose_name = _("business")
        verbose_name_plural = _("businesses")
        ordering = ["sort_name", "pk"]
        indexes = [models.Index(fields=["commune", "status", "village"], name="merchant_by_village")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="active") | models.Q(status="paused") | ~models.Q(status_reason=""),
                name="merchant_leaves_the_count_with_a_reason",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive_names()
        super().save(*args, **kwargs)

    def derive_names(self) -> None:
        """Fill slug, folded and sort name from the name; bulk writers call it themselves."""
        self.slug = slugify_vietnamese(self.name)
        self.folded_name = fold_text(self.name)
        self.sort_name = sort_key(self.name)

    def get_absolute_url(self) -> str:
        return reverse("storefront:merchant", kwargs={"slug": self.slug, "pk": self.pk})

    @property
    def tax_code(self) -> str:
        """The whole tax code; for a household it is a personal ID: only for the owner and the law's duties."""
        return unseal(self.tax_code_sealed)

    @tax_code.setter
    def tax_code(self, code: str) -> None:
        self.tax_code_sealed = seal(code)
        self.tax_code_hash = keyed_hash(code, purpose="tax_code") if code else ""
        self.tax_code_last4 = code[-4:] if code else ""
        self.tax_code_is_personal = len(code) == 12

    @property
    def tax_code_shown(self) -> str:
        """What the public seller block shows: a company's whole code, a personal ID as its last four digits."""
        if not self.tax_code_last4:
            return ""
        return f"••••••••{self.tax_code_last4}" if self.tax_code_is_personal else self.tax_code

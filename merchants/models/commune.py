"""Where a business stands: commune of today, the former communes inside it, the village."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from merchants.folding import fold_text, sort_key


class CoverageRung(models.TextChoices):
    """The ladder of DESIGN §4, lowest first; a commune chooses the one that it calls "has a payment code"."""

    ACCOUNT = "account", _("account known")
    CODE = "code", _("code issued or adopted")
    SEEN = "seen", _("seen on the spot and readable")
    RIGHT_ACCOUNT = "right_account", _("is the registered account")
    HOLDER = "holder", _("account holder confirmed")
    RECHECKED = "rechecked", _("checked again lately")
    PAID = "paid", _("paid by transfer within 30 days")


class Commune(models.Model):
    """A commune, ward or special zone as it stands since 2025-07-01 (two-level administration).

    Codes of today and of before the merger overlap (17605 was Bảo Thành, now Hợp Minh): never join them without a date.
    """

    code = models.CharField(_("code"), max_length=5, unique=True)
    name = models.CharField(_("name"), max_length=80, help_text=_("With its kind, as in “xã Hợp Minh”."))
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    province_code = models.CharField(_("province code"), max_length=2)
    province_name = models.CharField(_("province"), max_length=60)
    counted_schemes = models.JSONField(
        _("other payment schemes that count"),
        default=list,
        blank=True,
        help_text=_("Beside VietQR, which always does."),
    )
    coverage_rung = models.CharField(
        _("counts as covered"), max_length=14, choices=CoverageRung.choices, default=CoverageRung.CODE
    )
    recheck_months = models.PositiveSmallIntegerField(
        _("a check holds for so many months"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(36)],
    )
    counts_paused = models.BooleanField(_("paused businesses are counted too"), default=False)
    counts_not_found = models.BooleanField(_("businesses not found on the spot are counted too"), default=False)
    former_district = models.CharField(_("former district"), max_length=60, blank=True)
    sort_name = models.CharField(max_length=240, editable=False, db_index=True)

    class Meta:
        verbose_name = _("commune")
        verbose_name_plural = _("communes")
        ordering = ["sort_name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_name = sort_key(self.name)
        super().save(*args, **kwargs)


class FormerCommune(models.Model):
    """A commune that existed until 2025-06-30 and lies in a commune of today; people still say its name."""

    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="former_communes")
    code = models.CharField(_("code before 2025-07-01"), max_length=5, unique=True)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("former commune")
        verbose_name_plural = _("former communes")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Village(models.Model):
    """A village, hamlet or street group (thôn, xóm, ấp, tổ); the unit by which staff walk and coverage is counted."""

    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="villages")
    former_commune = models.ForeignKey(
        FormerCommune, on_delete=models.PROTECT, related_name="villages", null=True, blank=True
    )
    name = models.CharField(_("name"), max_length=80)
    folded_name = models.CharField(max_length=80, editable=False)
    sort_name = models.CharField(max_length=240, editable=False)

    class Meta:
        verbose_name = _("village")
        verbose_name_plural = _("villages")
        ordering = ["sort_name"]
        constraints = [
            models.UniqueConstraint(
                "commune", "former_commune", "folded_name", name="village_once_per_commune", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded_name = fold_text(self.name)
        self.sort_name = sort_key(self.name)
        super().save(*args, **kwargs)

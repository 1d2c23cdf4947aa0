"""Marks that staff uploaded for printed signs; none is shipped, because nobody publishes a licence for them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from merchants.models.commune import Commune


class PrintMark(models.Model):
    """One picture: for every sign of the commune, or (`bank_code`) for the signs of one bank."""

    class Kind(models.TextChoices):
        VIETQR = "vietqr", "VietQR"
        NAPAS = "napas", "NAPAS 247"
        BANK = "bank", _("one bank")

    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="print_marks")
    kind = models.CharField(_("mark"), max_length=8, choices=Kind.choices)
    bank_code = models.CharField(_("bank"), max_length=20, blank=True)
    picture = models.ImageField(_("picture"), upload_to="photos/")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("mark on signs")
        verbose_name_plural = _("marks on signs")
        ordering = ["-kind", "bank_code"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "kind", "bank_code"], name="print_mark_once"),
            models.CheckConstraint(
                condition=(models.Q(kind="bank") & ~models.Q(bank_code=""))
                | (~models.Q(kind="bank") & models.Q(bank_code="")),
                name="print_mark_names_its_bank",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.bank_code}".strip()

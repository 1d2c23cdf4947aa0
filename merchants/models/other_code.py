"""A payment code of another scheme on a merchant's wall (VNPAY, a wallet): known by name, paid elsewhere."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from merchants.models.merchant import Merchant


class OtherCode(models.Model):
    """What hangs there beside or instead of a VietQR. Nothing is paid on the strength of it; it may be counted."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="other_codes")
    scheme = models.CharField(_("scheme"), max_length=40)
    payload = models.CharField(max_length=512)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("code of another scheme")
        verbose_name_plural = _("codes of other schemes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "scheme"],
                condition=models.Q(removed_at=None),
                name="other_code_once_per_scheme",
            )
        ]

    def __str__(self) -> str:
        return self.scheme

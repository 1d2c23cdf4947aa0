"""Two entries of the register that were one business: which one stayed, what moved, whether it was taken back."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from merchants.models.merchant import Merchant


class MerchantMerge(models.Model):
    """`gone` was merged into `kept`; `moved` says what, so that it can be taken back while nothing new hangs on it.

    `moved`: {"accounts": [{"pk", "was_receiving", "pointing"}], "ended": [pk], "people": [pk], "other_codes": [pk],
    "filled": {field: value written}, "was": {"status", "status_reason", "is_public"}}
    """

    kept = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="merged_from")
    gone = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="merged_into")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    moved: Any = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("merging of two entries")
        verbose_name_plural = _("mergings of two entries")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=models.Q(undone_at=None), name="merged_into_one_at_a_time"
            ),
            models.CheckConstraint(condition=~models.Q(kept=models.F("gone")), name="merge_is_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.kept_id}"

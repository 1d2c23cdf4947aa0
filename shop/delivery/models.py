"""How goods of a merchant reach the buyer and what it costs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryOption(models.Model):
    """Collect or flat rate, offered by one merchant or, where merchant is empty, by all that set none themselves."""

    class Kind(models.TextChoices):
        COLLECT = "collect", _("collect from the producer")
        FLAT_RATE = "flat_rate", _("delivery at a flat rate")

    merchant = models.ForeignKey(
        "merchants.Merchant", on_delete=models.CASCADE, null=True, blank=True, related_name="delivery_options"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    price_vnd = models.DecimalField(_("price"), max_digits=12, decimal_places=0, default=0)
    free_from_vnd = models.DecimalField(
        _("free from"), max_digits=12, decimal_places=0, null=True, blank=True, help_text=_("Goods of this merchant.")
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("delivery option")
        verbose_name_plural = _("delivery options")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "kind"], name="delivery_option_once_per_merchant", nulls_distinct=False
            ),
            models.CheckConstraint(condition=models.Q(price_vnd__gte=0), name="delivery_price_not_negative"),
            models.CheckConstraint(
                condition=~models.Q(kind="collect") | models.Q(price_vnd=0), name="collecting_costs_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.price_vnd}"

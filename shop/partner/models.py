"""The seller as Oscar knows it, one counter pair of stock per sellable, and the reason of every change."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from oscar.apps.partner.abstract_models import AbstractPartner, AbstractStockRecord


class Partner(AbstractPartner):
    """Exists for a merchant that sells online."""

    merchant = models.OneToOneField(
        "merchants.Merchant", on_delete=models.PROTECT, related_name="partner", null=True, blank=True
    )


class StockRecord(AbstractStockRecord):
    """Exactly one per sellable product. `num_in_stock` lies on the shelf, `num_allocated` of it is promised.

    Only shop.partner.stock changes the two counters, and writes a StockMovement with each change.
    """

    class Meta(AbstractStockRecord.Meta):
        constraints = [
            models.UniqueConstraint(fields=["product"], name="one_stockrecord_per_product"),
            models.CheckConstraint(
                condition=models.Q(num_in_stock__isnull=False, num_allocated__isnull=False, num_allocated__gte=0)
                & models.Q(num_allocated__lte=models.F("num_in_stock")),
                name="stock_promised_within_what_is_there",
            ),
            models.CheckConstraint(condition=models.Q(price__gt=0), name="stock_price_is_positive"),
        ]


class StockMovement(models.Model):
    """One change of one counter pair, append-only; the sums of all rows equal the counters (doctor checks)."""

    class Reason(models.TextChoices):
        OPENING = "opening", _("opening stock")
        RESTOCKED = "restocked", _("restocked")
        COUNTED = "counted", _("counted")
        SPOILED = "spoiled", _("spoiled")
        HELD = "held", _("held for an order")
        RELEASED = "released", _("released from an order")
        SOLD = "sold", _("handed over")
        RETURNED = "returned", _("returned")
        CHANNEL = "channel", _("sold on another channel")

    stockrecord = models.ForeignKey(StockRecord, on_delete=models.CASCADE, related_name="movements")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    in_stock_change = models.IntegerField(default=0)
    allocated_change = models.IntegerField(default=0)
    order = models.ForeignKey(
        "order.Order", on_delete=models.SET_NULL, null=True, blank=True, related_name="stock_movements"
    )
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(in_stock_change=0, allocated_change=0) | models.Q(reason="counted"),
                name="stock_movement_moves_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.stockrecord_id} {self.reason} {self.in_stock_change:+d}/{self.allocated_change:+d}"


from oscar.apps.partner.models import *  # noqa: E402, F403

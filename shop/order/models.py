"""One order per merchant, with its two states and the log of their changes."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from oscar.apps.address.abstract_models import AbstractShippingAddress
from oscar.apps.order.abstract_models import AbstractOrder


class Payment(models.TextChoices):
    """What is paid; computed from allocations, never typed in (see shop.purchase.states)."""

    AWAITING = "awaiting", _("awaiting payment")
    PART_PAID = "part_paid", _("paid in part")
    PAID = "paid", _("paid")
    REFUND_DUE = "refund_due", _("refund due")
    PART_REFUNDED = "part_refunded", _("refunded in part")
    REFUNDED = "refunded", _("refunded")
    COD_DUE = "cod_due", _("cash on delivery due")


class Fulfilment(models.TextChoices):
    """Where the goods are."""

    PLACED = "placed", _("placed")
    CONFIRMED = "confirmed", _("confirmed")
    PACKED = "packed", _("packed")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", _("delivered")
    CANCELLED = "cancelled", _("cancelled")


class PaymentMethod(models.TextChoices):
    TRANSFER = "transfer", _("bank transfer (VietQR)")
    CASH_ON_DELIVERY = "cod", _("cash on delivery")


class Order(AbstractOrder):
    """The part of a purchase that one merchant packs and is paid for.

    `number` is also the transfer reference (shop.order.reference). `fulfilment` and `payment` are changed by
    shop.purchase.states only; Oscar's `status` repeats `fulfilment` for the platform's dashboard.
    `hold_until`: the stock is promised only until then; NULL once paid, confirmed or cash on delivery.
    """

    purchase = models.ForeignKey(
        "purchase.Purchase", on_delete=models.PROTECT, related_name="orders", null=True, blank=True
    )
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="orders", null=True)
    payment = models.CharField(max_length=14, choices=Payment.choices, default=Payment.AWAITING)
    fulfilment = models.CharField(max_length=10, choices=Fulfilment.choices, default=Fulfilment.PLACED)
    payment_method = models.CharField(max_length=10, choices=PaymentMethod.choices, default=PaymentMethod.TRANSFER)
    hold_until = models.DateTimeField(null=True, blank=True)
    hold_extended = models.BooleanField(default=False)
    received_vnd = models.DecimalField(max_digits=14, decimal_places=0, default=Decimal(0))
    refunded_vnd = models.DecimalField(max_digits=14, decimal_places=0, default=Decimal(0))
    excess_vnd = models.DecimalField(max_digits=14, decimal_places=0, default=Decimal(0))
    buyer_note = models.CharField(_("note to the producer"), max_length=500, blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True)
    seller_seen_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    class Meta(AbstractOrder.Meta):
        indexes = [
            models.Index(fields=["merchant", "fulfilment", "-date_placed"], name="order_of_merchant"),
            models.Index(fields=["hold_until"], condition=models.Q(hold_until__isnull=False), name="order_on_hold"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(received_vnd__gte=0, refunded_vnd__gte=0, excess_vnd__gte=0),
                name="order_sums_are_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(refunded_vnd__lte=models.F("received_vnd")), name="order_refunds_what_came"
            ),
            models.CheckConstraint(
                condition=~models.Q(fulfilment="cancelled") | ~models.Q(cancel_reason=""),
                name="order_cancelled_with_a_reason",
            ),
        ]


class OrderTransition(models.Model):
    """One step of one of the two states: what the buyer sees as the order's story. Append-only."""

    class Axis(models.TextChoices):
        PAYMENT = "payment", _("payment")
        FULFILMENT = "fulfilment", _("fulfilment")

    class By(models.TextChoices):
        BUYER = "buyer", _("buyer")
        SELLER = "seller", _("seller")
        OFFICER = "officer", _("commune officer")
        BANK = "bank", _("bank")
        SYSTEM = "system", _("system")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="transitions")
    axis = models.CharField(max_length=10, choices=Axis.choices)
    from_state = models.CharField(max_length=14, blank=True)
    to_state = models.CharField(max_length=14)
    by = models.CharField(max_length=8, choices=By.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("order transition")
        verbose_name_plural = _("order transitions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.axis}: {self.from_state} → {self.to_state}"


class ShippingAddress(AbstractShippingAddress):
    """Where the orders of one purchase go; `first_name` holds the recipient's whole name.

    `line1` is house, street, village; `line4` the commune's and `state` the province's name as shown.
    """

    province_code = models.CharField(_("province"), max_length=2, blank=True)
    commune_code = models.CharField(_("commune"), max_length=5, blank=True)
    former_address = models.CharField(_("old address"), max_length=160, blank=True)


from oscar.apps.order.models import *  # noqa: E402, F403

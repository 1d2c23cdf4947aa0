"""One checkout, and the policies that were accepted with it."""

import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


def new_purchase_token() -> str:
    return secrets.token_urlsafe(18)


class PolicyVersion(models.Model):
    """One published wording of one of the policy pages; cms records it on publishing, orders point to it.

    The text is kept, so that what a buyer accepted can be shown later.
    """

    class Kind(models.TextChoices):
        TERMS = "terms", _("terms of use and complaints")
        PRIVACY = "privacy", _("privacy")
        DELIVERY_RETURNS = "delivery_returns", _("delivery and returns")
        PAYMENT_REFUND = "payment_refund", _("payment and refunds")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    text_html = models.TextField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        ordering = ["kind", "number"]
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="policy_version_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Purchase(models.Model):
    """What one buyer bought at once; holds one order per merchant. Found by its unguessable token.

    `idempotency_key` comes with the checkout form: pressing twice gives the same purchase.
    """

    class DeliveryWish(models.TextChoices):
        DELIVER = "deliver", _("deliver to the address")
        COLLECT = "collect", _("collect from the producers")

    token = models.CharField(max_length=32, unique=True, default=new_purchase_token, editable=False)
    idempotency_key = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="purchases"
    )
    commune = models.ForeignKey("merchants.Commune", on_delete=models.SET_NULL, null=True, blank=True)
    language = models.CharField(max_length=5, default="vi")
    buyer_name = models.CharField(_("name"), max_length=120)
    buyer_phone = models.CharField(_("phone"), max_length=16)
    buyer_email = models.EmailField(_("e-mail"), blank=True)
    recipient_name = models.CharField(_("recipient"), max_length=120, blank=True)
    recipient_phone = models.CharField(_("recipient's phone"), max_length=16, blank=True)
    delivery_wish = models.CharField(max_length=8, choices=DeliveryWish.choices, default=DeliveryWish.DELIVER)
    shipping_address = models.ForeignKey(
        "order.ShippingAddress", on_delete=models.SET_NULL, null=True, blank=True, related_name="purchases"
    )
    note = models.CharField(_("note to the producers"), max_length=500, blank=True)
    accepted_policies = models.ManyToManyField(PolicyVersion, related_name="+")
    basket_id = models.PositiveBigIntegerField(null=True, editable=False)
    placed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("purchase")
        verbose_name_plural = _("purchases")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("purchase:purchase", kwargs={"token": self.token})

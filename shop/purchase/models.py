"""One checkout, and the policies that were accepted with it."""

import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop.order.reference import ALPHABET

LOOK_UP_LENGTH = 6


def new_purchase_token() -> str:
    return secrets.token_urlsafe(18)


def new_look_up_code() -> str:
    """Six characters of the order numbers' alphabet: a billion, short enough to be read out on the phone."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LOOK_UP_LENGTH))


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

    `idempotency_key` comes with the checkout form: pressing twice gives the same purchase. `look_up_code` finds the
    purchase again together with the buyer's phone (shop.purchase.look_up); `look_up_issued_by` names who issued it
    anew, as the buyer reads it. Of a gift, the note in the parcel says no prices.
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
    is_gift = models.BooleanField(_("gift"), default=False)
    gift_message = models.CharField(_("words that go with the gift"), max_length=300, blank=True)
    look_up_code = models.CharField(max_length=LOOK_UP_LENGTH, default=new_look_up_code, editable=False)
    look_up_issued_at = models.DateTimeField(null=True, blank=True, editable=False)
    look_up_issued_by = models.CharField(max_length=120, blank=True, editable=False)
    accepted_policies = models.ManyToManyField(PolicyVersion, related_name="+")
    basket_id = models.PositiveBigIntegerField(null=True, editable=False)
    placed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("purchase")
        verbose_name_plural = _("purchases")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["look_up_code"], name="purchase_by_look_up_code"),
            models.Index(fields=["user", "-id"], name="purchase_of_member"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("purchase:purchase", kwargs={"token": self.token})


class InvoiceRequest(models.Model):
    """The buyer wants VAT invoices: what each seller of the purchase writes on hers.

    A company's tax code only (10 digits, 13 with a branch): a 12-digit one is a person's ID number and not taken.
    """

    purchase = models.OneToOneField(Purchase, on_delete=models.CASCADE, related_name="invoice_request")
    company_name = models.CharField(_("company"), max_length=200)
    tax_code = models.CharField(_("tax code"), max_length=13)
    address = models.CharField(_("address"), max_length=255)
    email = models.EmailField(_("e-mail"))

    class Meta:
        verbose_name = _("invoice request")
        verbose_name_plural = _("invoice requests")

    def __str__(self) -> str:
        return f"{self.company_name} {self.tax_code}"

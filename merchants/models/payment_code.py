"""The static code that hangs on the wall: printed by us or adopted from the bank."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from merchants.models.bank_account import BankAccount


class PaymentCode(models.Model):
    """One printed VietQR of an account; anyone may check it at /ma/<public_code>/.

    `payload` is the text inside the QR, so that a later scan can be compared with what was issued.
    """

    class Origin(models.TextChoices):
        ISSUED = "issued", _("issued by the commune")
        ADOPTED = "adopted", _("adopted from the wall")

    class Status(models.TextChoices):
        VALID = "valid", _("valid")
        WITHDRAWN = "withdrawn", _("withdrawn")

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="payment_codes")
    public_code = models.CharField(max_length=12, unique=True)
    payload = models.CharField(max_length=512)
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.ISSUED)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.VALID)
    withdrawn_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    printed_at = models.DateTimeField(null=True, blank=True, help_text=_("When its sign was last drawn for printing."))
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("payment code")
        verbose_name_plural = _("payment codes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(status="valid"), name="one_valid_code_per_account"
            )
        ]

    def __str__(self) -> str:
        return self.public_code

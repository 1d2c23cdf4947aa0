"""The bank account on which a merchant receives transfers."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from merchants.models.merchant import Merchant
from merchants.vietqr.account_numbers import looks_like_card_number


class BankAccount(models.Model):
    """An account at a bank; bank_code is a key of merchants.vietqr.banks (two banks may share one BIN).

    `holder_name` is the name the bank shows, kept apart from the business's name.
    Rows are never edited into another account: a change ends this row and begins a new one (DESIGN §4).
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        ENDED = "ended", _("ended")

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="bank_accounts")
    bank_code = models.CharField(_("bank"), max_length=20)
    bank_bin = models.CharField(_("bank's BIN"), max_length=6, validators=[RegexValidator(r"^\d{6}$")])
    number = models.CharField(
        _("account number"),
        max_length=19,
        validators=[RegexValidator(r"^[A-Za-z0-9]{1,19}$", _("Letters and digits only, at most 19."))],
    )
    holder_name = models.CharField(_("account holder"), max_length=120)
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.ACTIVE)
    is_receiving = models.BooleanField(_("receives payments for orders"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering = ["pk"]
        indexes = [models.Index(fields=["number"], name="bank_account_by_number")]
        constraints = [
            models.UniqueConstraint(
                fields=["merchant"],
                condition=models.Q(is_receiving=True, status="active"),
                name="one_receiving_account_per_merchant",
            ),
            models.UniqueConstraint(
                fields=["merchant", "bank_bin", "number"],
                condition=models.Q(status="active"),
                name="bank_account_once_per_merchant",
            ),
            models.CheckConstraint(condition=~models.Q(number=""), name="bank_account_has_number"),
        ]

    def __str__(self) -> str:
        return f"{self.bank_code} …{self.last_digits}"

    def clean(self) -> None:
        """Refuse a card number: cards expire and are replaced, and a card number on a wall is a leak."""
        if looks_like_card_number(self.number):
            message = _("This is a card number. Enter the number of the bank account instead.")
            raise ValidationError({"number": message}, code="card_number")

    @property
    def last_digits(self) -> str:
        """The last four characters, which may be shown to anyone."""
        return self.number[-4:]

"""A change of the account on which a merchant is paid: two people and a day (DESIGN §4)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from merchants.models.bank_account import BankAccount
from merchants.models.merchant import Merchant


class AccountChange(models.Model):
    """Asked for by one person; the owner and an officer who did not ask for it confirm; a day later it happens.

    The new account is kept here until then: it is no account of the register before. `old_phone` and `new_phone` are
    the business's numbers when it was asked for and now, so that whoever took over a phone cannot keep it quiet.
    """

    class State(models.TextChoices):
        OPEN = "open", _("waits for confirmation")
        CONFIRMED = "confirmed", _("confirmed, waits a day")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="account_changes")
    old_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="changes_away")
    new_account = models.ForeignKey(
        BankAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="changes_to"
    )
    bank_code = models.CharField(_("bank"), max_length=20)
    number = models.CharField(_("account number"), max_length=19)
    holder_name = models.CharField(_("account holder"), max_length=120)
    reason = models.CharField(_("reason"), max_length=200)
    old_phone = models.CharField(max_length=16, blank=True)
    new_phone = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner_at = models.DateTimeField(null=True, blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    officer_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    stopped_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("change of account")
        verbose_name_plural = _("changes of account")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["merchant"],
                condition=models.Q(state__in=("open", "confirmed")),
                name="one_account_change_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(officer=None) | ~models.Q(officer=models.F("asked_by")),
                name="account_change_officer_did_not_ask",
            ),
            models.CheckConstraint(
                condition=models.Q(owner=None) | models.Q(officer=None) | ~models.Q(officer=models.F("owner")),
                name="account_change_two_people",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("confirmed", "done"))
                | models.Q(owner__isnull=False, officer__isnull=False, due_at__isnull=False),
                name="account_change_needs_both",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.state}"

    @property
    def last_digits(self) -> str:
        return self.number[-4:]

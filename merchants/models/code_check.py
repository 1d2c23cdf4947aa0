"""A visit on the spot: what hangs on the wall, what the register says of it, and what follows when the two differ."""

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from merchants.models.merchant import Merchant
from merchants.models.payment_code import PaymentCode


def private_storage() -> Storage:
    """Where photos of visits lie: read through a view that asks who reads, never by address."""
    return storages["private"]


class CodeCheck(models.Model):
    """One visit to one business. Rows are never edited: a later visit says what has changed.

    `visit_id` is made where the visit begins (the phone, or the page that was opened), so that the same visit sent
    twenty times is one row. `seen_at` is the moment of the visit; `phone_said_at` is set beside it only where the
    phone's clock could not be right and the moment of receipt was taken instead.
    """

    class Verdict(models.TextChoices):
        """What the scan was, compared with the register as it stood when the visit was received."""

        SAME = "same", _("the registered account")
        OTHER_ACCOUNT = "other_account", _("another account")
        UNKNOWN_ACCOUNT = "unknown_account", _("no account on the register to compare with")
        OTHER_SCHEME = "other_scheme", _("a code of another scheme")
        NOT_PAYMENT = "not_payment", _("no payment code")
        UNREADABLE = "unreadable", _("could not be read")
        NONE_SEEN = "none_seen", _("no code was seen")

    class HolderMethod(models.TextChoices):
        """By what it is known that the account is the holder's (DESIGN §4: a rung needs its evidence)."""

        NAME_TYPED = "name_typed", _("the name that the bank app showed")
        TEST_TRANSFER = "test_transfer", _("a small test transfer that the owner saw arrive")
        LOOK_UP = "look_up", _("a look-up at the bank")

    visit_id = models.UUIDField(unique=True, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="code_checks")
    code = models.ForeignKey(PaymentCode, on_delete=models.PROTECT, null=True, blank=True, related_name="checks")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    payload = models.CharField(max_length=512, blank=True)
    scheme = models.CharField(max_length=40, blank=True)
    found_status = models.CharField(
        _("status of the business"), max_length=12, choices=Merchant.Status.choices, default=Merchant.Status.ACTIVE
    )
    photo = models.ImageField(_("photo"), upload_to="code-checks/", storage=private_storage, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    accuracy_m = models.PositiveIntegerField(null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    holder_method = models.CharField(max_length=16, choices=HolderMethod.choices, blank=True)
    holder_name_seen = models.CharField(max_length=120, blank=True)
    holder_confirmed = models.BooleanField(default=False)
    transfer_shown_on = models.DateField(null=True, blank=True)
    seen_at = models.DateTimeField()
    phone_said_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("visit on the spot")
        verbose_name_plural = _("visits on the spot")
        ordering = ["-seen_at", "-pk"]
        indexes = [models.Index(fields=["merchant", "-seen_at"], name="code_check_of_merchant")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(holder_confirmed=False) | (models.Q(verdict="same") & ~models.Q(holder_method="")),
                name="holder_confirmed_by_evidence",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="code_check_position_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.visit_id)


class CodeAlarm(models.Model):
    """What hangs on a wall is not what was verified there: a person looks into it and says what it was."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        SETTLED = "settled", _("settled")

    class Outcome(models.TextChoices):
        PASTED_OVER = "pasted_over", _("somebody pasted another code over it; it was taken down")
        OWN_CODE = "own_code", _("the owner's own other code; the register is brought up to date")
        MISTAKE = "mistake", _("a mistake of ours: wrong business or wrong scan")
        OTHER = "other", _("something else")

    visit = models.OneToOneField(CodeCheck, on_delete=models.PROTECT, related_name="alarm")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="code_alarms")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    note = models.CharField(max_length=500, blank=True)
    raised_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("alarm about a code")
        verbose_name_plural = _("alarms about codes")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["merchant", "state"], name="code_alarm_of_merchant")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="open", settled_by=None, settled_at=None)
                | (models.Q(state="settled", settled_by__isnull=False, settled_at__isnull=False) & ~models.Q(note="")),
                name="code_alarm_settled_by_a_person_with_a_note",
            )
        ]

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.state}"

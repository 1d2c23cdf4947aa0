"""Attempts to pay an order, the money that came, how the one was set against the other, and what goes back.

Only shop.payments.attempts changes an attempt; only shop.payments.allocations makes and undoes allocations.
"""

import secrets
from decimal import Decimal

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from merchants.sealed_text import seal, unseal


def new_connection_token() -> str:
    return secrets.token_urlsafe(18)


def private_storage() -> Storage:
    """Files that no address serves: a view shows them to who may see them."""
    return storages["private"]


class NoticeConnection(models.Model):
    """A source of payment notices: one merchant's own, or the installation's (merchant empty).

    A notice may touch only the accounts of that merchant, or, for the installation's, the accounts staff listed.
    """

    provider = models.CharField(max_length=20)
    merchant = models.ForeignKey(
        "merchants.Merchant", on_delete=models.CASCADE, null=True, blank=True, related_name="notice_connections"
    )
    accounts = models.ManyToManyField("merchants.BankAccount", related_name="notice_connections", blank=True)
    token = models.CharField(max_length=32, unique=True, default=new_connection_token, editable=False)
    webhook_secret_sealed = models.TextField(blank=True, editable=False)
    api_key_sealed = models.TextField(blank=True, editable=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_notice_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice connection")
        verbose_name_plural = _("notice connections")
        constraints = [
            models.UniqueConstraint(
                fields=["provider"],
                condition=models.Q(merchant__isnull=True),
                name="one_installation_connection_per_provider",
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.merchant_id or 'installation'}"

    @property
    def webhook_secret(self) -> str:
        return unseal(self.webhook_secret_sealed)

    @webhook_secret.setter
    def webhook_secret(self, secret: str) -> None:
        self.webhook_secret_sealed = seal(secret)

    @property
    def api_key(self) -> str:
        return unseal(self.api_key_sealed)

    @api_key.setter
    def api_key(self, key: str) -> None:
        self.api_key_sealed = seal(key)


class TransferNotice(models.Model):
    """A verified notice as it arrived, byte for byte; forged ones are counted in the log, not kept."""

    class Outcome(models.TextChoices):
        RECORDED = "recorded", _("recorded as a receipt")
        REPEATED = "repeated", _("repeated")
        OUTGOING = "outgoing", _("money that went out; ignored")
        UNREADABLE = "unreadable", _("signed but not readable")

    provider = models.CharField(max_length=20)
    connection = models.ForeignKey(NoticeConnection, on_delete=models.PROTECT, related_name="notices")
    body = models.BinaryField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    detail = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("transfer notice")
        verbose_name_plural = _("transfer notices")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.provider} {self.pk} {self.outcome}"


class PaymentAttempt(models.Model):
    """One invitation to pay one order: a VietQR, or cash at the door. The account is copied as it was shown."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        SETTLED = "settled", _("settled")
        EXPIRED = "expired", _("expired")
        CANCELLED = "cancelled", _("cancelled")

    class Method(models.TextChoices):
        TRANSFER = "transfer", _("bank transfer")
        CASH = "cash", _("cash on delivery")
        CARD = "card", _("card")

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="payment_attempts")
    method = models.CharField(max_length=8, choices=Method.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    amount_vnd = models.DecimalField(max_digits=14, decimal_places=0)
    allocated_vnd = models.DecimalField(max_digits=14, decimal_places=0, default=Decimal(0))
    reference = models.CharField(max_length=9, db_index=True)
    account = models.ForeignKey(
        "merchants.BankAccount", on_delete=models.PROTECT, null=True, blank=True, related_name="payment_attempts"
    )
    bank_code = models.CharField(max_length=20, blank=True)
    bank_bin = models.CharField(max_length=6, blank=True)
    account_number = models.CharField(max_length=19, blank=True)
    holder_name = models.CharField(max_length=120, blank=True)
    payload = models.CharField(max_length=512, blank=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    buyer_says_sent_at = models.DateTimeField(null=True, blank=True)
    buyer_screenshot = models.ImageField(upload_to="transfer-screenshots/", storage=private_storage, blank=True)
    seller_says_not_seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("payment attempt")
        verbose_name_plural = _("payment attempts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(state="open"), name="one_open_attempt_per_order"
            ),
            models.CheckConstraint(condition=models.Q(amount_vnd__gt=0), name="attempt_amount_is_positive"),
            models.CheckConstraint(condition=models.Q(allocated_vnd__gte=0), name="attempt_allocated_not_negative"),
            models.CheckConstraint(
                condition=~models.Q(method="transfer") | ~models.Q(account_number=""),
                name="transfer_attempt_names_an_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"


class Receipt(models.Model):
    """Money that came, and by what evidence we know it. Never deleted; a bank receipt may supersede a word.

    `source` and `transaction_id` together are unique: `source` names the connection, statement account or order
    from which the evidence came, so that one merchant's notices can never occupy another's transaction ids.
    """

    class Evidence(models.TextChoices):
        BANK_NOTICE = "bank_notice", _("reported by the bank")
        STATEMENT_LINE = "statement_line", _("on the bank statement")
        SELLERS_WORD = "sellers_word", _("confirmed by the seller")
        CASH = "cash", _("cash")
        CARD = "card", _("card")

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        MATCHED = "matched", _("matched")
        PART_MATCHED = "part_matched", _("matched in part")
        DOUBTFUL = "doubtful", _("doubtful")
        SET_ASIDE = "set_aside", _("set aside")
        SUPERSEDED = "superseded", _("superseded")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Reason(models.TextChoices):
        NONE = "", _("none")
        UNDERPAID = "underpaid", _("less than the order's amount")
        OVERPAID = "overpaid", _("more than the order's amount")
        REPEATED = "repeated", _("paid again")
        UNKNOWN_REFERENCE = "unknown_reference", _("no order with this reference")
        SEVERAL_REFERENCES = "several_references", _("names several orders")
        UNKNOWN_ACCOUNT = "unknown_account", _("an account not listed for this connection")
        WRONG_ACCOUNT = "wrong_account", _("arrived on another account than the code's")
        # Says no more than "unknown": whether another seller has such an order is nothing to this one.
        OTHER_MERCHANT = "other_merchant", _("no order with this reference")
        AFTER_EXPIRY = "after_expiry", _("came after the time ran out")
        AFTER_CANCEL = "after_cancel", _("came after the order was cancelled")
        ORDER_REFUSED = "order_refused", _("the order could not take it")
        BY_HAND = "by_hand", _("decided by a person")

    evidence = models.CharField(max_length=14, choices=Evidence.choices)
    source = models.CharField(max_length=40)
    transaction_id = models.CharField(max_length=80)
    connection = models.ForeignKey(
        NoticeConnection, on_delete=models.PROTECT, null=True, blank=True, related_name="receipts"
    )
    notice = models.ForeignKey(TransferNotice, on_delete=models.PROTECT, null=True, blank=True, related_name="receipts")
    merchant = models.ForeignKey(
        "merchants.Merchant", on_delete=models.PROTECT, null=True, blank=True, related_name="receipts"
    )
    account = models.ForeignKey(
        "merchants.BankAccount", on_delete=models.PROTECT, null=True, blank=True, related_name="receipts"
    )
    account_number = models.CharField(max_length=40, blank=True)
    amount_vnd = models.DecimalField(max_digits=14, decimal_places=0)
    allocated_vnd = models.DecimalField(max_digits=14, decimal_places=0, default=Decimal(0))
    memo = models.CharField(max_length=500, blank=True)
    reference = models.CharField(max_length=9, blank=True, help_text=_("The one order number found in the memo."))
    bank_reference = models.CharField(max_length=80, blank=True)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["merchant", "state", "-received_at"], name="receipt_of_merchant"),
            models.Index(fields=["account", "amount_vnd", "occurred_at"], name="receipt_told_twice"),
            models.Index(fields=["reference"], name="receipt_names_reference"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "transaction_id"], name="receipt_once_per_transaction"),
            models.CheckConstraint(condition=models.Q(amount_vnd__gt=0), name="receipt_amount_is_positive"),
            models.CheckConstraint(
                condition=models.Q(allocated_vnd__gte=0, allocated_vnd__lte=models.F("amount_vnd")),
                name="receipt_allocates_no_more_than_it_has",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence} {self.amount_vnd} {self.state}"


class Allocation(models.Model):
    """A part of a receipt set against an attempt. Undone ones stay as a record and no longer count."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="allocations")
    attempt = models.ForeignKey(PaymentAttempt, on_delete=models.PROTECT, related_name="allocations")
    amount_vnd = models.DecimalField(max_digits=14, decimal_places=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_vnd__gt=0), name="allocation_amount_is_positive"),
            models.UniqueConstraint(
                fields=["receipt", "attempt"],
                condition=models.Q(undone_at__isnull=True),
                name="receipt_allocated_once_to_an_attempt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id} → {self.attempt_id}: {self.amount_vnd}"


class Refund(models.Model):
    """Money that must go back to the buyer; the seller sends it from her own account and says so."""

    class State(models.TextChoices):
        DUE = "due", _("due")
        SENT = "sent", _("sent")
        WITHDRAWN = "withdrawn", _("withdrawn")

    attempt = models.ForeignKey(PaymentAttempt, on_delete=models.PROTECT, related_name="refunds")
    amount_vnd = models.DecimalField(max_digits=14, decimal_places=0)
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DUE)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    buyer_says_not_seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_vnd__gt=0), name="refund_amount_is_positive"),
            models.CheckConstraint(
                condition=models.Q(buyer_says_not_seen_at__isnull=True) | models.Q(state="sent"),
                name="refund_missed_by_the_buyer_was_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_vnd} {self.state}"

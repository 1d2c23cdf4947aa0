"""A buyer's complaint about one order: where it stands, what was said, what was offered, the photos.

Only shop.purchase.complaints.states changes a complaint's state. Money is never moved here: an agreed refund is a row
of shop.payments, which the seller sends from her own account.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shop.order.models import OrderTransition
from shop.payments.models import private_storage
from shop.purchase.complaints.case_number import new_case_number

By = OrderTransition.By
LONGEST_TEXT = 2_000


class Remedy(models.TextChoices):
    """What sets a complaint right."""

    REPLACEMENT = "replacement", _("send the goods anew")
    PART_REFUND = "part_refund", _("part of the money back")
    FULL_REFUND = "full_refund", _("all of the money back")
    RETURN_REFUND = "return_refund", _("goods back, then money back")
    OWED_REFUND = "owed_refund", _("the money that was owed already")


MONEY_REMEDIES = (Remedy.PART_REFUND, Remedy.FULL_REFUND, Remedy.RETURN_REFUND, Remedy.OWED_REFUND)
OFFERED_REMEDIES = (Remedy.REPLACEMENT, Remedy.PART_REFUND, Remedy.FULL_REFUND, Remedy.RETURN_REFUND)


class State(models.TextChoices):
    """Where a case stands, as a label says it."""

    OPEN = "open", _("waits for the producer")
    OFFERED = "offered", _("waits for the buyer")  # an offer was made
    REFUSED = "refused", _("refused by the producer")
    RETURNING = "returning", _("goods go back")
    AGREED = "agreed", _("agreed")
    CARRIED_OUT = "carried_out", _("done, says the producer")
    ESCALATED = "escalated", _("with the commune")
    RESOLVED = "resolved", pgettext_lazy("complaint", "settled")
    WITHDRAWN = "withdrawn", pgettext_lazy("complaint", "withdrawn")
    LAPSED = "lapsed", _("closed without an answer")
    ADVISED = "advised", _("the commune has advised")


UNFINISHED = (
    State.OPEN,
    State.OFFERED,
    State.REFUSED,
    State.RETURNING,
    State.AGREED,
    State.CARRIED_OUT,
    State.ESCALATED,
)
_FINISHED = (State.RESOLVED, State.WITHDRAWN, State.LAPSED, State.ADVISED)
_REMEDY_STANDS = (State.RETURNING, State.AGREED, State.CARRIED_OUT, State.RESOLVED)


class Complaint(models.Model):
    """One case. `due_at`: until when the one whose turn it is should act; shown to both as a date.

    `remedy` is what was agreed, `refund` the money that goes back by that agreement. `escalated_at` stays once the
    commune was called: from then on its officers see the case.
    """

    class Topic(models.TextChoices):
        NOT_ARRIVED = "not_arrived", _("The goods have not come")
        DAMAGED = "damaged", _("Damaged or broken")
        WRONG = "wrong", _("Wrong goods")
        MISSING = "missing", _("Something is missing")
        QUALITY = "quality", _("Quality is not as described")
        CHANGED_MIND = "changed_mind", _("I want to give it back")
        REFUND_MISSING = "refund_missing", _("The refund has not come")
        OTHER = "other", _("Something else")

    class Wish(models.TextChoices):
        REPLACEMENT = "replacement", _("Send the goods anew")
        PART_REFUND = "part_refund", _("Part of the money back")
        FULL_REFUND = "full_refund", _("All of the money back")
        RETURN_REFUND = "return_refund", _("Give the goods back and get the money")
        ANSWER = "answer", _("An answer is enough")

    number = models.CharField(max_length=8, unique=True, default=new_case_number, editable=False)
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="complaints")
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="complaints")
    topic = models.CharField(_("what is wrong"), max_length=16, choices=Topic.choices)
    wish = models.CharField(_("what the buyer wishes"), max_length=16, choices=Wish.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    remedy = models.CharField(max_length=16, choices=Remedy.choices, blank=True)
    refund = models.ForeignKey(
        "payments.Refund", on_delete=models.PROTECT, null=True, blank=True, related_name="complaints"
    )
    goods_sent_back_at = models.DateTimeField(null=True, blank=True)
    goods_back_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    overdue_told_at = models.DateTimeField(null=True, blank=True)
    filed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["merchant", "state", "due_at"], name="complaint_of_merchant"),
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="complaint_due"),
            models.Index(
                fields=["-escalated_at"], condition=models.Q(escalated_at__isnull=False), name="complaint_escalated"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(state__in=UNFINISHED), name="one_unfinished_complaint_per_order"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=UNFINISHED, due_at__isnull=False, closed_at__isnull=True)
                | models.Q(state__in=_FINISHED, due_at__isnull=True, closed_at__isnull=False),
                name="complaint_is_due_until_it_is_closed",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=_REMEDY_STANDS) | ~models.Q(remedy=""),
                name="agreed_complaint_names_its_remedy",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["agreed", "carried_out", "resolved"], remedy__in=MONEY_REMEDIES)
                | models.Q(refund__isnull=False),
                name="agreed_money_has_its_refund",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["escalated", "advised"]) | models.Q(escalated_at__isnull=False),
                name="commune_was_called_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class ComplaintOffer(models.Model):
    """What the seller proposed; at most one is open at a time."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        REPLACED = "replaced", _("replaced by another, or overtaken")

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="offers")
    kind = models.CharField(max_length=16, choices=Remedy.choices)
    amount_vnd = models.DecimalField(max_digits=14, decimal_places=0, null=True, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=models.Q(state="open"), name="one_open_offer_per_complaint"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="replacement", amount_vnd__isnull=True)
                | models.Q(kind__in=["part_refund", "full_refund", "return_refund"], amount_vnd__gt=0),
                name="offer_of_money_names_a_sum",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_vnd or ''} {self.state}"


class ComplaintEntry(models.Model):
    """One line of the case: something said, a step taken, or both. Append-only."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="entries")
    by = models.CharField(max_length=8, choices=By.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    text = models.TextField(blank=True, max_length=LONGEST_TEXT)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12, blank=True)
    offer = models.ForeignKey(ComplaintOffer, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("complaint entry")
        verbose_name_plural = _("complaint entries")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(text="") | ~models.Q(to_state="") | ~models.Q(from_state=""),
                name="complaint_entry_says_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.by}: {self.from_state} → {self.to_state}"


class ComplaintPhoto(models.Model):
    """A picture beside what was said; in the private storage, shown by a view to who may see the case."""

    entry = models.ForeignKey(ComplaintEntry, on_delete=models.CASCADE, related_name="photos")
    picture = models.ImageField(upload_to="complaints/", storage=private_storage)

    class Meta:
        verbose_name = _("photo of a complaint")
        verbose_name_plural = _("photos of complaints")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.picture)

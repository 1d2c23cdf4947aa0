"""What must leave the house, each try to send it, and the clock's jobs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutboxMessage(models.Model):
    """One thing to do outside, written in the same transaction as the change that causes it.

    `kind` names its handler (shop.outbox.registry); `dedupe_key`, where given, makes a second enqueue a no-op.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CLAIMED = "claimed", _("being sent")
        SENT = "sent", _("sent")
        DEAD = "dead", _("given up")

    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=120, unique=True, null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    not_before = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    claimed_by = models.CharField(max_length=60, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("outbox message")
        verbose_name_plural = _("outbox messages")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["not_before"], condition=models.Q(state__in=["waiting", "claimed"]), name="outbox_due")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class DeliveryAttempt(models.Model):
    """One try to send one message, and how it ended."""

    class Outcome(models.TextChoices):
        SENT = "sent", _("sent")
        TRY_LATER = "try_later", _("to be tried later")
        REFUSED = "refused", _("refused")
        NOT_CONFIGURED = "not_configured", _("not configured")
        CRASHED = "crashed", _("crashed")

    message = models.ForeignKey(OutboxMessage, on_delete=models.CASCADE, related_name="delivery_attempts")
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=14, choices=Outcome.choices, blank=True)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("delivery attempt")
        verbose_name_plural = _("delivery attempts")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["message", "number"], name="delivery_attempt_numbered_once")]

    def __str__(self) -> str:
        return f"{self.message_id}#{self.number} {self.outcome}"


class ScheduledJob(models.Model):
    """One job of the clock; claimed by a conditional UPDATE, so that several workers run it once."""

    name = models.CharField(max_length=60, unique=True)
    every_seconds = models.PositiveIntegerField()
    next_run_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    last_started_at = models.DateTimeField(null=True, blank=True)
    last_finished_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("scheduled job")
        verbose_name_plural = _("scheduled jobs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

"""What must leave the house, each try to send it, and the clock's jobs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutboxMessage(models.Model):
    """One thing to do outside, written in the same transaction as the change that causes it.

    `kind` names its handler (shop.outbox.registry); `dedupe_key`, where given, makes a second enqueue a no-op.
    `not_before`: when it may next be claimed. While claimed that is the end of the lease (`claimed_until`), so that
    one index answers "what is due", a message whose worker died included. `attempts` counts the tries since it was
    enqueued or last taken back from the dead; the rows of DeliveryAttempt are all that ever were. `set aside`: a person
    decided that it need not be sent (shop.outbox.given_up).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CLAIMED = "claimed", _("being sent")
        SENT = "sent", _("sent")
        DEAD = "dead", _("given up")
        ASIDE = "aside", _("set aside")

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
            # By "not finished" and not by the two states: SQLite uses a partial index only for the very same words.
            models.Index(fields=["not_before"], condition=models.Q(finished_at=None), name="outbox_unfinished"),
            models.Index(fields=["finished_at"], condition=models.Q(state="dead"), name="outbox_dead"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "claimed"], finished_at=None)
                | models.Q(state__in=["sent", "dead", "aside"], finished_at__isnull=False),
                name="outbox_finished_means_over",
            ),
            models.CheckConstraint(
                condition=models.Q(state="claimed", claimed_until__isnull=False)
                | (~models.Q(state="claimed") & models.Q(claimed_until=None)),
                name="outbox_claim_has_an_end",
            ),
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


class WorkerHeartbeat(models.Model):
    """One running worker process and when it last said that all its loops are alive (shop.outbox.heartbeat)."""

    worker = models.CharField(max_length=60, unique=True)
    started_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")
        ordering = ["worker"]

    def __str__(self) -> str:
        return self.worker

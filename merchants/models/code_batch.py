"""Many codes at once: issued to all who lack one, or printed; kept as a row so that it goes on where it was stopped."""

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from merchants.models.commune import Commune


def new_token() -> str:
    return secrets.token_hex(16)


class CodeBatch(models.Model):
    """One order of staff, worked off by merchants.code_batches in pieces; `done` of `ids` are finished.

    `ids` were fixed when it was ordered: accounts to issue to, or codes to print, in the order of the paper.
    """

    class Kind(models.TextChoices):
        ISSUE = "issue", _("issue codes")
        PRINT = "print", _("print codes")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("at work")
        DONE = "done", _("done")
        FAILED = "failed", _("stopped")

    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="code_batches")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    scope = models.CharField(max_length=200, blank=True, help_text=_("Village and trade in words; empty: all."))
    layout = models.CharField(max_length=8, blank=True)
    host = models.CharField(max_length=200, blank=True)
    ids = models.JSONField(default=list)
    done = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    file = models.CharField(max_length=200, blank=True)
    pages = models.PositiveIntegerField(default=0)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("batch of codes")
        verbose_name_plural = _("batches of codes")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.done}/{self.total}"

    @property
    def total(self) -> int:
        return len(self.ids)

    @property
    def percent(self) -> int:
        """Whole per cent, rounded down."""
        return self.done * 100 // self.total if self.ids else 100

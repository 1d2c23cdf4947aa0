"""One list of businesses that was sent to be taken into the register: what was found, what became of it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from merchants.models.commune import Commune


class RegisterImport(models.Model):
    """A file, its check and its fate. The file itself lies in the private storage until it is written or dropped.

    `result` holds what the preview shows: {"sheet", "header_row", "ignored", "skipped", "faults", "notes",
    "new_villages", "sample"}; a personal number never stands in it whole.
    """

    class State(models.TextChoices):
        READING = "reading", _("being read")
        CHECKED = "checked", _("checked")
        UNREADABLE = "unreadable", _("cannot be read")
        WRITING = "writing", _("being written")
        DONE = "done", _("on the register")
        UNDONE = "undone", _("taken back")
        DROPPED = "dropped", _("dropped")

    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="register_imports")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=120)
    file = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    refusal = models.CharField(max_length=600, blank=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_checked = models.PositiveIntegerField(default=0)
    faults_count = models.PositiveIntegerField(default=0)
    result: Any = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    written_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import of a list")
        verbose_name_plural = _("imports of lists")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_busy(self) -> bool:
        """Whether the worker has it in hand."""
        return self.state in {self.State.READING, self.State.WRITING}

    @property
    def may_be_written(self) -> bool:
        return self.state == self.State.CHECKED and self.faults_count == 0

"""The append-only log of who did what; the worker seals it into a hash chain each minute."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from merchants.models.commune import Commune
from merchants.models.merchant import Merchant


class AuditIsAppendOnly(Exception):
    """Somebody tried to change or remove an entry of the audit log."""


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Reads and adds; the database's triggers (migration 0003) refuse what slips past these methods."""

    def update(self, **_fields: Any) -> NoReturn:
        raise AuditIsAppendOnly("entries of the audit log are not changed")

    def delete(self) -> NoReturn:
        raise AuditIsAppendOnly("entries of the audit log are not removed")

    def set_seal(self, *, entry: "AuditEntry", seal: str, seal_number: int) -> bool:
        """Write the seal of an entry that has none; False when another sealer was faster."""
        return models.QuerySet.update(self.filter(pk=entry.pk, seal=""), seal=seal, seal_number=seal_number) == 1


class AuditEntry(models.Model):
    """One act: who, for whom (a helper acts for a merchant), what, before, after, when, from where.

    `seal` is SHA-256 over the previous seal and this row; empty until the worker has sealed it
    (sealing inside the writer's transaction would make all writers wait for each other).
    `seal_number` is the entry's place in the chain, counted from 1. It may differ from the order of ids, because a
    transaction that began earlier may commit later.
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    actor_label = models.CharField(max_length=120, blank=True, help_text=_("Name at that moment, or the program."))
    on_behalf_of = models.ForeignKey(Merchant, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    action = models.CharField(max_length=60, help_text=_("Subject and verb, as “order.packed”."))
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True, blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    seal = models.CharField(max_length=64, blank=True)
    seal_number = models.PositiveBigIntegerField(null=True, blank=True, unique=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="audit_by_object"),
            models.Index(fields=["id"], condition=models.Q(seal=""), name="audit_unsealed"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AuditIsAppendOnly("entries of the audit log are not changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AuditIsAppendOnly("entries of the audit log are not removed")

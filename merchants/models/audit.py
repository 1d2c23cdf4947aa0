"""The append-only log of who did what; the worker seals it into a hash chain each minute."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from merchants.models.commune import Commune
from merchants.models.merchant import Merchant


class AuditEntry(models.Model):
    """One act: who, for whom (a helper acts for a merchant), what, before, after, when, from where.

    `seal` is SHA-256 over the previous seal and this row; empty until the worker has sealed it
    (sealing inside the writer's transaction would make all writers wait for each other).
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

"""Who may act for which merchant or commune: the only grant on their objects."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from merchants.models.commune import Commune
from merchants.models.merchant import Merchant

MERCHANT_ROLES = ("owner", "seller", "packer", "helper")
COMMUNE_ROLES = ("officer", "head_officer", "editor")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self, at: datetime) -> "MembershipQuerySet":
        """Grants that have begun, have not run out and are not revoked at that moment."""
        return self.filter(revoked_at=None, starts_at__lte=at).filter(models.Q(until=None) | models.Q(until__gt=at))


class Membership(models.Model):
    """A role of one person at one merchant or commune; a province viewer's commune is empty."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        SELLER = "seller", _("seller")
        PACKER = "packer", _("packer")
        HELPER = "helper", _("helper")
        OFFICER = "officer", _("commune officer")
        HEAD_OFFICER = "head_officer", _("head officer")
        EDITOR = "editor", _("editor")
        PROVINCE_VIEWER = "province_viewer", _("province viewer")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships")
    commune = models.ForeignKey(Commune, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships")
    starts_at = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(role__in=MERCHANT_ROLES, merchant__isnull=False, commune__isnull=True)
                    | models.Q(role__in=COMMUNE_ROLES, merchant__isnull=True, commune__isnull=False)
                    | models.Q(role="province_viewer", merchant__isnull=True, commune__isnull=True)
                ),
                name="membership_role_fits_its_place",
            ),
            models.CheckConstraint(
                condition=~models.Q(role="helper") | models.Q(until__isnull=False),
                name="helper_grant_ends_by_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.merchant_id or self.commune_id or ''}".strip()

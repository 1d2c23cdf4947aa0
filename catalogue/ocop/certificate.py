"""The OCOP certificate: a dated fact about products, never a decoration."""

import secrets
from datetime import date

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalogue.ocop.product_sets import CRITERIA_VERSION, SET_CHOICES


def new_certificate_token() -> str:
    return secrets.token_urlsafe(9)


class OcopCertificateQuerySet(models.QuerySet["OcopCertificate"]):
    def valid_on(self, day: date) -> "OcopCertificateQuerySet":
        """Certificates that hold on that day: issued, not run out, not revoked."""
        return self.filter(issued_on__lte=day, expires_on__gte=day).filter(
            models.Q(revoked_on=None) | models.Q(revoked_on__gt=day)
        )


class OcopCertificate(models.Model):
    """A recognition of 3 to 5 stars; 1 and 2 stars get no certificate (QĐ 26/2026, Điều 4).

    The holder may differ from the seller. `expires_on` is the last day on which it holds (36 months from issue).
    """

    token = models.CharField(max_length=16, unique=True, default=new_certificate_token, editable=False)
    holder = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="certificates")
    products = models.ManyToManyField("catalogue.Product", related_name="certificates", blank=True)
    ocop_set = models.PositiveSmallIntegerField(_("product set"), choices=SET_CHOICES)
    stars = models.PositiveSmallIntegerField(_("stars"), choices=[(3, "3"), (4, "4"), (5, "5")])
    number = models.CharField(_("certificate number"), max_length=60, blank=True)
    decision_number = models.CharField(_("decision number"), max_length=80)
    issuer = models.CharField(_("issuer"), max_length=120)
    issued_on = models.DateField(_("issued on"))
    expires_on = models.DateField(_("last valid day"))
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)
    criteria_version = models.CharField(_("criteria"), max_length=40, default=CRITERIA_VERSION)
    is_sample = models.BooleanField(_("invented for the demo"), default=False)

    objects = OcopCertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("OCOP certificate")
        verbose_name_plural = _("OCOP certificates")
        ordering = ["-stars", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(stars__range=(3, 5)), name="certificate_has_3_to_5_stars"),
            models.CheckConstraint(
                condition=models.Q(expires_on__gte=models.F("issued_on")), name="certificate_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stars}★ {self.decision_number}"

    def get_absolute_url(self) -> str:
        return reverse("storefront:certificate", kwargs={"token": self.token})

    def is_valid_on(self, day: date) -> bool:
        return self.issued_on <= day <= self.last_valid_day

    @property
    def last_valid_day(self) -> date:
        """The last day on which the badge may be shown, a revocation counted in."""
        if self.revoked_on is None:
            return self.expires_on
        return min(self.expires_on, date.fromordinal(self.revoked_on.toordinal() - 1))

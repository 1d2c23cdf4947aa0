"""Which commune a host belongs to, and the number that tells caches that the shop's public face changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SiteCommune(models.Model):
    """The commune that a (Wagtail) site shows; a site without one shows every commune of the installation."""

    site = models.OneToOneField("wagtailcore.Site", on_delete=models.CASCADE, related_name="site_commune")
    commune = models.ForeignKey("merchants.Commune", on_delete=models.PROTECT, null=True, blank=True)
    area_name = models.CharField(
        _("name of the area"), max_length=80, blank=True, help_text=_("A name people use, as “Long Thành”.")
    )

    class Meta:
        verbose_name = _("commune of a site")
        verbose_name_plural = _("communes of sites")

    def __str__(self) -> str:
        return f"{self.site_id}: {self.commune_id or 'all'}"


class FaceChange(models.Model):
    """One change of what the public pages show; see shop.storefront.generation.

    Rows are only added, never changed: a single counter would make every writer wait for every other's commit.
    """

    token = models.BigIntegerField()  # random, below 2**40; the folded row holds the sum of those it stands for

    class Meta:
        verbose_name = _("change of the public pages")
        verbose_name_plural = _("changes of the public pages")

    def __str__(self) -> str:
        return str(self.token)

"""Which commune a host belongs to, what tells caches that the public face changed, what was searched in vain."""

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


class VainSearch(models.Model):
    """Words that nothing on sale has, and how often they were searched for on that day; nothing about by whom."""

    day = models.DateField(_("day"))
    words = models.CharField(_("words"), max_length=60)  # folded
    times = models.PositiveIntegerField(_("times"), default=1)

    class Meta:
        verbose_name = _("search in vain")
        verbose_name_plural = _("searches in vain")
        constraints = [models.UniqueConstraint(fields=["day", "words"], name="one_count_of_vain_words_a_day")]

    def __str__(self) -> str:
        return self.words

"""Who runs a site, as the law wants it shown (NĐ 248/2026, Điều 4), and what stands in its frame."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="home")
class SiteOwner(BaseSiteSetting):
    """The owner of the site; shown at the foot of every page."""

    name = models.CharField(_("name"), max_length=160, blank=True)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    address_en = models.CharField(_("address in English"), max_length=200, blank=True)
    representative = models.CharField(_("representative"), max_length=120, blank=True)
    registration = models.CharField(_("business or tax code, date and issuer"), max_length=200, blank=True)
    registration_en = models.CharField(_("registration in English"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    moit_record = models.CharField(_("record number at online.gov.vn"), max_length=60, blank=True)
    moit_url = models.URLField(_("address of the record"), blank=True)
    zalo_url = models.URLField(_("Zalo (zalo.me/…)"), blank=True)

    panels = [
        MultiFieldPanel(
            [FieldPanel(name) for name in ("name", "address", "representative", "registration", "phone", "email")],
            heading=_("Owner"),
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("name_en", "address_en", "registration_en")],
            heading=_("Owner, on English pages"),
        ),
        MultiFieldPanel(
            [FieldPanel("moit_record"), FieldPanel("moit_url")], heading=_("Ministry of Industry and Trade")
        ),
        FieldPanel("zalo_url"),
    ]

    class Meta:
        verbose_name = _("site owner")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """In one transaction with what tells the caches (shop.storefront.generation); Wagtail's form opens none."""
        with transaction.atomic():
            super().save(*args, **kwargs)

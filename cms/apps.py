from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    label = "cms"
    verbose_name = _("Content")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save
        from wagtail.images.models import Image, Rendition
        from wagtail.models import Locale, PageViewRestriction, Site, get_page_models
        from wagtail.signals import page_published, post_page_move

        from cms.pictures import on_image_deleted, on_image_saved
        from cms.publishing import on_page_published
        from cms.site_settings import SiteOwner
        from shop.purchase.models import PolicyVersion
        from shop.storefront.generation import on_change, watch

        page_published.connect(on_page_published, dispatch_uid="cms.publishing")
        post_save.connect(on_image_saved, sender=Image, dispatch_uid="cms.pictures")
        post_delete.connect(on_image_deleted, sender=Image, dispatch_uid="cms.pictures.deleted")
        watch(*get_page_models(), PageViewRestriction, Site, Locale, SiteOwner, PolicyVersion, Image, Rendition)
        post_page_move.connect(on_change, dispatch_uid="face_changes_with_page_move")

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    label = "cms"
    verbose_name = _("Content")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_save
        from wagtail.images.models import Image
        from wagtail.signals import page_published

        from cms.pictures import on_image_saved
        from cms.publishing import on_page_published

        page_published.connect(on_page_published, dispatch_uid="cms.publishing")
        post_save.connect(on_image_saved, sender=Image, dispatch_uid="cms.pictures")

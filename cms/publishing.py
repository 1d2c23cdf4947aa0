"""What follows when an editor publishes: policies get their version, pictures their sizes, timed pages their hour."""

from typing import Any

from django.core.management import call_command
from wagtail.images.models import Image
from wagtail.models import Page, ReferenceIndex

from cms.pages import PolicyPage
from cms.pictures import draw_sizes
from cms.policy_versions import record_policy_version


def on_page_published(sender: type, instance: Page, **_kwargs: Any) -> None:
    """Receiver of Wagtail's page_published."""
    if isinstance(instance, PolicyPage):
        record_policy_version(instance)
    for image in images_of(instance):
        draw_sizes(image)


def images_of(page: Page) -> list[Image]:
    """The pictures a page shows, by Wagtail's index of references."""
    used = ReferenceIndex.get_references_for_object(page).filter(
        to_content_type__app_label="wagtailimages", to_content_type__model="image"
    )
    return list(Image.objects.filter(pk__in=[int(pk) for pk in used.values_list("to_object_id", flat=True)]))


def publish_timed_pages() -> None:
    """Publish and unpublish what editors gave a time; the clock calls it each minute."""
    call_command("publish_scheduled", verbosity=0)

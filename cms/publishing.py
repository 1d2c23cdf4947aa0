"""What follows when an editor publishes: policies get their version, timed pages their hour."""

from typing import Any

from django.core.management import call_command
from wagtail.models import Page

from cms.pages import PolicyPage
from cms.policy_versions import record_policy_version


def on_page_published(sender: type, instance: Page, **_kwargs: Any) -> None:
    """Receiver of Wagtail's page_published."""
    if isinstance(instance, PolicyPage):
        record_policy_version(instance)


def publish_timed_pages() -> None:
    """Publish and unpublish what editors gave a time; the clock calls it each minute."""
    call_command("publish_scheduled", verbosity=0)

"""Publishing a policy page records its wording as a numbered version that purchases point to."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.rich_text import expand_db_html

from cms.pages import PolicyPage
from shop.purchase.models import PolicyVersion


def record_policy_version(page: PolicyPage) -> PolicyVersion | None:
    """Return the version with the page's present wording; a new one only when the words changed. May be called twice.

    Only the Vietnamese page counts: it is the wording that binds; translations help to read it and give None.
    """
    if page.locale.language_code != settings.LANGUAGE_CODE:
        return None
    with transaction.atomic():
        newest = PolicyVersion.objects.select_for_update().filter(kind=page.kind).order_by("-number").first()
        if newest is not None and newest.sha256 == page.wording_sha256:
            return newest
        return PolicyVersion.objects.create(
            kind=page.kind,
            number=(newest.number if newest else 0) + 1,
            title=page.title,
            text_html=expand_db_html(page.body),
            sha256=page.wording_sha256,
            published_at=timezone.now(),
        )

"""The harness itself: a test that commits leaves the baseline as it found it."""

import pytest
from wagtail.models import Locale, Page


@pytest.mark.django_db(transaction=True)
def test_a_committing_test_may_delete_the_root_page() -> None:
    Page.objects.all().delete()
    Locale.objects.all().delete()

    assert Page.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_next_test_finds_root_page_and_locale_again() -> None:
    assert Page.objects.filter(depth=1).count() == 1
    assert Locale.objects.count() >= 1

"""What the doctor says about pages."""

import pytest
from wagtail.models import Page

from cms.models import PolicyPage, SiteOwner
from cms.page_checks import check_pages, page_notices
from tests.factories.pages import guide_page, home_page, policy_page

pytestmark = pytest.mark.django_db


def test_well_kept_pages_are_no_breach():
    policy_page()
    guide_page()

    assert list(check_pages()) == []


def test_a_page_under_an_address_of_the_shop_is_named():
    page = guide_page(title="Mua")
    Page.objects.filter(pk=page.pk).update(slug="mua")

    assert list(check_pages()) == [f"page {page.pk} (Mua) lies under /mua/, which the shop uses itself"]


def test_words_that_were_changed_past_publishing_are_named():
    page = policy_page()
    PolicyPage.objects.filter(pk=page.pk).update(body="<p>Lén sửa.</p>")

    assert list(check_pages()) == ["policy terms: the live words are not those of version 1"]


def test_a_new_installation_is_told_what_it_lacks():
    assert list(page_notices()) == [
        "policy terms: no live page",
        "policy privacy: no live page",
        "policy delivery_returns: no live page",
        "policy payment_refund: no live page",
        "site localhost: its owner is not named",
    ]

    policy_page()
    SiteOwner.objects.create(site=home_page().get_site(), name="Ban quản lý (mẫu)")

    assert len(list(page_notices())) == 3

"""Addresses of pages: reserved ones are refused, others are written without tone marks."""

import pytest
from django.core.exceptions import ValidationError

from cms.addresses import RESERVED_SLUGS
from cms.models import GuidePage
from tests.factories.pages import guide_page, home_page, story_index, story_page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", ["san-pham", "gio-hang", "quan-ly", "en", "api", "basket", "media"])
def test_an_address_of_the_shop_is_refused(slug: str):
    with pytest.raises(ValidationError) as refused:
        guide_page(slug=slug)

    assert refused.value.message_dict["slug"] == [f"Cửa hàng đang dùng địa chỉ “{slug}”, hãy chọn địa chỉ khác."]
    assert not GuidePage.objects.exists()


def test_every_first_segment_of_our_addresses_is_reserved():
    from django.urls import get_resolver

    first_segments = set()
    for pattern in get_resolver().url_patterns:
        inner = pattern.url_patterns if str(pattern.pattern) in {"", "en/", "vi/"} else [pattern]
        for one in inner:
            subs = one.url_patterns if hasattr(one, "url_patterns") and not str(one.pattern) else [one]
            first_segments |= {str(sub.pattern).lstrip("^").split("/")[0] for sub in subs}
    plain = {segment for segment in first_segments if segment.replace("-", "").isalnum()}

    assert plain - RESERVED_SLUGS == set()


def test_below_the_first_level_the_same_slug_is_free():
    index = story_index()

    story = story_page(index, slug="mua")

    assert story.url == "/chuyen-que/mua/"


def test_a_page_without_a_slug_gets_one_without_tone_marks():
    page = GuidePage(title="Đường về Long Thành", body=[])
    home_page().add_child(instance=page)

    assert page.slug == "duong-ve-long-thanh"


def test_two_pages_of_one_title_get_two_addresses():
    for _number in range(2):
        home_page().add_child(instance=GuidePage(title="Cách mua", body=[]))

    assert list(GuidePage.objects.order_by("pk").values_list("slug", flat=True)) == ["cach-mua", "cach-mua-2"]

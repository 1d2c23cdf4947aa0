"""The demo's pages: what there is, in both languages, policies in force before anybody buys, twice does nothing."""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string
from PIL import Image as Pillow
from wagtail.images.models import Image
from wagtail.models import Page, Revision

from cms.models import GuidePage, HomePage, PolicyPage, SiteOwner, StoryIndexPage, StoryPage
from merchants.demo.plan import DemoPlan
from merchants.picture_sizes import files_of
from shop.purchase.models import PolicyVersion
from shop.storefront.models import SiteCommune

pytestmark = pytest.mark.django_db

NEEDED = ("merchants.demo.seed.seed", "catalogue.demo.seed.seed", "cms.demo.seed.seed")
COUNTED = (Page, Revision, Image, PolicyVersion, SiteOwner, SiteCommune)


@pytest.fixture
def demo(settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DemoPlan:
    """Seeded with dots for pictures; drawing has tests of its own."""
    settings.DEMO = True  # type: ignore[attr-defined]
    settings.MEDIA_ROOT = str(tmp_path)  # type: ignore[attr-defined]
    buffer = io.BytesIO()
    Pillow.new("RGB", (800, 450), (200, 150, 90)).save(buffer, "WEBP")

    def dots(wanted: Mapping[str, str]) -> Iterator[dict[str, bytes]]:
        return (dict.fromkeys(files_of(name), buffer.getvalue()) for name in wanted.values())

    monkeypatch.setattr("catalogue.demo.seed.draw_all", dots)
    plan = DemoPlan(now=timezone.localtime(), products=1)
    seed(plan)
    return plan


def seed(plan: DemoPlan) -> None:
    for name in NEEDED:
        import_string(name)(plan)


def test_there_is_a_page_of_each_kind_in_both_languages(demo: DemoPlan):
    for kind, count in ((HomePage, 1), (StoryIndexPage, 1), (StoryPage, 3), (GuidePage, 2), (PolicyPage, 4)):
        for language in ("vi", "en"):
            assert kind.objects.live().filter(locale__language_code=language).count() == count, (kind, language)
        assert kind.objects.values("translation_key").distinct().count() == count


def test_four_policies_are_in_force_once_each(demo: DemoPlan):
    assert sorted(PolicyVersion.objects.values_list("kind", "number")) == [
        ("delivery_returns", 1),
        ("payment_refund", 1),
        ("privacy", 1),
        ("terms", 1),
    ]


def test_seeding_again_changes_nothing(demo: DemoPlan):
    before = [model._default_manager.count() for model in COUNTED]

    seed(demo)

    assert [model._default_manager.count() for model in COUNTED] == before


def test_an_editors_changes_survive_a_second_seeding(demo: DemoPlan):
    home = HomePage.objects.get(locale__language_code="vi")
    home.body = [("text", "<p>Tôi sửa.</p>")]
    home.save_revision().publish()

    seed(demo)

    home.refresh_from_db()
    assert [block.block_type for block in home.body] == ["text"]


def test_the_site_names_its_commune_and_an_owner_that_is_marked(demo: DemoPlan):
    shown = SiteCommune.objects.get()

    assert (shown.commune.name, shown.area_name) == ("xã Hợp Minh", "Long Thành")
    assert "mẫu" in SiteOwner.objects.get().name


def test_policies_are_seeded_before_the_purchases_that_accept_them():
    seeders = settings.DEMO_SEEDERS

    assert seeders.index("cms.demo.seed.seed") < seeders.index("shop.purchase.demo.seed")


def test_every_page_of_the_demo_opens(demo: DemoPlan, client: Client):
    for page in Page.objects.live().filter(depth__gt=1):
        assert client.get(page.url).status_code == 200, page.url


def test_every_picture_of_a_story_has_words_and_a_mark(demo: DemoPlan):
    for story in StoryPage.objects.filter(locale__language_code="vi"):
        assert story.picture is not None
        assert story.picture_alt
        assert "minh hoạ" in story.picture_caption

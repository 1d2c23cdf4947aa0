"""Pages of the CMS are public pages: one answer for everybody, kept by whoever wants to, nothing written."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.models import SiteOwner, StoryMerchant, StoryProduct
from tests.factories import CommuneFactory, MerchantFactory, VillageFactory, listed_product
from tests.factories.pages import (
    default_site_shows,
    guide_page,
    home_page,
    picture,
    policy_page,
    story_index,
    story_page,
)
from tests.people import lan_the_producer, mai_the_editor
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db

PATHS = ["/", "/en/", "/chuyen-que/", "/chuyen-que/mua-gat/", "/cach-quet-ma/", "/dieu-khoan/"]


@pytest.fixture
def pages(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        image = picture()
    story = story_page(story_index(), picture=image)
    product = listed_product(title="Mật ong rừng", stars=4)
    story.story_products = [StoryProduct(product=product)]
    story.story_merchants = [StoryMerchant(merchant=product.merchant)]
    story.save_revision().publish()
    guide_page()
    policy_page()


@pytest.mark.parametrize("path", PATHS)
def test_everybody_gets_the_same_bytes_without_cookie_and_nothing_is_written(path: str, pages: None):
    stranger = Client().get(path)
    for user in (lan_the_producer().user, mai_the_editor()):
        visitor = sign_in(Client(), user, second_factor=True)
        with CaptureQueriesContext(connection) as queries:
            seen = visitor.get(path)

        assert seen.status_code == 200
        assert seen.content == stranger.content
        assert not seen.cookies
        assert "Cookie" not in seen.get("Vary", "")
        assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []
    assert stranger["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "wagtail-userbar" not in stranger.content.decode()


@pytest.mark.parametrize("path", PATHS)
def test_an_unchanged_page_is_not_sent_again(path: str, pages: None, client: Client):
    etag = client.get(path)["ETag"]

    again = client.get(path, HTTP_IF_NONE_MATCH=etag)

    assert (again.status_code, again.content) == (304, b"")


def test_a_form_sent_to_a_page_is_refused(client: Client):
    assert client.post("/", {"a": "b"}).status_code == 405


@pytest.mark.parametrize("query", ["?trang=0", "?trang=2", "?trang=abc", "?trang=1000000000", "?trang=٣"])
def test_a_page_of_stories_that_is_not_there_is_404(query: str, client: Client):
    story_index()

    assert client.get(f"/chuyen-que/{query}").status_code == 404


def test_stories_are_listed_newest_first_twelve_a_page(client: Client):
    index = story_index()
    for number in range(1, 14):
        story_page(index, title=f"Chuyện số {number:02d}", slug=f"chuyen-{number}", date=f"2026-01-{number:02d}")

    first, second = (client.get(f"/chuyen-que/{query}").content.decode() for query in ("", "?trang=2"))

    assert first.index("Chuyện số 13") < first.index("Chuyện số 02")
    assert "Chuyện số 01" not in first
    assert "Chuyện số 01" in second
    assert '<link rel="canonical" href="http://testserver/chuyen-que/?trang=2">' in second


def test_the_list_of_stories_asks_as_often_for_ten_as_for_two(client: Client):
    index, image = story_index(), picture()
    counts = []
    for wanted in (2, 10):
        for number in range(len(counts) * 2, wanted):
            story_page(index, slug=f"chuyen-{number}", picture=image)
        client.get("/chuyen-que/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/chuyen-que/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_home_page_asks_as_often_for_twenty_goods_as_for_two(client: Client):
    home = home_page()
    home.body = [
        ("shelf", {"title": "Loại", "shelves": [{"ocop_set": 4, "name": "Mật"}, {"ocop_set": 3, "name": "Gạo"}]}),
        ("goods", {"title": "Hàng", "choice": "certified", "count": 12}),
        ("producers", {"title": "Người làm", "count": 12}),
        ("goods", {"title": "Mới", "choice": "newest", "count": 12}),
    ]
    home.save_revision().publish()
    counts = []
    for wanted in (2, 20):
        for number in range(len(counts) * 2, wanted):
            listed_product(stars=4, ocop_set=3 + number % 2)
        cache.clear()  # the order of producers is kept for a minute
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            html = client.get("/").content.decode()
        counts.append(len(queries))

    assert html.count("product-card__name") == 24
    assert html.count("producer-card__name") == 12
    assert counts[0] == counts[1]
    assert counts[1] <= 24


def test_a_site_of_one_commune_shows_only_its_goods_and_producers(client: Client):
    here = CommuneFactory(name="xã Ở Đây")
    default_site_shows(here, "Ở Đây")
    listed_product(title="Mật ong nhà", merchant=MerchantFactory(village=VillageFactory(commune=here)))
    listed_product(title="Gạo nơi khác")

    html = client.get("/").content.decode()

    assert "Mật ong nhà" in html
    assert "Gạo nơi khác" not in html


def test_the_frame_names_the_owner_and_the_policies(client: Client):
    SiteOwner.objects.create(
        site=home_page().get_site(), name="Ban quản lý (mẫu)", address="Xóm 1", phone="+84740000100"
    )
    policy_page()

    html = client.get("/en/").content.decode()

    assert "Ban quản lý (mẫu)" in html
    assert '<a href="/dieu-khoan/" lang="vi" hreflang="vi">Điều khoản</a>' in html


def test_the_owner_speaks_english_where_the_editor_gave_it_and_marks_the_rest(client: Client):
    SiteOwner.objects.create(
        site=home_page().get_site(), name="Ban quản lý", name_en="Market office", address="Xóm 1", registration="Số 1"
    )

    vietnamese, english = client.get("/").content.decode(), client.get("/en/").content.decode()

    assert "<strong>Ban quản lý</strong>" in vietnamese
    assert "Market office" not in vietnamese
    assert "<strong>Market office</strong>" in english
    assert '<span lang="vi">Xóm 1</span>' in english


def test_the_header_leaves_to_the_footer_what_has_no_room(client: Client):
    for number, title in enumerate(("Chuyện quê", "Hướng dẫn", "Giới thiệu về xã và các hợp tác xã")):
        guide_page(title=title, slug=f"trang-{number}", show_in_menus=True)

    html = client.get("/").content.decode()

    header, footer = html.split("<main")[0], html.split("<footer")[1]
    assert [title in header for title in ("Chuyện quê", "Hướng dẫn", "Giới thiệu về xã")] == [True, True, False]
    assert [title in footer for title in ("Chuyện quê", "Hướng dẫn", "Giới thiệu về xã")] == [True, True, True]

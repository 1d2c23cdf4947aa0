"""The Atom feed of stories."""

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client

from tests.factories.pages import story_index, story_page

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client: Client, path: str) -> list[tuple[str, str]]:
    response = client.get(path)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = fromstring(response.content.decode())
    return [
        (entry.findtext(f"{ATOM}title") or "", (entry.find(f"{ATOM}link")).get("href") or "")  # type: ignore[union-attr]
        for entry in feed.iter(f"{ATOM}entry")
    ]


def test_the_feed_names_live_stories_newest_first_in_its_language(client: Client):
    index = story_index()
    story_page(index, title="Chuyện cũ", slug="cu", date="2026-01-01")
    newest = story_page(index, title="Chuyện mới", slug="moi", date="2026-02-01")
    story_page(index, title="Nháp", slug="nhap").unpublish()
    story_page(story_index("en", twin_of=index), twin_of=newest, title="New story", slug="new")

    assert entries(client, "/feeds/tin.xml") == [
        ("Chuyện mới", "http://testserver/chuyen-que/moi/"),
        ("Chuyện cũ", "http://testserver/chuyen-que/cu/"),
    ]
    assert entries(client, "/en/feeds/tin.xml") == [("New story", "http://testserver/en/stories/new/")]


def test_the_list_of_stories_tells_of_the_feed(client: Client):
    story_index()

    assert (
        'type="application/atom+xml" title="Chuyện quê" href="/feeds/tin.xml"'
        in client.get("/chuyen-que/").content.decode()
    )

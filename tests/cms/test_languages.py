"""Pages in two languages: true twins, the link between them, and what an address without a translation leads to."""

import pytest
from django.test import Client

from tests.factories.pages import guide_page, home_page, story_index, story_page

pytestmark = pytest.mark.django_db


def switch_link(html: str) -> str:
    """Where the language link of the frame leads."""
    return html.split('<div class="language-switch">')[1].split('href="')[1].split('"')[0]


def alternates(html: str) -> dict[str, str]:
    links = [part.split(">")[0] for part in html.split('<link rel="alternate" ')[1:]]
    return {link.split('hreflang="')[1].split('"')[0]: link.split('href="')[1].split('"')[0] for link in links}


def test_english_is_served_under_its_prefix_with_its_own_slug(client: Client):
    vietnamese = guide_page()
    guide_page(home_page("en"), twin_of=vietnamese, title="How to scan", slug="how-to-scan")

    vi, en = client.get("/cach-quet-ma/"), client.get("/en/how-to-scan/")

    assert "<h1>Cách quét mã</h1>" in vi.content.decode()
    assert "<h1>How to scan</h1>" in en.content.decode()
    assert '<html lang="vi">' in vi.content.decode()
    assert '<html lang="en">' in en.content.decode()


def test_the_language_link_and_hreflang_name_the_true_twin(client: Client):
    vietnamese = guide_page()
    guide_page(home_page("en"), twin_of=vietnamese, title="How to scan", slug="how-to-scan")
    expected = {
        "vi": "http://testserver/cach-quet-ma/",
        "en": "http://testserver/en/how-to-scan/",
        "x-default": "http://testserver/cach-quet-ma/",
    }

    for path, other in (("/cach-quet-ma/", "/en/how-to-scan/"), ("/en/how-to-scan/", "/cach-quet-ma/")):
        html = client.get(path).content.decode()

        assert switch_link(html) == other
        assert alternates(html) == expected


def test_the_home_pages_are_twins(client: Client):
    assert switch_link(client.get("/").content.decode()) == "/en/"
    assert switch_link(client.get("/en/").content.decode()) == "/"


def test_an_untranslated_page_offers_the_nearest_translated_page_above_and_no_hreflang(client: Client):
    index = story_index()
    story_index("en", twin_of=index)
    story_page(index)
    guide_page()

    story, guide = client.get("/chuyen-que/mua-gat/"), client.get("/cach-quet-ma/")

    assert switch_link(story.content.decode()) == "/en/stories/"
    assert switch_link(guide.content.decode()) == "/en/"
    assert alternates(story.content.decode()) == {}


def test_a_draft_translation_is_no_twin(client: Client):
    vietnamese = guide_page()
    english = guide_page(home_page("en"), twin_of=vietnamese, slug="how-to-scan")
    english.unpublish()

    html = client.get("/cach-quet-ma/").content.decode()

    assert switch_link(html) == "/en/"
    assert client.get("/en/how-to-scan/").status_code == 404


def test_under_english_an_untranslated_address_leads_to_the_vietnamese_page(client: Client):
    guide_page()

    response = client.get("/en/cach-quet-ma/")

    assert (response.status_code, response["Location"]) == (302, "/cach-quet-ma/")


def test_a_slug_of_the_other_language_leads_to_the_twin(client: Client):
    vietnamese = guide_page()
    guide_page(home_page("en"), twin_of=vietnamese, title="How to scan", slug="how-to-scan")

    under_english, under_vietnamese = client.get("/en/cach-quet-ma/"), client.get("/how-to-scan/")

    assert (under_english.status_code, under_english["Location"]) == (302, "/en/how-to-scan/")
    assert (under_vietnamese.status_code, under_vietnamese["Location"]) == (302, "/cach-quet-ma/")


def test_an_address_that_no_language_knows_is_404(client: Client):
    assert client.get("/khong-co/").status_code == 404
    assert client.get("/en/khong-co/").status_code == 404


def test_without_an_english_home_page_the_vietnamese_one_answers(client: Client):
    home_page("en").unpublish()

    response = client.get("/en/")

    assert (response.status_code, response["Location"]) == (302, "/")


def test_the_menu_of_a_page_speaks_its_language(client: Client):
    index = story_index()
    index.show_in_menus = True
    index.save()
    english = story_index("en", twin_of=index)
    english.show_in_menus = True
    english.save()

    vi, en = client.get("/").content.decode(), client.get("/en/").content.decode()

    assert 'href="/chuyen-que/">Chuyện quê</a>' in vi
    assert 'href="/en/stories/">Stories</a>' in en
    assert "/chuyen-que/" not in en


def test_the_sitemap_names_pages_under_the_readers_host_with_their_true_twins(client: Client):
    vietnamese = guide_page()
    guide_page(home_page("en"), twin_of=vietnamese, title="How to scan", slug="how-to-scan")
    story_index()

    response = client.get("/sitemap-trang.xml", headers={"host": "localhost:8308"})
    xml = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]

    entries = {entry.split("</loc>")[0]: entry for entry in xml.split("<loc>")[1:]}
    twin = '<xhtml:link rel="alternate" hreflang="en" href="http://localhost:8308/en/how-to-scan/"/>'
    assert twin in entries["http://localhost:8308/cach-quet-ma/"]
    assert twin in entries["http://localhost:8308/en/how-to-scan/"]
    assert "hreflang" not in entries["http://localhost:8308/chuyen-que/"]
    assert "http://localhost:8308/en/" in entries

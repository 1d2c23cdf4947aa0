"""Words searched for in vain: told by the page's script, counted by day, nothing about the reader."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import Browser

from catalogue.models import SynonymGroup
from shop.outbox.clock import import_string
from shop.storefront import vain_searches
from shop.storefront.models import VainSearch
from shop.storefront.vain_searches import KEPT_DAYS, LISTED_DAYS, acceptable_words, note_vain_search, vain_words
from tests.factories import listed_product
from tests.people import lan_the_producer, mai_the_editor, minh_the_buyer
from tests.shop.storefront.test_in_a_browser import opened
from tests.sign_in import sign_in

ADDRESS = "/san-pham/khong-thay/"
OURS = {"sec-fetch-site": "same-origin"}


def told(client: Client, words: str, **headers: str) -> int:
    return client.post(ADDRESS, {"q": words}, headers={**OURS, **headers}).status_code


def kept() -> dict[str, int]:
    return dict(VainSearch.objects.values_list("words", "times"))


@pytest.mark.django_db
def test_words_nothing_has_are_counted_by_day_folded(client: Client) -> None:
    listed_product(title="Tương nếp")

    assert told(client, "  Mắm TÔM chua ") == 204
    assert told(Client(REMOTE_ADDR="10.0.0.2"), "mam tom chua") == 204

    row = VainSearch.objects.get()
    assert (row.words, row.times, row.day) == ("mam tom chua", 2, timezone.localdate())


@pytest.mark.django_db
def test_words_that_something_has_are_not_kept_whatever_a_stranger_says(client: Client) -> None:
    listed_product(title="Lạc rang")

    assert told(client, "lạc") == 204
    assert told(client, "đậu phộng") == 204  # the same thing by another name

    assert kept() == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    [
        "", "  ", "a", "!!!", "🍯", "\x00", "0912 345 678", "so 38 duong 12345", "lan@example.test", "001203004567",
        "x" * 61, "mot hai ba bon nam sau bay tam chin", "mật " * 60,
    ],
)  # fmt: skip
def test_what_is_no_search_for_goods_or_may_be_about_a_person_is_not_kept(client: Client, words: str) -> None:
    assert told(client, words) == 204
    assert kept() == {}


@pytest.mark.parametrize(("text", "words"), [("Rượu nếp 500 ml", "ruou nep 500 ml"), ("Dừa  XIÊM", "dua xiem")])
def test_searches_for_goods_are_kept_without_marks_and_case(text: str, words: str) -> None:
    assert acceptable_words(text) == words


@pytest.mark.django_db
def test_another_site_cannot_fill_the_list(client: Client) -> None:
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
        {},
    ):
        assert client.post(ADDRESS, {"q": "mam tom"}, headers=headers).status_code == 403
    assert client.post(ADDRESS, {"q": "x" * 3_000}, headers=OURS).status_code == 413
    assert client.get(ADDRESS + "?q=mam+tom").status_code == 405
    assert kept() == {}


@pytest.mark.django_db
def test_one_reader_counts_once_an_hour_for_the_same_words_and_cannot_say_many(client: Client) -> None:
    for _ in range(3):
        told(client, "mam tom")
    for number in range(40):
        told(client, f"hang la {number}")

    assert kept()["mam tom"] == 1
    assert len(kept()) == vain_searches.MOST_OF_ONE_READER - 2


@pytest.mark.django_db
def test_strangers_can_make_us_keep_only_so_many_words_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vain_searches, "MOST_WORDS_A_DAY", 2)
    day = date(2026, 11, 24)

    assert [note_vain_search(words=words, day=day) for words in ("a", "b", "c", "a")] == [True, True, False, True]
    assert note_vain_search(words="c", day=day + timedelta(days=1)) is True
    assert list(VainSearch.objects.order_by("day", "words").values_list("words", "times")) == [
        ("a", 2), ("b", 1), ("c", 1),
    ]  # fmt: skip


@pytest.mark.django_db
def test_nothing_about_the_reader_is_kept_and_no_cookie_is_set() -> None:
    client = sign_in(Client(), lan_the_producer().user)
    session = dict(client.session)
    response = client.post(ADDRESS, {"q": "mam tom"}, headers=OURS)

    assert not response.cookies
    assert dict(client.session) == session
    row = VainSearch.objects.values().get()
    assert {key: value for key, value in row.items() if key != "id"} == {
        "day": timezone.localdate(), "words": "mam tom", "times": 1,
    }  # fmt: skip
    assert "127.0.0.1" not in str(getattr(cache, "_cache", ""))


@pytest.mark.django_db
def test_looking_at_the_page_writes_nothing_and_names_the_words_for_the_script(client: Client) -> None:
    listed_product(title="Tương nếp", stars=4)
    with CaptureQueriesContext(connection) as queries:
        text = client.get("/san-pham/?q=mắm+tôm").content.decode()

    assert not [
        row["sql"]
        for row in queries
        if not row["sql"].startswith(("SELECT", "(SELECT", "WITH hits AS MATERIALIZED (SELECT"))
    ]
    assert 'data-vain-search="mắm tôm" data-vain-url="/san-pham/khong-thay/"' in text
    assert "data-vain-search" in client.get("/san-pham/?q=tuong+tim").content.decode()  # found by some words only
    for found in ("?q=tuong", "?q=tuong&sao=5", "", "?q=!!"):
        assert "data-vain-search" not in client.get(f"/san-pham/{found}").content.decode(), found


@pytest.mark.django_db
def test_the_list_counts_the_last_days_the_most_wanted_first() -> None:
    today = date(2026, 11, 24)
    for words, days_ago, times in (("b", 0, 1), ("a", 1, 2), ("b", 3, 4), ("c", LISTED_DAYS, 9)):
        VainSearch.objects.create(words=words, day=today - timedelta(days=days_ago), times=times)

    assert [(row.words, row.times, row.last_day) for row in vain_words(today=today)] == [
        ("b", 5, today), ("a", 2, today - timedelta(days=1)),
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_clock_forgets_what_was_searched_a_season_ago() -> None:
    today = timezone.localdate()
    for words, days_ago in (("old", KEPT_DAYS), ("young", KEPT_DAYS - 1)):
        VainSearch.objects.create(words=words, day=today - timedelta(days=days_ago))
    path, every_seconds = settings.CLOCK_JOBS["remove_old_vain_searches"]

    import_string(path)()

    assert list(kept()) == ["young"]
    assert every_seconds == 24 * 3600


# --- for staff ------------------------------------------------------------------------------------------------------


@pytest.fixture
def editor() -> Client:
    return sign_in(Client(), mai_the_editor(), second_factor=True)


@pytest.mark.django_db
def test_an_editor_sees_them_and_makes_a_synonym_of_one_that_holds_at_once(editor: Client, client: Client) -> None:
    listed_product(title="Bánh cu đơ")
    VainSearch.objects.create(words="keo lac hai tam", day=timezone.localdate(), times=7)
    assert client.get("/san-pham/?q=keo+lac+hai+tam").context["total_label"] == "0"

    page = editor.get("/cms/vain-searches/")
    text = page.content.decode()
    assert "keo lac hai tam" in text
    add_url = page.context["rows"][0]["add_url"]
    assert add_url == "/cms/synonyms/new/?words=keo+lac+hai+tam"
    assert editor.get(add_url).context["form"]["words"].value() == "keo lac hai tam, "
    saved = editor.post("/cms/synonyms/new/", {"words": "keo lac hai tam, cu đơ"})
    assert saved.status_code == 302

    assert SynonymGroup.objects.filter(words="keo lac hai tam, cu đơ").exists()
    found = client.get("/san-pham/?q=kẹo+lạc+hai+tấm")
    assert [card.name for card in found.context["page"].object_list] == ["Bánh cu đơ"]
    assert "Tìm cả từ cùng nghĩa:" in found.content.decode()
    assert editor.get("/cms/vain-searches/").context["rows"][0]["has_synonym"] is True


@pytest.mark.django_db
def test_a_bad_line_is_refused_in_words_and_changes_nothing(editor: Client) -> None:
    before = SynonymGroup.objects.count()
    response = editor.post("/cms/synonyms/new/", {"words": "lạc"})

    assert response.status_code == 200
    assert "ít nhất hai từ khác nhau" in response.content.decode()
    assert SynonymGroup.objects.count() == before


@pytest.mark.django_db
def test_words_can_be_taken_off_the_list(editor: Client) -> None:
    for days_ago in (0, 2):
        VainSearch.objects.create(words="ten ai do", day=timezone.localdate() - timedelta(days=days_ago))
    VainSearch.objects.create(words="khac", day=timezone.localdate())

    assert editor.post("/cms/vain-searches/", {"words": "ten ai do"}).status_code == 302
    assert list(kept()) == ["khac"]


@pytest.mark.django_db
def test_whoever_is_no_editor_neither_sees_nor_clears_the_list(client: Client) -> None:
    VainSearch.objects.create(words="khac", day=timezone.localdate())
    for user in (None, minh_the_buyer(), lan_the_producer().user):
        visitor = Client() if user is None else sign_in(Client(), user, second_factor=True)
        for path in ("/cms/vain-searches/", "/cms/synonyms/", "/cms/synonyms/new/"):
            assert visitor.get(path).status_code in {302, 404}
        assert visitor.post("/cms/vain-searches/", {"words": "khac"}).status_code in {302, 404}
    assert list(kept()) == ["khac"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_itself_tells_what_was_not_found(browser: Browser, live_server: Any) -> None:
    listed_product(title="Tương nếp")
    page, complaints = opened(browser, width=360)
    with page.expect_response("**/san-pham/khong-thay/") as answer:
        page.goto(live_server.url + "/san-pham/?q=mắm+tôm")

    assert answer.value.status == 204
    assert kept() == {"mam tom": 1}
    assert complaints == []

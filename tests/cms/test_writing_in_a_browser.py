"""An editor writes a story in a real browser: every word she meets is Vietnamese, and it ends on the site."""

import re
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect

from cms.pages import StoryPage
from tests.factories.pages import home_page, story_index
from tests.people import mai_the_editor
from tests.sign_in import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ENGLISH = re.compile(
    r"\b(the|and|this|page|publish|draft|save|block|collapse|expand|insert|heading|search|select)\b", re.I
)


def test_an_editor_writes_and_publishes_a_story_in_vietnamese(browser: Browser, live_server: Any) -> None:
    home_page()
    story_index()
    cookie = sign_in(Client(), mai_the_editor(), second_factor=True).cookies["sessionid"]
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN")
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(live_server.url + "/cms/")
    assert page.title().endswith("- OCOP")
    assert ENGLISH.findall(page.locator("body").inner_text()) == []
    page.get_by_role("link", name="Viết bài mới").click()
    expect(page.locator("#id_title")).to_be_visible()
    assert "như kể với hàng xóm" in page.locator("main").inner_text()
    page.locator("#id_title").fill("Đường về bến đò")
    page.locator("#id_intro").fill("Sáng chủ nhật, cả xóm ra bến.")
    page.locator("[data-streamfield-stream-container] .c-sf-add-button").first.click()
    page.get_by_role("option", name="Văn bản").click()
    page.locator(".public-DraftEditor-content").click()
    page.keyboard.type("Bến đò có từ lâu.", delay=20)
    # the editor hands what was typed to the form's field a moment later
    expect(page.locator("input[name^='body-'][name$='-value']")).to_have_value(re.compile("từ lâu"))
    assert ENGLISH.findall(page.locator("body").inner_text()) == []
    page.locator("footer").get_by_role("button", name="Xuất bản").click()
    page.wait_for_url("**/cms/pages/*/")

    story = StoryPage.objects.get()
    assert (story.title, story.slug, story.live) == ("Đường về bến đò", "duong-ve-ben-do", True)
    page.goto(live_server.url + story.get_url())
    assert "Bến đò có từ lâu." in page.locator("main").inner_text()
    assert complaints == []

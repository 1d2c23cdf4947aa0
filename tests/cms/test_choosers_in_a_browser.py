"""An editor looks at her page and picks pictures, files, pages, goods, producers: each window opens, in Vietnamese."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect
from wagtail.documents.models import Document

from cms.pages import StoryPage
from tests.factories import listed_product
from tests.factories.pages import home_page, picture, story_index, story_page
from tests.people import mai_the_editor
from tests.sign_in import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ENGLISH = re.compile(
    r"\b(the|and|this|page|search|actions|root|choose|upload|save|select|link|external|cancel|image)\b", re.I
)
# What is shown or read out: words, and those that stand in attributes.
WORDS = """() => [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility()).flatMap((e) => [
  ...[...e.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent.trim()),
  ...(e.matches('input[type=submit]') ? [e.value] : []),
  ...['placeholder', 'aria-label'].map((name) => e.getAttribute(name) ?? ''),
]).filter(Boolean)"""


class Desk:
    """Mai's screen; `faults` is what her browser complained about."""

    def __init__(self, browser: Browser, address: str, *, width: int = 1280) -> None:
        self.address = address
        self.faults: list[str] = []
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="vi-VN")
        cookie = sign_in(Client(), mai_the_editor(), second_factor=True).cookies["sessionid"]
        context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": address}])
        self.page = context.new_page()
        self.page.set_default_timeout(12_000)
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("response", lambda answer: self.faults.append(answer.url) if answer.status >= 400 else None)

    def open(self, name: str, *args: Any) -> Page:
        self.page.goto(self.address + reverse(name, args=args))
        return self.page

    def english(self) -> list[str]:
        return [words for words in self.page.evaluate(WORDS) if ENGLISH.search(words)]

    def window(self, title: str) -> Locator:
        """The window that has opened."""
        window = self.page.locator(".modal-dialog:visible")
        expect(window.get_by_role("heading", name=title)).to_be_visible(timeout=15_000)
        assert self.english() == []
        return window

    def close(self, window: Locator) -> None:
        window.get_by_role("button", name="Đóng").click()
        expect(self.page.locator(".modal-dialog:visible")).to_have_count(0)


@pytest.fixture
def story(transactional_db: None) -> Iterator[StoryPage]:
    home_page()
    listed_product(title="Mật ong hoa rừng", merchant__name="Mật ong Lan (mẫu)")
    picture(title="Đồng lúa")
    Document.objects.create(title="Bảng giá", file=ContentFile(b"%PDF-1.4", "bang-gia.pdf"))
    yield story_page(story_index())


def test_every_window_of_a_story_opens_and_what_is_picked_is_kept(
    browser: Browser, live_server: Any, story: StoryPage
) -> None:
    desk = Desk(browser, live_server.url)
    page = desk.open("wagtailadmin_pages:edit", story.pk)
    assert desk.english() == []

    page.get_by_role("button", name="Chọn một hình ảnh").click()
    desk.window("Chọn một hình ảnh").get_by_role("link", name="Đồng lúa").click()
    expect(page.locator("#id_picture-chooser")).to_contain_text("Đồng lúa")
    page.get_by_role("button", name="Thêm hàng trong chuyện").click()
    window = desk.window("Chọn sản phẩm")
    window.get_by_role("textbox", name="Tìm").fill("mat ong")
    window.get_by_role("checkbox").first.check()
    window.get_by_role("button", name="Chọn").click()
    expect(page.locator("[id^=id_story_products-0]").first).to_be_attached()
    page.get_by_role("button", name="Thêm cơ sở trong chuyện").click()
    desk.close(desk.window("Chọn cơ sở"))

    text = page.locator("[data-contentpath=body] .public-DraftEditor-content").first
    text.click()
    page.keyboard.press("Control+a")
    page.locator("button[name=LINK]:visible").click()
    desk.close(desk.window("Chọn một trang"))
    text.click()
    page.keyboard.press("Control+a")
    page.locator("button[name=DOCUMENT]:visible").click()
    desk.window("Chọn một văn bản").get_by_role("link", name="Bảng giá").click()
    expect(page.locator("input[name^='body-'][name$='-value']")).to_have_value(re.compile("DOCUMENT"))

    page.get_by_role("button", name="Mở, đóng xem thử").click()
    expect(page.frame_locator("#w-preview-iframe").get_by_role("heading", level=1)).to_have_text(
        "Mùa gặt", timeout=20_000
    )
    assert desk.english() == []
    page.locator("footer").get_by_role("button", name="Xuất bản").click()
    page.wait_for_url(re.compile(r"/cms/pages/\d+/$"))
    story.refresh_from_db()
    assert story.picture is not None
    assert story.picture.title == "Đồng lúa"
    assert [chosen.product.title for chosen in story.story_products.all()] == ["Mật ong hoa rừng"]
    assert desk.faults == []


def test_the_first_screens_buttons_stand_in_even_lines_on_a_phone(
    browser: Browser, live_server: Any, story: StoryPage
) -> None:
    desk = Desk(browser, live_server.url, width=360)
    page = desk.open("wagtailadmin_home")

    boxes = [button.bounding_box() for button in page.locator(".w-panel .button").all()]

    lines: dict[float, list[float]] = {}
    for box in boxes:
        assert box is not None
        lines.setdefault(box["y"], []).append(box["x"])
    assert len(boxes) >= 4
    assert len(lines) >= 2
    assert len({line[0] for line in lines.values()}) == 1, lines
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert desk.english() == []
    assert desk.faults == []

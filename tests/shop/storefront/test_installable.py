"""The shop on a phone's home screen, and with the network off."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from shop.storefront import installable
from shop.storefront.models import SiteCommune
from tests.factories import listed_product
from tests.factories.pages import home_page
from tests.shop.workspace.scene import lans_shop

pytestmark = pytest.mark.django_db


def test_the_icon_is_found_where_old_browsers_look_for_it(client: Client) -> None:
    response = client.get("/favicon.ico")

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/static/shop/img/favicon-32")


def test_every_page_names_the_manifest_of_its_language(client: Client) -> None:
    SiteCommune.objects.create(site=home_page().get_site(), area_name="xã Hợp Minh")

    assert '<link rel="manifest" href="/manifest.webmanifest">' in client.get("/san-pham/").content.decode()
    assert '<link rel="manifest" href="/en/manifest.webmanifest">' in client.get("/en/san-pham/").content.decode()
    response = client.get("/manifest.webmanifest")
    shown, english = response.json(), client.get("/en/manifest.webmanifest").json()

    assert response.headers["Content-Type"] == "application/manifest+json"
    assert (shown["name"], shown["lang"], shown["start_url"]) == ("Chợ Quê xã Hợp Minh", "vi", "/")
    assert (english["short_name"], english["lang"], english["start_url"]) == ("Country Market", "en", "/en/")
    assert (shown["id"], shown["scope"], shown["display"]) == ("/", "/", "standalone")
    assert [(icon["sizes"], icon.get("purpose")) for icon in shown["icons"]] == [
        ("192x192", None),
        ("512x512", None),
        ("512x512", "maskable"),
    ]


def test_a_workplace_is_not_to_be_installed() -> None:
    scene = lans_shop()

    assert 'rel="manifest"' not in scene.client.get("/quan-ly/").content.decode()


def test_the_worker_is_told_its_version_and_what_it_may_keep(client: Client) -> None:
    response = client.get("/sw.js")

    text = response.content.decode()
    given = json.loads(re.search(r"self\.SHOP = (\{.*\});", text)[1])  # type: ignore[index]
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert set(response.headers["Cache-Control"].split(", ")) == {"public", "max-age=0", "must-revalidate"}
    assert response.cookies == {}
    assert re.search(r'importScripts\("/static/shop/js/offline_worker[^"]*\.js"\);', text)
    assert given["pages"] == {"vi": "/ngoai-tuyen/", "en": "/en/ngoai-tuyen/"}
    assert all(address.startswith("/static/shop/") for address in given["assets"])
    assert not any("offline_worker" in address or "land" in address for address in given["assets"])
    assert client.get("/sw.js", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


def test_the_offline_page_asks_for_nothing_that_is_not_kept(client: Client) -> None:
    kept = client.get("/sw.js").content.decode()
    text = client.get("/ngoai-tuyen/").content.decode()

    assert '<meta name="robots" content="noindex">' in text
    asked = {
        address.split("#")[0]
        for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', text)
        if not re.search(r"favicon|icon-\d", address)
    }
    assert {address for address in asked if f'"{address}"' not in kept} == set()


# --- in a browser, with the network off -----------------------------------------------------------------------------


@pytest.fixture
def page(browser: Browser) -> Page:
    context = browser.new_context(viewport={"width": 360, "height": 740}, service_workers="allow")
    return context.new_page()


def look_at(page: Page, address: str) -> None:
    """Open a page of goods and wait until the worker has kept it."""
    page.goto(address, wait_until="networkidle")
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    path = address.split("/", 3)[3]
    page.wait_for_function(
        f"async () => Boolean(await caches.match('/{path}', {{ignoreVary: true}}))", timeout=15_000, polling=200
    )


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_without_network_one_reads_what_one_looked_at_and_is_told_the_rest(page: Page, live_server: Any) -> None:
    seen, unseen = listed_product(title="Mật ong", price=50_000), listed_product(title="Gạo nếp")
    look_at(page, live_server.url + seen.get_absolute_url())

    page.context.set_offline(True)
    page.goto(live_server.url + unseen.get_absolute_url())

    assert page.get_by_role("heading", name="Mất mạng rồi").is_visible()
    link = page.locator(".last-seen__link")
    link.wait_for()
    assert link.all_inner_texts() == ["Mật ong\n50.000\xa0₫"]

    link.click()
    page.get_by_role("heading", name="Mật ong", exact=True).wait_for()
    assert page.get_by_text("Đang mất mạng: đây là trang đã lưu").is_visible()

    page.get_by_role("button", name="Thêm vào giỏ").last.click()
    page.get_by_text("Có mạng lại bạn bấm lại nhé").wait_for()
    assert page.url == live_server.url + seen.get_absolute_url()

    page.goto(live_server.url + "/gio-hang/")
    assert page.get_by_role("heading", name="Mất mạng rồi").is_visible()
    page.context.set_offline(False)
    page.get_by_role("heading", name="Giỏ hàng").wait_for(timeout=20_000)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_basket_a_purchase_or_a_workplace_is_kept(page: Page, live_server: Any) -> None:
    look_at(page, live_server.url + listed_product(title="Mật ong").get_absolute_url())
    page.get_by_role("button", name="Thêm vào giỏ").last.click()
    page.wait_for_url("**/gio-hang/")
    for path in ("/thanh-toan/", "/tai-khoan/login/", "/quan-ly/", "/san-pham/", "/en/", "/toi/"):
        page.goto(live_server.url + path, wait_until="networkidle")

    kept = page.evaluate(
        """async () => {
            const paths = [];
            for (const name of await caches.keys())
                for (const request of await (await caches.open(name)).keys()) paths.push(new URL(request.url).pathname);
            return paths;
        }"""
    )
    pages = sorted(path for path in kept if not path.startswith(("/static/shop/", "/media/")))
    assert len(pages) == 3
    assert pages[:2] == ["/en/ngoai-tuyen/", "/ngoai-tuyen/"]
    assert pages[2].startswith("/san-pham/mat-ong-")

    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(live_server.url + "/quan-ly/")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_new_version_replaces_the_worker_and_what_it_kept(
    page: Page, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_at(page, live_server.url + listed_product(title="Mật ong").get_absolute_url())
    [old] = page.evaluate("caches.keys().then((names) => names.filter((name) => name.startsWith('shell-')))")
    newer = installable._worker_text().replace(old.removeprefix("shell-"), "0123456789abcdef")
    monkeypatch.setattr(installable, "_worker_text", lambda: newer)

    page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())")
    page.wait_for_function(
        """async () => (await caches.keys()).sort().join() === 'goods-1,shell-0123456789abcdef'""",
        timeout=15_000,
        polling=200,
    )

    page.context.set_offline(True)
    page.goto(live_server.url + "/san-pham/")
    assert page.get_by_role("heading", name="Mất mạng rồi").is_visible()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_forgetting_what_one_looked_at_empties_the_worker_too(page: Page, live_server: Any) -> None:
    first, second = listed_product(title="Mật ong"), listed_product(title="Gạo")
    look_at(page, live_server.url + first.get_absolute_url())
    look_at(page, live_server.url + second.get_absolute_url())

    page.get_by_role("button", name="Xóa hết").click()

    page.wait_for_function("async () => !(await caches.has('goods-1'))", timeout=10_000, polling=200)

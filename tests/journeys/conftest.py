"""A phone with a real Chromium, and a small shop of two producers behind a real server."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext

from shop.delivery.models import DeliveryOption
from shop.payments.connections import installation_connection
from tests.factories import listed_product
from tests.people import Producer, lan_the_producer, tam_the_producer
from tests.sign_in import sign_in

SECRET = "khoa-cua-cuoc-thu"


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about: scripts that fail, policies that refuse, files that are missing."""
    return []


@pytest.fixture
def phone(browser: Browser, complaints: list[str]) -> Iterator[Callable[..., BrowserContext]]:
    """Opens phones of 360 px; `scripts=False` turns JavaScript off."""
    opened: list[BrowserContext] = []

    def open_phone(*, scripts: bool = True, width: int = 360) -> BrowserContext:
        context = browser.new_context(
            viewport={"width": width, "height": 740}, java_script_enabled=scripts, locale="vi-VN", has_touch=True
        )
        context.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        opened.append(context)
        return context

    yield open_phone
    for context in opened:
        context.close()


@dataclass(frozen=True)
class Shop:
    """Two producers with one good each; `address` is the server's."""

    address: str
    lan: Producer
    tam: Producer
    honey: Any
    rice: Any


@pytest.fixture
def shop(transactional_db: None, live_server: Any, settings: Any) -> Shop:
    settings.SEPAY_WEBHOOK_SECRET = SECRET
    lan, tam = lan_the_producer(), tam_the_producer()
    DeliveryOption.objects.create(kind="collect")
    DeliveryOption.objects.create(kind="flat_rate", price_vnd=30_000)
    installation_connection(provider="sepay").accounts.add(lan.account, tam.account)
    return Shop(
        address=live_server.url,
        lan=lan,
        tam=tam,
        honey=listed_product(merchant=lan.merchant, title="Mật ong hoa rừng", price=90_000),
        rice=listed_product(merchant=tam.merchant, title="Gạo nếp cái hoa vàng", price=50_000, ocop_set=3),
    )


@pytest.fixture
def signed_in_as(shop: Shop) -> Callable[[BrowserContext, Any], None]:
    """Hands the phone the session of somebody who has signed in."""

    def hand_over(context: BrowserContext, user: Any) -> None:
        cookie = sign_in(Client(), user).cookies["sessionid"]
        context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": shop.address}])

    return hand_over

"""What every test may rely on: its own migrated database, an empty cache, no network beyond the loopback."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.test import TransactionTestCase
from django.utils import translation

from shop.translations import compile_catalogues
from tests.template_database import copy_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
LOOPBACK = {"127.0.0.1", "::1", "localhost", "0.0.0.0"}  # noqa: S104


def pytest_configure() -> None:
    compile_catalogues()
    if settings.CACHES["default"]["BACKEND"].endswith("RedisCache"):
        base, _, index = settings.CACHES["default"]["LOCATION"].rpartition("/")
        own = int(index) + (int(WORKER.removeprefix("gw")) + 1 if WORKER.startswith("gw") else 0)
        settings.CACHES["default"]["LOCATION"] = f"{base}/{own}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    is_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    for item in items:
        if item.get_closest_marker("postgres") and not is_postgres:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: set DATABASE_URL"))
        if item.get_closest_marker("sqlite") and is_postgres:
            item.add_marker(pytest.mark.skip(reason="about SQLite only"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Give the worker its copy of the migrated template; tests that commit get the baseline back afterwards."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        copy = copy_for(WORKER)
        copy.prepare()

    def restore_baseline(_self: TransactionTestCase) -> None:
        copy.restore()

    flush = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = restore_baseline  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = flush  # type: ignore[method-assign]
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        copy.remove()


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def vietnamese_first() -> None:
    """A page asked for in English by the test before leaves that language active in this thread."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for the network fails at once and says where it wanted to go."""
    real_connect = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            host = address[0]  # type: ignore[index]
            if host not in LOOPBACK and not str(host).startswith("127."):
                raise AssertionError(f"a test wanted to reach {host}")
        return real_connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser of the machine; browser tests are skipped, and say so, where there is none."""
    named = os.environ.get("CHROMIUM_PATH", "")
    candidates = [named, *(shutil.which(name) or "" for name in ("chromium", "chromium-browser", "google-chrome"))]
    for candidate in candidates:
        if candidate and Path(candidate).exists():
            return candidate
    pytest.skip("no Chromium found: set CHROMIUM_PATH or install chromium")


CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture
def browser(chromium_path: str, monkeypatch: pytest.MonkeyPatch) -> Iterator["Browser"]:
    """A real Chromium for one test.

    Not kept between tests: Playwright's event loop lives in this thread while it runs, and tests that fork or ask the
    database beside it would be refused.
    """
    from playwright.sync_api import sync_playwright

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_FLAGS)
        yield chromium
        connections.close_all()  # those of Playwright's loop: the next test's database is another file
        chromium.close()


@pytest.fixture
def is_postgres() -> bool:
    return connection.vendor == "postgresql"

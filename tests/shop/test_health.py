from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.utils import timezone

from shop import health
from shop.outbox.heartbeat import beat
from shop.request_log import client_address


@pytest.mark.django_db
def test_readyz_is_ready_with_a_living_worker_and_asks_one_question(
    client: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    beat("w")
    assert client.get("/readyz").status_code == 200  # the first time it also looks at the migrations

    with django_assert_num_queries(1):
        response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"ready": True, "not_ready": {}}
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_readyz_misses_a_worker_that_has_gone_silent(client: Client) -> None:
    beat("w", timezone.now() - timedelta(seconds=91))

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"ready": False, "not_ready": {"worker": "not seen lately"}}


@pytest.mark.django_db
def test_readyz_asks_again_until_the_migrations_are_applied(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    beat("w")
    monkeypatch.setattr(health, "_migrations_applied", False)
    plan: list[object] = ["one to go"]
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: plan)

    assert client.get("/readyz").json()["not_ready"] == {"migrations": "not applied"}

    plan.clear()
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_readyz_names_a_database_and_a_cache_that_fail(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(health, "living_workers", gone)
    monkeypatch.setattr(health.cache, "set", gone)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["not_ready"] == {"database": "OperationalError", "cache": "OperationalError"}


def test_healthz_answers_without_the_database(client: Client) -> None:
    assert client.get("/healthz").content == b"ok"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "198.51.100.1", "203.0.113.7"),
        (1, "198.51.100.1, 198.51.100.2", "198.51.100.2"),
        (2, "spoofed, 198.51.100.1, 198.51.100.2", "198.51.100.1"),
        (2, "198.51.100.2", "203.0.113.7"),
        (1, "", "203.0.113.7"),
    ],
)
def test_address_of_the_visitor_is_what_our_own_proxies_saw(
    settings: Any, proxies: int, forwarded: str, expected: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.7", headers={"X-Forwarded-For": forwarded})

    assert client_address(request) == expected

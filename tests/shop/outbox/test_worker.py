"""The worker as a process of its own, beside the test's."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from merchants.audit import record
from merchants.models import AuditEntry
from shop.outbox.deliver import deliver_due
from shop.outbox.enqueue import enqueue
from shop.outbox.invariants import check_outbox
from shop.outbox.models import OutboxMessage, ScheduledJob, WorkerHeartbeat
from tests.factories import CommuneFactory
from tests.shop.outbox import tasks

Start = Callable[..., "subprocess.Popen[str]"]
PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def start_worker() -> Iterator[Start]:
    """Starts workers on this test's database; those still running are ended afterwards."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **environment: str) -> "subprocess.Popen[str]":
        parts = connection.settings_dict
        url = f"sqlite:///{parts['NAME']}"
        if connection.vendor == "postgresql":
            secret = f":{parts['PASSWORD']}" if parts["PASSWORD"] else ""
            url = f"postgres://{parts['USER']}{secret}@{parts['HOST']}:{parts['PORT'] or 5432}/{parts['NAME']}"
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.shop.outbox.worker_process", *arguments],
            cwd=PROJECT, env={**os.environ, "DATABASE_URL": url, "LOG_FORMAT": "json", **environment},
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def wait_for(what: Callable[[], bool], seconds: float = 40) -> None:
    give_up_at = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < give_up_at, "waited in vain"
        time.sleep(0.05)


@pytest.mark.django_db
def test_once_does_everything_that_is_due_and_leaves_what_must_wait() -> None:
    tasks.done.clear()
    record(action="test.done", obj=CommuneFactory(), actor_label="test")
    sent, deferred = enqueue(kind="send", payload={}), enqueue(kind="defer", payload={})
    tasks.add.enqueue(1)

    call_command("worker", "--once")

    sent.refresh_from_db()
    deferred.refresh_from_db()
    assert (sent.state, deferred.state, deferred.attempts) == ("sent", "waiting", 1)
    assert tasks.done == [1]
    assert AuditEntry.objects.get().seal != ""
    assert not ScheduledJob.objects.filter(last_finished_at=None).exists()
    assert not WorkerHeartbeat.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_message_of_a_killed_worker_is_sent_by_another(start_worker: Start, tmp_path: Path) -> None:
    mark = tmp_path / "begun"
    with transaction.atomic():
        message = enqueue(kind="send_slowly", payload={"mark": str(mark), "seconds": 600})
    doomed = start_worker(LEASE_S="2", BEAT_S="600")
    wait_for(mark.exists)

    doomed.send_signal(signal.SIGKILL)
    doomed.wait()

    message.refresh_from_db()
    assert message.state == "claimed"
    first_key = mark.read_text().split()[1]
    wait_for(lambda: message.claimed_until is not None and message.claimed_until < timezone.now())
    OutboxMessage.objects.update(payload={"mark": str(mark), "seconds": 0})
    assert deliver_due(worker="another") == 1
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 2)
    assert list(message.delivery_attempts.values_list("number", "outcome")) == [(1, "crashed"), (2, "sent")]
    assert mark.read_text().split() == [str(os.getpid()), first_key]
    assert list(check_outbox()) == []


@pytest.mark.django_db(transaction=True)
def test_worker_that_sends_slowly_keeps_its_message(start_worker: Start, tmp_path: Path) -> None:
    mark = tmp_path / "begun"
    with transaction.atomic():
        message = enqueue(kind="send_slowly", payload={"mark": str(mark), "seconds": 5})
    start_worker(LEASE_S="2", BEAT_S="0.3")
    wait_for(mark.exists)

    while OutboxMessage.objects.filter(state="claimed").exists():
        assert deliver_due(worker="another") == 0
        time.sleep(0.2)

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 1)


@pytest.mark.django_db(transaction=True)
def test_worker_told_to_stop_ends_its_work_first(start_worker: Start, tmp_path: Path) -> None:
    mark = tmp_path / "begun"
    with transaction.atomic():
        first = enqueue(kind="send_slowly", payload={"mark": str(mark), "seconds": 1.5})
        second = enqueue(kind="send_slowly", payload={"mark": str(mark), "seconds": 1.5})
    worker = start_worker()
    wait_for(mark.exists)
    assert WorkerHeartbeat.objects.count() == 1

    worker.send_signal(signal.SIGTERM)
    _, log = worker.communicate(timeout=30)

    assert worker.returncode == 0
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("sent", "waiting")
    assert not WorkerHeartbeat.objects.exists()
    lines = [json.loads(line) for line in log.splitlines()]
    assert [line["message"] for line in lines if line["logger"] == "shop.outbox.worker"] == [
        "worker started",
        "worker ended",
    ]
    assert {"outbox_id": first.pk, "outcome": "sent"}.items() <= next(
        line for line in lines if line["logger"] == "shop.outbox.deliver"
    ).items()


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_messages_and_send_each_once(start_worker: Start, tmp_path: Path) -> None:
    marks = [tmp_path / str(number) for number in range(12)]
    with transaction.atomic():
        for mark in marks:
            enqueue(kind="send_slowly", payload={"mark": str(mark), "seconds": 0.3})

    start_worker()
    start_worker()
    wait_for(lambda: not OutboxMessage.objects.exclude(state="sent").exists())

    assert len({mark.read_text().split()[0] for mark in marks}) == 2
    assert set(OutboxMessage.objects.values_list("attempts", flat=True)) == {1}

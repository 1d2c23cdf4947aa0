import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from shop.outbox.clock import claim_job, declare_jobs, run_due_jobs
from shop.outbox.invariants import outbox_notices
from shop.outbox.models import ScheduledJob

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
ran: list[str] = []


def tick() -> None:
    ran.append("tick")


def fail() -> None:
    ran.append("fail")
    raise ZeroDivisionError("a fault of ours")


@pytest.fixture(autouse=True)
def jobs(settings: Any, db: None) -> None:
    settings.CLOCK_JOBS = {"tick": ("tests.shop.outbox.test_clock.tick", 60)}
    ran.clear()


def declare_at(moment: datetime) -> None:
    declare_jobs()
    ScheduledJob.objects.update(next_run_at=moment)


def test_new_job_runs_at_once_and_then_at_its_interval() -> None:
    declare_at(NOON)

    assert run_due_jobs(NOON) == 1
    assert run_due_jobs(NOON + timedelta(seconds=59)) == 0
    assert run_due_jobs(NOON + timedelta(seconds=60)) == 1

    assert ran == ["tick", "tick"]
    job = ScheduledJob.objects.get()
    assert (job.next_run_at, job.claimed_until) == (NOON + timedelta(seconds=120), None)
    assert job.last_finished_at is not None


def test_missed_runs_are_not_stacked() -> None:
    declare_at(NOON)

    assert run_due_jobs(NOON + timedelta(hours=3, seconds=10)) == 1
    assert run_due_jobs(NOON + timedelta(hours=3, seconds=10)) == 0

    assert ScheduledJob.objects.get().next_run_at == NOON + timedelta(hours=3, seconds=60)


def test_job_that_raises_is_noted_and_does_not_stop_the_others(settings: Any) -> None:
    settings.CLOCK_JOBS["fail"] = ("tests.shop.outbox.test_clock.fail", 60)
    declare_at(NOON)

    assert run_due_jobs(NOON) == 2

    job = ScheduledJob.objects.get(name="fail")
    assert (job.last_error, job.claimed_until) == ("ZeroDivisionError: a fault of ours", None)
    assert list(outbox_notices()) == ["clock: fail failed last time: ZeroDivisionError: a fault of ours"]
    assert sorted(ran) == ["fail", "tick"]

    settings.CLOCK_JOBS["fail"] = ("tests.shop.outbox.test_clock.tick", 60)
    assert run_due_jobs(NOON + timedelta(seconds=60)) == 2
    job.refresh_from_db()
    assert job.last_error == ""


def test_only_one_of_two_workers_gets_the_job() -> None:
    declare_at(NOON)
    seen_by_both = ScheduledJob.objects.get(), ScheduledJob.objects.get()

    assert [claim_job(job, now=NOON) for job in seen_by_both] == [True, False]


def test_job_of_a_dead_worker_runs_again_when_its_lease_is_over() -> None:
    declare_at(NOON)
    claim_job(ScheduledJob.objects.get(), now=NOON)

    assert run_due_jobs(NOON + timedelta(seconds=119)) == 0
    assert run_due_jobs(NOON + timedelta(seconds=120)) == 1

    assert ran == ["tick"]


def test_declaring_follows_the_settings(settings: Any) -> None:
    declare_at(NOON)
    settings.CLOCK_JOBS = {"other": ("tests.shop.outbox.test_clock.tick", 60)}

    declare_jobs()
    declare_jobs()

    assert [job.name for job in ScheduledJob.objects.all()] == ["other"]

    settings.CLOCK_JOBS = {"other": ("tests.shop.outbox.test_clock.tick", 30)}
    declare_jobs()
    assert ScheduledJob.objects.get().every_seconds == 30


@pytest.mark.django_db(transaction=True)
def test_workers_that_look_at_the_same_time_run_the_job_once() -> None:
    declare_at(NOON)
    start = threading.Barrier(4, timeout=20)

    def work() -> None:
        try:
            start.wait()
            run_due_jobs(NOON)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert ran == ["tick"]

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from shop.outbox.background_tasks import recover_lost_tasks, remove_old_tasks, run_due_tasks
from shop.outbox.heartbeat import beat, living_workers, say_goodbye
from tests.shop.outbox import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    tasks.done.clear()


def test_due_tasks_run_and_keep_their_result() -> None:
    tasks.add.enqueue(1)
    tasks.add.using(run_after=timezone.now() + timedelta(hours=1)).enqueue(2)

    assert run_due_tasks(worker="w") == 1

    assert tasks.done == [1]
    assert list(DBTaskResult.objects.values_list("status", "return_value").order_by("status")) == [
        ("READY", None),
        ("SUCCESSFUL", 1),
    ]


def test_failing_task_keeps_its_trace_and_does_not_stop_the_others() -> None:
    tasks.fail.enqueue()
    tasks.add.enqueue(1)

    assert run_due_tasks(worker="w") == 2

    failed = DBTaskResult.objects.get(status="FAILED")
    assert failed.exception_class_path == "builtins.ZeroDivisionError"
    assert tasks.done == [1]


def test_task_of_a_dead_worker_comes_back_and_that_of_a_living_one_does_not() -> None:
    for worker in ("dead", "living"):
        tasks.add.enqueue(1)
        result = DBTaskResult.objects.ready().get()
        result.claim(worker)
    beat("living")
    beat("dead", timezone.now() - timedelta(seconds=91))

    assert recover_lost_tasks() == 1

    assert DBTaskResult.objects.get(status="READY").worker_ids == ["dead"]
    assert DBTaskResult.objects.get(status="RUNNING").worker_ids == ["living"]
    assert run_due_tasks(worker="w") == 1


def test_task_that_outlived_three_workers_fails() -> None:
    tasks.add.enqueue(1)
    for number in range(3):
        DBTaskResult.objects.get().claim(f"dead-{number}")
        recover_lost_tasks()

    assert run_due_tasks(worker="w") == 0
    assert DBTaskResult.objects.get().status == "FAILED"
    assert tasks.done == []


def test_rows_of_tasks_long_ended_are_removed() -> None:
    tasks.add.enqueue(1)
    run_due_tasks(worker="w")
    tasks.add.enqueue(2)

    assert remove_old_tasks() == 0
    assert remove_old_tasks(timezone.now() + timedelta(days=31)) == 1

    assert DBTaskResult.objects.get().status == "READY"


def test_worker_lives_as_long_as_it_is_heard_of() -> None:
    now = timezone.now()
    beat("w", now)
    beat("w", now + timedelta(seconds=20))

    assert living_workers(now + timedelta(seconds=109)) == {"w"}
    assert living_workers(now + timedelta(seconds=111)) == set()

    say_goodbye("w")
    assert living_workers(now) == set()

"""Run the background tasks that django-tasks-db keeps (batches inside the house), and recover those of dead workers.

A task must be safe to run again from its beginning: a worker may die in it.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks_db.compat import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from shop.outbox.heartbeat import living_workers

log = logging.getLogger(__name__)

MAX_WORKERS_PER_TASK = 3
"""A task that outlived so many workers is taken for what killed them, and fails."""

KEPT_FOR = timedelta(days=30)


class WorkerDied(Exception):
    """The worker that ran this task ended without a word."""


def run_due_tasks(*, worker: str, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Run every task that is due, one after the other, and return how many; each is claimed by one worker only.

    How a task ends, its result or its traceback, is in its row; it is not tried again by itself. Looks before it
    locks: django-tasks-db's own loop would take SQLite's write lock once a second for nothing.
    """
    runner = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=None,
        worker_id=worker,
        excluded_queue_names=[],
    )
    ran = 0
    ready = DBTaskResult.objects.ready().filter(backend_name=DEFAULT_TASK_BACKEND_ALIAS)
    while not should_stop() and ready.all().exists():
        with transaction.atomic(durable=True):
            result = ready.all().get_locked()
            if result is None:
                break
            result.claim(worker)
        runner.run_task(result)
        log.info("background task ran", extra={"task": result.task_path, "status": result.status})
        ran += 1
    return ran


def recover_lost_tasks(now: datetime | None = None) -> int:
    """Put the tasks of dead workers back into the queue and return how many; the clock calls it every few minutes.

    One that has outlived MAX_WORKERS_PER_TASK workers fails instead.
    """
    now = now or timezone.now()
    alive = living_workers(now)
    recovered = 0
    for result in DBTaskResult.objects.running():
        if result.worker_ids and result.worker_ids[-1] in alive:
            continue
        if len(result.worker_ids) >= MAX_WORKERS_PER_TASK:
            result.set_failed(WorkerDied(", ".join(result.worker_ids)))
            continue
        recovered += DBTaskResult.objects.filter(pk=result.pk, status="RUNNING", started_at=result.started_at).update(
            status="READY", started_at=None
        )
    if recovered:
        log.warning("tasks of dead workers put back", extra={"tasks": recovered})
    return recovered


def remove_old_tasks(now: datetime | None = None) -> int:
    """Remove the rows of tasks that ended more than KEPT_FOR ago and return how many; the clock calls it daily."""
    before = (now or timezone.now()) - KEPT_FOR
    removed, _by_model = DBTaskResult.objects.finished().filter(finished_at__lt=before).delete()
    return removed

"""Which workers are alive: each says so every few seconds; /readyz and the recovery of lost tasks ask here."""

import os
import secrets
import socket
from datetime import datetime, timedelta

from django.utils import timezone

from shop.outbox.models import WorkerHeartbeat

BEAT_EVERY = timedelta(seconds=20)
SEEN_WITHIN = timedelta(seconds=90)
"""A worker not heard of for so long counts as dead."""


def new_worker_name() -> str:
    """Return a name that no other process has or had: machine, process, and a random part."""
    return f"{socket.gethostname()[:32]}:{os.getpid()}:{secrets.token_hex(4)}"


def beat(worker: str, now: datetime | None = None) -> None:
    """Say that this worker is alive; forget those that have been silent for a day."""
    now = now or timezone.now()
    if not WorkerHeartbeat.objects.filter(worker=worker).update(seen_at=now):
        WorkerHeartbeat.objects.create(worker=worker, seen_at=now)
        WorkerHeartbeat.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()


def say_goodbye(worker: str) -> None:
    """Remove a worker that ends in good order, so that nobody waits for it."""
    WorkerHeartbeat.objects.filter(worker=worker).delete()


def living_workers(now: datetime | None = None) -> set[str]:
    """The names of the workers heard of lately, on any machine."""
    since = (now or timezone.now()) - SEEN_WITHIN
    return set(WorkerHeartbeat.objects.filter(seen_at__gte=since).values_list("worker", flat=True))

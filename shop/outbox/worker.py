"""One process that does all work outside requests: the outbox, the background tasks and the clock, a loop each.

The loops run in threads, so that a long batch or a slow other side never holds up the clock. The main thread says
that the process is alive, renews its leases, and watches: a loop that breaks ends the process, whoever runs us
starts it again, and leases see to it that nothing is lost.
"""

import logging
import threading
import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, close_old_connections, connection

from shop.outbox.background_tasks import run_due_tasks
from shop.outbox.clock import declare_jobs, run_due_jobs
from shop.outbox.deliver import deliver_due, renew_claims
from shop.outbox.heartbeat import BEAT_EVERY, beat, say_goodbye

log = logging.getLogger(__name__)

OUTBOX_EVERY_S = 1.0
TASKS_EVERY_S = 1.0
CLOCK_EVERY_S = 2.0
DATABASE_AWAY_S = 5.0
STOP_WITHIN_S = 60.0


def drain(worker: str) -> int:
    """Do everything that is due now, what arises from it included, and return how many pieces of work that was.

    Each clock job runs at most once; messages that must wait for another try are left waiting.
    """
    declare_jobs()
    beat(worker)
    try:
        total = run_due_jobs()
        while done := run_due_tasks(worker=worker) + deliver_due(worker=worker):
            total += done
        return total
    finally:
        say_goodbye(worker)


class WorkerProcess:
    """Runs until `stop` is set; then each loop ends its present piece of work and the process ends."""

    def __init__(self, worker: str) -> None:
        self.worker = worker
        self.stop = threading.Event()
        self._loops = {
            "outbox": (lambda: deliver_due(worker=worker, should_stop=self.stop.is_set), OUTBOX_EVERY_S),
            "tasks": (lambda: run_due_tasks(worker=worker, should_stop=self.stop.is_set), TASKS_EVERY_S),
            "clock": (run_due_jobs, CLOCK_EVERY_S),
        }

    def run(self) -> bool:
        """Work until told to stop; True when everything ended in good order, False when a loop broke or hung."""
        declare_jobs()
        beat(self.worker)
        threads = [
            threading.Thread(target=self._keep_doing, args=(name, work, idle_s), name=name, daemon=True)
            for name, (work, idle_s) in self._loops.items()
        ]
        for thread in threads:
            thread.start()
        log.info("worker started", extra={"worker": self.worker})
        has_broken = self._watch(threads)
        self.stop.set()
        give_up_at = time.monotonic() + STOP_WITHIN_S
        for thread in threads:
            thread.join(timeout=max(0.0, give_up_at - time.monotonic()))
        hung = [thread.name for thread in threads if thread.is_alive()]
        if not hung:
            say_goodbye(self.worker)
        log.info("worker ended", extra={"worker": self.worker, "still_busy": hung})
        return not has_broken and not hung

    def _watch(self, threads: list[threading.Thread]) -> bool:
        """Beat until told to stop (False) or until a loop has broken (True)."""
        next_beat = time.monotonic() + BEAT_EVERY.total_seconds()
        while not self.stop.wait(0.5):
            if not all(thread.is_alive() for thread in threads):
                return True
            if time.monotonic() >= next_beat:
                next_beat = time.monotonic() + BEAT_EVERY.total_seconds()
                try:
                    close_old_connections()
                    beat(self.worker)
                    renew_claims(worker=self.worker)
                except (OperationalError, InterfaceError):
                    log.exception("no heartbeat: the database does not answer")
        return False

    def _keep_doing(self, name: str, work: Callable[[], int], idle_s: float) -> None:
        try:
            while not self.stop.is_set():
                close_old_connections()
                try:
                    done = work()
                except (OperationalError, InterfaceError):
                    log.exception("the database does not answer", extra={"loop": name})
                    connection.close()
                    self.stop.wait(DATABASE_AWAY_S)
                else:
                    if not done:
                        self.stop.wait(idle_s)
        except Exception:
            log.critical("a loop of the worker broke", extra={"loop": name}, exc_info=True)
        finally:
            connection.close()

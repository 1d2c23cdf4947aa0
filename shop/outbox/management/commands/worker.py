"""`manage.py worker`: see shop.outbox.worker."""

import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.outbox.heartbeat import new_worker_name
from shop.outbox.worker import WorkerProcess, drain


class Command(BaseCommand):
    help = "Sends the outbox's messages, runs background tasks and the clock, until SIGTERM or SIGINT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do everything that is due now, then end")

    def handle(self, *, once: bool, **options: Any) -> None:
        worker = new_worker_name()
        if once:
            drain(worker)
            return
        process = WorkerProcess(worker)

        def stop(number: int, _frame: FrameType | None) -> None:
            if process.stop.is_set() and number == signal.SIGINT:  # Ctrl-C again: now; leases will see to the rest
                signal.signal(number, signal.SIG_DFL)
                signal.raise_signal(number)
            process.stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        if not process.run():
            raise CommandError("the worker did not end in good order; its log says why")

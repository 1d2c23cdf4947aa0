"""Run `manage.py worker` as tests need it: their handlers, their jobs, shorter leases. Arguments are the command's."""

import os
import sys
from datetime import timedelta

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings.test"
    django.setup()

    from django.conf import settings
    from django.core.management import call_command

    from shop.outbox import deliver, heartbeat, worker
    from tests.shop.outbox import handlers

    settings.OUTBOX_HANDLERS = handlers.HANDLERS
    settings.CLOCK_JOBS = {"seal_audit_log": ("merchants.audit.seal_audit_log", 60)}
    deliver.LEASE = timedelta(seconds=float(os.environ.get("LEASE_S", "120")))
    worker.BEAT_EVERY = heartbeat.BEAT_EVERY = timedelta(seconds=float(os.environ.get("BEAT_S", "20")))
    call_command("worker", *sys.argv[1:])


if __name__ == "__main__":
    main()

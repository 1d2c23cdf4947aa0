"""The clock: short jobs that run every so many seconds, on one worker at a time.

Jobs are declared in the setting CLOCK_JOBS. A job must be safe to run again at once, because a worker may die in it.
Long work is not for the clock: let the job put a background task into the queue.
"""

import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from shop.outbox.models import ScheduledJob

log = logging.getLogger(__name__)

_ERROR_LENGTH = 500


def lease_of(every_seconds: int) -> timedelta:
    """How long a job may run before another worker takes it for dead and starts it again."""
    return timedelta(seconds=max(2 * every_seconds, 120))


def declare_jobs() -> None:
    """Make the table agree with CLOCK_JOBS: new jobs are due now, dropped ones go, a changed interval holds from now.

    Every worker calls it at its start; several at once do no harm.
    """
    now = timezone.now()
    ScheduledJob.objects.exclude(name__in=settings.CLOCK_JOBS).delete()
    known = {job.name: job for job in ScheduledJob.objects.all()}
    for name, (_path, every_seconds) in settings.CLOCK_JOBS.items():
        if name not in known:
            ScheduledJob.objects.bulk_create(
                [ScheduledJob(name=name, every_seconds=every_seconds, next_run_at=now)], ignore_conflicts=True
            )
        elif known[name].every_seconds != every_seconds:
            soonest = min(known[name].next_run_at, now + timedelta(seconds=every_seconds))
            ScheduledJob.objects.filter(name=name).update(every_seconds=every_seconds, next_run_at=soonest)


def run_due_jobs(now: datetime | None = None) -> int:
    """Run each job that is due and that we can claim, once, and return how many ran.

    However many runs were missed, one is made up for; the next is the next whole interval after now. A job that
    raises is logged and noted in `last_error`, and tried again at its next time. No write lock while nothing is due.
    """
    given = now
    ran = 0
    now = given or timezone.now()
    is_free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    for job in ScheduledJob.objects.filter(is_free, next_run_at__lte=now, name__in=settings.CLOCK_JOBS):
        if claim_job(job, now=given or timezone.now()):
            _run(job)
            ran += 1
    return ran


def claim_job(job: ScheduledJob, *, now: datetime) -> bool:
    """Take the job by an UPDATE that holds only if nobody took it since we read it; sets the time of its next run."""
    every = timedelta(seconds=job.every_seconds)
    following = job.next_run_at + every * ((now - job.next_run_at) // every + 1)
    until = now + lease_of(job.every_seconds)
    taken = ScheduledJob.objects.filter(pk=job.pk, next_run_at=job.next_run_at, claimed_until=job.claimed_until).update(
        claimed_until=until, next_run_at=following, last_started_at=now
    )
    if job.claimed_until is not None and taken:
        log.warning("a worker died in a clock job, or it takes too long", extra={"job": job.name})
    job.claimed_until, job.next_run_at, job.last_started_at = until, following, now
    return taken == 1


def _run(job: ScheduledJob) -> None:
    path, _every_seconds = settings.CLOCK_JOBS[job.name]
    begun = time.monotonic()
    error_text = ""
    try:
        import_string(path)()
    except Exception as error:  # one faulty job must not stop the clock
        error_text = f"{type(error).__name__}: {error}"[:_ERROR_LENGTH]
        log.exception("a clock job failed", extra={"job": job.name})
    ScheduledJob.objects.filter(pk=job.pk, claimed_until=job.claimed_until).update(
        claimed_until=None, last_finished_at=timezone.now(), last_error=error_text
    )
    log.debug("clock job ran", extra={"job": job.name, "ms": round((time.monotonic() - begun) * 1000)})

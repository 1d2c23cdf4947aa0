"""System checks of the outbox and the clock: every dotted path in their settings leads to a function."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string


def check_dotted_paths(**_kwargs: Any) -> Sequence[CheckMessage]:
    """Name each entry of OUTBOX_HANDLERS, CLOCK_JOBS and the doctor's settings that cannot be imported and called."""
    named = [("OUTBOX_HANDLERS", kind, path) for kind, path in settings.OUTBOX_HANDLERS.items()]
    named += [("CLOCK_JOBS", name, path) for name, (path, _every_seconds) in settings.CLOCK_JOBS.items()]
    named += [
        (setting, path, path) for setting in ("DOCTOR_CHECKS", "DOCTOR_NOTICES") for path in getattr(settings, setting)
    ]
    errors: list[CheckMessage] = []
    for setting, entry, path in named:
        try:
            is_callable = callable(import_string(path))
        except ImportError as error:
            errors.append(Error(f"{setting}[{entry!r}]: {error}", id="outbox.E001"))
        else:
            if not is_callable:
                errors.append(Error(f"{setting}[{entry!r}]: {path} cannot be called", id="outbox.E001"))
    for name, (_path, every_seconds) in settings.CLOCK_JOBS.items():
        if not isinstance(every_seconds, int) or every_seconds < 1:
            errors.append(Error(f"CLOCK_JOBS[{name!r}]: seconds must be a whole number above 0", id="outbox.E002"))
    return errors

"""`manage.py doctor`: ask every package whether what must always hold does hold."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string


class Command(BaseCommand):
    help = "Checks the invariants (settings DOCTOR_CHECKS), prints each breach and ends with 1 if there is any."

    def handle(self, **options: Any) -> None:
        breaches = 0
        for path in settings.DOCTOR_CHECKS:
            for breach in self._findings(path):
                breaches += 1
                self.stdout.write(breach)
        for path in settings.DOCTOR_NOTICES:
            for notice in self._findings(path):
                self.stdout.write(f"notice: {notice}")
        if breaches:
            self.stdout.write(f"{breaches} found")
            raise SystemExit(1)
        self.stdout.write(f"all well ({len(settings.DOCTOR_CHECKS)} checks)")

    def _findings(self, path: str) -> list[str]:
        """What one check found; a check that cannot be carried out is a finding itself."""
        findings: list[str] = []
        try:
            findings.extend(import_string(path)())
        except Exception as error:  # the other checks are still wanted
            findings.append(f"{path} failed: {type(error).__name__}: {error}")
        return findings

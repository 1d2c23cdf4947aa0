"""The three errors that may cross an adapter; only the outbox decides about retries."""

from datetime import datetime

from django.utils.timezone import is_naive


class OutsideError(Exception):
    """Something outside the house did not do what we asked."""


class TryLater(OutsideError):
    """Worth another try; `at` (aware) says when, where the other side named a time."""

    def __init__(self, message: str = "", *, at: datetime | None = None) -> None:
        super().__init__(message)
        if at is not None and is_naive(at):
            raise ValueError("TryLater needs a time with its zone")
        self.at = at


class Refused(OutsideError):
    """Will never succeed as it is; the message carries their words."""


class NotConfigured(OutsideError):
    """The adapter lacks its keys; it must not be called until someone sets them."""

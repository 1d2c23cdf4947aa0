"""The three errors that may cross an adapter; only the outbox decides about retries."""

from datetime import datetime


class OutsideError(Exception):
    """Something outside the house did not do what we asked."""


class TryLater(OutsideError):
    """Worth another try; `at` says when, where the other side named a time."""

    def __init__(self, message: str = "", *, at: datetime | None = None) -> None:
        super().__init__(message)
        self.at = at


class Refused(OutsideError):
    """Will never succeed as it is; the message carries their words."""


class NotConfigured(OutsideError):
    """The adapter lacks its keys; it must not be called until someone sets them."""

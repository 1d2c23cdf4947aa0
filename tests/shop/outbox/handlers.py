"""Handlers that do what a test tells them; also for worker processes, which import them by path."""

import os
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from shop.outbox.errors import NotConfigured, Refused, TryLater

sent: list[tuple[dict[str, Any], str]] = []


def send(payload: dict[str, Any], *, dedupe_key: str) -> None:
    sent.append((payload, dedupe_key))


def refuse(_payload: dict[str, Any], *, dedupe_key: str) -> None:
    raise Refused("no such mailbox")


def defer(payload: dict[str, Any], *, dedupe_key: str) -> None:
    at = payload.get("at")
    raise TryLater("busy", at=datetime.fromisoformat(at) if at else None)


def lack_keys(_payload: dict[str, Any], *, dedupe_key: str) -> None:
    raise NotConfigured("no key")


def crash(_payload: dict[str, Any], *, dedupe_key: str) -> None:
    raise ZeroDivisionError("a fault of ours")


def send_slowly(payload: dict[str, Any], *, dedupe_key: str) -> None:
    """Leave a mark that sending has begun, then take as long as told."""
    Path(payload["mark"]).write_text(f"{os.getpid()} {dedupe_key}")
    time.sleep(payload["seconds"])


_NAMES = ("send", "refuse", "defer", "lack_keys", "crash", "send_slowly")
HANDLERS = {name: f"tests.shop.outbox.handlers.{name}" for name in _NAMES}

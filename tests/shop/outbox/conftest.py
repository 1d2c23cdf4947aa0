from typing import Any

import pytest

from tests.shop.outbox import handlers


@pytest.fixture(autouse=True)
def test_handlers(settings: Any) -> None:
    settings.OUTBOX_HANDLERS = handlers.HANDLERS
    handlers.sent.clear()

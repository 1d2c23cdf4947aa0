"""What every message channel must do, run over every entry of the registry.

The other side is played by a real server on the loopback that takes, defers or refuses; a new channel adds its own to
`OTHER_SIDES`, and a channel without one fails here.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import pytest

from shop.messages.channels.interface import OutgoingMessage, Sender
from shop.messages.channels.registry import SENDERS
from shop.outbox.errors import NotConfigured, Refused, TryLater
from tests.contracts.mail_server import MailServer

MESSAGE = OutgoingMessage(
    to="minh@example.test",
    subject="Đã nhận đơn hàng\r\nBcc: everyone@example.test",
    text="Cảm ơn bạn đã mua thẳng từ người làm ra.\n205.000\u00a0₫\n",
    html="<!DOCTYPE html><html lang='vi'><title>x</title><p>Cảm ơn bạn</p></html>",
)


class OtherSide(Protocol):
    """The outside of one channel, under our control."""

    accepted: list[Any]

    def will(self, behaviour: str) -> None:
        """One of accept, defer, refuse, hang_up."""

    def close(self) -> None:
        """Be there no more."""


@contextmanager
def mail_server(settings: Any) -> Iterator[MailServer]:
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 5
    try:
        yield server
    finally:
        server.close()


def forget_mail_server(settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", ""


OTHER_SIDES: dict[str, Callable[[Any], AbstractContextManager[OtherSide]]] = {"email": mail_server}
TAKE_KEYS_AWAY: dict[str, Callable[[Any], None]] = {"email": forget_mail_server}


@pytest.fixture(params=sorted(SENDERS))
def sender(request: pytest.FixtureRequest) -> Sender:
    return SENDERS[request.param]


@pytest.fixture
def other_side(sender: Sender, settings: Any) -> Iterator[OtherSide]:
    with OTHER_SIDES[sender.name](settings) as other_side:
        yield other_side


def test_registry_knows_each_sender_by_its_own_name() -> None:
    assert all(sender.name == name for name, sender in SENDERS.items())


def test_accepted_message_has_arrived_once(sender: Sender, other_side: OtherSide) -> None:
    other_side.will("accept")

    sender.send(MESSAGE, dedupe_key="k")

    assert len(other_side.accepted) == 1
    assert other_side.accepted[0]["to"] == ["minh@example.test"]
    assert "205.000\u00a0₫" in other_side.accepted[0]["text"]


def test_repeat_of_one_message_can_be_told_by_its_key(sender: Sender, other_side: OtherSide) -> None:
    for key in ("k", "k", "other"):
        sender.send(MESSAGE, dedupe_key=key)

    first, again, other = (accepted["key"] for accepted in other_side.accepted)
    assert first == again != other


def test_deferred_message_is_to_be_tried_later(sender: Sender, other_side: OtherSide) -> None:
    other_side.will("defer")

    with pytest.raises(TryLater, match="busy"):
        sender.send(MESSAGE, dedupe_key="k")

    assert other_side.accepted == []


def test_refused_message_carries_their_words(sender: Sender, other_side: OtherSide) -> None:
    other_side.will("refuse")

    with pytest.raises(Refused, match="no such mailbox"):
        sender.send(MESSAGE, dedupe_key="k")

    assert other_side.accepted == []


def test_connection_that_breaks_off_is_to_be_tried_later(sender: Sender, other_side: OtherSide) -> None:
    other_side.will("hang_up")

    with pytest.raises(TryLater):
        sender.send(MESSAGE, dedupe_key="k")


def test_nobody_there_is_to_be_tried_later(sender: Sender, other_side: OtherSide) -> None:
    other_side.close()

    with pytest.raises(TryLater):
        sender.send(MESSAGE, dedupe_key="k")


def test_without_keys_nobody_is_called(sender: Sender, other_side: OtherSide, settings: Any) -> None:
    assert sender.is_configured()
    TAKE_KEYS_AWAY[sender.name](settings)

    assert not sender.is_configured()
    with pytest.raises(NotConfigured):
        sender.send(MESSAGE, dedupe_key="k")
    assert other_side.accepted == []

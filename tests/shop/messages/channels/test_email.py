import smtplib
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from shop.messages.channels.email import EmailSender, _meaning_of
from shop.messages.channels.interface import OutgoingMessage
from shop.outbox.deliver import deliver_due
from shop.outbox.enqueue import enqueue
from shop.outbox.errors import NotConfigured, OutsideError, Refused, TryLater
from shop.purchase.models import Purchase
from tests.contracts.mail_server import MailServer
from tests.contracts.test_senders import mail_server

MESSAGE = OutgoingMessage(
    to="minh@example.test", subject="Đã nhận\r\nBcc: x@example.test", text="Chào bạn\n", html="<p>"
)


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server(settings) as server:
        yield server


def test_both_forms_arrive_with_their_marks_and_no_second_header(server: MailServer, settings: Any) -> None:
    settings.SITE_URL = "https://cho.example.test"

    EmailSender().send(MESSAGE, dedupe_key="k")

    (mail,) = server.accepted
    assert mail["subject"] == "Đã nhận Bcc: x@example.test"
    assert mail["to"] == ["minh@example.test"]
    assert "Bcc" not in mail["headers"]
    assert (mail["text"].strip(), mail["html"].strip()) == ("Chào bạn", "<p>")
    assert mail["headers"]["Auto-Submitted"] == "auto-generated"
    assert mail["headers"]["Content-Language"] == "vi"
    assert mail["key"].endswith("@cho.example.test>")


def test_refusal_after_the_text_is_final_and_a_full_disk_is_not(server: MailServer) -> None:
    server.will_answer_data("554 5.7.1 looks like spam")
    with pytest.raises(Refused, match="554 5.7.1 looks like spam"):
        EmailSender().send(MESSAGE, dedupe_key="k")

    server.will_answer_data("452 4.3.1 disk full")
    with pytest.raises(TryLater, match="452 4.3.1 disk full"):
        EmailSender().send(MESSAGE, dedupe_key="k")


def test_impossible_address_is_refused(server: MailServer) -> None:
    for address in ("minh@", "a\r\nRCPT TO:<b@example.test>", ""):
        with pytest.raises(Refused):
            EmailSender().send(OutgoingMessage(to=address, subject="x", text="x"), dedupe_key="k")

    assert server.accepted == []


def test_server_without_starttls_is_a_matter_of_settings(server: MailServer, settings: Any) -> None:
    settings.EMAIL_USE_TLS = True

    with pytest.raises(NotConfigured, match="STARTTLS"):
        EmailSender().send(MESSAGE, dedupe_key="k")


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 bad password"), NotConfigured),
        (smtplib.SMTPSenderRefused(550, b"who are you", "a@example.test"), Refused),
        (smtplib.SMTPSenderRefused(451, b"greylisted", "a@example.test"), TryLater),
        (smtplib.SMTPConnectError(554, b"go away"), TryLater),
        (smtplib.SMTPServerDisconnected("gone"), TryLater),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no"), "b": (450, b"later")}), TryLater),
    ],
)
def test_each_smtp_error_has_one_meaning(error: smtplib.SMTPException, meaning: type[OutsideError]) -> None:
    assert type(_meaning_of(error)) is meaning


@pytest.mark.parametrize(
    ("demo", "debug", "expected"), [(True, False, True), (False, True, True), (False, False, False)]
)
def test_console_counts_only_where_someone_watches_it(settings: Any, demo: bool, debug: bool, expected: bool) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    settings.DEMO, settings.DEBUG = demo, debug

    assert EmailSender().is_configured() is expected


def test_letter_that_is_deferred_goes_out_at_the_next_try(purchase: Purchase, server: MailServer) -> None:
    with transaction.atomic():
        waiting = enqueue(kind="letter.send", payload={"letter": "buyer.purchase_placed", "purchase_id": purchase.pk})
    server.will("defer")
    deliver_due(worker="w")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.last_error) == ("waiting", "450 4.2.1 busy, come back")

    server.will("accept")
    type(waiting).objects.filter(pk=waiting.pk).update(not_before=waiting.created_at)
    deliver_due(worker="w")

    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == ("sent", 2)
    assert [mail["to"] for mail in server.accepted] == [["minh@example.test"]]

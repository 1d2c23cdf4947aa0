"""A real SMTP server on the loopback that accepts, defers, refuses or hangs up, as a test wants."""

import email
import email.policy
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class _FreePortController(Controller):
    """Takes a port that the system chooses; aiosmtpd itself would knock at port 0."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class MailServer:
    """Listens on a free port until closed; `accepted` holds what it took, as dicts of to, subject, text, html, key."""

    def __init__(self) -> None:
        self.accepted: list[dict[str, Any]] = []
        self._answer_to_recipient = self._answer_to_data = "250 OK"
        self._hangs_up = False
        self._controller = _FreePortController(self, hostname="127.0.0.1", port=0)
        self._controller.start()
        self.port: int = self._controller.port
        self._is_open = True

    def will(self, behaviour: str) -> None:
        answers = {
            "accept": "250 OK",
            "defer": "450 4.2.1 busy, come back",
            "refuse": "550 5.1.1 no such mailbox",
            "hang_up": "250 OK",
        }
        self._answer_to_recipient, self._hangs_up = answers[behaviour], behaviour == "hang_up"

    def will_answer_data(self, answer: str) -> None:
        self._answer_to_data = answer

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            self._controller.stop()

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self._hangs_up:
            assert server.transport is not None
            server.transport.close()
            return "421 bye"
        if self._answer_to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self._answer_to_recipient

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if not self._answer_to_data.startswith("250"):
            return self._answer_to_data
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=email.policy.default)
        text, html = message.get_body(("plain",)), message.get_body(("html",))
        self.accepted.append(
            {
                "to": envelope.rcpt_tos,
                "from": envelope.mail_from,
                "subject": message["Subject"],
                "headers": dict(message.items()),
                "text": text.get_content() if text is not None else "",
                "html": html.get_content() if html is not None else "",
                "key": message["Message-ID"],
            }
        )
        return self._answer_to_data

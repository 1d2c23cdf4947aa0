"""E-mail through Django's mail settings (EMAIL_URL): SMTP, or the console in the demo."""

import hashlib
import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.core.validators import validate_email

from shop.messages.channels.interface import OutgoingMessage
from shop.outbox.errors import NotConfigured, OutsideError, Refused, TryLater

_SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
_CONSOLE_BACKEND = "django.core.mail.backends.console.EmailBackend"


class EmailSender:
    """One e-mail per message; a repeat carries the same Message-ID, by which mailboxes recognise it."""

    name = "email"

    def is_configured(self) -> bool:
        """The console counts only where someone watches it: in the demo and in development."""
        if settings.EMAIL_BACKEND == _CONSOLE_BACKEND:
            return bool(settings.DEMO or settings.DEBUG)
        return settings.EMAIL_BACKEND != _SMTP_BACKEND or bool(settings.EMAIL_HOST)

    def send(self, message: OutgoingMessage, *, dedupe_key: str) -> None:
        if not self.is_configured():
            raise NotConfigured("EMAIL_URL names no mail server")
        try:
            validate_email(message.to)  # Django sends nothing to "" and says nothing
            mail = EmailMultiAlternatives(
                subject=" ".join(message.subject.split()),  # a line break would begin another header
                body=message.text,
                to=[message.to],
                headers={
                    "Message-ID": _message_id(dedupe_key),
                    "Content-Language": message.language,
                    "Auto-Submitted": "auto-generated",  # RFC 3834: no automatic answers, please
                },
            )
            if message.html:
                mail.attach_alternative(message.html, "text/html")
            mail.send()
        except smtplib.SMTPException as error:
            raise _meaning_of(error) from error
        except (ValidationError, BadHeaderError, ValueError) as error:
            raise Refused("not an e-mail address") from error
        except OSError as error:  # no connection, a timeout, a broken TLS handshake
            raise TryLater(f"{type(error).__name__}: {error}") from error


def _message_id(dedupe_key: str) -> str:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{hashlib.sha256(dedupe_key.encode()).hexdigest()[:32]}@{host}>"


def _meaning_of(error: smtplib.SMTPException) -> OutsideError:
    """Which of our three errors an SMTP error is: 4xx is passing, 5xx is final (RFC 5321 §4.2.1).

    A refused user, password or STARTTLS is no fault of the message: somebody must correct EMAIL_URL.
    """
    if isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPNotSupportedError):
        return NotConfigured(f"the mail server does not accept us: {error}")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
        words = "; ".join(f"{code} {_text(answer)}" for code, answer in answers)
        is_final = all(code >= 500 for code, _answer in answers)
        return Refused(words) if is_final else TryLater(words)
    if isinstance(error, smtplib.SMTPConnectError):
        return TryLater(f"{error.smtp_code} {_text(error.smtp_error)}")
    if isinstance(error, smtplib.SMTPResponseException):
        words = f"{error.smtp_code} {_text(error.smtp_error)}"
        return Refused(words) if error.smtp_code >= 500 else TryLater(words)
    return TryLater(f"{type(error).__name__}: {error}")


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer

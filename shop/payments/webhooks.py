"""Where providers post their notices. Answers are JSON for machines: {"success": true}, or an error code.

The bytes are verified before anything looks into them. Any bytes get an answer below 500, except 503 when the
database is busy: the provider then tries again.
"""

import logging

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from shop.payments.connections import installation_connection, installation_keys, keys_of
from shop.payments.models import NoticeConnection
from shop.payments.notice_intake import take_notice
from shop.payments.transfer_notices.interface import UnreadableNotice
from shop.payments.transfer_notices.registry import PROVIDERS

log = logging.getLogger(__name__)


class _BodyTooLarge(Exception):
    pass


@csrf_exempt
def receive_notice(request: HttpRequest, provider: str, token: str = "") -> HttpResponse:
    """Take one notice: with a token for that merchant's connection, without one for the installation's."""
    if request.method != "POST":
        response = _error("method_not_allowed", 405)
        response.headers["Allow"] = "POST"
        return response
    if provider not in PROVIDERS:
        return _error("unknown_provider", 404)
    connection = _connection_by_token(provider, token) if token else None
    if token and connection is None:
        return _error("unknown_connection", 404)
    if not request.META.get("CONTENT_LENGTH"):
        return _error("length_required", 411)
    try:
        raw_body = _read_bounded(request)
    except _BodyTooLarge:
        return _error("too_large", 413)
    except OSError:  # the sender went away
        return _error("incomplete", 400)

    keys = keys_of(connection) if connection else installation_keys(provider=provider)
    if not PROVIDERS[provider].verify(headers=request.headers, raw_body=raw_body, keys=keys, now=timezone.now()):
        log.warning("a notice was refused", extra={"provider": provider, "connection": connection and connection.pk})
        return _error("bad_signature", 401)
    try:
        connection = connection or installation_connection(provider=provider)
        if not connection.is_active:
            return _error("unknown_connection", 404)
        notice = take_notice(connection=connection, raw_body=raw_body)
    except UnreadableNotice as unreadable:
        return _error("unreadable", 400, detail=unreadable.detail)
    except DatabaseError:
        log.exception("a notice could not be kept")
        return _error("try_later", 503)
    log.info("a notice was taken", extra={"provider": provider, "notice": notice.pk, "outcome": notice.outcome})
    return JsonResponse({"success": True})


@csrf_exempt
def no_such_webhook(_request: HttpRequest, **_parts: str) -> HttpResponse:
    """Answer machines in their language at every other address below /webhooks/."""
    return _error("not_found", 404)


def _connection_by_token(provider: str, token: str) -> NoticeConnection | None:
    return NoticeConnection.objects.filter(
        provider=provider, token=token, merchant__isnull=False, is_active=True
    ).first()


def _read_bounded(request: HttpRequest) -> bytes:
    """Return the body; raise _BodyTooLarge for a longer one after reading at most the limit."""
    limit = settings.WEBHOOK_BODY_LIMIT_BYTES
    announced = request.META.get("CONTENT_LENGTH", "")
    if announced.isdigit() and int(announced) > limit:
        raise _BodyTooLarge
    body = request.read(limit + 1)
    if len(body) > limit:
        raise _BodyTooLarge
    return body


def _error(code: str, status: int, **more: str) -> JsonResponse:
    return JsonResponse({"success": False, "error": code, **more}, status=status)

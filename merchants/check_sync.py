"""Visits that a phone kept until it had a network: one per request, as JSON, sent as often as it likes.

`POST` {visit_id, merchant, text, looked, seen_at, found_status, photo, latitude, longitude, accuracy_m, note,
holder_method, holder_name_seen, transfer_shown_on}: all but the first two may be missing; `photo` is base64, times are
ISO 8601. 201 for a new visit, 200 for one that is here already, with the same words; the phone may forget it after
either. 400 not readable (cut in the middle), 404 no such business within reach, 409 this id is another visit's, 413 too
large, 401 signed out, 403 no second factor or an outdated form token: the phone keeps it and says why. `GET` gives a
fresh form token.
"""

import base64
import binascii
import json
import math
import uuid
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from merchants.check_forms import MOST_ACCURACY_M
from merchants.code_checks import VisitRefused, file_visit
from merchants.models import CodeAlarm, CodeCheck, Merchant
from merchants.permissions import Act, find_permitted
from merchants.photos import PhotoRefused, plain_picture
from merchants.positions import LATITUDES, LONGITUDES
from merchants.typed_text import clean_line, clean_paragraphs
from merchants.vietqr.payload import MAX_PAYLOAD_CHARACTERS


@never_cache
@require_http_methods(["GET", "POST"])
def sync(request: HttpRequest) -> HttpResponse:
    """Take in one visit; see the module."""
    if request.method == "GET":
        return JsonResponse({"csrf_token": get_token(request)})
    try:
        sent = json.loads(request.body)
    except RequestDataTooBig:
        return JsonResponse({"code": "too_large"}, status=413)
    except (ValueError, RecursionError, UnreadablePostError, RawPostDataException):
        return JsonResponse({"code": "not_readable"}, status=400)
    try:
        visit_id = uuid.UUID(sent["visit_id"])
        merchant_pk = int(sent["merchant"])
    except (TypeError, KeyError, ValueError, AttributeError, OverflowError):
        return JsonResponse({"code": "no_visit"}, status=400)
    try:
        merchant = find_permitted(request, Act.CHECK_FILE, Merchant.objects.select_related("commune"), pk=merchant_pk)
    except Http404:
        return JsonResponse({"code": "no_such_business"}, status=404)
    values, left_out = read_visit(sent)
    try:
        visit, is_new = file_visit(visit_id=visit_id, merchant=merchant, **values, actor=request.user, request=request)
    except VisitRefused as refusal:
        return JsonResponse({"code": refusal.code}, status=409)
    return JsonResponse(_told(visit, left_out), status=201 if is_new else 200)


sync.answers_in_json = True  # type: ignore[attr-defined]  # shop.users sends nobody from here to a sign-in page


def _told(visit: CodeCheck, left_out: list[str]) -> dict[str, Any]:
    """What the phone shows of it; of two officers' visits the later one counts, and the earlier one stays on record."""
    newer = CodeCheck.objects.filter(merchant=visit.merchant_id, seen_at__gt=visit.seen_at).order_by("-seen_at", "-pk")
    later = newer.select_related("officer").first()
    return {
        "visit_id": str(visit.visit_id),
        "id": visit.pk,
        "verdict": visit.verdict,
        "verdict_words": visit.get_verdict_display(),
        "holder_confirmed": visit.holder_confirmed,
        "alarm": CodeAlarm.objects.filter(visit=visit).exists(),
        "seen_at": visit.seen_at.isoformat(),
        "clock_was_wrong": visit.phone_said_at is not None,
        "left_out": left_out,
        "counts": later is None,
        "newer_visit": {"seen_at": later.seen_at.isoformat(), "officer": later.officer.get_full_name()}
        if later
        else None,
    }


def read_visit(sent: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What `file_visit` takes, and the names of what could not be true and was left out. Never raises; no database."""
    left_out: list[str] = []

    def take(name: str, read: Callable[[Any], Any]) -> Any:
        given = sent.get(name)
        if given is None or given == "":
            return None
        try:
            return read(given)
        except (TypeError, ValueError, ArithmeticError, AttributeError, binascii.Error, PhotoRefused):
            left_out.append(name)
            return None

    latitude = take("latitude", lambda value: _degrees(value, LATITUDES))
    longitude = take("longitude", lambda value: _degrees(value, LONGITUDES))
    is_placed = latitude is not None and longitude is not None
    text = sent.get("text")
    values = {
        "text": text[: MAX_PAYLOAD_CHARACTERS + 1].replace("\x00", "") if isinstance(text, str) else "",
        "looked": sent.get("looked") is True or bool(text),
        "seen_at": take("seen_at", _moment),
        "found_status": take("found_status", lambda value: Merchant.Status(value).value) or Merchant.Status.ACTIVE,
        "photo": take("photo", lambda value: plain_picture(base64.b64decode(value, validate=True))),
        "position": (latitude, longitude) if is_placed else None,
        "accuracy_m": take("accuracy_m", _metres),
        "note": take("note", lambda value: clean_paragraphs(value, longest=500)) or "",
        "holder_method": take("holder_method", lambda value: CodeCheck.HolderMethod(value).value) or "",
        "holder_name_seen": take("holder_name_seen", lambda value: clean_line(value, longest=120)) or "",
        "transfer_shown_on": take("transfer_shown_on", _past_day),
    }
    return values, left_out


def _degrees(value: Any, bounds: tuple[Decimal, Decimal]) -> Decimal:
    degrees = Decimal(str(value)).quantize(Decimal("0.000001"))
    if not bounds[0] <= degrees <= bounds[1]:
        raise ValueError("outside of Vietnam")
    return degrees


def _metres(value: Any) -> int:
    metres = float(value)
    if not (math.isfinite(metres) and 0 <= metres <= MOST_ACCURACY_M):
        raise ValueError("no distance")
    return round(metres)


def _moment(value: Any) -> datetime:
    moment = parse_datetime(value)
    if moment is None or moment.year < 1970:
        raise ValueError("no time")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _past_day(value: Any) -> date:
    day = parse_date(value)
    if day is None or day > timezone.localdate():
        raise ValueError("no day that has been")
    return day

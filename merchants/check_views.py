"""On the spot: whom to visit, what hangs there, the visit written down; and the alarms that visits raise.

Everything works without scripts: a photo of the code is read here. With scripts the camera reads it on the phone.
"""

import base64
import binascii
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from merchants.businesses import village_label
from merchants.check_forms import SettleForm, VisitForm
from merchants.code_checks import Comparison, VisitRefused, compare_scan, file_visit, read_code_photo, settle_alarm
from merchants.models import CodeAlarm, CodeCheck, Merchant, Village
from merchants.permissions import Act, find_permitted
from merchants.photos import ACCEPT, PhotoRefused, plain_picture, read_upload
from merchants.positions import metres_between
from merchants.typed_text import clean_line, typed_in
from merchants.vietqr.banks import bank_by_code
from merchants.vietqr.payload import MAX_PAYLOAD_CHARACTERS
from merchants.views import officer_page, pick_commune
from merchants.visits_due import businesses_to_see, ladder_of
from merchants.wall_codes import read_wall_code

PAGE_SIZE = 50
FAR_AWAY_M = 2_000  # beyond this the officer is asked whether it was the right business
MOST_KEPT_PHOTO = 2_000_000  # characters of base64; below what Django takes as form fields

# verdict → (kind of notice, drawing, words)
ANSWERS = {
    "same": ("good", "check-circle", gettext_lazy("Right: the registered account of %(name)s.")),
    "other_account": ("bad", "warning", gettext_lazy("Another account! It is not the registered one of %(name)s.")),
    "unknown_account": (
        "warn",
        "info",
        gettext_lazy("A payment code, but the register knows no account of %(name)s to compare it with."),
    ),
    "other_scheme": ("warn", "info", gettext_lazy("A code of another scheme: %(scheme)s.")),
    "not_payment": ("bad", "warning", gettext_lazy("Not a payment code.")),
    "unreadable": ("warn", "camera", gettext_lazy("The code could not be read.")),
    "none_seen": ("warn", "info", gettext_lazy("No code was scanned.")),
}
REFUSED = {
    "visit_of_another": gettext_lazy("This visit was written down already, for another business. Please begin anew."),
    "no_note": gettext_lazy("Please write what you found and did."),
    "unknown_outcome": gettext_lazy("Please choose what it was."),
    "not_open": gettext_lazy("Somebody has settled this alarm meanwhile."),
}


@dataclass(frozen=True)
class Answer:
    """A verdict as the page says it."""

    tone: str
    icon: str
    words: str

    @classmethod
    def of(cls, verdict: str, *, merchant: Merchant, scheme: str = "") -> "Answer":
        tone, icon, words = ANSWERS[verdict]
        return cls(tone, icon, str(words) % {"name": merchant.name, "scheme": scheme})


@officer_page
@require_safe
def work_list(request: HttpRequest) -> HttpResponse:
    """Whom to visit, by village: those first whom nobody has seen for months."""
    commune, reach = pick_commune(request, Act.CHECK_FILE)
    words, village = clean_line(request.GET.get("q", "")), request.GET.get("thon", "")
    only_due = request.GET.get("xem") != "het"
    found = businesses_to_see(
        commune=commune,
        words=words,
        village_id=int(village) if village.isdecimal() and len(village) < 10 else None,
        only_due=only_due,
        now=timezone.now(),
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("trang"))
    context = {
        "section": "businesses",
        "commune_shown": commune,
        "communes": reach if len(reach) > 1 else (),
        "page": page,
        "found_count": page.paginator.count,
        "rows": [
            {"business": row, "village": village_label(row.village) if row.village else ""} for row in page.object_list
        ],
        "words": words,
        "village": village,
        "only_due": only_due,
        "village_choices": [
            (item.pk, village_label(item))
            for item in Village.objects.filter(commune=commune).select_related("former_commune")
        ],
        "alarm_count": CodeAlarm.objects.filter(merchant__commune=commune, state=CodeAlarm.State.OPEN).count(),
    }
    return render(request, "merchants/checks.html", context)


@officer_page
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Scan (GET); see what it is (POST); write it down (POST with save=1)."""
    merchant = find_permitted(
        request, Act.CHECK_FILE, Merchant.objects.select_related("commune", "village__former_commune"), pk=pk
    )
    context: dict[str, Any] = {
        "section": "businesses",
        "business": merchant,
        "longest": MAX_PAYLOAD_CHARACTERS,
        "accept": ACCEPT,
        "visit_id": _visit_id(request),
        "ladder": ladder_of(merchant, now=timezone.now()),
        "village_name": village_label(merchant.village) if merchant.village else "",
    }
    if request.method != "POST":
        return render(request, "merchants/check_scan.html", context)
    is_saving = "save" in request.POST
    try:
        text, looked, photo = _scanned(request)
    except PhotoRefused as refusal:
        return render(request, "merchants/check_scan.html", context | {"photo_error": str(refusal)})
    if not (text or looked or is_saving or "no_code" in request.POST):
        return render(request, "merchants/check_scan.html", context | {"nothing_sent": True})
    told = compare_scan(merchant=merchant, text=text, looked=looked)
    form = VisitForm(request.POST if is_saving else None, request.FILES if is_saving else None)
    if is_saving and form.is_valid():
        values = form.cleaned_data
        try:
            filed, _is_new = file_visit(
                visit_id=context["visit_id"],
                merchant=merchant,
                text=text,
                looked=looked,
                **{**values, "photo": values["photo"] or photo},
                actor=request.user,
                request=request,
            )
        except VisitRefused as refusal:
            form.add_error(None, REFUSED[refusal.code])
        else:
            return redirect("merchants:check_filed", pk=filed.pk)
    return render(request, "merchants/check_found.html", context | _found(merchant, told, form, text, looked, photo))


def _found(
    merchant: Merchant, told: Comparison, form: VisitForm, text: str, looked: bool, photo: bytes | None
) -> dict[str, Any]:
    account = told.account or (told.code.account if told.code else None)
    bank = bank_by_code(account.bank_code) if account else None
    return {
        "form": form,
        "told": told,
        "answer": Answer.of(told.verdict, merchant=merchant, scheme=told.wall.scheme if told.wall else ""),
        "account": account,
        "bank_name": bank.short_name if bank else account.bank_code if account else "",
        "payload": text,
        "looked": looked,
        "kept_photo": base64.b64encode(photo).decode() if photo else "",
    }


def _visit_id(request: HttpRequest) -> uuid.UUID:
    """The id with which the page was opened; a new one where there is none."""
    try:
        return uuid.UUID(request.POST.get("visit_id", ""))
    except ValueError:
        return uuid.uuid4()


def _scanned(request: HttpRequest) -> tuple[str, bool, bytes | None]:
    """The text, whether a code was looked at, and the photo as we keep it; raises PhotoRefused.

    Without scripts nothing stays on the phone between two pages, so the photo travels in the form; it is taken in
    anew each time.
    """
    # a scan of 10 kB is cut one character past the longest code, and so refused as too long
    text = request.POST.get("payload", "")[: MAX_PAYLOAD_CHARACTERS + 1].replace("\x00", "").strip()
    upload = request.FILES.get("code_photo")
    if upload:
        data = read_upload(upload)
        return text or read_code_photo(data)[: MAX_PAYLOAD_CHARACTERS + 1].strip(), True, plain_picture(data)
    looked = request.POST.get("looked") == "1" or bool(text)
    kept = request.POST.get("kept_photo", "")
    if not kept or len(kept) > MOST_KEPT_PHOTO:
        return text, looked, None
    try:
        return text, looked, plain_picture(base64.b64decode(kept, validate=True))
    except (binascii.Error, ValueError, PhotoRefused):
        return text, looked, None  # spoiled on the way: the visit is worth more than its photo


@officer_page
@require_safe
def filed(request: HttpRequest, pk: int) -> HttpResponse:
    """A visit as it was written down."""
    found = _visit(request, pk)
    merchant = found.merchant
    distance = None
    seen_there, known = (found.latitude, found.longitude), (merchant.latitude, merchant.longitude)
    if None not in (*seen_there, *known):
        distance = metres_between(seen_there, known)  # type: ignore[arg-type]  # both are whole here
    context = {
        "section": "businesses",
        "visit": found,
        "business": merchant,
        "answer": Answer.of(found.verdict, merchant=merchant, scheme=found.scheme),
        "alarm": CodeAlarm.objects.filter(visit=found).first(),
        "ladder": ladder_of(merchant, now=timezone.now()),
        "is_far": distance is not None and distance > FAR_AWAY_M + (found.accuracy_m or 0),
        "distance_km": round(distance / 1000) if distance is not None else None,
        "may_adopt": found.verdict in {"unknown_account", "same"} and found.code_id is None and bool(found.payload),
    }
    return render(request, "merchants/check_filed.html", context)


@officer_page
@require_safe
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """The photo of a visit, for the commune's officers."""
    return photo_answer(_visit(request, pk))


def photo_answer(visit: CodeCheck) -> HttpResponse:
    """The picture itself, kept by no cache; the caller has found that the reader may see it. Http404 without one."""
    if not visit.photo:
        raise Http404("no photo")
    try:
        with visit.photo.open("rb") as kept:
            answer = HttpResponse(kept.read(), content_type="image/webp")
    except FileNotFoundError as error:
        raise Http404("its file is gone") from error
    answer.headers["Content-Disposition"] = f'inline; filename="kiem-tra-{visit.pk}.webp"'
    answer.headers["Cache-Control"] = "no-store, private"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@officer_page
@require_safe
def alarms(request: HttpRequest) -> HttpResponse:
    """The commune's alarms: the open ones, then what the last ones were."""
    commune, reach = pick_commune(request, Act.CHECK_FILE)
    found = CodeAlarm.objects.filter(merchant__commune=commune).select_related("merchant", "visit", "settled_by")
    context = {
        "section": "businesses",
        "commune_shown": commune,
        "communes": reach if len(reach) > 1 else (),
        "open_alarms": found.filter(state=CodeAlarm.State.OPEN),
        "settled_alarms": found.filter(state=CodeAlarm.State.SETTLED)[:PAGE_SIZE],
    }
    return render(request, "merchants/code_alarms.html", context)


@officer_page
@require_http_methods(["GET", "HEAD", "POST"])
def alarm(request: HttpRequest, pk: int) -> HttpResponse:
    """One alarm: what hung there, where, what should; POST settles it."""
    found = find_permitted(
        request,
        Act.CHECK_FILE,
        CodeAlarm.objects.select_related("merchant__commune", "visit__code__account", "visit__officer", "settled_by"),
        pk=pk,
    )
    form = SettleForm(typed_in(request))
    if request.method == "POST" and form.is_valid():
        try:
            settle_alarm(alarm=found, **form.cleaned_data, actor=request.user, request=request)
        except VisitRefused as refusal:
            messages.error(request, REFUSED[refusal.code])
        else:
            messages.success(request, _("Settled. What you wrote is noted with your name."))
        return redirect("merchants:code_alarm", pk=found.pk)
    context = {"section": "businesses", "alarm": found, "business": found.merchant, "form": form, **alarm_facts(found)}
    return render(request, "merchants/code_alarm.html", context)


def alarm_facts(alarm: CodeAlarm) -> dict[str, Any]:
    """What hung there beside what should, for the officer's and the owner's page."""
    verified = alarm.visit.code.account if alarm.visit.code else None
    bank = bank_by_code(verified.bank_code) if verified else None
    return {
        "wall": read_wall_code(alarm.visit.payload),
        "verified": verified,
        "verified_bank": bank.short_name if bank else verified.bank_code if verified else "",
    }


def _visit(request: HttpRequest, pk: int) -> CodeCheck:
    found = CodeCheck.objects.select_related("merchant__commune", "code__account", "officer")
    return find_permitted(request, Act.CHECK_FILE, found, pk=pk)

"""The owner's page on alarms: another code than the verified one was seen on her wall."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from merchants.check_views import alarm_facts, photo_answer
from merchants.models import CodeAlarm
from merchants.permissions import Act, find_permitted, request_grants

MOST_SHOWN = 20


@login_required
@never_cache
@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """Each alarm of her businesses, the newest first, with what hung there; the commune settles them."""
    owned = request_grants(request).merchant_ids(Act.CODE_ALARM_VIEW)
    if not owned:
        raise Http404("no business of one's own")
    found = CodeAlarm.objects.filter(merchant__in=owned).select_related(
        "merchant", "visit__code__account", "visit__officer", "settled_by"
    )
    rows: list[dict[str, Any]] = []
    for alarm in found[:MOST_SHOWN]:
        photo = reverse("workspace:code_alarm_photo", args=[alarm.pk]) if alarm.visit.photo else ""
        rows.append({"alarm": alarm, "photo_url": photo, **alarm_facts(alarm)})
    return render(request, "workspace/code_alarms.html", {"section": "home", "rows": rows})


@login_required
@never_cache
@require_safe
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """The photo of what hangs on her own wall."""
    alarm = find_permitted(request, Act.CODE_ALARM_VIEW, CodeAlarm.objects.select_related("merchant", "visit"), pk=pk)
    return photo_answer(alarm.visit)

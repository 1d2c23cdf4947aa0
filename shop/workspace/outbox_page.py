"""The platform's staff and the outbox: what was given up or waits, and why; try again, or set aside. All audited.

The addresses lie below he-thong/, which shop.users.second_factor opens to staff with a second factor only.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from merchants import audit
from shop.messages.described import describe, mask_addresses
from shop.outbox.given_up import given_up_messages, messages_set_aside, set_aside, try_again, unfinished_messages
from shop.outbox.heartbeat import living_workers
from shop.outbox.models import DeliveryAttempt, OutboxMessage, ScheduledJob
from shop.users.signed_in import signed_in

PAGE_SIZE = 20
AT_ONCE = 200  # messages that "try all again" takes; pressed again it takes the next ones
Outcome = DeliveryAttempt.Outcome
TABS: dict[str, tuple[Any, Callable[[], QuerySet[OutboxMessage]]]] = {
    "": (gettext_lazy("Given up"), given_up_messages),
    "cho": (gettext_lazy("Waiting"), unfinished_messages),
    "de-rieng": (gettext_lazy("Set aside"), messages_set_aside),
}
# Beginnings of what our own handlers say → what it means.
_OUR_WORDS = (
    ("overtaken", gettext_lazy("The order has moved on meanwhile, so this news would mislead.")),
    ("the reader has no e-mail address", gettext_lazy("The reader has no e-mail address any more.")),
    ("not an e-mail address", gettext_lazy("The address is not an e-mail address.")),
    ("no channel reaches phones", gettext_lazy("No channel reaches phones yet: an officer must call.")),
    ("EMAIL_URL names no mail server", gettext_lazy("No mail server is set up (EMAIL_URL).")),
    ("the mail server does not accept us", gettext_lazy("The mail server refuses our user name or password.")),
    ("user ", gettext_lazy("The reader no longer works for this business.")),
    ("order ", gettext_lazy("The order this is about is gone.")),
    ("purchase ", gettext_lazy("The purchase this is about is gone.")),
    ("step ", gettext_lazy("The step this is about is gone.")),
)
_OUTCOMES = {
    Outcome.REFUSED: gettext_lazy("The other side refuses it for good."),
    Outcome.TRY_LATER: gettext_lazy("The other side cannot be reached, or is busy."),
    Outcome.NOT_CONFIGURED: gettext_lazy("The way out is not set up yet."),
    Outcome.CRASHED: gettext_lazy("A fault in the program; its log says more."),
}


@dataclass(frozen=True)
class OutboxRow:
    """One message on the page; `why` in plain words, `detail` as the other side said it, addresses masked."""

    pk: int
    what: str
    orders: tuple[str, ...]
    reader: str
    address: str
    state: str
    created_at: datetime
    finished_at: datetime | None
    next_try_at: datetime | None
    tries: int
    why: str
    detail: str
    may_try: bool
    may_set_aside: bool


def staff_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Signed in, never cached, a 404 for whoever is not the platform's staff."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not signed_in(request).is_staff:
            raise Http404("not staff")
        return view(request, *args, **kwargs)

    return login_required(never_cache(guarded))


@staff_page
@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """Given up first; by ?loc= those that wait, or that were set aside."""
    state = request.GET.get("loc", "")
    state = state if state in TABS else ""
    last_try = DeliveryAttempt.objects.filter(message=OuterRef("pk")).exclude(outcome="").order_by("-pk")
    found = TABS[state][1]().annotate(last_outcome=Subquery(last_try.values("outcome")[:1]))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("trang"))
    address = reverse("workspace:outbox")
    context = {
        "section": "system",
        "tabs": [
            {
                "label": label,
                "url": f"{address}?loc={key}" if key else address,
                "is_current": key == state,
                "count": query().count(),
            }
            for key, (label, query) in TABS.items()
        ],
        "state": state,
        "page": page,
        "rows": _rows(list(page.object_list)),
        "may_try_all": state == "" and page.paginator.count > 1,
        "has_worker": bool(living_workers()),
        "failed_jobs": ScheduledJob.objects.exclude(last_error=""),
    }
    return render(request, "workspace/outbox.html", context)


def _rows(found: list[Any]) -> list[OutboxRow]:
    about = describe(found)
    return [
        OutboxRow(
            pk=message.pk,
            what=about[message.pk].what,
            orders=about[message.pk].orders,
            reader=about[message.pk].reader,
            address=about[message.pk].address,
            state=message.state,
            created_at=message.created_at,
            finished_at=message.finished_at,
            next_try_at=message.not_before if message.state == OutboxMessage.State.WAITING else None,
            tries=message.attempts,
            why=plain_words(message.last_error, outcome=message.last_outcome or ""),
            detail=mask_addresses(message.last_error),
            may_try=message.state != OutboxMessage.State.CLAIMED,
            may_set_aside=message.state in {OutboxMessage.State.WAITING, OutboxMessage.State.DEAD},
        )
        for message in found
    ]


def plain_words(error: str, *, outcome: str) -> str:
    """What a try's last words mean to a person who is no programmer; empty where there was none."""
    for start, words in _OUR_WORDS:
        if error.startswith(start):
            return str(words)
    if re.match(r"55[013]\b", error):
        return _("The mailbox does not exist, or takes no letters.")
    if re.match(r"552\b|452\b", error):
        return _("The mailbox is full.")
    if not error:
        return ""
    return str(_OUTCOMES.get(Outcome(outcome), "")) if outcome in Outcome.values else error


@staff_page
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Have one message tried now."""
    if _decide(request, pk, "outbox.tried_again", try_again):
        messages.success(request, _("It is tried again now; the result stands here within a minute."))
    else:
        messages.error(request, _("Nothing to do: it is being sent right now, or was sent meanwhile."))
    return _back(request)


@staff_page
@require_POST
def put_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide that one message need not be sent."""
    if _decide(request, pk, "outbox.set_aside", set_aside):
        messages.success(request, _("Set aside: it is not sent. You find it under “Set aside” for 90 days."))
    else:
        messages.error(request, _("Nothing to do: it is being sent right now, or was sent meanwhile."))
    return _back(request)


@staff_page
@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    """Have everything that was given up tried again, so many at once: for the day on which the mail server is back."""
    found = list(given_up_messages().values_list("pk", flat=True)[:AT_ONCE])
    done = sum(_decide(request, pk, "outbox.tried_again", try_again) for pk in found)
    said = ngettext("%(number)s message is tried again.", "%(number)s messages are tried again.", done)
    messages.success(request, said % {"number": done})
    return _back(request)


def _decide(request: HttpRequest, pk: int, action: str, do: Callable[..., bool]) -> bool:
    """Do it and write down who did; a message that is gone is a False like any other."""
    with transaction.atomic():
        message = OutboxMessage.objects.filter(pk=pk).first()
        if message is None or not do(message_id=pk):
            return False
        audit.record(
            action=action,
            obj=message,
            actor=request.user,
            before={"state": message.state, "attempts": message.attempts},
            after={"kind": message.kind},
            request=request,
        )
    return True


def _back(request: HttpRequest) -> HttpResponse:
    state = request.POST.get("loc", "")
    address = reverse("workspace:outbox")
    return redirect(f"{address}?loc={state}" if state in TABS and state else address)

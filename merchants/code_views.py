"""Pages on many codes: issue to all who lack one, print by village, what the worker is doing, marks on signs."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merchants import audit
from merchants.code_batches import (
    NothingToDo,
    go_on,
    has_stopped,
    open_file,
    order_issue,
    order_print,
    plan_issue,
)
from merchants.code_forms import CountedSchemesForm, MarkForm, PrintForm, ScopeForm
from merchants.models import AccountChange, CodeBatch, Commune, PrintMark
from merchants.permissions import Act, find_permitted, request_grants
from merchants.photos import MOST_BYTES, PhotoRefused
from merchants.print_marks import remove_mark, set_mark
from merchants.print_runs import codes_to_print
from merchants.vietqr.banks import bank_by_code
from merchants.views import officer_page, pick_commune

SHOWN_LEFT_OUT = 50
SHOWN_BATCHES = 10
POLL_SECONDS = 3

REASONS = {
    "no_account": gettext_lazy("No account is known yet"),
    "not_active": gettext_lazy("Not active: paused, closed, not found or refused"),
    "account_changing": gettext_lazy("A change of account is under way"),
    "card_number": gettext_lazy("The number is that of a card"),
    "unpayable": gettext_lazy("No code can be made from this bank and number"),
}


@officer_page
@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """Where work on codes begins: who lacks one, what to print, what is under way."""
    commune, reach = pick_commune(request, Act.CODE_ISSUE)
    batches = CodeBatch.objects.filter(commune=commune).defer("ids").select_related("ordered_by")[:SHOWN_BATCHES]
    plan = plan_issue(commune=commune)
    context = {
        "section": "businesses",
        "commune_shown": commune,
        "communes": reach if len(reach) > 1 else (),
        "plan": plan,
        "left_out_count": sum(len(rows) for rows in plan.left_out.values()),
        "unprinted_count": codes_to_print(commune=commune, only_unprinted=True).count(),
        "changes": AccountChange.objects.filter(
            merchant__commune=commune, state__in=("open", "confirmed")
        ).select_related("merchant"),
        "batches": batches,
        "may_set_schemes": request_grants(request).may(Act.COUNTING_SET, commune),
        "counted_schemes": commune.counted_schemes,
    }
    return render(request, "merchants/codes.html", context)


@officer_page
@require_http_methods(["GET", "HEAD", "POST"])
def issue_all(request: HttpRequest) -> HttpResponse:
    """GET: how many would get a code, who is left out and why. POST: order it."""
    commune, _reach = pick_commune(request, Act.CODE_ISSUE)
    form = ScopeForm(request.POST or request.GET, commune=commune, with_trade=True)
    if not form.is_valid():
        raise Http404("no such village or trade")
    scope: dict[str, Any] = {"village_id": form.village_id, "trade": form.cleaned_data["nghe"]}
    if request.method == "POST":
        try:
            batch = order_issue(commune=commune, **scope, scope=form.scope, actor=request.user, request=request)
        except NothingToDo:
            messages.info(request, _("Everybody who can have a code has one."))
            return redirect(_at(commune, "merchants:codes"))
        return redirect("merchants:batch", pk=batch.pk)
    plan = plan_issue(commune=commune, **scope)
    left_out = [
        {
            "words": REASONS[reason],
            "count": len(rows),
            "rows": rows[:SHOWN_LEFT_OUT],
            "more": max(0, len(rows) - SHOWN_LEFT_OUT),
        }
        for reason, rows in plan.left_out.items()
    ]
    context = {"section": "businesses", "commune_shown": commune, "form": form, "plan": plan, "left_out": left_out}
    return render(request, "merchants/codes_issue.html", context)


@officer_page
@require_http_methods(["GET", "HEAD", "POST"])
def print_all(request: HttpRequest) -> HttpResponse:
    """Choose village, paper and which codes; POST orders the file."""
    commune, _reach = pick_commune(request, Act.CODE_ISSUE)
    form = PrintForm(request.POST if request.method == "POST" else None, commune=commune)
    if request.method == "POST" and form.is_valid():
        try:
            batch = order_print(
                commune=commune,
                village_id=form.village_id,
                layout=form.cleaned_data["co"],
                only_unprinted=form.cleaned_data["nhung"] == "new",
                scope=form.scope,
                host=request.get_host(),
                actor=request.user,
                request=request,
            )
        except NothingToDo:
            form.add_error("nhung", _("There is no such code to print here."))
        else:
            return redirect("merchants:batch", pk=batch.pk)
    valid = codes_to_print(commune=commune)
    context = {
        "section": "businesses",
        "commune_shown": commune,
        "form": form,
        "valid_count": valid.count(),
        "unprinted_count": valid.filter(printed_at=None).count(),
        "mark_count": PrintMark.objects.filter(commune=commune).count(),
    }
    return render(request, "merchants/codes_print.html", context)


@officer_page
@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a batch has come; asked again every few seconds for its own part (?phan=1)."""
    found = _batch(request, pk)
    context = {
        "section": "businesses",
        "batch": found,
        "has_stopped": has_stopped(found),
        "poll_seconds": POLL_SECONDS,
        "is_demo": settings.DEMO,
    }
    if request.GET.get("phan"):
        status = 286 if found.state == CodeBatch.State.DONE else 200  # what js/poll.js takes for "nothing more to come"
        return render(request, "merchants/codes_batch_state.html", context, status=status)
    return render(request, "merchants/codes_batch.html", context)


@officer_page
@require_POST
def batch_go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a batch that stopped back to work."""
    found = _batch(request, pk)
    if go_on(batch=found):
        messages.success(request, _("It goes on where it was stopped."))
    return redirect("merchants:batch", pk=found.pk)


@officer_page
@require_safe
def batch_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The printed file; it holds whole account numbers, so each download is noted."""
    found = _batch(request, pk)
    content = open_file(found)
    if content is None:
        raise Http404("no file (any more)")
    audit.record(action="codes.file_opened", obj=found, actor=request.user, commune=found.commune, request=request)
    name = f"ma-{found.commune.code}-{found.layout}-{found.pk}.pdf"
    answer = FileResponse(content, as_attachment=True, filename=name, content_type="application/pdf")
    return cast(HttpResponse, answer)  # a sibling of HttpResponse, and as good to every middleware


@officer_page
@require_http_methods(["GET", "HEAD", "POST"])
def marks(request: HttpRequest) -> HttpResponse:
    """The marks on the commune's signs: upload one, see them."""
    commune, _reach = pick_commune(request, Act.CODE_ISSUE)
    form = MarkForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["picture"]
        try:
            set_mark(
                commune=commune,
                kind=form.cleaned_data["kind"],
                bank_code=form.cleaned_data["bank_code"],
                data=upload.read(MOST_BYTES + 1),
                actor=request.user,
                request=request,
            )
        except PhotoRefused as refusal:
            form.add_error("picture", str(refusal))
        else:
            messages.success(request, _("The mark stands on every sign that is drawn from now on."))
            return redirect(_at(commune, "merchants:marks"))
    shown = []
    for mark in PrintMark.objects.filter(commune=commune):
        bank = bank_by_code(mark.bank_code) if mark.bank_code else None
        shown.append({"mark": mark, "name": bank.short_name if bank else mark.get_kind_display()})
    context = {"section": "businesses", "commune_shown": commune, "form": form, "marks": shown}
    return render(request, "merchants/codes_marks.html", context)


@officer_page
@require_POST
def mark_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a mark off the signs."""
    mark = find_permitted(request, Act.CODE_ISSUE, PrintMark.objects.select_related("commune"), pk=pk)
    commune = mark.commune
    remove_mark(mark=mark, actor=request.user, request=request)
    messages.success(request, _("The mark is removed."))
    return redirect(_at(commune, "merchants:marks"))


@officer_page
@require_http_methods(["GET", "HEAD", "POST"])
def counted_schemes(request: HttpRequest) -> HttpResponse:
    """Which other schemes count as a payment code in this commune; the head officer decides."""
    commune, _reach = pick_commune(request, Act.COUNTING_SET)
    form = CountedSchemesForm(
        request.POST if request.method == "POST" else None, initial={"schemes": commune.counted_schemes}
    )
    if request.method == "POST" and form.is_valid():
        before, commune.counted_schemes = commune.counted_schemes, form.cleaned_data["schemes"]
        if before != commune.counted_schemes:
            commune.save(update_fields=["counted_schemes"])
            audit.record(
                action="commune.counting_set",
                obj=commune,
                actor=request.user,
                before={"counted_schemes": before},
                after={"counted_schemes": commune.counted_schemes},
                request=request,
            )
        messages.success(request, _("Saved."))
        return redirect(_at(commune, "merchants:codes"))
    context = {"section": "businesses", "commune_shown": commune, "form": form}
    return render(request, "merchants/codes_schemes.html", context)


def _batch(request: HttpRequest, pk: int) -> CodeBatch:
    return find_permitted(request, Act.CODE_ISSUE, CodeBatch.objects.select_related("commune", "ordered_by"), pk=pk)


def _at(commune: Commune, name: str) -> str:
    return f"{reverse(name)}?xa={commune.code}"

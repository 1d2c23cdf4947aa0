"""The officer's lists: send one, look at what was found, write it or not, take it back; the form to fill in; export."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merchants import audit
from merchants.businesses import village_label
from merchants.forms import ListForm
from merchants.models import Commune, Merchant, RegisterImport, Village
from merchants.permissions import Act, find_permitted
from merchants.phone_numbers import shown_phone
from merchants.register_columns import COLUMNS, EXAMPLES, HEADINGS, LEGAL_FORMS, STATUSES
from merchants.register_import import ImportRefused, ask_to_write, drop_list, send_list, undo_import, used_since
from merchants.spreadsheet_files import TYPES, form_file, table_file
from merchants.typed_text import clean_line
from merchants.vietqr.banks import bank_by_code, current_banks
from merchants.views import officer_page, pick_commune
from merchants.vsic import SECTIONS, section_choices

FAULTS_SHOWN = 50
NOTES_SHOWN = 50
STOP_POLLING = 286
WIDTHS = {"name": 36, "trade": 22, "owner_name": 26, "address": 32, "tax_code": 18, "account": 22, "holder": 26}

REFUSALS = {
    "not_checked": gettext_lazy("This list is not waiting to be written."),
    "has_faults": gettext_lazy("Please correct the faults in the file first, then send it again."),
    "villages_not_confirmed": gettext_lazy("Please tick that the new villages are right, or correct them in the file."),
    "changed_meanwhile": gettext_lazy("The register has changed meanwhile; nothing was written. Please look again."),
    "not_done": gettext_lazy("This list is not on the register."),
    "file_gone": gettext_lazy("The file is not kept any more. Please send it again."),
}


@officer_page
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """Send a list; below it the earlier ones."""
    commune, reach = pick_commune(request, Act.REGISTER_ADD)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        name = clean_line(upload.name, longest=120)
        sent = send_list(commune=commune, data=upload.read(), file_name=name, actor=request.user, request=request)
        return redirect("merchants:import", pk=sent.pk)
    context = {
        "section": "businesses",
        "form": form,
        "commune_shown": commune,
        "communes": reach if len(reach) > 1 else (),
        "earlier": RegisterImport.objects.filter(commune=commune).select_related("made_by").defer("result")[:20],
    }
    return render(request, "merchants/import_send.html", context)


def _sent(request: HttpRequest, pk: int) -> RegisterImport:
    lists = RegisterImport.objects.select_related("commune", "made_by")
    return find_permitted(request, Act.REGISTER_ADD, lists, pk=pk)


@officer_page
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found in a list and what may be done with it."""
    return render(request, "merchants/import.html", _context(request, _sent(request, pk)))


@officer_page
@require_safe
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes while the worker has the list; 286 with the last word."""
    sent = _sent(request, pk)
    etag = f'"{sent.state}-{sent.rows_checked}"'
    if request.headers.get("If-None-Match") == etag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = render(
            request,
            "merchants/import_state.html",
            _context(request, sent),
            status=200 if sent.is_busy else STOP_POLLING,
        )
    answer.headers["ETag"] = etag
    return answer


def _context(request: HttpRequest, sent: RegisterImport) -> dict[str, Any]:
    result = sent.result
    page = Paginator(result.get("faults", []), FAULTS_SHOWN).get_page(request.GET.get("trang"))
    is_done = sent.state == RegisterImport.State.DONE
    return {
        "section": "businesses",
        "sent": sent,
        "result": result,
        "page": page,
        "notes": result.get("notes", [])[:NOTES_SHOWN],
        "used": used_since(sent) if is_done else [],
        "poll_url": reverse("merchants:import_state", args=[sent.pk]),
    }


def _press(request: HttpRequest, sent: RegisterImport, refusal: ImportRefused) -> HttpResponse:
    if refusal.code == "in_use":
        words = _("Something hangs on %(names)s by now, so the list stays. Correct or close single businesses instead.")
        messages.error(request, words % {"names": ", ".join(refusal.names)})
    else:
        messages.error(request, REFUSALS[refusal.code])
    return redirect("merchants:import", pk=sent.pk)


@officer_page
@require_POST
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a checked list into the register."""
    sent = _sent(request, pk)
    try:
        ask_to_write(sent=sent, actor=request.user, add_villages=request.POST.get("villages") == "on")
    except ImportRefused as refusal:
        return _press(request, sent, refusal)
    return redirect("merchants:import", pk=sent.pk)


@officer_page
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a list that was only looked at."""
    drop_list(sent=_sent(request, pk))
    messages.success(request, _("The list was dropped; the register is as it was."))
    return redirect("merchants:import_send")


@officer_page
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a whole list off the register again."""
    sent = _sent(request, pk)
    try:
        count = undo_import(sent=sent, actor=request.user, request=request)
    except ImportRefused as refusal:
        return _press(request, sent, refusal)
    messages.success(request, _("%(count)s businesses were taken off the register again.") % {"count": count})
    return redirect("merchants:import", pk=sent.pk)


@officer_page
@require_safe
def faults(request: HttpRequest, pk: int) -> HttpResponse:
    """All faults and notes of a list as a table, to be worked off beside the file."""
    sent = _sent(request, pk)
    kinds = ((_("Fault"), sent.result.get("faults", [])), (_("Note"), sent.result.get("notes", [])))
    rows = [[one["row"], kind, one["column"], one["value"], one["words"]] for kind, found in kinds for one in found]
    headings = [_("Row"), _("Kind"), _("Column"), _("In the cell"), _("What to do")]
    data = table_file(title=_("Faults"), headings=headings, rows=rows, widths=(8, 10, 18, 30, 80), kind="xlsx")
    return _file(data, "xlsx", f"loi-{sent.pk}.xlsx")


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@officer_page
@require_safe
def form(request: HttpRequest) -> HttpResponse:
    """The form to fill in, with this commune's villages to choose from."""
    commune, _reach = pick_commune(request, Act.REGISTER_ADD)
    villages = Village.objects.filter(commune=commune).select_related("former_commune")
    data = form_file(
        headings=HEADINGS,
        required=frozenset(column.key for column in COLUMNS if column.is_required),
        texts=frozenset({"phone", "tax_code", "account", "vsic"}),
        lists={
            "legal_form": [words[0] for words in LEGAL_FORMS.values()],
            "status": [words[0] for words in STATUSES.values()],
            "vsic": [label for _letter, label in section_choices()],
            "village": [village_label(village) for village in villages],
            "former_commune": [former.name for former in commune.former_communes.all()],
            "bank": [bank.short_name for bank in current_banks()],
        },
        examples=EXAMPLES,
        widths=WIDTHS,
    )
    return _file(data, "xlsx", f"mau-danh-sach-co-so-{commune.code}.xlsx")


@officer_page
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The commune's register as a table: without personal numbers, accounts as their last four; the look is noted."""
    commune, _reach = pick_commune(request, Act.REGISTER_ADD)
    kind = request.GET.get("loai", "xlsx")
    if kind not in TYPES:
        raise Http404("no such kind of file")
    merchants = list(
        Merchant.objects.filter(commune=commune)
        .select_related("village__former_commune")
        .prefetch_related("bank_accounts")
        .order_by("village__sort_name", "village_id", "sort_name", "pk")
    )
    audit.record(
        action="register.exported",
        obj=commune,
        actor=request.user,
        commune=commune,
        after={"businesses": len(merchants), "kind": kind},
        request=request,
    )
    data = table_file(
        title=_("Businesses"),
        headings=list(HEADINGS.values()),
        rows=(_export_row(merchant, commune) for merchant in merchants),
        widths=[WIDTHS.get(key, 16) for key in HEADINGS],
        kind=kind,
    )
    return _file(data, kind, f"co-so-{commune.code}-{timezone.localdate():%Y-%m-%d}.{kind}")


def _export_row(merchant: Merchant, commune: Commune) -> list[str]:
    account = next((one for one in merchant.bank_accounts.all() if one.status == "active" and one.is_receiving), None)
    bank = bank_by_code(account.bank_code) if account else None
    former = merchant.village.former_commune if merchant.village else None
    section = SECTIONS.get(merchant.vsic_section)
    return [
        merchant.name,
        LEGAL_FORMS[merchant.legal_form][0],  # type: ignore[index]  # keyed by the same texts
        merchant.trade,
        f"{section.letter} – {section.name}" if section else "",
        merchant.village.name if merchant.village else "",
        former.name if former else "",
        merchant.owner_name,
        shown_phone(merchant.phone),
        merchant.email,
        merchant.address,
        "" if merchant.tax_code_is_personal else merchant.tax_code,
        str(merchant.latitude or ""),
        str(merchant.longitude or ""),
        bank.short_name if bank else "",
        f"…{account.last_digits}" if account else "",
        account.holder_name if account else "",
        STATUSES[merchant.status][0],  # type: ignore[index]
        merchant.status_reason,
    ]

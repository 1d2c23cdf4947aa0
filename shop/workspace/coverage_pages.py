"""Coverage for the commune's staff: the ladder, by place and trade, who is missing and why, communes side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from merchants import audit
from merchants.businesses import village_label
from merchants.coverage import (
    Cell,
    MissingScope,
    RungFigure,
    Standing,
    count_cells,
    figure,
    find_missing,
    outside_the_count,
    sum_up,
)
from merchants.models import Commune, CoverageRung, Merchant, Village
from merchants.permissions import Act, request_grants
from merchants.spreadsheet_files import TYPES, table_file
from merchants.typed_text import clean_line
from merchants.views import communes_in_reach, officer_page, pick_commune
from merchants.vsic import SECTIONS, section_choices
from shop.payments.heard_of import payments_heard_of
from shop.workspace.bar_charts import bar_chart

PAGE_SIZE = 50
COMMUNES_ON_A_PAGE = 200

WAYS: dict[str, Promise] = {
    "thon": gettext_lazy("Village"),
    "xa-cu": gettext_lazy("Former commune"),
    "nganh": gettext_lazy("Trade (VSIC section)"),
    "loai-hinh": gettext_lazy("Legal form"),
}
REASONS: dict[str, Promise] = {
    "no_account": gettext_lazy("No account is known yet"),
    "no_code": gettext_lazy("The account is known, but there is no valid code"),
    "other_scheme": gettext_lazy("Has a code of another scheme only"),
    "not_seen": gettext_lazy("Nobody has looked at the code on the spot yet"),
    "unreadable": gettext_lazy("At the last visit no VietQR was seen, or it could not be read"),
    "other_account": gettext_lazy("At the last visit the code led to another account"),
    "holder_unconfirmed": gettext_lazy("The account holder is not confirmed"),
    "check_too_old": gettext_lazy("The last check is too long ago"),
    "not_paid": gettext_lazy("No transfer within 30 days"),
    "payment_unknown": gettext_lazy("Not known: no bank tells us of this account's transfers"),
}


@dataclass(frozen=True)
class GroupRow:
    """One line of a breakdown: a village, a section …; `query` leads to those of it who are missing."""

    label: str
    total: int
    figures: list[RungFigure]
    chosen: RungFigure
    query: str


@dataclass(frozen=True)
class LadderRow:
    label: str
    figure: RungFigure
    is_chosen: bool
    query: str


def _rung(typed: str, commune: Commune) -> CoverageRung:
    return CoverageRung(typed if typed in CoverageRung.values else commune.coverage_rung)


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None


def _query(**parts: Any) -> str:
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in parts.items() if value is not None and value != ""})
    return query.urlencode()


def _group_rows(
    way: str, cells: list[Cell], villages: dict[int, Village], commune: Commune, rung: CoverageRung, has_visits: bool
) -> list[GroupRow]:
    """The breakdown that was asked for, in the order in which people look for it; what is not known comes last."""

    def former(cell: Cell) -> int | None:
        return villages[cell.village_id].former_commune_id if cell.village_id else None

    by: dict[str, Callable[[Cell], Any]] = {
        "thon": lambda cell: cell.village_id,
        "xa-cu": former,
        "nganh": lambda cell: cell.vsic_section,
        "loai-hinh": lambda cell: cell.legal_form,
    }
    formers = {one.former_commune_id: one.former_commune.name for one in villages.values() if one.former_commune}
    order: dict[str, list[tuple[Any, str]]] = {
        "thon": [*((pk, village_label(one)) for pk, one in villages.items()), (None, _("No village known"))],
        "xa-cu": [*sorted(formers.items(), key=lambda one: one[1]), (None, _("No former commune known"))],
        "nganh": [*section_choices(), ("", _("No section known"))],
        "loai-hinh": [(value, str(label)) for value, label in Merchant.LegalForm.choices],
    }
    sums = sum_up(cells, by[way])
    unknown = {"nganh": "-"}.get(way, 0)
    rows = []
    for key, label in order[way]:
        standing = sums.get(key)
        if standing is None:
            continue
        figures = [figure(standing, one, has_visits=has_visits) for one in CoverageRung]
        query = _query(xa=commune.code, bac=rung.value, **{way.replace("-", "_"): key or unknown})
        rows.append(GroupRow(label, standing.total, figures, figures[list(CoverageRung).index(rung)], query))
    return rows


@officer_page
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """One commune's ladder, and the chosen rung by village, former commune, section or legal form."""
    commune, reach = pick_commune(request, Act.REGISTER_VIEW)
    rung = _rung(request.GET.get("bac", ""), commune)
    way = request.GET.get("theo", "")
    way = way if way in WAYS else "thon"
    now = timezone.now()
    cells = count_cells([commune], now=now, evidence=payments_heard_of(now))
    villages = {one.pk: one for one in Village.objects.filter(commune=commune).select_related("former_commune")}
    standing = sum_up(cells, lambda _cell: None).get(None, Standing())
    has_visits = standing.visited > 0
    ladder = [
        LadderRow(
            capfirst(str(one.label)),
            figure(standing, one, has_visits=has_visits),
            one == rung,
            _query(xa=commune.code, bac=one.value),
        )
        for one in CoverageRung
    ]
    groups = _group_rows(way, cells, villages, commune, rung, has_visits)
    out = outside_the_count(commune)
    communes = list(reach)
    context = {
        "section": "businesses",
        "commune_shown": commune,
        "communes": communes if len(communes) > 1 else (),
        "standing": standing,
        "has_visits": has_visits,
        "rung": rung,
        "rung_choices": [(one.value, capfirst(str(one.label))) for one in CoverageRung],
        "way": way,
        "way_label": WAYS[way],
        "ways": WAYS.items(),
        "chosen": figure(standing, rung, has_visits=has_visits),
        "ladder": ladder,
        "ladder_chart": bar_chart(_("The ladder"), ((row.label, row.figure.percent) for row in ladder)),
        "groups": groups,
        "group_chart": bar_chart(capfirst(str(rung.label)), ((row.label, row.chosen.percent) for row in groups)),
        "rung_labels": [capfirst(str(one.label)) for one in CoverageRung],
        "outside": [(label, out[status]) for status, label in Merchant.Status.choices if out.get(status)],
        "may_set": request_grants(request).may(Act.COUNTING_SET, commune),
    }
    return render(request, "workspace/coverage.html", context)


@officer_page
@require_safe
def side_by_side(request: HttpRequest) -> HttpResponse:
    """Every commune in reach on its own chosen rung; former districts only group them, since they are no more."""
    reach = communes_in_reach(request, Act.REGISTER_VIEW).order_by("province_code", "former_district", "sort_name")
    page = Paginator(reach, COMMUNES_ON_A_PAGE).get_page(request.GET.get("trang"))
    communes = list(page.object_list)
    if not communes:
        raise Http404("no commune in reach")
    now = timezone.now()
    sums = sum_up(count_cells(communes, now=now, evidence=payments_heard_of(now)), lambda cell: cell.commune_id)
    rows: list[dict[str, Any]] = []
    for commune in communes:
        standing = sums.get(commune.pk, Standing())
        figures = [figure(standing, one, has_visits=standing.visited > 0) for one in CoverageRung]
        rung = CoverageRung(commune.coverage_rung)
        chosen = figures[list(CoverageRung).index(rung)]
        rows.append(
            {
                "commune": commune,
                "total": standing.total,
                "figures": figures,
                "rung": capfirst(str(rung.label)),
                "chosen": chosen if standing.total else RungFigure(rung, None, 0),
            }
        )
    context = {
        "section": "businesses",
        "page": page,
        "rows": rows,
        "rung_labels": [capfirst(str(one.label)) for one in CoverageRung],
        "chart": bar_chart(
            _("Share of businesses on the rung that each commune has chosen"),
            ((row["commune"].name, row["chosen"].percent) for row in rows),
        ),
    }
    return render(request, "workspace/coverage_communes.html", context)


@dataclass(frozen=True)
class MissingQuestion:
    """What was asked of the list of those who are missing."""

    commune: Commune
    rung: CoverageRung
    scope: MissingScope


def _missing_question(request: HttpRequest, act: Act) -> MissingQuestion:
    commune, _reach = pick_commune(request, act)
    asked = request.GET
    section = asked.get("nganh", "")
    form = asked.get("loai_hinh", "")
    reason = asked.get("ly_do", "")
    scope = MissingScope(
        village_id=_number(asked.get("thon", "")),
        former_id=_number(asked.get("xa_cu", "")),
        section=section if section == "-" or section in SECTIONS else "",
        legal_form=form if form in Merchant.LegalForm.values else "",
        reason=reason if reason in REASONS else "",
        words=clean_line(asked.get("q", "")),
    )
    return MissingQuestion(commune, _rung(asked.get("bac", ""), commune), scope)


@officer_page
@require_safe
def missing(request: HttpRequest) -> HttpResponse:
    """Who is below the rung and why; searched and filtered, fifty to a page."""
    asked = _missing_question(request, Act.REGISTER_VIEW)
    commune, rung, scope = asked.commune, asked.rung, asked.scope
    now = timezone.now()
    found = find_missing(commune, rung, now=now, scope=scope, evidence=payments_heard_of(now))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("trang"))
    rows = [
        {
            "business": one,
            "village": village_label(one.village) if one.village else "",
            "why": REASONS[one.why],  # type: ignore[attr-defined]  # annotated
        }
        for one in page.object_list
    ]
    villages = Village.objects.filter(commune=commune).select_related("former_commune")
    context = {
        "section": "businesses",
        "commune_shown": commune,
        "rung": rung,
        "rung_choices": [(one.value, capfirst(str(one.label))) for one in CoverageRung],
        "scope": scope,
        "page": page,
        "found_count": page.paginator.count,
        "rows": rows,
        "villages": [(one.pk, village_label(one)) for one in villages],
        "sections": section_choices(),
        "forms": Merchant.LegalForm.choices,
        "reasons": REASONS.items(),
        "may_export": request_grants(request).may(Act.REGISTER_ADD, commune),
        "export_query": _query(
            xa=commune.code,
            bac=rung.value,
            thon=scope.village_id,
            xa_cu=scope.former_id,
            nganh=scope.section,
            loai_hinh=scope.legal_form,
            ly_do=scope.reason,
            q=scope.words,
        ),
    }
    return render(request, "workspace/coverage_missing.html", context)


@officer_page
@require_safe
def missing_file(request: HttpRequest) -> HttpResponse:
    """The same list as .xlsx, whole; without account numbers and personal IDs. Each time is in the audit log."""
    asked = _missing_question(request, Act.REGISTER_ADD)
    commune, rung = asked.commune, asked.rung
    now = timezone.now()
    found = list(find_missing(commune, rung, now=now, scope=asked.scope, evidence=payments_heard_of(now)))
    audit.record(
        action="coverage.exported",
        obj=commune,
        actor=request.user,
        commune=commune,
        after={"businesses": len(found), "rung": rung.value},
        request=request,
    )
    data = table_file(
        title=_("Who is missing"),
        headings=[
            _("Business"),
            _("Village"),
            _("Former commune"),
            _("Trade"),
            _("Trade (VSIC section)"),
            _("Legal form"),
            _("Owner or representative"),
            _("Phone"),
            _("Address"),
            _("Missing at"),
            _("Why"),
        ],
        rows=(
            [
                one.name,
                one.village.name if one.village else "",
                one.village.former_commune.name if one.village and one.village.former_commune else "",
                one.trade,
                SECTIONS[one.vsic_section].name if one.vsic_section in SECTIONS else "",
                str(one.get_legal_form_display()),
                one.owner_name,
                one.phone.replace("+84", "0", 1),
                one.address,
                str(rung.label),
                str(REASONS[one.why]),  # type: ignore[attr-defined]
            ]
            for one in found
        ),
        widths=[36, 20, 20, 22, 40, 20, 26, 16, 32, 30, 44],
        kind="xlsx",
    )
    answer = HttpResponse(data, content_type=TYPES["xlsx"])
    name = f"con-thieu-{commune.code}-{timezone.localdate():%Y-%m-%d}.xlsx"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


COUNTING_FIELDS = ("coverage_rung", "recheck_months", "counts_paused", "counts_not_found")


class CountingForm(forms.ModelForm):
    """What the commune calls covered, and who is counted."""

    class Meta:
        model = Commune
        fields = COUNTING_FIELDS


@officer_page
@require_http_methods(["GET", "HEAD", "POST"])
def counting(request: HttpRequest) -> HttpResponse:
    """The head officer decides which rung counts and who is in the denominator; changes are in the audit log."""
    commune, _reach = pick_commune(request, Act.COUNTING_SET)
    before = {name: getattr(commune, name) for name in COUNTING_FIELDS}
    form = CountingForm(request.POST if request.method == "POST" else None, instance=commune)
    if request.method == "POST" and form.is_valid():
        changed = [name for name in COUNTING_FIELDS if form.cleaned_data[name] != before[name]]
        if changed:
            with transaction.atomic():
                commune.save(update_fields=changed)
                audit.record(
                    action="commune.counting_set",
                    obj=commune,
                    actor=request.user,
                    before={name: before[name] for name in changed},
                    after={name: form.cleaned_data[name] for name in changed},
                    request=request,
                )
        messages.success(request, _("Saved."))
        return redirect(f"{reverse('workspace:coverage')}?xa={commune.code}")
    context = {"section": "businesses", "commune_shown": commune, "form": form}
    return render(request, "workspace/coverage_counting.html", context)

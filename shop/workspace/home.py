"""The first page at work: what is waiting for this person today, each role its own parts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from merchants.businesses import share_with_code
from merchants.models import AccountChange, CodeAlarm, Commune, Membership
from merchants.permissions import Act
from shop.order.models import Fulfilment, Payment, PaymentMethod
from shop.outbox.given_up import given_up_messages
from shop.users.models import User
from shop.users.signed_in import has_work, signed_in
from shop.workspace.complaint_lists import waiting_for_commune, waiting_for_producer
from shop.workspace.frame import WorkspaceFrame
from shop.workspace.listing_reports import count_new, handles_reports
from shop.workspace.order_lists import CLAIMED, MONEY_GOES_BACK, claimed, orders_visible_to


@dataclass(frozen=True)
class Task:
    """One line of what is waiting."""

    url: str
    icon: str
    title: str
    text: str
    number: int | None = None
    is_urgent: bool = False


@dataclass(frozen=True)
class PastRole:
    """A role that the person had (or will have): what, where, and from or until when."""

    role: str
    place: str
    ended_at: datetime | None
    starts_at: datetime | None

    @classmethod
    def of(cls, membership: Membership) -> "PastRole":
        place = membership.merchant or membership.commune
        is_ahead = membership.revoked_at is None and membership.starts_at > timezone.now()
        return cls(
            role=membership.get_role_display(),
            place=place.name if place else "",
            ended_at=None if is_ahead else membership.revoked_at or membership.until,
            starts_at=membership.starts_at if is_ahead else None,
        )


@login_required
@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Whoever has no role at work reads why, and what to do."""
    frame = WorkspaceFrame(request)
    person = signed_in(request)
    if not has_work(person, frame.grants):
        return _no_role(request, person)
    tasks = (
        _producers_tasks(frame)
        + _account_tasks(frame)
        + _officers_tasks(frame)
        + _report_tasks(request)
        + _other_tasks(frame, person)
    )
    context: dict[str, Any] = {
        "section": "home",
        "greeting_name": person.get_full_name(),
        "tasks": tasks,
        "helps": frame.helps,
        "staff_of_mine": _people_of_owner(frame),
        "merchants": frame.merchants if len(frame.merchants) > 1 else (),
    }
    return render(request, "workspace/home.html", context)


def _no_role(request: HttpRequest, person: User) -> HttpResponse:
    """Say that no role is given to this account, which ones have ended, and whom to ask."""
    past = Membership.objects.filter(user=person).select_related("merchant", "commune").order_by("-pk")[:5]
    context = {"person": person, "past": [PastRole.of(membership) for membership in past]}
    return render(request, "workspace/no_role.html", context)


def _people_of_owner(frame: WorkspaceFrame) -> list[Membership]:
    """Who else works for the owner's businesses: she sees them here and can end it."""
    owned = [pk for pk, roles in frame.grants.merchant_roles.items() if Membership.Role.OWNER in roles]
    if not owned:
        return []
    others = Membership.objects.filter(merchant_id__in=owned).exclude(role=Membership.Role.OWNER)
    return list(others.in_force(timezone.now()).select_related("user", "merchant"))


def _account_tasks(frame: WorkspaceFrame) -> list[Task]:
    """The owner and the account she is paid on: a change waits for her yes, or for a no in time."""
    owned = frame.grants.merchant_ids(Act.ACCOUNT_CHANGE_AGREE)
    if not owned:
        return []
    waiting = AccountChange.objects.filter(merchant__in=owned, state__in=("open", "confirmed")).count()
    text = _("A change is asked for: is it yours?") if waiting else _("Where customers pay to")
    where = reverse("workspace:account_changes")
    tasks = [Task(where, "bank", _("Account for payments"), text, waiting or None, is_urgent=bool(waiting))]
    alarms = CodeAlarm.objects.filter(merchant__in=owned, state=CodeAlarm.State.OPEN).count()
    if alarms:
        text = _("Customers may be paying somebody else: look at once")
        title = _("Another code hangs on your wall")
        tasks.insert(0, Task(reverse("workspace:code_alarms"), "warning", title, text, alarms, is_urgent=True))
    return tasks


def _producers_tasks(frame: WorkspaceFrame) -> list[Task]:
    """Orders by what they wait for, money to look at; what is nothing is left out."""
    if not frame.has_orders:
        return []
    orders = orders_visible_to(frame.grants)
    unpaid = Q(payment_method=PaymentMethod.TRANSFER, payment__in=[Payment.AWAITING, Payment.PART_PAID])
    counts = orders.aggregate(
        claimed=Count("pk", filter=Q(claimed_at__isnull=False)),
        placed=Count("pk", filter=Q(fulfilment=Fulfilment.PLACED)),
        to_pack=Count("pk", filter=Q(fulfilment=Fulfilment.CONFIRMED) & ~unpaid),
        to_send=Count("pk", filter=Q(fulfilment=Fulfilment.PACKED)),
        refund=Count("pk", filter=MONEY_GOES_BACK),
    )
    address = reverse("workspace:orders")
    tasks = []
    if counts["claimed"]:
        number = counts["claimed"]
        title = ngettext("%(number)s buyer says: transferred", "%(number)s buyers say: transferred", number)
        text = _("Look into your bank's app: has the money come?")
        if not frame.grants.merchant_ids(Act.MONEY_CONFIRM):  # a helper does not hold the producer's bank app
            text = _("Ask the owner to look whether the money has come")
        where = (
            reverse("workspace:order", args=[claimed(orders)[0].number]) if number == 1 else f"{address}?loc={CLAIMED}"
        )
        tasks.append(Task(where, "bank", title % {"number": number}, text, number, is_urgent=True))
    if counts["placed"]:
        number = counts["placed"]
        text = ngettext("%(number)s order waits for your yes", "%(number)s orders wait for your yes", number)
        tasks.append(
            Task(f"{address}?loc=placed", "orders", _("New orders"), text % {"number": number}, number, is_urgent=True)
        )
    if counts["to_pack"]:
        tasks.append(
            Task(f"{address}?loc=confirmed", "pack", _("To pack"), _("Confirmed and ready to pack"), counts["to_pack"])
        )
    if counts["to_send"]:
        text = _("Packed: send them or hand them over")
        tasks.append(Task(f"{address}?loc=packed", "truck", _("To send"), text, counts["to_send"]))
    if frame.has_money and frame.doubtful_receipts:
        text = _("Money came that we could not match by ourselves")
        number = frame.doubtful_receipts
        tasks.append(Task(reverse("workspace:receipts"), "bank", _("Please look"), text, number, is_urgent=True))
    if frame.has_money and counts["refund"]:
        text = _("Send it from your bank's app and tell us here")
        tasks.append(Task(f"{address}?loc=refund", "undo", _("To pay back"), text, counts["refund"], is_urgent=True))
    complaints = waiting_for_producer(frame.grants)
    if complaints.are_any:
        text = _("Buyers wait for an answer, each until a day") if complaints.for_me else _("None waits for you now")
        number, is_urgent = complaints.for_me or None, bool(complaints.for_me)
        tasks.append(Task(reverse("workspace:complaints"), "report", _("Complaints"), text, number, is_urgent))
    if frame.has_goods:
        tasks.append(Task(reverse("workspace:products"), "rice", _("My goods"), _("Prices, stock, photos")))
    return tasks


def _officers_tasks(frame: WorkspaceFrame) -> list[Task]:
    if not frame.oversees:
        return []
    address = reverse("merchants:businesses")
    codes_issued_in = frame.grants.commune_ids(Act.CODE_ISSUE)
    tasks = []
    waiting = waiting_for_commune(frame.grants).for_me
    cases = reverse("workspace:commune_complaints")
    if waiting:
        text = _("Buyers have called the commune; your advice is awaited")
        tasks.append(Task(cases, "report", _("Complaints"), text, waiting, is_urgent=True))
    checked = frame.grants.commune_ids(Act.CHECK_FILE)
    if checked:
        alarms = CodeAlarm.objects.filter(merchant__commune__in=checked, state=CodeAlarm.State.OPEN)
        for code, number in alarms.values_list("merchant__commune__code").annotate(Count("pk")).order_by():
            where = f"{reverse('merchants:code_alarms')}?xa={code}"
            text = _("Customers may be paying somebody else: look at once")
            tasks.append(Task(where, "warning", _("Another code hangs on a wall"), text, number, is_urgent=True))
    for commune in Commune.objects.filter(pk__in=frame.grants.commune_ids(Act.REGISTER_VIEW)):
        share = share_with_code(commune)
        text = _("%(done)s of %(total)s businesses have a payment code") % {
            "done": share.with_code,
            "total": share.total,
        }
        where = f"{address}?xa={commune.code}"
        missing = share.total - share.with_code
        if missing and commune.pk in codes_issued_in:
            todo = _("In %(commune)s: issue it, print it, hang it up") % {"commune": commune.name}
            tasks.append(Task(f"{where}&ma=chua", "qr", _("Without a payment code"), todo, missing, is_urgent=True))
        title = _("Businesses in %(commune)s") % {"commune": commune.name}
        tasks.append(Task(where, "shop", title, text))
    if checked:
        text = _("Scan what hangs there, write the visit down")
        tasks.append(Task(reverse("merchants:checks"), "camera", _("Checks on the spot"), text))
    if frame.grants.commune_ids(Act.LOOK_UP_SERVE):
        text = _("For buyers who cannot find their purchase any more")
        tasks.append(Task(reverse("workspace:look_up"), "search", _("Look-up codes"), text))
    if not waiting and frame.grants.commune_ids(Act.COMPLAINT_ADVISE):
        tasks.append(Task(cases, "report", _("Complaints"), _("None waits for you now")))
    if frame.grants.is_province_viewer:
        tasks.append(Task(address, "shop", _("All communes"), _("Look at every register of the province")))
    return tasks


def _report_tasks(request: HttpRequest) -> list[Task]:
    if not handles_reports(request):
        return []
    number = count_new(request)
    address, title = reverse("workspace:listing_reports"), _("Reports about listings")
    text = _("Visitors say that something is wrong") if number else _("Nothing new")
    return [Task(address, "report", title, text, number or None, is_urgent=bool(number))]


def _other_tasks(frame: WorkspaceFrame, person: User) -> list[Task]:
    """The ways to the rooms that editors and the platform's staff work in."""
    tasks = []
    if frame.grants.is_editor or person.is_staff:
        text = _("Stories, news, guides, rules")
        tasks.append(Task(reverse("wagtailadmin_home"), "edit", _("Pages and stories"), text))
    if person.is_staff:
        dead = given_up_messages().count()
        text = _("Letters that could not be sent wait for you") if dead else _("Letters to buyers and sellers")
        outbox = reverse("workspace:outbox")
        tasks.append(Task(outbox, "mail", _("Outgoing messages"), text, dead or None, is_urgent=bool(dead)))
        text = _("Orders and figures of all producers, to look at")
        tasks.append(Task(reverse("dashboard:index"), "settings", _("The platform's dashboard"), text))
    return tasks

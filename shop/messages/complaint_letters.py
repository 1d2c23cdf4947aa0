"""What is read by e-mail about a complaint. What people wrote in the case is not in a letter: it is read on its page.

Complaints lie above this package; their rows come as Any.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merchants.money import format_dong
from shop.messages.letter import Letter, Section

# (reader, state) → the news in one sentence.
_NEWS = {
    ("buyer", "open"): gettext_lazy("We have your complaint. %(merchant)s is told and has to answer."),
    ("seller", "open"): gettext_lazy("%(buyer)s complains about an order. Please look and answer."),
    ("buyer", "offered"): gettext_lazy("%(merchant)s makes you an offer. Please say whether you accept it."),
    ("buyer", "refused"): gettext_lazy(
        "%(merchant)s says no and gives a reason. You can accept that or ask the commune to look at it."
    ),
    ("seller", "returning"): gettext_lazy("%(buyer)s accepts your offer and sends the goods back."),
    ("buyer", "agreed"): gettext_lazy("It is agreed. %(merchant)s now has to carry it out."),
    ("seller", "agreed"): gettext_lazy("It is agreed. Please carry it out and say so in the workspace."),
    ("buyer", "carried_out"): gettext_lazy("%(merchant)s says that it is done. Please look and confirm."),
    ("buyer", "escalated"): gettext_lazy("The commune has been asked to look at your complaint."),
    ("seller", "escalated"): gettext_lazy("The commune has been asked to look at this complaint."),
    ("officer", "escalated"): gettext_lazy("A complaint between %(buyer)s and %(merchant)s waits for your advice."),
    ("buyer", "resolved"): gettext_lazy("Your complaint is settled."),
    ("seller", "resolved"): gettext_lazy("The complaint is settled."),
    ("buyer", "withdrawn"): gettext_lazy("Your complaint is closed."),
    ("seller", "withdrawn"): gettext_lazy("The complaint was withdrawn."),
    ("buyer", "lapsed"): gettext_lazy(
        "Your complaint was closed, because we did not hear from you. You can still ask the commune to look at it."
    ),
    ("seller", "lapsed"): gettext_lazy("The complaint was closed, because the buyer did not answer."),
    ("buyer", "advised"): gettext_lazy("The commune has given its advice on your complaint."),
    ("seller", "advised"): gettext_lazy("The commune has given its advice on this complaint."),
}
# The buyer sent the case back to the seller.
_DECLINED = gettext_lazy("%(buyer)s does not accept your offer. Please think again.")
_NOT_SEEN = gettext_lazy("%(buyer)s has not seen yet what you say you have sent. Please look into it.")
_WORDS = gettext_lazy("There is a new message in the complaint.")
_REMINDER = gettext_lazy("A reminder: it is your turn in this complaint.")
_OVERDUE = gettext_lazy("This complaint has waited too long for the commune's advice.")


def about(case: Any, *, reader: str, news: str, entry: Any = None) -> Letter:
    """One letter about the case as it stands, to buyer, seller or officer; `news` is changed, reminder or overdue."""
    facts = _facts(case)
    rows = [(_("Case number"), case.number), (_("Order"), case.order.number), (_("About"), case.get_topic_display())]
    if case.due_at is not None:
        rows.append((_("Due by"), timezone.localtime(case.due_at).strftime("%d/%m/%Y")))
    return Letter(
        subject=_("Complaint %(case)s about order %(number)s") % facts,
        greeting=_greeting(reader, facts),
        paragraphs=(str(_sentence(case, reader, news, entry)) % facts,),
        sections=(Section(title=str(case.merchant), rows=tuple(rows)),),
        link_label=_("Open the complaint"),
        link_url=f"{settings.SITE_URL}{_page(case, reader)}",
        afterword=_("Please answer on that page; we never ask for passwords or codes."),
    )


def refund_not_seen(refund: Any) -> Letter:
    """To the seller: the buyer has not seen the money she says she sent back."""
    order = refund.attempt.order
    facts = {"number": order.number, "amount": format_dong(refund.amount_vnd), "merchant": order.merchant}
    return Letter(
        subject=_("Order %(number)s: the buyer has not seen the refund") % facts,
        greeting=_("Hello %(merchant)s,") % facts,
        paragraphs=(
            _("You say that you have sent %(amount)s back; the buyer has not seen it. Please look in your bank app.")
            % facts,
        ),
        link_label=_("Open the workspace"),
        link_url=f"{settings.SITE_URL}{reverse('workspace:order', kwargs={'number': order.number})}",
    )


def _sentence(case: Any, reader: str, news: str, entry: Any) -> Any:
    if news == "reminder":
        return _REMINDER
    if news == "overdue":
        return _OVERDUE
    if entry is None or not entry.to_state:
        return _WORDS
    if reader == "seller" and (entry.from_state, entry.to_state) == ("offered", "open"):
        return _DECLINED
    if reader == "seller" and entry.from_state == "carried_out" and entry.to_state == "agreed":
        return _NOT_SEEN
    return _NEWS[reader, case.state]


def _facts(case: Any) -> dict[str, Any]:
    purchase = case.order.purchase
    return {
        "case": case.number,
        "number": case.order.number,
        "merchant": case.merchant,
        "buyer": purchase.buyer_name if purchase is not None else _("A buyer"),
    }


def _greeting(reader: str, facts: dict[str, Any]) -> str:
    if reader == "buyer":
        return _("Dear %(name)s,") % {"name": facts["buyer"]}
    if reader == "seller":
        return _("Hello %(merchant)s,") % facts
    return _("Hello,")


def _page(case: Any, reader: str) -> str:
    if reader == "buyer":
        address = {"token": case.order.purchase.token, "number": case.order.number, "case": case.number}
        return reverse("purchase:complaint", kwargs=address)
    name = "workspace:complaint" if reader == "seller" else "workspace:commune_complaint"
    return reverse(name, kwargs={"case": case.number})

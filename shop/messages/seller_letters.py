"""What a business's people read by e-mail, in the installation's first language.

The buyer's phone and address are not in a letter: they are read in the workspace, by those who may, and each view is on
record there.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from merchants.money import format_dong
from shop.messages.letter import Letter, Section, goods_rows
from shop.order.models import Order, OrderTransition, Payment, PaymentMethod


def new_order(order: Order) -> Letter:
    """Somebody has bought."""
    if order.payment_method == PaymentMethod.TRANSFER:
        text = _("%(buyer)s has ordered and pays by bank transfer. Look into the workspace before you pack.")
    else:
        text = _("%(buyer)s has ordered and pays in cash on delivery.")
    return _about(order, subject=_("New order %(number)s: %(amount)s"), text=text)


def order_paid(order: Order, *, by: str) -> Letter:
    """The bank has reported the money, or the commune's officer has said so."""
    if by == OrderTransition.By.BANK:
        text = _("The bank reports that order %(number)s is paid in full. You can pack it.")
    else:
        text = _("Order %(number)s now counts as paid in full. You can pack it.")
    return _about(order, subject=_("Order %(number)s is paid: %(amount)s"), text=text)


def order_cancelled(order: Order) -> Letter:
    """The buyer, an officer or the clock has cancelled; the goods are free again."""
    text = _("Order %(number)s was cancelled: %(reason)s The goods are back in your stock.")
    return _about(order, subject=_("Order %(number)s was cancelled"), text=text)


def order_received(order: Order) -> Letter:
    """The buyer says that the goods have come; whether cash was paid only the seller can say."""
    if order.payment == Payment.COD_DUE:
        text = _("The buyer says that the goods have come. If you have the cash, please note it in the workspace.")
    else:
        text = _("The buyer says that the goods have come.")
    return _about(order, subject=_("Order %(number)s has arrived"), text=text)


def _about(order: Order, *, subject: str, text: str) -> Letter:
    # The clock's reasons are message ids, a person's are her own words; "" would be the catalogue's header.
    reason = _(order.cancel_reason) if order.cancel_reason else ""
    facts = {
        "number": order.number,
        "amount": format_dong(order.total_incl_tax),
        "buyer": order.purchase.buyer_name if order.purchase is not None else _("A buyer"),
        "reason": reason if reason.endswith(".") else f"{reason}.",
    }
    rows = [*goods_rows(order), (_("Total"), format_dong(order.total_incl_tax))]
    return Letter(
        subject=subject % facts,
        greeting=_("Hello %(merchant)s,") % {"merchant": order.merchant},
        paragraphs=(text % facts,),
        sections=(Section(title=_("Order %(number)s") % facts, rows=tuple(rows)),),
        link_label=_("Open the workspace"),
        link_url=f"{settings.SITE_URL}{reverse('workspace:home')}",
    )

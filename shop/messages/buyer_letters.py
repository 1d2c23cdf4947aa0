"""What the buyer reads by e-mail, in the language of the purchase (the caller has activated it).

Account numbers are never in a letter: a forged letter could then not be told from ours. They stand on the purchase's
own page only.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from merchants.money import format_dong
from merchants.phone_numbers import shown_phone
from shop.messages.letter import Letter, Section, goods_rows
from shop.order.models import Fulfilment, Order, OrderTransition, Payment, PaymentMethod
from shop.outbox.errors import Refused


def purchase_placed(purchase: Any) -> Letter:
    """All orders of a purchase (shop.purchase.models.Purchase, not imported: it lies above) that still stand.

    Refused when none does: the letters about cancelling have told the buyer.
    """
    standing = purchase.orders.exclude(fulfilment=Fulfilment.CANCELLED).select_related("merchant")
    orders = list(standing.prefetch_related("lines").order_by("pk"))
    if not orders:
        raise Refused("every order of the purchase was cancelled meanwhile")
    paragraphs = [_("Thank you for buying straight from the people who make it.")]
    if any(order.payment_method == PaymentMethod.TRANSFER and order.payment == Payment.AWAITING for order in orders):
        paragraphs.append(
            _(
                "Open the page below to pay each producer by VietQR. The page belongs to you alone; you may send it "
                "to whoever pays for you."
            )
        )
    return Letter(
        subject=_("We have your order %(numbers)s") % {"numbers": ", ".join(order.number for order in orders)},
        greeting=_greeting(purchase),
        paragraphs=tuple(paragraphs),
        sections=tuple(_section(order) for order in orders),
        link_label=_("See, pay and follow your purchase"),
        link_url=_page_of(purchase),
        afterword=_("Account numbers stand on that page only. We never send another one by e-mail or message."),
    )


def order_paid(order: Order, *, by: str) -> Letter:
    """All of the money is there; `by` says who knows it (OrderTransition.By)."""
    if by == OrderTransition.By.SELLER:
        how = _("%(merchant)s confirms that %(amount)s has arrived.")
    else:
        how = _("%(amount)s has reached the account of %(merchant)s.")
    facts = {"merchant": order.merchant, "amount": format_dong(order.received_vnd)}
    paragraphs = [how % facts]
    if order.excess_vnd:
        paragraphs.append(
            _("That is %(amount)s more than the order costs; the producer will send it back to you.")
            % {"amount": format_dong(order.excess_vnd)}
        )
    return _about(order, subject=_("Order %(number)s is paid"), paragraphs=paragraphs)


def order_part_paid(order: Order) -> Letter:
    """Some of the money is there."""
    missing = order.total_incl_tax - order.received_vnd
    text = _("%(amount)s has arrived; %(missing)s is still missing. The page below shows the code for the rest.")
    facts = {"amount": format_dong(order.received_vnd), "missing": format_dong(missing)}
    return _about(order, subject=_("Order %(number)s is paid in part"), paragraphs=[text % facts])


def order_refunded(order: Order) -> Letter:
    """The seller says that money went back."""
    text = _("%(merchant)s has sent %(amount)s back to you. Please look in your bank app.")
    facts = {"merchant": order.merchant, "amount": format_dong(order.refunded_vnd)}
    return _about(order, subject=_("Money of order %(number)s was sent back"), paragraphs=[text % facts])


def order_confirmed(order: Order) -> Letter:
    """The seller has seen the order and prepares the goods."""
    text = _("%(merchant)s has seen your order and is preparing the goods.")
    return _about(
        order, subject=_("Order %(number)s is being prepared"), paragraphs=[text % {"merchant": order.merchant}]
    )


def order_sent(order: Order) -> Letter:
    """The goods are on their way."""
    paragraphs = [_("%(merchant)s has handed over your goods for delivery.") % {"merchant": order.merchant}]
    if order.payment == Payment.COD_DUE:
        paragraphs.append(_("Please have %(amount)s ready in cash.") % {"amount": format_dong(order.total_incl_tax)})
    return _about(order, subject=_("Order %(number)s is on its way"), paragraphs=paragraphs)


def order_cancelled(order: Order) -> Letter:
    """The order is over; says why, and what happens to money that had come."""
    paragraphs = [_("The order was cancelled: %(reason)s") % {"reason": _(order.cancel_reason)}]
    kept = order.received_vnd - order.refunded_vnd
    if kept > 0:
        text = _("%(merchant)s has received %(amount)s from you and must send it back.")
        paragraphs.append(text % {"merchant": order.merchant, "amount": format_dong(kept)})
    elif order.payment_method == PaymentMethod.TRANSFER:
        paragraphs.append(_("Please do not transfer money for it any more."))
    return _about(order, subject=_("Order %(number)s was cancelled"), paragraphs=paragraphs)


def code_issued(purchase: Any) -> Letter:
    """Somebody has given the purchase a new look-up code; the code itself is told only to who asked for it."""
    facts = {"issuer": purchase.look_up_issued_by}
    return Letter(
        subject=_("New look-up code for your purchase"),
        greeting=_greeting(purchase),
        paragraphs=(
            _("%(issuer)s has issued a new look-up code for your purchase, because somebody asked for it.") % facts,
            _(
                "If that was not you, please call them: whoever has the code and your phone number can see "
                "the purchase."
            ),
        ),
        link_label=_("Follow your purchase"),
        link_url=_page_of(purchase),
    )


def mailbox_code(purchase: Any, *, code: str) -> Letter:
    """The one-time code that opens the list of purchases in the browser that asked for it."""
    return Letter(
        subject=_("Your code: %(code)s") % {"code": code},
        greeting=_greeting(purchase),
        paragraphs=(
            _("%(code)s is the code to see your purchases. It works for ten minutes.") % {"code": code},
            _("If you did not ask for it, just leave it. Never tell it to anybody."),
        ),
        link_label=_("To the page for the code"),
        link_url=f"{settings.SITE_URL}{reverse('purchase:find_code')}",
    )


def _about(order: Order, *, subject: str, paragraphs: list[str]) -> Letter:
    return Letter(
        subject=subject % {"number": order.number},
        greeting=_greeting(order.purchase),
        paragraphs=tuple(paragraphs),
        sections=(_section(order),),
        link_label=_("Follow your purchase"),
        link_url=_page_of(order.purchase),
    )


def _greeting(purchase: Any) -> str:
    return _("Dear %(name)s,") % {"name": purchase.buyer_name}


def _page_of(purchase: Any) -> str:
    return f"{settings.SITE_URL}{purchase.get_absolute_url()}"


def _section(order: Order) -> Section:
    rows = [(_("Order number"), order.number)]
    rows += goods_rows(order)
    if order.shipping_incl_tax:
        rows.append((_("Delivery"), format_dong(order.shipping_incl_tax)))
    rows.append((_("Total"), format_dong(order.total_incl_tax)))
    if order.payment == Payment.COD_DUE:
        rows.append((_("Payment"), _("in cash on delivery")))
    elif order.payment == Payment.AWAITING:
        rows.append((_("Transfer reference"), order.number))
        if order.hold_until is not None:
            until = timezone.localtime(order.hold_until)
            rows.append((_("The goods are held for you until"), until.strftime("%H:%M %d/%m/%Y")))
    if order.merchant is not None and order.merchant.phone:
        rows.append((_("The producer’s phone"), shown_phone(order.merchant.phone)))
    return Section(title=str(order.merchant), rows=tuple(rows))

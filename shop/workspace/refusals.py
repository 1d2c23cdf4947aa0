"""What the lower packages refuse, said to the person who pressed the button."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    # shop.purchase.states
    "not_listed": _("This step is not possible any more: somebody has moved the order on meanwhile."),
    "not_yours": _("This step is not yours to take."),
    "reason_missing": _("Please give a reason; the buyer reads it."),
    "unpaid": _("The money has not come yet. Tick the box if you pack all the same."),
    "not_collected": _("This order is delivered, so it has to be sent first."),
    "is_collected": _("The buyer collects this order; there is nothing to send."),
    "not_revivable": _("This order was cancelled by a person and stays cancelled."),
    "not_sure": _("Please tick the box first: this step cannot be undone."),
    # shop.payments
    "already_paid": _("This order is paid already; nothing was changed."),
    "changed_meanwhile": _("Something has changed meanwhile. Please look again."),
    "word_stands": _("You have confirmed a payment for this order before."),
    "not_whole_dong": _("Please enter whole dong."),
    "not_by_transfer": _("This order is not paid by transfer."),
    "not_by_cash": _("This order is not paid in cash."),
    "cancelled": _("This order was cancelled."),
    "superseded": _("The bank has confirmed this payment; it can no longer be taken back here."),
    "nothing_to_undo": _("There is nothing to take back."),
    "refund_stands": _("A refund is noted for this money. Withdraw the refund first."),
    "too_late": _("This can be taken back within 24 hours only."),
    "not_doubtful": _("Somebody has decided about this money meanwhile."),
    "foreign_order": _("This order belongs to another seller."),
    "no_attempt": _("This order asks for no payment."),
    "too_much": _("That is more than what came."),
    "nothing_due": _("This order asks for no more money."),
    "more_than_came": _("That is more than what came."),
    "no_reason": _("Please give a reason."),
    "not_due": _("This refund is settled already."),
    "not_sent": _("This refund was not marked as sent."),
    "out_of_stock": _("The goods of this order are gone meanwhile, so the order cannot come back. Please refund."),
    # shop.partner.stock
    "short": _("There is not enough in stock for that."),
    "below_promised": _("More than that is promised to open orders. Cancel an order first."),
    "quantity_out_of_bounds": _("Please enter a number from 0 to 10.000.000."),
}
SOMETHING_ELSE = _("This cannot be done now. Please look at the order again.")


def words_for(code: str) -> str:
    """What to tell the person; an unknown code gets a general sentence, never a blank."""
    return str(REFUSALS.get(code, SOMETHING_ELSE))

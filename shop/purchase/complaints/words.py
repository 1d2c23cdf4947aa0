"""What a case says to people: refusals, where it stands, whose turn it is; one wording for each reader."""

from django.utils.translation import gettext_lazy as _

from shop.order.models import OrderTransition
from shop.purchase.complaints.models import State

By = OrderTransition.By
Words = object  # a lazy translation; str() says it

REFUSALS: dict[str, Words] = {
    "not_listed": _("This is not possible any more: the complaint has moved on meanwhile. Please look again."),
    "not_yours": _("This step is not yours to take."),
    "another_open": _("There is an open complaint about this order already."),
    "too_many": _("No more complaints can be opened about this order. Please call the producer or the commune."),
    "not_sent_yet": _("The goods have not been sent yet. You can still cancel the order."),
    "too_late": _("The time to complain about this order here is over. Please call the producer or the commune."),
    "order_cancelled": _("This order was cancelled."),
    "nothing_owed": _("Nothing has to go back for this order."),
    "refund_not_late_yet": _("The producer still has time to send the money back."),
    "not_about_money": _("Please choose again what is wrong."),
    "no_text": _("Please write one sentence at least, so that it can be understood."),
    "closed": _("This complaint is closed."),
    "too_many_messages": _("That is enough for today. Please write again tomorrow, or call."),
    "too_many_photos": _("Five photos at most, please."),
    "offer_gone": _("This offer does not stand any more. Please look again."),
    "more_than_came": _("That is more than what came for this order and has not gone back yet."),
    "nothing_came": _("No money is noted for this order. If you have the cash, please note it first."),
    "no_amount": _("Please enter the amount in whole dong."),
    "agreed_already": _("A refund is agreed already: please send it."),
    "nothing_agreed": _("Nothing was agreed yet."),
    "send_the_money": _("Please send the money first, then press “I have paid it back”."),
    "seller_has_time": _("The producer still has time to answer."),
}
SOMETHING_ELSE = _("This is not possible now. Please look at the complaint again.")

# State → the colour of its label (site.css, pill).
PILLS: dict[str, str] = {
    State.OPEN: "action",
    State.OFFERED: "wait",
    State.REFUSED: "bad",
    State.RETURNING: "bank",
    State.AGREED: "bank",
    State.CARRIED_OUT: "wait",
    State.ESCALATED: "action",
    State.RESOLVED: "good",
    State.WITHDRAWN: "",
    State.LAPSED: "",
    State.ADVISED: "good",
}

BUYER, SELLER, OFFICER = By.BUYER, By.SELLER, By.OFFICER
WHOSE_TURN: dict[str, str] = {
    State.OPEN: SELLER,
    State.AGREED: SELLER,
    State.OFFERED: BUYER,
    State.REFUSED: BUYER,
    State.RETURNING: BUYER,
    State.CARRIED_OUT: BUYER,
    State.ESCALATED: OFFICER,
}

# (state, reader) → what it means for her. Facts: merchant, buyer, day (until when).
NEXT: dict[tuple[str, str], Words] = {
    (State.OPEN, BUYER): _("%(merchant)s has to answer by %(day)s. If no answer comes, the commune is told by itself."),
    (State.OPEN, SELLER): _("Please answer by %(day)s: make an offer, or say no and why. Then the commune is told."),
    (State.OPEN, OFFICER): _("%(merchant)s has to answer by %(day)s."),
    (State.OFFERED, BUYER): _("%(merchant)s makes you an offer. Please answer by %(day)s; else the case is closed."),
    (State.OFFERED, SELLER): _("%(buyer)s has until %(day)s to answer your offer."),
    (State.OFFERED, OFFICER): _("%(buyer)s has until %(day)s to answer the offer."),
    (State.REFUSED, BUYER): _("%(merchant)s says no. You can ask the commune to look at it, until %(day)s."),
    (State.REFUSED, SELLER): _("%(buyer)s can call the commune until %(day)s. You can still make an offer."),
    (State.REFUSED, OFFICER): _("%(merchant)s said no. %(buyer)s can call the commune until %(day)s."),
    (State.RETURNING, BUYER): _("Please send the goods back by %(day)s and say so here."),
    (State.RETURNING, SELLER): _("%(buyer)s sends the goods back by %(day)s. Press the button when they are with you."),
    (State.RETURNING, OFFICER): _("%(buyer)s sends the goods back by %(day)s."),
    (State.AGREED, BUYER): _("%(merchant)s carries it out by %(day)s. If not, the commune is told by itself."),
    (State.AGREED, SELLER): _("Please carry it out by %(day)s and say so here. After that the commune is told."),
    (State.AGREED, OFFICER): _("%(merchant)s carries it out by %(day)s."),
    (State.CARRIED_OUT, BUYER): _("%(merchant)s says that it is done. Please look by %(day)s whether it is so."),
    (State.CARRIED_OUT, SELLER): _("%(buyer)s looks by %(day)s whether it has come. You need do nothing now."),
    (State.CARRIED_OUT, OFFICER): _("%(buyer)s looks by %(day)s whether it has come."),
    (State.ESCALATED, BUYER): _("The commune looks at it and gives its advice by %(day)s. You can go on writing here."),
    (State.ESCALATED, SELLER): _("The commune looks at it by %(day)s. You can still offer, or do what was agreed."),
    (State.ESCALATED, OFFICER): _("Please read, ask both if you need to, and give your advice by %(day)s."),
    (State.RESOLVED, BUYER): _("This is settled. Thank you for your patience."),
    (State.RESOLVED, SELLER): _("This is settled. Thank you."),
    (State.RESOLVED, OFFICER): _("This is settled."),
    (State.WITHDRAWN, BUYER): _("This complaint is closed."),
    (State.WITHDRAWN, SELLER): _("This complaint was withdrawn. You need do nothing."),
    (State.WITHDRAWN, OFFICER): _("This complaint was withdrawn."),
    (State.LAPSED, BUYER): _("No answer came from you, so the case was closed. You can still call the commune."),
    (State.LAPSED, SELLER): _("The buyer did not answer in time, so the case was closed."),
    (State.LAPSED, OFFICER): _("The buyer did not answer in time, so the case was closed."),
    (State.ADVISED, BUYER): _("The commune has given its advice, below. It cannot order anybody; the court can."),
    (State.ADVISED, SELLER): _("The commune has given its advice, below. You can still make an offer that follows it."),
    (State.ADVISED, OFFICER): _("You have given your advice. Buyer and producer have read it."),
}
OVERDUE = _("This was due on %(day)s.")

# (from, to, by) → one line of the case; an empty `by` stands for anybody.
STEPS: dict[tuple[str, str, str], Words] = {
    ("", State.OPEN, ""): _("Complaint sent"),
    ("", State.AGREED, ""): _("Asks for the money that is owed"),
    (State.OFFERED, State.OPEN, ""): _("Offer not accepted"),
    (State.OFFERED, State.AGREED, ""): _("Offer accepted"),
    (State.OFFERED, State.RETURNING, ""): _("Offer accepted: the goods go back"),
    (State.RETURNING, State.AGREED, By.BUYER): _("Goods sent back"),
    (State.RETURNING, State.AGREED, By.SELLER): _("The goods are back"),
    (State.AGREED, State.AGREED, ""): _("The goods are back"),
    (State.CARRIED_OUT, State.AGREED, By.BUYER): _("Not seen yet"),
    (State.CARRIED_OUT, State.AGREED, By.SELLER): _("Taken back: not done yet"),
    (State.RESOLVED, State.AGREED, ""): _("Taken back: not done yet"),
}
STEPS_BY_END: dict[str, Words] = {
    State.OFFERED: _("Makes an offer"),
    State.REFUSED: _("Says no"),
    State.CARRIED_OUT: _("Says: done"),
    State.ESCALATED: _("The commune is called"),
    State.ADVISED: _("The commune's advice"),
    State.RESOLVED: _("Settled"),
    State.WITHDRAWN: _("Complaint withdrawn"),
    State.LAPSED: _("Closed"),
}


def refusal_words(code: str) -> str:
    """What to tell the person; an unknown code gets a general sentence, never a blank."""
    return str(REFUSALS.get(code, SOMETHING_ELSE))


def step_words(from_state: str, to_state: str, by: str) -> str:
    """What a step is called in the case; empty for a mere message."""
    if not to_state:
        return ""
    own = STEPS.get((from_state, to_state, by)) or STEPS.get((from_state, to_state, ""))
    return str(own or STEPS_BY_END.get(to_state, ""))

"""News that payments sends upward; it does not know who listens.

Receivers run inside the sender's transaction and with its locks (order, then attempt), so they must be quick, call
nothing outside, and may be told the same thing twice.
"""

from django.dispatch import Signal

# After every change of an attempt's state or allocated_vnd, and of its refunds; not when an attempt is first opened.
#   sender   PaymentAttempt
#   attempt  the attempt as it is now in the database
#   by       one of OrderTransition.By: who brought it about
#   actor    the signed-in user, or None
#   reason   a code: "bank_notice", "sellers_word", "cash", "accepted", "undone", "expired", "cancelled", "refund" …
# A receiver may raise shop.payments.errors.CannotAccept; the whole change is then rolled back.
attempt_changed = Signal()

# When someone said something about an attempt that moves no money. Same arguments; `reason` is one of
# "buyer_says_sent", "buyer_takes_back", "seller_not_seen", "seller_takes_back".
attempt_remarked = Signal()

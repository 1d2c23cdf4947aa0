"""Finding a purchase again: by the buyer's phone and the look-up code, or, for a member, among her own."""

import logging
import re

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.timezone import now as current_time

from merchants import audit
from merchants.models import Merchant
from shop.locks import locked_rows
from shop.messages.announce import write_to_buyer
from shop.order.models import Order
from shop.order.reference import ALPHABET
from shop.purchase.models import LOOK_UP_LENGTH, Purchase, new_look_up_code
from shop.users.models import User

log = logging.getLogger(__name__)

_LOOKALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def shown_code(code: str) -> str:
    """`K7P-3MX` for K7P3MX: halves are easier to read out."""
    return f"{code[:3]}-{code[3:]}"


def read_code(typed: str) -> str:
    """The code as stored, from how people type it; empty when it can be none."""
    squeezed = re.sub(r"[\s.\-–]", "", typed[:40]).upper().translate(_LOOKALIKE)
    return squeezed if len(squeezed) == LOOK_UP_LENGTH and set(squeezed) <= set(ALPHABET) else ""


def find_by_code(*, phone: str, code: str) -> Purchase | None:
    """The purchase of that buyer (phone in E.164) with that code as typed; None without a word about which was wrong.

    The caller limits how often this may be asked: a billion codes are safe only against few guesses.
    """
    wanted = read_code(code)
    if not wanted:
        return None
    return Purchase.objects.filter(look_up_code=wanted, buyer_phone=phone).order_by("-pk").first()


def issue_code(
    *, order: Order, actor: User, issuer: str, on_behalf_of: Merchant | None = None, request: HttpRequest | None = None
) -> str:
    """Give the order's purchase a new code and return it; the old one ends. For whoever has checked who is asking.

    `issuer` is how the buyer reads it on her page ("HTX Đồng Sen", "xã Hợp Minh"); she is also told by e-mail.
    The audit log says who did it, never the code. Each call issues another one.
    """
    assert order.purchase_id is not None  # noqa: S101  # every order of ours belongs to a purchase
    with locked_rows(purchase_ids=[order.purchase_id]) as rows:
        purchase: Purchase = rows.purchases[order.purchase_id]
        purchase.look_up_code = new_look_up_code()
        purchase.look_up_issued_at = current_time()
        purchase.look_up_issued_by = issuer[:120]
        purchase.save(update_fields=["look_up_code", "look_up_issued_at", "look_up_issued_by"])
        audit.record(
            action="purchase.look_up_code_issued",
            obj=order,
            actor=actor,
            on_behalf_of=on_behalf_of,
            commune=order.merchant.commune if order.merchant else None,
            after={"issued_by": purchase.look_up_issued_by},
            request=request,
        )
        stamp = purchase.look_up_issued_at.timestamp()
        if purchase.buyer_email:
            write_to_buyer(letter="buyer.code_issued", purchase_id=purchase.pk, news_key=f"{purchase.pk}-{stamp}")
    return purchase.look_up_code


def own_purchases(user: User) -> QuerySet[Purchase]:
    """What a member bought: signed in, or as a guest under a phone or e-mail of hers that she has proved to be hers."""
    mine = Q(user=user)
    proved = list(EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True))
    for email in proved:
        mine |= Q(user=None, buyer_email__iexact=email)
    if user.phone and user.phone_verified:
        mine |= Q(user=None, buyer_phone=user.phone)
    return Purchase.objects.filter(mine).order_by("-pk")


def with_orders(purchases: QuerySet[Purchase]) -> QuerySet[Purchase]:
    """With all that a list of purchases shows; three queries more, however many there are."""
    return purchases.prefetch_related("orders__merchant", "orders__lines")

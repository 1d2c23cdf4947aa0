"""A one-time code to the buyer's mailbox opens the list of what was bought under that address.

What is pending stands in the visitor's session: the code works only in the browser that asked for it.
"""

import hmac
import secrets
from collections.abc import MutableMapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from merchants.sealed_text import keyed_hash, seal
from shop.messages.announce import write_to_buyer
from shop.messages.channels.registry import SENDERS
from shop.purchase.models import Purchase

CODE_LIVES = timedelta(minutes=10)
LIST_LIVES = timedelta(minutes=15)
TRIES = 5
_PENDING, _FOUND = "mailbox_code", "mailbox_found"

Session = MutableMapping[str, Any]


def is_offered() -> bool:
    """Whether a sender is configured that could carry the code."""
    return SENDERS["email"].is_configured()


def send_code(*, session: Session, email: str, now: datetime) -> None:
    """Send a fresh code where something was bought under that address; the session looks the same where nothing was.

    An earlier code of this session ends. The caller limits how often this may be asked.
    """
    code = f"{secrets.randbelow(1_000_000):06d}"
    session[_PENDING] = {
        "email": email.lower(),
        "hash": keyed_hash(code, purpose="mailbox-code"),
        "until": (now + CODE_LIVES).timestamp(),
        "tries": 0,
    }
    newest = _bought_under(email).order_by("-pk").first()
    if newest is None:
        return
    with transaction.atomic():
        write_to_buyer(
            letter="buyer.mailbox_code", purchase_id=newest.pk, news_key=secrets.token_hex(8), code_sealed=seal(code)
        )


def is_pending(*, session: Session, now: datetime) -> bool:
    pending = session.get(_PENDING)
    return pending is not None and now.timestamp() <= pending["until"] and pending["tries"] < TRIES


def use_code(*, session: Session, typed: str, now: datetime) -> bool:
    """Whether that was the code; if so the list is open in this browser for a while. Five tries, then it is over."""
    if not is_pending(session=session, now=now):
        return False
    pending = dict(session[_PENDING])
    pending["tries"] += 1
    session[_PENDING] = pending
    digits = "".join(char for char in typed[:20] if char.isdigit())
    if not hmac.compare_digest(keyed_hash(digits, purpose="mailbox-code"), pending["hash"]):
        return False
    del session[_PENDING]
    session[_FOUND] = {"email": pending["email"], "until": (now + LIST_LIVES).timestamp()}
    return True


def found_purchases(*, session: Session, now: datetime) -> QuerySet[Purchase] | None:
    """What was bought under the address that this browser has proved; None when it has proved none."""
    found = session.get(_FOUND)
    if found is None or now.timestamp() > found["until"]:
        return None
    return _bought_under(found["email"]).order_by("-pk")


def _bought_under(email: str) -> QuerySet[Purchase]:
    return Purchase.objects.filter(buyer_email__iexact=email)

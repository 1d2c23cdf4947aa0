"""News of a change of account: one message to each owner with an e-mail address and to each phone that must hear of it.

The phones are those of merchants.account_changes.phones_to_tell. No account number stands in a letter but the last four
digits. As long as no channel reaches phones, their messages wait in the outbox, visible to staff, for a few days: here
silence would be the fault, unlike with a letter to a buyer.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from merchants.account_changes import PENDING, phones_to_tell
from merchants.models import AccountChange, Membership
from merchants.signals import account_change_moved
from shop.messages.channels.interface import OutgoingMessage, Sender
from shop.messages.channels.registry import SENDERS
from shop.messages.letter import Letter, as_html, as_text
from shop.outbox.enqueue import enqueue
from shop.outbox.errors import NotConfigured, Refused

PHONE_CHANNELS = ("zalo_oa", "sms")
"""Names of the senders that reach a phone, the better one first; none exists yet."""

OUTDATED_AFTER = timedelta(days=7)
NEWS = ("asked", "confirmed", "done", "stopped")


@receiver(account_change_moved, dispatch_uid="tell_of_account_change")
def tell(sender: Any, change: AccountChange, news: str, **_kwargs: Any) -> None:
    """Write one outbox message per reader, in the transaction of the change."""
    key = f"account-change-{change.pk}-{news}"
    for user_id in owners_to_tell(change):
        payload = {"change_id": change.pk, "news": news, "user_id": user_id}
        enqueue(kind="account.letter", payload=payload, dedupe_key=f"{key}-user-{user_id}")
    for which in phones_to_tell(change):
        payload = {"change_id": change.pk, "news": news, "phone": which}
        enqueue(kind="account.letter", payload=payload, dedupe_key=f"{key}-phone-{which}")


def owners_to_tell(change: AccountChange) -> list[int]:
    """Ids of the business's owners of today with an e-mail address."""
    members = Membership.objects.in_force(timezone.now()).filter(
        merchant_id=change.merchant_id,
        role=Membership.Role.OWNER,
        user__is_active=True,
        user__email__isnull=False,
    )
    return list(members.exclude(user__email="").order_by("user_id").values_list("user_id", flat=True).distinct())


def send_account_letter(payload: dict[str, Any], *, dedupe_key: str) -> None:
    """The outbox's handler of `account.letter`: {change_id, news, user_id | phone}.

    Refused when the change is gone, the reader has no address any more, or the news is overtaken or a week old;
    NotConfigured where no channel reaches phones.
    """
    change = AccountChange.objects.select_related("merchant", "old_account").filter(pk=payload["change_id"]).first()
    if change is None:
        raise Refused(f"change {payload['change_id']} is gone")
    news = payload["news"]
    if news in ("asked", "confirmed") and change.state not in PENDING:
        raise Refused("overtaken by a later step")
    moved_at = change.ended_at or change.due_at or change.asked_at
    if moved_at < timezone.now() - OUTDATED_AFTER:
        raise Refused("overtaken: a week old")
    if "user_id" in payload:
        if payload["user_id"] not in owners_to_tell(change):
            raise Refused(f"user {payload['user_id']} no longer owns this business")
        sender, address = SENDERS["email"], get_user_model().objects.get(pk=payload["user_id"]).email or ""
    else:
        address = phones_to_tell(change).get(payload["phone"], "")
        if not address:
            raise Refused("the phone is gone from the register")
        sender = phone_sender()
    with translation.override(settings.LANGUAGE_CODE):
        letter = compose(change, news)
        message = OutgoingMessage(
            to=address,
            subject=letter.subject,
            text=as_text(letter),
            html=as_html(letter),
            language=settings.LANGUAGE_CODE,
        )
    sender.send(message, dedupe_key=dedupe_key)


def phone_sender() -> Sender:
    """The channel that reaches a phone; NotConfigured where there is none."""
    for name in PHONE_CHANNELS:
        if name in SENDERS and SENDERS[name].is_configured():
            return SENDERS[name]
    raise NotConfigured("no channel reaches phones: call this number")


def compose(change: AccountChange, news: str) -> Letter:
    """The letter in the language now active."""
    facts = {
        "business": change.merchant.name,
        "old": change.old_account.last_digits,
        "new": change.last_digits,
        "reason": change.stopped_reason,
        "time": timezone.localtime(change.due_at).strftime("%H:%M %d/%m/%Y") if change.due_at else "",
    }
    if news == "asked":
        subject = _("%(business)s: somebody asks for another account")
        text = _(
            "Payments are to go to the account ending in %(new)s instead of %(old)s. Nothing changes before the "
            "owner and an officer of the commune have agreed."
        )
    elif news == "confirmed":
        subject = _("%(business)s: the account changes at %(time)s")
        text = _(
            "The owner and an officer have agreed: from %(time)s payments go to the account ending in %(new)s "
            "instead of %(old)s."
        )
    elif news == "done":
        subject = _("%(business)s: payments go to another account now")
        text = _(
            "Payments now go to the account ending in %(new)s. The code of the old account ending in %(old)s is "
            "withdrawn: take it off the wall."
        )
    else:
        subject = _("%(business)s: the change of account was stopped")
        text = _("Payments stay on the account ending in %(old)s. Reason: %(reason)s")
    warning = _("Was it not you? Then stop it at once in the workspace, or call the commune.")
    return Letter(
        subject=subject % facts,
        greeting=_("Hello,"),
        paragraphs=(text % facts, warning) if news in ("asked", "confirmed") else (text % facts,),
        link_label=_("Look at the change"),
        link_url=settings.SITE_URL + reverse("workspace:account_changes"),
    )

"""What is said in a case without a step: bounded, and only while the case is open."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from merchants.typed_text import clean_paragraphs
from shop.purchase.complaints.models import LONGEST_TEXT, UNFINISHED, Complaint, ComplaintEntry
from shop.purchase.complaints.photos import keep_photos
from shop.purchase.complaints.states import ComplaintRefused, Who, locked_complaint, log_message

MOST_MESSAGES_A_DAY = 20  # of each side in one case


def readable(text: str) -> str:
    """What a person typed, as it is kept."""
    return clean_paragraphs(text, longest=LONGEST_TEXT)


def reason_given(text: str, *, at_least: int = 10) -> str:
    """The same where something must be said; raises ComplaintRefused("no_text")."""
    said = readable(text)
    if len(said) < at_least:
        raise ComplaintRefused("no_text")
    return said


def write(
    *, complaint: Complaint, who: Who, text: str, photos: Sequence[bytes] = (), now: datetime | None = None
) -> ComplaintEntry:
    """Say something in the case; the deadline stays, for a word is no answer yet.

    Raises ComplaintRefused: "no_text", "closed", "too_many_messages", "too_many_photos".
    """
    now = now or timezone.now()
    said = readable(text)
    if not said and not photos:
        raise ComplaintRefused("no_text")
    with locked_complaint(complaint) as (_order, fresh):
        if fresh.state not in UNFINISHED:
            raise ComplaintRefused("closed")
        lately = fresh.entries.filter(by=who.by, to_state="", at__gt=now - timedelta(days=1))
        if lately.count() >= MOST_MESSAGES_A_DAY:
            raise ComplaintRefused("too_many_messages")
        entry = log_message(complaint=fresh, who=who, text=said, now=now)
        keep_photos(entry, photos)
    return entry

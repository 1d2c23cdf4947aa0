"""Until when each side has to act. How long is a setting (COMPLAINT_…), with the law's source where it gives the time.

Dates end with their day: what is due on the 3rd may be done until 23:59:59 in Vietnam.
"""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from shop.purchase.complaints.models import Remedy, State

# Public holidays with fixed dates: Bộ luật Lao động 45/2019/QH14, Điều 112 (20/11/2019, in force 1/1/2021).
_FIXED_HOLIDAYS = {(1, 1), (4, 30), (5, 1), (9, 2)}
# Those by the lunar calendar (the same article), computed for UTC+7: first day of Tết; the Hùng kings' day. Tết is
# taken as the eve and four days; what the government announces beyond that goes into NON_WORKING_DAYS.
_FIRST_DAYS_OF_TET = (
    date(2026, 2, 17),
    date(2027, 2, 6),
    date(2028, 1, 26),
    date(2029, 2, 13),
    date(2030, 2, 2),
    date(2031, 1, 23),
)
_LUNAR_HOLIDAYS = {
    date(2026, 4, 26),
    date(2027, 4, 16),
    date(2028, 4, 4),
    date(2029, 4, 23),
    date(2030, 4, 12),
    date(2031, 4, 1),
} | {first + timedelta(days=offset) for first in _FIRST_DAYS_OF_TET for offset in range(-1, 4)}


def is_working_day(day: date) -> bool:
    """Monday to Friday but for public holidays and the days named in the setting NON_WORKING_DAYS."""
    return (
        day.weekday() < 5
        and (day.month, day.day) not in _FIXED_HOLIDAYS
        and day not in _LUNAR_HOLIDAYS
        and day not in settings.NON_WORKING_DAYS
    )


def after_working_days(now: datetime, count: int) -> datetime:
    """The end of the last of so many working days after today."""
    day = timezone.localdate(now)
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return _end_of(day)


def after_days(now: datetime, count: int) -> datetime:
    """The end of the day so many days after today."""
    return _end_of(timezone.localdate(now) + timedelta(days=count))


def due_at(state: str, *, now: datetime, remedy: str = "", goods_are_back: bool = False) -> datetime | None:
    """When what the state waits for is due; None for a state in which nothing is waited for."""
    match state:
        case State.OPEN:
            return after_working_days(now, settings.COMPLAINT_ANSWER_WORKING_DAYS)
        case State.OFFERED | State.REFUSED:
            return after_days(now, settings.COMPLAINT_DECIDE_DAYS)
        case State.RETURNING:
            return after_days(now, settings.COMPLAINT_RETURN_DAYS)
        case State.AGREED if remedy == Remedy.RETURN_REFUND and not goods_are_back:
            return after_days(now, settings.COMPLAINT_RETURN_DAYS)  # the parcel is still on its way
        case State.AGREED:
            return after_working_days(now, settings.COMPLAINT_CARRY_OUT_WORKING_DAYS)
        case State.CARRIED_OUT:
            return after_days(now, settings.COMPLAINT_CONFIRM_DAYS)
        case State.ESCALATED:
            return after_working_days(now, settings.COMPLAINT_COMMUNE_WORKING_DAYS)
    return None


def may_be_filed_until(delivered_at: datetime) -> datetime:
    """The end of the last day on which a complaint about delivered goods may be filed."""
    return after_days(delivered_at, settings.COMPLAINT_FILE_WITHIN_DAYS)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=timezone.get_default_timezone())

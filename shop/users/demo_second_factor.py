"""The demo's second factor: a seeded secret whose current code a page of the demo may show. Never outside DEMO=1."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from merchants.sealed_text import unseal
from shop.users.models import User


def seed_totp(*, user: User, secret: str) -> None:
    """Give an invented person an authenticator with that base-32 secret and recovery codes; twice changes nothing."""
    _refuse_outside_demo()
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, secret)
        RecoveryCodes.activate(user)


def current_code(*, user: User) -> str:
    """The six digits that hold now; empty when the person has no authenticator."""
    _refuse_outside_demo()
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if found is None:
        return ""
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(unseal(found.data["secret"]), counters[len(counters) // 2]))


def _refuse_outside_demo() -> None:
    if not settings.DEMO:
        raise ImproperlyConfigured("the demo's second factor exists with DEMO=1 only")

"""How allauth finds, checks and reaches our people: by phone number or e-mail, by password or code."""

from typing import Any

import phonenumbers
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shop.users.models import User


def to_e164(text: str) -> str:
    """Return a Vietnamese phone number as +84…; raise ValidationError when it is none. "0912 345 678" is understood."""
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException as error:
        raise ValidationError(_("This is not a phone number."), code="invalid_phone") from error
    if number.country_code != 84 or not phonenumbers.is_possible_number(number):
        raise ValidationError(_("This is not a Vietnamese phone number."), code="invalid_phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class AccountAdapter(DefaultAccountAdapter):
    """Phone numbers live on the user; see allauth's phone contract."""

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        user.phone, user.phone_verified = phone, verified
        user.save(update_fields=["phone", "phone_verified"])

    def set_phone_verified(self, user: Any, phone: str) -> None:
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone=phone).first()

    def clean_phone(self, phone: str) -> str:
        return to_e164(phone)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Authenticator secrets are sealed at rest."""

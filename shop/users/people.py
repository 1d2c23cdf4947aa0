"""Making a person whom we know: a producer taken in by an officer, a member of staff, a figure of the demo."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from shop.users.models import User


@transaction.atomic
def add_person(
    *,
    full_name: str,
    phone: str | None = None,
    email: str | None = None,
    password: str | None = None,
    email_is_verified: bool = False,
    **fields: Any,
) -> User:
    """Make a person by phone (E.164) or e-mail; raises ValidationError for a taken or malformed one.

    Without a password she signs in first by an officer's activation code. `email_is_verified` spares her the code
    to her mailbox and is for addresses that somebody of the installation vouches for.
    """
    user = User.objects.create_user(phone=phone, email=email, password=password, full_name=full_name, **fields)
    if user.email:
        EmailAddress.objects.create(user=user, email=user.email.lower(), primary=True, verified=email_is_verified)
    return user

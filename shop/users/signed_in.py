"""The person who asks, where nobody gets in without signing in."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from merchants.permissions import Grants
from shop.users.models import User


def signed_in(request: HttpRequest) -> User:
    """Return the person of a view behind `login_required`; raise PermissionDenied should the view not be behind it."""
    if not isinstance(request.user, User):
        raise PermissionDenied("this needs somebody signed in")
    return request.user


def has_work(user: User, grants: Grants) -> bool:
    """Whether the front page at work has anything for this person: a role, or the platform's staff."""
    return grants.is_producer or grants.is_officer or grants.is_editor or user.is_staff

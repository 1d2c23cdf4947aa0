"""The person who asks, where nobody gets in without signing in."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from shop.users.models import User


def signed_in(request: HttpRequest) -> User:
    """Return the person of a view behind `login_required`; raise PermissionDenied should the view not be behind it."""
    if not isinstance(request.user, User):
        raise PermissionDenied("this needs somebody signed in")
    return request.user

"""What Oscar's dashboard templates expect in their context, given to them and to nobody else.

Oscar's processors query the signed-in user's notifications; a public page must not depend on who looks at it.
"""

from typing import Any

from django.http import HttpRequest
from oscar.apps.checkout.context_processors import checkout
from oscar.apps.communication.notifications.context_processors import notifications
from oscar.core.context_processors import metadata


def oscar_context(request: HttpRequest) -> dict[str, Any]:
    """Oscar's own context under /dashboard/, nothing elsewhere."""
    if not request.path.startswith("/dashboard/"):
        return {}
    return {**checkout(request), **notifications(request), **metadata(request)}

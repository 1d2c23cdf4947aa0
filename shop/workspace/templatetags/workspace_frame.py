"""What pages at work need from this package, also those of lower ones.

`{% workspace_frame as frame %}`: the frame around them. `{% sign_in_state membership as state %}`: whether the
officer may let that person in by a code (shop.users.activation).
"""

from typing import Any

from django import template
from django.utils import timezone

from merchants.models import Membership
from merchants.permissions import request_grants
from shop.users.activation import sign_in_state as state_of
from shop.workspace.frame import WorkspaceFrame

register = template.Library()


@register.simple_tag(takes_context=True)
def workspace_frame(context: dict[str, Any]) -> WorkspaceFrame:
    """One frame per request, so that header and navigation ask the database once."""
    request = context["request"]
    frame = getattr(request, "_workspace_frame", None)
    if frame is None:
        frame = request._workspace_frame = WorkspaceFrame(request)
    return frame


@register.simple_tag(takes_context=True)
def sign_in_state(context: dict[str, Any], membership: Membership) -> str:
    """ "new", "again", or why no code can be made for the person of this membership."""
    return state_of(grants=request_grants(context["request"]), user=membership.user, now=timezone.now())

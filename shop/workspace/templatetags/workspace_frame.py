"""`{% workspace_frame as frame %}`: the frame of the pages at work, also around pages of lower packages."""

from typing import Any

from django import template

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

"""The looser content policy that Wagtail's and Oscar's admin screens need, kept off every other page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

STAFF_PREFIXES = ("/cms/", "/dashboard/", "/admin/")
_LOOSER = {
    "script-src": ["'self'", "'unsafe-inline'", "'unsafe-eval'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
    "frame-src": ["'self'"],
}
_FRAMED = {"frame-ancestors": ["'self'"]}


class SecurityHeadersMiddleware:
    """Loosens the policy under the staff's prefixes and adds the headers Django does not know."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(STAFF_PREFIXES):
            # Wagtail's preview of a page went through every middleware once already and brings a page's strict policy;
            # it keeps that, but may stand in the frame of the editor's screen.
            is_preview = response.headers.pop("Content-Security-Policy", None) is not None
            response._csp_replace = _FRAMED if is_preview else _LOOSER  # type: ignore[attr-defined]  # for csp.middleware
            response.headers["X-Frame-Options"] = "SAMEORIGIN"  # Wagtail previews in a frame of its own
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
        return response

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


class SecurityHeadersMiddleware:
    """Loosens the policy under the staff's prefixes and adds the headers Django does not know."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(STAFF_PREFIXES):
            response._csp_replace = _LOOSER  # type: ignore[attr-defined]  # read by csp.middleware
            response.headers["X-Frame-Options"] = "SAMEORIGIN"  # Wagtail previews in a frame of its own
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
        return response

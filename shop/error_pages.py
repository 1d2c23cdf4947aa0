"""The pages for requests that fail: the same bytes for everyone, in the language of the address.

400, 403 (form) and 500 stand alone (templates/errors/alone.html): no request context, no database, no session, and
where the list of static files is missing they come without style sheets. The others stand in the site's own frame.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from shop.storefront.language import language_of_path


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Without the request: Django's own handler reads the host again for its template, and fails with 500 over it."""
    return HttpResponseBadRequest(_standing_alone("400.html", request))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own handler would give a visitor with a damaged token cookie a new one, on a page without a form."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own fault. It may be that nothing works any more, so the page asks for nothing."""
    return HttpResponseServerError(_standing_alone("500.html", request))


def _standing_alone(template: str, request: HttpRequest) -> str:
    # the fault may lie before the middleware that sets the language
    with translation.override(language_of_path(request.path_info)):
        return render_to_string(template)

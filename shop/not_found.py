"""The pages for addresses that lead nowhere and for requests that cannot be read: the same bytes for everyone."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.template.loader import render_to_string


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own handler would give a visitor with a damaged token cookie a new one, on a page without a form."""
    return render(request, "404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Without the request: Django's own handler reads the host again for its template, and fails with 500 over it."""
    return HttpResponseBadRequest(render_to_string("400.html"))

"""The page for addresses that lead nowhere: the same bytes for everyone, like the pages around it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own handler would give a visitor with a damaged token cookie a new one, on a page without a form."""
    return render(request, "404.html", status=404)

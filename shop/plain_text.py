"""The one place where text that people send loses the unseen letters that turn the direction of a line.

A name with such a letter could show another sum than the one beside it, on the seller's page as on the buyer's.
Whatever reads `request.POST` (forms, checkout, complaints, the workspace, the CMS) gets plain text. Bodies that are no
forms (notices of a payment provider, JSON) stay untouched: who reads those verifies bytes first and cleans by
`merchants.typed_text`.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

from merchants.typed_text import drop_turning


class PlainTextMiddleware:
    """Cleans a form's fields when they are first read: a body that no view reads is not read here either."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            _clean_when_read(request)
        return self.get_response(request)


def _clean_when_read(request: Any) -> None:
    load = request._load_post_and_files  # what request.POST and request.FILES call once, at the first look

    def load_plain() -> None:
        load()
        request._post = plain_fields(request._post)

    request._load_post_and_files = load_plain


def plain_fields(fields: QueryDict) -> QueryDict:
    """Return the same fields, in their order, without letters that turn the line; unchanged ones are not copied."""
    turned = {
        name: plain for name, values in fields.lists() if (plain := [drop_turning(value) for value in values]) != values
    }
    if not turned:
        return fields
    copy = fields.copy()
    for name, values in turned.items():
        copy.setlist(name, values)
    copy._mutable = False
    return copy

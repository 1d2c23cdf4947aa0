"""/api/v1/: public read access to goods, producers and coverage; no personal data. Described by openapi.json."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from shop.api import coverage, goods, producers

api = NinjaAPI(
    title="OCOP",
    version="1",
    description="Goods, producers and coverage of a commune's shop. Amounts are whole Vietnamese dong.",
    urls_namespace="api",
    docs_url=None,
    openapi_url="openapi.json",
)
api.add_router("products", goods.router, tags=["products"])
api.add_router("merchants", producers.router, tags=["merchants"])
api.add_router("coverage", coverage.router, tags=["coverage"])


def _refused(request: HttpRequest, status: int, code: str, message: str, **more: Any) -> HttpResponse:
    return api.create_response(request, {"error": code, "message": message, **more}, status=status)


@api.exception_handler(ValidationError)
def bad_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name the parameters that were not understood, in the reader's language."""
    fields = sorted({str(part["loc"][-1]) for part in error.errors})
    with translation.override(get_language_from_request(request)):
        return _refused(request, 422, "bad_parameters", _("Not understood: %(fields)s") % {"fields": ", ".join(fields)})


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _refused(request, error.status_code, "refused", str(error))


@api.exception_handler(goods.NotThere)
def not_there(request: HttpRequest, _error: Exception) -> HttpResponse:
    with translation.override(get_language_from_request(request)):
        return _refused(request, 404, "not_found", _("There is nothing with this number."))

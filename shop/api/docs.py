"""A plain reference page made from the API's own description; no script, so it works under the strict policy."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shop.api.api import api


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every address with its parameters and the fields of its answer."""
    places = {"path": _("in the path"), "query": _("after the question mark")}
    schema = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
    parts = schema.get("components", {}).get("schemas", {})
    operations = [
        {
            "method": method.upper(),
            "path": path,
            "summary": _told(operation.get("summary", "")),
            "parameters": [
                {
                    "name": parameter["name"],
                    "where": places.get(parameter["in"], parameter["in"]),
                    "about": _told(parameter.get("description") or parameter["schema"].get("description", "")),
                }
                for parameter in operation.get("parameters", [])
            ],
            "fields": _fields(operation, parts),
        }
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    return render(request, "api/docs.html", {"operations": operations})


def _told(text: str) -> str:
    """The description is English for machines; its words are message ids (gettext_noop where they are written)."""
    return _(text) if text else ""


def _fields(operation: dict[str, object], parts: dict[str, dict[str, object]]) -> list[str]:
    reference = json.dumps(operation.get("responses", {}))
    return [name for name, part in parts.items() if f'/{name}"' in reference for name in part.get("properties", {})]  # type: ignore[attr-defined]

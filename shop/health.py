"""Two questions of the machine that runs us: is the process alive, and is everything behind it ready."""

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse


def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process answers at all; touches nothing."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when database, cache and migrations are ready; 503 with the names of those that are not."""
    not_ready: dict[str, str] = {}
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            not_ready["migrations"] = "not applied"
    except Exception as error:  # a health check names whatever fails
        not_ready["database"] = type(error).__name__
    try:
        cache.set("readyz", "1", 10)
        if cache.get("readyz") != "1":
            not_ready["cache"] = "does not keep"
    except Exception as error:
        not_ready["cache"] = type(error).__name__
    return JsonResponse({"ready": not not_ready, "not_ready": not_ready}, status=503 if not_ready else 200)

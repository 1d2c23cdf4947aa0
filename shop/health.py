"""Two questions of the machine that runs us: is the process alive, and is everything behind it ready."""

import logging

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from shop.outbox.heartbeat import living_workers

log = logging.getLogger(__name__)

# Once all migrations of this process's code are applied they stay applied; only "not yet" is asked again.
_migrations_applied = False


def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process answers at all; touches nothing."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, migrations, worker and cache are ready; 503 with what is wrong with those that are not.

    One query and one round trip to the cache once the migrations are known to be applied.
    """
    not_ready = {**_database_troubles(), **_cache_troubles()}
    response = JsonResponse({"ready": not not_ready, "not_ready": not_ready}, status=503 if not_ready else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def _database_troubles() -> dict[str, str]:
    global _migrations_applied
    try:
        if not _migrations_applied:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return {"migrations": "not applied"}
            _migrations_applied = True
        return {} if living_workers() else {"worker": "not seen lately"}
    except DatabaseError as error:
        log.warning("not ready: %s", error)
        return {"database": type(error).__name__}


def _cache_troubles() -> dict[str, str]:
    try:
        cache.set("readyz", "1", 10)
        return {} if cache.get("readyz") == "1" else {"cache": "does not keep"}
    except Exception as error:  # each cache backend has its own errors
        log.warning("not ready: %s", error)
        return {"cache": type(error).__name__}

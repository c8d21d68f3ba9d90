"""Whether this installation can do its work; for monitors and load balancers."""

import logging
from functools import cache as remember

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

CACHE_KEY = "pms.core.health"
# A stranger who asks a thousand times a second causes one write in this time.
CACHE_SECONDS = 30

logger = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 if database, cache and migrations are fine, else 503; details only in the log."""
    try:
        problem = find_problem()
    except (DatabaseError, OSError):
        logger.exception("Unhealthy: the database or the cache does not answer.")
    else:
        if not problem:
            return HttpResponse("ok", content_type="text/plain")
        logger.error("Unhealthy: %s", problem)
    return HttpResponse("unavailable", content_type="text/plain", status=503)


def find_problem() -> str:
    """What keeps this installation from working, in one sentence; empty if nothing does.

    Raises:
        DatabaseError: the database does not answer.
        OSError: the cache cannot be reached.
    """
    applied = MigrationRecorder(connection).applied_migrations()
    if missing := _known_migrations().difference(applied):
        names = ", ".join(sorted(f"{app}.{name}" for app, name in missing))
        return f"migrations are not applied: {names}."
    cache.get_or_set(CACHE_KEY, "ok", CACHE_SECONDS)
    if cache.get(CACHE_KEY) != "ok":
        return "the cache does not keep what it is given."
    return ""


@remember
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Every migration of the running code, as (app, name); reading them takes a while."""
    return frozenset(MigrationLoader(None).graph.nodes)

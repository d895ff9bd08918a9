"""Reports may be read from a PostgreSQL replica; nobody misses there what they wrote themselves.

A request that writes leaves the position of the write-ahead log in a cookie. A report is read from
the replica only when the replica has replayed that position; else, and whenever the replica does
not answer, from the primary.
"""

import logging
import re
from contextvars import ContextVar

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, connections
from django.urls import Resolver404, resolve

PRIMARY, REPLICA = "default", "replica"
READ_FROM_REPLICA = frozenset(
    {"crm_reports", "crm_report", "crm_weekly", "crm_monthly", "crm_wall"}
)
WROTE = "crm_wrote"
POSITION = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}", re.ASCII)
MINUTES = 10  # a replica further behind than this is not asked by whoever wrote

log = logging.getLogger(__name__)
_reading = ContextVar("reading", default=PRIMARY)


class Router:
    """Where rows are read; they are written and migrated on the primary only."""

    def db_for_read(self, model, **hints):
        return _reading.get()

    def db_for_write(self, model, **hints):
        return PRIMARY

    def allow_relation(self, one, other, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return db == PRIMARY


def replica_reads(get_response):
    """Reads reports from the replica where that shows this person no older state than they left."""
    if REPLICA not in connections:
        raise MiddlewareNotUsed

    def middleware(request):
        token = _reading.set(REPLICA if _may_ask_replica(request) else PRIMARY)
        try:
            response = get_response(request)
            if hasattr(response, "render") and not response.is_rendered:
                response.render()  # its queries, too, belong here
        finally:
            _reading.reset(token)
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            response.set_cookie(
                WROTE, written_until(), max_age=MINUTES * 60, httponly=True, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        return response

    return middleware


def _may_ask_replica(request) -> bool:
    try:
        name = resolve(request.path_info).view_name
    except Resolver404:
        return False
    return name in READ_FROM_REPLICA and has_replayed(request.COOKIES.get(WROTE, ""))


def written_until() -> str:
    """Where the primary's write-ahead log ends."""
    with connections[PRIMARY].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn()")
        return cursor.fetchone()[0]


def has_replayed(position: str) -> bool:
    """Whether the replica answers and holds the log up to a position; "" is the log's beginning."""
    if position and not POSITION.fullmatch(position):
        return False
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", [position or "0/0"])
            return bool(cursor.fetchone()[0])
    except DatabaseError:
        log.warning("the replica does not answer; reports are read from the primary")
        return False

"""Reading settings from the environment: a bad value stops the start and is named."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

SQLITE = "django.db.backends.sqlite3"
SCHEMES = {"sqlite", "postgres", "postgresql"}
SECRET_LENGTH = 50
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def flag(name: str, *, default: bool) -> bool:
    """A yes/no variable; raises ImproperlyConfigured for anything else."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} is “{value}”; expected 1 or 0.")
    return value.lower() in TRUE


def integer(name: str, *, default: int, low: int = 0) -> int:
    """A whole number of at least ``low``; raises ImproperlyConfigured otherwise."""
    value = os.environ.get(name, str(default))
    if not value.isascii() or not value.isdigit() or int(value) < low:
        raise ImproperlyConfigured(f"{name} is “{value}”; expected a whole number from {low}.")
    return int(value)


def secret(name: str) -> str:
    """A long random text, or "" when unset; raises ImproperlyConfigured for a short one."""
    value = os.environ.get(name, "")
    if value and len(value) < SECRET_LENGTH:
        raise ImproperlyConfigured(f"{name}: expected at least {SECRET_LENGTH} random characters.")
    return value


def https(name: str) -> str:
    """An address that begins with https://, or "" when unset."""
    value = os.environ.get(name, "")
    if value and not value.startswith("https://"):
        raise ImproperlyConfigured(f"{name} is “{value}”; expected an address with https://.")
    return value


def given_with(name: str, other: str) -> str:
    """A text that has to be there as soon as ``other`` is; "" without it."""
    value = os.environ.get(name, "") if other else ""
    if other and not value:
        raise ImproperlyConfigured(f"{name} is not set; single sign-on needs it.")
    return value


def words(name: str) -> list[str]:
    """A comma-separated list; empty when unset."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def database(name: str, *, default: Path) -> dict:
    """Django's database settings from a URL ``sqlite:///path`` or ``postgres://user@host/name``.

    ``default`` is the SQLite file to use when the variable is unset.
    """
    url = os.environ.get(name)
    settings = _parsed(name, url) if url else {"ENGINE": SQLITE, "NAME": str(default)}
    return settings | _engine_options(settings)


def _parsed(name: str, url: str) -> dict:
    try:
        parts = urlsplit(url)
        settings = dj_database_url.parse(url) if parts.scheme in SCHEMES else None
    except (ValueError, dj_database_url.ParseError) as error:
        raise ImproperlyConfigured(f"{name} cannot be read: {error}") from error
    # The value itself may hold a password: it is not repeated.
    if settings is None or not (parts.path.strip("/") or parts.netloc == ":memory:"):
        raise ImproperlyConfigured(f"{name}: expected sqlite:///path or postgres://user@host/name")
    return settings


def _engine_options(settings: dict) -> dict:
    options = settings.get("OPTIONS") or {}
    if settings["ENGINE"] == SQLITE:
        # Without IMMEDIATE, two writers that read first end in "database is locked"; FULL keeps
        # every acknowledged write through a power cut.
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        return {
            "OPTIONS": options
            | {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
        }
    seconds = integer("CRM_DB_STATEMENT_SECONDS", default=60)  # 0: no limit, for long migrations
    # Pages ask small questions of big tables: compiling their plans (JIT) costs more than it saves.
    start = f"-c statement_timeout={seconds * 1000} -c lock_timeout=10000 -c jit=off"
    if flag("CRM_PGBOUNCER", default=False):
        # In transaction mode nothing outlives a transaction, and no start-up option passes through.
        return {"OPTIONS": options, "DISABLE_SERVER_SIDE_CURSORS": True}
    pool = {
        "min_size": 1, "max_size": integer("CRM_DB_POOL", default=8, low=1),
        "reconnect_timeout": 1.0, "reconnect_failed": _connect_anew,
    }  # fmt: skip
    return {"CONN_HEALTH_CHECKS": True, "OPTIONS": {"pool": pool, "options": start} | options}


def _connect_anew(pool) -> None:
    """Ask again every second. The pool's own pauses double: back after 4 s is asked after 7.

    A pool that is made to grow starts an attempt of its own.
    """
    pool.resize(0, pool.max_size)
    pool.resize(1, pool.max_size)


def kept_secret(path: Path) -> str:
    """A secret for the demo, made once and kept for the owner's eyes only."""
    if not path.exists() or not path.read_text(encoding="ascii"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(SECRET_LENGTH), encoding="ascii")
    return path.read_text(encoding="ascii")

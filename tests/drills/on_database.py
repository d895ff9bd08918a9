"""All drills on one prepared database, in a process of its own: one line of JSON for each."""

import json
import os
import sys
import time
from pathlib import Path

# Repeats: of the whole drill, and of the short form that runs with the tests.
DRILLS = {
    "killed_workers": (40, 2), "restarted_database": (30, 1), "stopped_server": (20, 1),
    "full_disk": (10, 1), "full_disk_upload": (10, 1), "full_disk_backup": (10, 1),
    "full_disk_import": (10, 0), "same_field": (200, 3), "other_fields": (200, 3),
    "same_move": (50, 1), "double_submit": (50, 1), "offline_twice": (50, 1),
    "merge_against_edit": (50, 1), "replayed_commit": (20, 1), "many_importers": (5, 0),
}  # fmt: skip
ONLY = {"restarted_database": "postgresql", "full_disk_import": "sqlite"}


def main(is_short: bool) -> None:
    import django

    django.setup()
    from django.db import connection

    from . import collisions, imports, interruptions
    from .place import Place
    from .served import Served

    url, folder = os.environ["DATABASE_URL"], Path(os.environ["CRM_DATA_DIR"])
    with Served(url, folder) as served:
        place = Place(served, restart_database=_restart)
        for name, repeats in DRILLS.items():
            times = repeats[is_short]
            if not times or ONLY.get(name, connection.vendor) != connection.vendor:
                continue
            start = time.monotonic()
            module = next(m for m in (collisions, imports, interruptions) if hasattr(m, name))
            outcome = getattr(module, name)(place, times).as_json()
            print(json.dumps(outcome | {"seconds": time.monotonic() - start}), flush=True)


def _restart() -> None:
    """Ask whoever started the database to restart it, and wait until that is done.

    Where nobody did, every connection is cut, as a restart does.
    """
    if "CRM_DRILL_RESTART" not in os.environ:
        _cut_connections()
        return
    ask, done = os.environ["CRM_DRILL_RESTART"].split(":")
    os.write(int(ask), b"r")
    os.read(int(done), 1)


def _cut_connections() -> None:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as session:
        session.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


if __name__ == "__main__":
    main(is_short=sys.argv[1:] == ["--short"])

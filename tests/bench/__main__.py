"""``python -m tests.bench [--report] [SUBJECT …]``: all on SQLite and PostgreSQL, one table.

``--report`` keeps the table in both READMEs, between their marks. QUICK=1 takes smaller sizes. Ends
with 1 when a goal is missed. Each subject is measured in a process and a database of its own;
nothing of a real installation is touched.
"""

import importlib
import itertools
import json
import os
import pkgutil
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tests.bench.figures import Figure, as_markdown, table
from tests.databases import throw_away_postgres

ROOT = Path(__file__).resolve().parent.parent.parent
CHILD, REPORT = "--on-this-database", "--report"
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
MARKED = re.compile("(<!-- bench -->\n).*?(<!-- /bench -->)", re.DOTALL)


def main(arguments: list[str]) -> int:
    wanted = [each for each in arguments if each != REPORT] or subjects()
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as folder:
        found = {"SQLite": _run(_sqlite_copies(Path(folder)), folder, wanted)}
        with throw_away_postgres() as url:
            if url:
                found["PostgreSQL"] = _run(_postgres_copies(url), folder, wanted)
    rows = [figure.cells(name) for name, figures in found.items() for figure in figures]
    missed = [figure for figures in found.values() for figure in figures if not figure.is_met]
    print(f"\n{table(rows)}\n")
    if REPORT in arguments:
        keep(as_markdown(rows), READMES)
    without = "" if "PostgreSQL" in found else "; no PostgreSQL was found"
    print(f"{len(rows) - len(missed)} of {len(rows)} goals met{without}")
    return 1 if missed or without else 0


def keep(text: str, files) -> None:
    """Put the table between the marks of these files; a file without marks is left alone."""
    for file in files:
        found = file.read_text(encoding="utf-8")
        new, count = MARKED.subn(lambda marks: f"{marks[1]}{text}\n{marks[2]}", found)
        if count:
            file.write_text(new, encoding="utf-8")
        print(f"{file.name}: {'written' if count else 'has no <!-- bench --> marks'}")


def _run(copies: Iterator[str], folder: str, wanted: list[str]) -> list[Figure]:
    """The figures of one engine; raises CalledProcessError when a subject fails.

    The first database is given its tables, each subject works on a copy: none meets another's rows.
    """
    variables = os.environ | {
        "CRM_DATA_DIR": folder, "CRM_DEMO": "1", "CRM_DB_STATEMENT_SECONDS": "0",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip

    def called(*words: str) -> bytes:
        given = variables | {"DATABASE_URL": next(copies)}
        command = [sys.executable, *words]
        return subprocess.run(
            command, env=given, cwd=ROOT, stdout=subprocess.PIPE, check=True
        ).stdout

    called("manage.py", "migrate", "--verbosity=0")
    told = [called("-m", "tests.bench", CHILD, name) for name in wanted]
    return [Figure(**json.loads(line)) for each in told for line in each.decode().splitlines()]


def _sqlite_copies(folder: Path) -> Iterator[str]:
    prepared = folder / "prepared.sqlite3"
    yield f"sqlite:///{prepared}"
    for number in itertools.count():
        copy = shutil.copy(prepared, folder / f"copy-{number}.sqlite3")
        yield f"sqlite:///{copy}"


def _postgres_copies(url: str) -> Iterator[str]:
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("CREATE DATABASE prepared")
        yield url.replace("/postgres?", "/prepared?")
        for number in itertools.count():
            server.execute(f"CREATE DATABASE copy_{number} TEMPLATE prepared")
            yield url.replace("/postgres?", f"/copy_{number}?")


def measure(name: str) -> None:
    """Run one subject; print each figure as a line of JSON."""
    import django

    django.setup()
    from django.db import connection

    is_quick = os.environ.get("QUICK", "0") != "0"
    print(f"{connection.display_name}: {name} …", file=sys.stderr, flush=True)
    for figure in importlib.import_module(f"tests.bench.{name}").measure(is_quick):
        print(json.dumps(figure.told()), flush=True)


def subjects() -> list[str]:
    """Modules of this package that measure something."""
    import tests.bench

    names = [module.name for module in pkgutil.iter_modules(tests.bench.__path__)]
    return [
        name for name in names
        if name != "__main__" and hasattr(importlib.import_module(f"tests.bench.{name}"), "measure")
    ]  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == [CHILD]:
        measure(sys.argv[2])
    else:
        sys.exit(main(sys.argv[1:]))

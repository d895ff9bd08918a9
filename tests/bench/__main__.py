"""``python -m tests.bench [--report] [SUBJECT …]``: all on SQLite and PostgreSQL, one table.

``--report`` keeps the table in both READMEs, between their marks. QUICK=1 takes smaller sizes. Ends
with 1 when a goal is missed. Each database is measured in a process of its own, on tables that were
made for it; nothing of a real installation is touched.
"""

import importlib
import json
import os
import pkgutil
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.figures import Figure, as_markdown, table
from tests.databases import throw_away_postgres

ROOT = Path(__file__).resolve().parent.parent.parent
CHILD, REPORT = "--on-this-database", "--report"
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
MARKED = re.compile("(<!-- bench -->\n).*?(<!-- /bench -->)", re.DOTALL)


def main(arguments: list[str]) -> int:
    wanted = [each for each in arguments if each != REPORT]
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as folder:
        found = {"SQLite": _run(f"sqlite:///{folder}/bench.sqlite3", folder, wanted)}
        with throw_away_postgres() as url:
            if url:
                found["PostgreSQL"] = _run(url, folder, wanted)
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


def _run(url: str, folder: str, wanted: list[str]) -> list[Figure]:
    """The figures of one database; raises CalledProcessError when a subject fails."""
    variables = os.environ | {
        "DATABASE_URL": url, "CRM_DATA_DIR": folder, "CRM_DEMO": "1",
        "CRM_DB_STATEMENT_SECONDS": "0",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.bench", CHILD, *wanted]
    done = subprocess.run(command, env=variables, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return [Figure(**json.loads(line)) for line in done.stdout.decode().splitlines()]


def measure(wanted: list[str]) -> None:
    """Make the tables, run the subjects, print each figure as a line of JSON."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", interactive=False, verbosity=0)
    is_quick = os.environ.get("QUICK", "0") != "0"
    for name in wanted or subjects():
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
        measure(sys.argv[2:])
    else:
        sys.exit(main(sys.argv[1:]))

"""``python -m tests``: the whole suite on SQLite and on PostgreSQL, and what it ran on."""

import os
import subprocess
import sys
from pathlib import Path

from tests.browsers import find_chromium
from tests.databases import throw_away_postgres

ROOT = Path(__file__).resolve().parent.parent
FLOOR = "95"
EXACT = ["stages", "money", "codes", "names", "access"]


def main() -> int:
    chromium = find_chromium()
    results = {"SQLite": _run("sqlite", os.environ.get("CRM_TEST_SQLITE", "sqlite://:memory:"))}
    url = os.environ.get("TEST_DATABASE_URL")
    if url:
        results["PostgreSQL"] = _run("postgres", url)
    else:
        with throw_away_postgres() as started:
            results["PostgreSQL"] = _run("postgres", started) if started else None
    return _report(results, chromium)


def _run(name: str, url: str) -> int:
    print(f"\n=== {name} ===", flush=True)
    environment = os.environ | {
        "DATABASE_URL": url,
        "COVERAGE_FILE": str(ROOT / f".coverage.{name}"),
    }
    command = [
        "-m",
        "pytest",
        "-n",
        "2",
        "--dist",
        "loadscope",
        "--cov",
        "--cov-report=",
        *sys.argv[1:],
    ]
    return subprocess.run([sys.executable, *command], env=environment, cwd=ROOT).returncode


def _coverage() -> bool:
    """Branch coverage over both databases: the floor for all, 100 % for the rules."""
    run = [sys.executable, "-m", "coverage"]
    subprocess.run([*run, "combine", "-q", "--keep"], cwd=ROOT, check=True)
    whole = subprocess.run([*run, "report", f"--fail-under={FLOOR}"], cwd=ROOT)
    files = ",".join(f"crm/{name}.py" for name in EXACT)
    rules = subprocess.run([*run, "report", f"--include={files}", "--fail-under=100"], cwd=ROOT)
    return whole.returncode == 0 and rules.returncode == 0


def _report(results: dict, chromium: str | None) -> int:
    covered = sys.argv[1:] != [] or _coverage()
    print("\nRan on:", flush=True)
    for name, code in results.items():
        state = "not run: no PostgreSQL found" if code is None else "failed" if code else "passed"
        print(f"  {name}: {state}")
    print(f"  browser: {chromium or 'not run: no Chromium found'}")
    missing = [name for name, code in results.items() if code is None]
    missing += [] if chromium else ["browser"]
    if os.environ.get("CRM_REQUIRE_ALL") and missing:
        print(f"Required but not run: {', '.join(missing)}")
        return 1
    failed = sum(1 for code in results.values() if code) + (not covered)
    print(
        f"parts: {3 - failed - len([c for c in results.values() if c is None])} passed, {failed} failed"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

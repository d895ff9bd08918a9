"""``python -m tests``: the whole suite on SQLite and on PostgreSQL, and what it ran on.

Arguments go to pytest (``python -m tests tests/test_money.py``); coverage is judged without any,
and counted on SQLite only: counting costs a third of the time.
CRM_REQUIRE_ALL=1 makes a missing PostgreSQL or Chromium a failure.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.browsers import find_chromium
from tests.databases import throw_away_postgres

ROOT = Path(__file__).resolve().parent.parent
FLOOR = "95"
# One more than cores: tests with a browser or another process wait as long as they work.
WORKERS = str(min(max(os.cpu_count() or 2, 2), 8) + 1)
EXACT = ["stages", "money", "codes", "names", "access"]
ENDED_WELL = (0, 5)  # 5: nothing was selected


def main() -> int:
    for old in ROOT.glob(".coverage*"):
        old.unlink()
    counting = [] if sys.argv[1:] else ["--cov", "--cov-report="]
    results = {
        "SQLite": _run("sqlite", "sqlite://:memory:", *counting),
        "PostgreSQL": _run_on_postgres(),
    }
    covered = not counting or _coverage()
    return _report(results, covered)


def _run_on_postgres() -> Counter | None:
    """Results on the server that is named, else on a throw-away one; None without any."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        return _run("postgres", url)
    with throw_away_postgres() as started:
        return _run("postgres", started) if started else None


def _run(name: str, url: str, *more: str) -> Counter:
    """Run the suite on one database; how many tests passed, failed and were skipped."""
    print(f"\n=== {name} ===", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder) / "counts.json"
        variables = os.environ | {
            "DATABASE_URL": url,
            "CRM_TEST_COUNTS": str(counts),
        }
        options = [
            "-n",
            WORKERS,
            "--dist",
            "loadscope",
            "--no-loadscope-reorder",
            *more,
            *sys.argv[1:],
        ]
        command = [sys.executable, "-m", "pytest", *options]
        code = subprocess.run(command, env=variables, cwd=ROOT).returncode
        result = Counter(json.loads(counts.read_text()) if counts.exists() else {})
    if code not in ENDED_WELL and not result["failed"]:
        result["failed"] = 1  # it did not get as far as running tests
    return result


def _coverage() -> bool:
    """Branch coverage: the floor for all, 100 % for the rules."""
    run = [sys.executable, "-m", "coverage"]
    whole = subprocess.run([*run, "report", f"--fail-under={FLOOR}"], cwd=ROOT)
    files = ",".join(f"crm/{name}.py" for name in EXACT)
    print(f"\nThe rules ({', '.join(EXACT)}), to be covered completely:", flush=True)
    rules = subprocess.run([*run, "report", f"--include={files}", "--fail-under=100"], cwd=ROOT)
    return whole.returncode == 0 and rules.returncode == 0


def _report(results: dict[str, Counter | None], covered: bool) -> int:
    print("\nRan on:")
    for name, result in results.items():
        print(f"  {name}: {_in_words(result) if result else 'not run'}")
    browsed = sum(result["browser"] for result in results.values() if result)
    missing = [name for name, result in results.items() if not result]
    if find_chromium():
        print(f"  Chromium ({find_chromium()}): {browsed} of these tests")
    else:
        print("  Chromium: not found, the browser tests were skipped")
        missing.append("Chromium")
    if missing:
        print(f"Did not run: {', '.join(missing)}")
    total = sum((result for result in results.values() if result), Counter())
    if not covered:
        print("Coverage is below what is required.")
    print(_in_words(total), flush=True)
    required = missing if os.environ.get("CRM_REQUIRE_ALL") else []
    return 1 if total["failed"] or not covered or required else 0


def _in_words(result: Counter) -> str:
    return f"{result['passed']} passed, {result['failed']} failed, {result['skipped']} skipped"


if __name__ == "__main__":
    sys.exit(main())

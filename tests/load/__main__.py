"""``python -m tests.load [--people 200] [--minutes 10] [--think 10] [--database URL]``

A closed model: each person asks, waits for the answer, thinks, and asks again. gunicorn runs as
``config/gunicorn.py`` sets it up, on this machine, and so do the database and the people; cores are
shared by all of them. Without ``--database`` a PostgreSQL of our own is made, with a city's data;
a database that is named is written to. Ends with 1 on any error, and when a goal is missed.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.databases import postgres_server
from tests.drills.people import NO_ANSWER, Person
from tests.drills.served import Served
from tests.load.work import ACCOUNTS, Desk

CITY = ["--firms", "20000", "--projects", "5000", "--visits", "300000"]
# Milliseconds that 95 of 100 answers may take.
GOALS = {"list": 400, "filtered list": 400, "record": 400, "search": 150, "write": 300}
MOST_GROWTH = 0.05
TICK = os.sysconf("SC_CLK_TCK")


class AsDeployed(Served):
    """gunicorn with the configuration of production."""

    def command(self) -> list[str]:
        return [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn", "config.wsgi",
                "--bind", f"127.0.0.1:{self.port}", "--log-level", "critical"]  # fmt: skip

    def seconds(self) -> float:
        """Processor time of its processes until now."""
        return sum(self._stat(pid)[0] for pid in self._all())

    def megabytes(self) -> float:
        return sum(self._stat(pid)[1] for pid in self._all())

    def _all(self) -> list[int]:
        return [self.process.pid, *self.workers()]

    def _stat(self, pid: int) -> tuple[float, float]:
        values = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        pages = int(values[21]) * os.sysconf("SC_PAGE_SIZE")
        return (int(values[11]) + int(values[12])) / TICK, pages / 2**20


class Tally:
    """Times by kind, and what went wrong."""

    def __init__(self):
        self.lock, self.times, self.wrong = threading.Lock(), defaultdict(list), Counter()

    def note(self, kind: str, seconds: float, status) -> None:
        with self.lock:
            self.times[kind].append(seconds * 1000)
            if status not in (200, 302):
                self.wrong[f"{kind}: {status}"] += 1

    def all_times(self) -> list[float]:
        return [each for times in self.times.values() for each in times]


def main(arguments: list[str]) -> int:
    asked = _parsed(arguments)
    with tempfile.TemporaryDirectory(prefix="crm-load-") as folder, _database(asked) as url:
        given = {"CRM_DEMO": "1", "CRM_DATA_DIR": folder, "DATABASE_URL": url}
        _manage(given, "demo", "--prepare")
        if not asked.database:
            _manage(given, "generate_data", *CITY, "--yes")
        with AsDeployed(url, Path(folder)) as served:
            return _round(served, asked)


def _manage(given: dict, *words: str) -> None:
    subprocess.run([sys.executable, "manage.py", *words], env=os.environ | given, check=True)


def _parsed(arguments):
    parser = argparse.ArgumentParser(prog="python -m tests.load")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--think", type=float, default=10, help="seconds, on average")
    parser.add_argument("--database", help="a prepared database; it is written to")
    return parser.parse_args(arguments)


@contextmanager
def _database(asked):
    if asked.database:
        yield asked.database
        return
    with postgres_server("-c listen_addresses=''") as server:
        if server is None:
            sys.exit("This needs the programs of a PostgreSQL server.")
        yield server.url


def _round(served: AsDeployed, asked) -> int:
    with ThreadPoolExecutor(8) as doors:
        desks = list(doors.map(lambda n: _sit_down(served, n), range(asked.people)))
    _look_around(desks)
    tally, end = Tally(), time.monotonic() + asked.minutes * 60
    begun, used, sizes = time.monotonic(), served.seconds(), []
    busy = [threading.Thread(target=_work, args=(desk, asked.think, end, tally)) for desk in desks]
    for each in busy:
        each.start()
    while any(each.is_alive() for each in busy):
        sizes.append(served.megabytes())
        time.sleep(1)
    taken = time.monotonic() - begun
    return _tell(tally, taken, served.seconds() - used, sizes)


def _sit_down(served: AsDeployed, number: int) -> Desk:
    person = Person(served.address, ACCOUNTS[number % len(ACCOUNTS)])
    return Desk(person, random.Random(number))  # noqa: S311 - the same round every time


def _look_around(desks: list[Desk]) -> None:
    """One of each account does; the others of it may read and write the same."""
    first = {}
    for desk in desks:
        if (known := first.setdefault(desk.person.name, desk)) is desk:
            desk.look_around()
        desk.records, desk.writable = known.records, known.writable


def _work(desk: Desk, think: float, end: float, tally: Tally) -> None:
    """Until the end: think, ask, wait. The first thought is a part of one: nobody comes at once."""
    pause = desk.dice.random() * think
    while time.monotonic() + pause < end:
        time.sleep(pause)
        kind, start = desk.next_kind(), time.monotonic()
        try:
            status = desk.act(kind)
        except NO_ANSWER as error:
            status = type(error).__name__
        tally.note(kind, time.monotonic() - start, status)
        pause = desk.dice.expovariate(1 / think)


def _tell(tally: Tally, taken: float, used: float, sizes: list[float]) -> int:
    missed = []
    print(f"{'':14}{'count':>7}{'p50':>8}{'p95':>8}{'p99':>8}   ms")
    for kind, times in [*sorted(tally.times.items()), ("all", tally.all_times())]:
        middle, high, highest = (_share(times, share) for share in (50, 95, 99))
        goal = GOALS.get(kind)
        is_missed = goal is not None and high > goal
        missed += [kind] if is_missed else []
        said = f"p95 ≤ {goal} {'MISSED' if is_missed else 'met'}" if goal else ""
        print(f"{kind:14}{len(times):7}{middle:8.0f}{high:8.0f}{highest:8.0f}   {said}")
    count, cores = len(tally.all_times()), os.cpu_count() or 1
    quarter = max(1, len(sizes) // 4)
    first, last = (statistics.median(part) for part in (sizes[:quarter], sizes[-quarter:]))
    growth = last / first - 1
    print(f"{count} requests in {taken:.0f} s: {count / taken:.1f}/s on {cores} cores "
          f"({count / taken / cores:.1f}/s a core, database and people on the same)")  # fmt: skip
    print(f"the app used {1000 * used / count:.0f} ms of a processor a request; "
          f"{count / used:.1f} requests a second from one core of its own")  # fmt: skip
    print(f"memory {first:.0f} MB in the first quarter, {last:.0f} in the last: {growth:+.1%}")
    print(f"errors: {dict(tally.wrong) or 'none'}; load of the machine {os.getloadavg()[0]:.1f}")
    print(f"{'missed: ' + ', '.join(missed) if missed else 'all goals met'}")
    return 1 if tally.wrong or missed or growth > MOST_GROWTH else 0


def _share(times: list[float], share: int) -> float:
    return sorted(times)[min(len(times) - 1, len(times) * share // 100)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

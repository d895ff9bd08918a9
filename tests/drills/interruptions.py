"""Kill -9, a database that goes away, a server that is stopped, a disk that is full: under load."""

import random
import signal
import tempfile
import time
from pathlib import Path

from django.db import connection

from .outcomes import Outcome, damage, misses_of
from .people import NO_ANSWER

LIMIT_SECONDS = 10
SMALL = 32_768  # bytes: no database, log or picture is smaller


def killed_workers(place, times: int) -> Outcome:
    """kill -9 of workers, every fifth time of the whole server, while visits are logged."""
    with place.load(insists=True) as load:
        for turn in range(times):
            load.wait_for_more(2)
            time.sleep(random.uniform(0, 0.2))  # noqa: S311 - no secret
            if turn % 5 == 4:
                place.served.stop(signal.SIGKILL)
                place.served.start()
            else:
                place.served.kill_worker(turn)
        load.wait_for_more(2)
    return Outcome("kill -9 of the web server", times, misses_of(load), _written(load))


def restarted_database(place, times: int) -> Outcome:
    """PostgreSQL goes away without a word and comes back; it is served again within 10 s."""
    longest, late = 0.0, []
    with place.load(insists=True) as load:
        for _ in range(times):
            load.wait_for_more(2)
            place.restart_database()
            seconds = load.wait_for_more(1)
            longest = max(longest, seconds)
            if seconds > LIMIT_SECONDS:
                late.append(f"served again after {seconds:.1f} s")
        load.wait_for_more(2)
    note = f"{_written(load)}; longest wait {longest:.1f} s"
    return Outcome("database restarted", times, [*late, *misses_of(load)], note)


def stopped_server(place, times: int) -> Outcome:
    """SIGTERM under load: what was begun is answered; what was not answered was not done."""
    misses, unanswered, taken = [], 0, 0
    for _ in range(times):
        with place.load(insists=False) as load:
            load.wait_for_more(3)
            place.served.stop()
        misses += misses_of(load, unanswered_is_undone=True)
        taken, unanswered = taken + len(load.taken), unanswered + len(load.unanswered)
        place.served.start()
    note = f"{taken} taken, {unanswered} turned away"
    return Outcome("SIGTERM of the web server", times, misses, note)


def full_disk(place, times: int) -> Outcome:
    """No file grows any more: nothing is half saved, and afterwards everything works again."""
    misses, refused = [], 0
    for _ in range(times):
        with place.load(insists=False) as load:
            load.wait_for_more(2)
            place.served.limit_files(SMALL)
            before = len(load.taken)
            time.sleep(1)
            place.served.limit_files(-1)
            load.wait_for_more(2)
        refused += len(load.refused)
        if connection.vendor == "sqlite" and not load.refused:
            misses.append(f"nothing was refused ({len(load.taken) - before} taken)")
        misses += misses_of(load)
    return Outcome("disk full while saving", times, misses, f"{refused} refused in words")


def full_disk_upload(place, times: int) -> Outcome:
    """A picture that does not fit leaves neither a row nor half a file."""
    from crm.models import Attachment

    misses, media = [], place.served.folder / "media"
    for _ in range(times):
        rows, files = Attachment.objects.count(), _files(media)
        place.served.limit_files(SMALL)
        try:
            status = place.send_picture()
        except NO_ANSWER as error:
            status = repr(error)
        place.served.limit_files(-1)
        if status != 503:
            misses.append(f"answered {status}")
        if (Attachment.objects.count(), _files(media)) != (rows, files):
            misses.append("something half was left behind")
        if place.send_picture() != 302 or _files(media) != files + 1:
            misses.append("refused although there is room again")
    return Outcome("disk full while uploading", times, misses + damage())


def full_disk_backup(place, times: int) -> Outcome:
    """A backup that does not fit fails, says so, and leaves nothing that looks like one."""
    misses = []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder:
            done = place.served.manage("backup", "--output", folder, file_limit=SMALL)
            if done.returncode != 1 or "Traceback" in done.stderr or not done.stderr:
                misses.append(f"ended with {done.returncode}: {done.stderr[-200:]}")
            misses += [f"left {path.name}" for path in Path(folder).iterdir()]
    return Outcome("disk full while backing up", times, misses)


def _files(media: Path) -> int:
    return sum(path.is_file() for path in media.rglob("*"))


def _written(load) -> str:
    return f"{len(load.taken)} visits taken, {len(load.unanswered)} never answered"

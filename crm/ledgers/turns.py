"""Few files are read at once on one machine: each reader may take a gigabyte for some seconds."""

import contextlib
import os
import tempfile
import time
from pathlib import Path

from . import guards

AT_ONCE = max(2, os.cpu_count() or 1)
WAIT_SECONDS = 20
_LOOK_AGAIN = 0.05


@contextlib.contextmanager
def turn(*, at_once: int = AT_ONCE, wait: float = WAIT_SECONDS):
    """Hold one of the machine's few places; raises UnusableFile when none gets free in time.

    The lock of a process that dies goes with it.
    """
    try:
        import fcntl  # noqa: PLC0415 - Windows has none: there every file is read at once
    except ImportError:  # pragma: no cover
        yield
        return
    folder = Path(tempfile.gettempdir()) / f"crm-reading-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    end = time.monotonic() + wait
    with contextlib.ExitStack() as held:
        places = [
            held.enter_context((folder / f"{number}.lock").open("w")) for number in range(at_once)
        ]
        while not any(_taken(fcntl, place) for place in places):
            if time.monotonic() > end:
                raise guards.unusable("busy")
            time.sleep(_LOOK_AGAIN)
        yield


def _taken(fcntl, place) -> bool:
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

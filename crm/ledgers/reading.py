"""``read(data, name)``: what a ledger file holds. The file itself is only touched by a child."""

import json
import logging
import os
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _

from . import guards
from .book import Book, Fault, Sheet, UnusableFile
from .turns import turn

logger = logging.getLogger(__name__)
# The folder comes last, so that none of our files hides one of Python's.
_START = "import sys; sys.path.append(sys.argv[1]); from child.main import main; main()"
_COMMAND = ["-I", "-X", "utf8", "-c", _START, str(Path(__file__).resolve().parent)]
# All that Windows needs to start Python; no setting and no secret reaches the child.
_ENVIRONMENT = ("SYSTEMROOT", "LD_LIBRARY_PATH")
_TOO_LONG = -24  # killed by the processor limit (SIGXCPU)
_KILLED = -9
_PAIRS = {
    "d": date.fromisoformat,
    "t": datetime.fromisoformat,
    "e": Fault,
}


def content_of(job) -> bytes:
    """The file of an import; raises UnusableFile when it was deleted to erase a person."""
    if not job.file:
        raise UnusableFile(_("The file of this import was deleted; upload it again."), "deleted")
    with job.file.open("rb") as file:
        return file.read()


def read(data: bytes, name: str, *, rows: int = guards.MAX_ROWS) -> Book:
    """The sheets of an xlsx, xls or delimited text; its content decides which, not its name.

    Raises UnusableFile with one sentence for whatever cannot or must not be read. Never takes more
    than about nine seconds, never lets this process grow with a file's tricks.
    """
    guards.check_upload(data)
    found = _ask(data, guards.limits(rows))
    if "refused" in found:
        raise guards.unusable(found["refused"], **found["values"])
    sheets = [_sheet(sheet) for sheet in found["sheets"]]
    if found["format"] == "csv":
        sheets[0].name = Path(name.replace("\\", "/")).stem[:31]
    notes = [str(guards.NOTES[note]) for note in found["notes"]]
    return Book(sheets, found["format"], found["encoding"], notes)


def _ask(data: bytes, limits: dict) -> dict:
    """The child's answer; its death is an answer too."""
    environment = {key: os.environ[key] for key in _ENVIRONMENT if key in os.environ}
    question = json.dumps(limits).encode() + b"\n" + data
    try:
        with turn():
            done = subprocess.run(  # noqa: S603 (our own interpreter and our own file)
                [sys.executable, *_COMMAND],
                input=question,
                capture_output=True,
                env=environment,
                timeout=guards.CLOCK_SECONDS,
                check=False,
            )
    except subprocess.TimeoutExpired as error:
        raise guards.unusable("slow") from error
    if done.returncode:
        raise guards.unusable(_cause(done))
    return json.loads(done.stdout, parse_float=Decimal, parse_int=Decimal)


def _cause(done: subprocess.CompletedProcess) -> str:
    """Why the child ended early: a signal is negative; without memory, Rust aborts."""
    last_words = done.stderr[-2000:].decode("utf-8", "replace")
    cause = _cause_by(done.returncode, last_words)
    # A file's own fault is told to its owner; only what nobody expected is the server's matter.
    level = logging.WARNING if cause == "failed" else logging.INFO
    logger.log(level, "Reading a ledger file ended with %s: %s", done.returncode, last_words)
    return cause


def _cause_by(code: int, last_words: str) -> str:
    if code > 0:
        return "damaged" if "PanicException" in last_words else "failed"
    return "slow" if code in (_TOO_LONG, _KILLED) else "memory"


def _cell(value):
    return value if value.__class__ is not list else _PAIRS[value[0]](value[1])


def _sheet(found: dict) -> Sheet:
    return Sheet(
        name=found["name"],
        is_hidden=found["hidden"],
        rows=[tuple(map(_cell, row)) for row in found["rows"]],
        merges=[tuple(map(int, area)) for area in found["merges"]],
        hidden_rows=frozenset(map(int, found["gone"])),
        struck_rows=frozenset(map(int, found["struck"])),
    )

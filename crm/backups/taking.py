"""Taking a backup of the running system."""

import os
import shutil
import sqlite3
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from . import engines
from .packing import FOLDERS, MANIFEST, MEDIA, BackupFailed, Manifest, digest, encrypt, pack_media


def take(place: Path, *, at: datetime, recipient: str = "", keep: int = 0) -> Path:
    """Write a new backup into a folder and return it: a whole one, or BackupFailed and none.

    ``recipient`` names a GnuPG key to encrypt for. With ``keep`` the older backups beyond that
    number are removed once the new one is complete.
    """
    try:
        place.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=place))
    except OSError as error:
        raise BackupFailed(f"{place}: {error.strerror}") from error
    try:
        _fill(unfinished, at, recipient)
        finished = place / f"crm-{at:%Y%m%dT%H%M%S%f}"
        unfinished.rename(finished)
        _sync(place)
    except OSError as error:
        raise BackupFailed(f"{place}: {error.strerror}") from error
    except (sqlite3.Error, DatabaseError) as error:  # a disk that is full, among others
        raise BackupFailed(f"{place}: {error}") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    _forget_older(place, keep)
    return finished


def _fill(folder: Path, at: datetime, recipient: str) -> None:
    """The database first: a file added meanwhile is one more than its rows, never one less."""
    database = folder / engines.file_name()
    found = engines.copy_to(database)
    pack_media(Path(settings.MEDIA_ROOT), folder / MEDIA)
    paths = [database, folder / MEDIA]
    if recipient:
        paths = [encrypt(path, recipient) for path in paths]
    for path in paths:
        _sync(path)
    manifest = Manifest(
        taken_at=at.isoformat(), engine=connection.vendor, database=engines.file_name(),
        counts=found.counts, sums=found.sums, migrations=found.migrations,
        attachments=len(found.files),
        audit_head=found.audit.head, files={path.name: digest(path) for path in paths},
    )  # fmt: skip
    manifest.write(folder)
    folder.chmod(0o700)


def _sync(path: Path) -> None:
    """Have the disk keep it before we say that it is kept."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _forget_older(place: Path, keep: int) -> None:
    if keep < 0:
        raise BackupFailed(_("The number of backups to keep is not negative."))
    complete = sorted(path.parent for path in place.glob(f"{FOLDERS}/{MANIFEST}"))
    for folder in complete[:-keep] if keep else []:
        shutil.rmtree(folder)

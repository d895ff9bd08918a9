"""Restoring a backup into an empty place."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from . import engines
from .packing import MEDIA, BackupFailed, Manifest, opened, unpack_media


def restore(folder: Path) -> Manifest:
    """Fill the configured, empty database and attachment folder; returns what was restored.

    Raises BackupFailed, before anything is written, when the backup is damaged, was taken from
    the other kind of database, or the place is not empty.
    """
    manifest = Manifest.read(folder)
    manifest.check_files(folder)
    if manifest.engine != connection.vendor:
        raise BackupFailed(
            _("The backup is of a %(its)s database, this one is %(ours)s.")
            % {"its": manifest.engine, "ours": connection.vendor}
        )
    media = Path(settings.MEDIA_ROOT)
    if media.is_dir() and any(path.is_file() for path in media.rglob("*")):
        raise BackupFailed(
            _("The folder %(folder)s is not empty; attachments go into an empty one only.")
            % {"folder": media}
        )
    with tempfile.TemporaryDirectory() as plain:
        engines.load(opened(folder, manifest.database, Path(plain)))
        unpack_media(opened(folder, MEDIA, Path(plain)), media)
    return manifest

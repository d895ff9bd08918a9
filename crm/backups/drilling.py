"""The drill: restore the newest backup somewhere harmless and compare what came back."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from . import engines
from .facts import facts_of
from .packing import FOLDERS, MANIFEST, MEDIA, Manifest, media_names, newest, opened


@dataclass(frozen=True)
class Drill:
    """``faults`` is empty when the backup can be relied on."""

    folder: Path
    tables: int
    rows: int
    attachments: int
    audit_entries: int
    seconds: float
    faults: tuple[str, ...]


def drill(place: Path) -> Drill:
    """Prove the newest backup of a folder; raises BackupFailed when it cannot even be opened."""
    started = time.monotonic()
    folder = newest(place)
    manifest = Manifest.read(folder)
    manifest.check_files(folder)
    with tempfile.TemporaryDirectory() as scratch:
        source = opened(folder, manifest.database, Path(scratch))
        with engines.opened_copy(source, Path(scratch)) as cursor:
            found = facts_of(cursor, manifest.engine)
        kept = media_names(opened(folder, MEDIA, Path(scratch)))
    faults = [
        *_differences("rows", manifest.counts, found.counts),
        *_differences("sum", manifest.sums, found.sums),
        *(f"attachment missing: {name}" for name in found.files if name not in kept),
    ]
    faults += [f"guard missing: {name}" for name in sorted(found.guards_missing)]
    faults += _audit_faults(manifest, found)
    if manifest.migrations != found.migrations:
        faults.append("migrations differ")
    return Drill(
        folder=folder, tables=len(found.counts), rows=sum(found.counts.values()),
        attachments=len(found.files), audit_entries=found.audit.count,
        seconds=time.monotonic() - started, faults=tuple(faults),
    )  # fmt: skip


def _audit_faults(manifest, found) -> list[str]:
    if found.audit.broken_at is not None:
        return [f"audit trail broken at no. {found.audit.broken_at}"]
    if manifest.audit_head and manifest.audit_head != found.audit.head:
        return [f"audit trail ends at {found.audit.head}, not at {manifest.audit_head}"]
    return []


def heads_in(place: Path) -> list[str]:
    """The newest audit entries as the backups of a folder noted them."""
    manifests = [Manifest.read(path.parent) for path in sorted(place.glob(f"{FOLDERS}/{MANIFEST}"))]
    if not manifests:
        newest(place)  # says that there is none
    return [manifest.audit_head for manifest in manifests if manifest.audit_head]


def _differences(what: str, wanted: dict, found: dict) -> list[str]:
    return [
        f"{what} of {key}: {wanted.get(key)} in the manifest, {found.get(key)} restored"
        for key in sorted(wanted.keys() | found.keys())
        if wanted.get(key) != found.get(key)
    ]

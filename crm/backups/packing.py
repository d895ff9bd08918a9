"""What a backup is: a folder with the database, the attachments and a manifest of both."""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

MANIFEST = "manifest.json"
MEDIA = "media.tar"
FOLDERS = "crm-*"
BLOCK = 1024 * 1024


class BackupFailed(Exception):
    """A sentence for the operator; nothing was left half done."""


@dataclass(frozen=True)
class Manifest:
    """``counts`` are rows by table, ``sums`` exact totals of the money columns, as text.

    ``audit_head`` is the digest of the newest entry of the audit trail: kept outside the database,
    it shows when the end of the trail was cut off.
    ``files`` maps the names in the folder to their SHA-256, as they are stored there.
    """

    taken_at: str
    engine: str
    database: str
    counts: dict[str, int]
    sums: dict[str, str]
    migrations: list[str]
    attachments: int
    audit_head: str = ""
    files: dict[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True)
        with (folder / MANIFEST).open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Raises BackupFailed when the folder holds no backup or a damaged one."""
        try:
            found = cls(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise BackupFailed(
                _("%(folder)s holds no readable backup.") % {"folder": folder}
            ) from error
        return found

    def check_files(self, folder: Path) -> None:
        """Raise BackupFailed unless every file is there as it was written."""
        for name, wanted in self.files.items():
            path = folder / name
            if not path.is_file() or digest(path) != wanted:
                raise BackupFailed(
                    _("%(file)s is missing or was changed since the backup.") % {"file": path}
                )


def newest(place: Path) -> Path:
    """The latest complete backup in a folder; raises BackupFailed when there is none."""
    complete = sorted(path.parent for path in place.glob(f"{FOLDERS}/{MANIFEST}"))
    if not complete:
        raise BackupFailed(_("There is no backup in %(place)s.") % {"place": place})
    return complete[-1]


def digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found.update(block)
    return found.hexdigest()


# -- attachments -----------------------------------------------------------------------------------


def pack_media(media: Path, target: Path) -> None:
    with tarfile.open(target, "w") as archive:
        if media.is_dir():
            for path in sorted(path for path in media.rglob("*") if path.is_file()):
                archive.add(path, arcname=str(path.relative_to(media)), recursive=False)


def unpack_media(source: Path, media: Path) -> None:
    """Write the files below ``media``; names that lead outside are refused by the filter."""
    media.mkdir(parents=True, exist_ok=True)
    with tarfile.open(source) as archive:
        archive.extractall(media, filter="data")


def media_names(source: Path) -> set[str]:
    with tarfile.open(source) as archive:
        return {member.name for member in archive if member.isfile()}


# -- encryption: GnuPG, where a recipient is named -------------------------------------------------

ENCRYPTED = ".gpg"


def encrypt(path: Path, recipient: str) -> Path:
    """Replace a file by one that only the recipient's key opens."""
    sealed = path.with_name(path.name + ENCRYPTED)
    _gpg("--trust-model", "always", "--recipient", recipient, "--output", sealed, "--encrypt", path)
    path.unlink()
    return sealed


def opened(folder: Path, name: str, into: Path) -> Path:
    """The file of a backup, decrypted into another folder when it was encrypted."""
    if (folder / name).exists():
        return folder / name
    plain = into / name
    _gpg("--output", plain, "--decrypt", folder / f"{name}{ENCRYPTED}")
    return plain


def _gpg(*arguments) -> None:
    if shutil.which("gpg") is None:
        raise BackupFailed(_("GnuPG (gpg) is not installed; it encrypts the backup."))
    run(["gpg", "--batch", "--yes", "--quiet", *map(str, arguments)])


def run(command: list[str], *, environment: dict | None = None) -> None:
    """Run a program; what it complains about becomes the message."""
    done = subprocess.run(  # noqa: S603 - our own argument lists, no shell
        command, env={**os.environ, **(environment or {})}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        complaint = done.stderr.strip().splitlines()[-1:] or [str(done.returncode)]
        raise BackupFailed(f"{Path(command[0]).name}: {complaint[0]}")

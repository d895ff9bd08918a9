"""Backups that are tried: taken of the running system, restored elsewhere, compared."""

from .drilling import Drill, drill
from .packing import BackupFailed, newest
from .restoring import restore
from .taking import take

__all__ = ["BackupFailed", "Drill", "drill", "newest", "restore", "take"]

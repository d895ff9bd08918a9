"""Backups that are tried: taken of the running system, restored elsewhere, compared."""

from .drilling import Drill, drill, heads_in
from .packing import BackupFailed, newest
from .restoring import restore
from .taking import take

__all__ = ["BackupFailed", "Drill", "drill", "heads_in", "newest", "restore", "take"]

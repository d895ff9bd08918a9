"""Files that people entrust to us: whole, or not there at all."""

from pathlib import Path

from django.core.files.storage import FileSystemStorage


class WholeFileStorage(FileSystemStorage):
    """Django leaves the first half of a file behind when the disk is full."""

    def _save(self, name, content):
        try:
            return super()._save(name, content)
        except OSError:
            Path(self.path(name)).unlink(missing_ok=True)
            raise

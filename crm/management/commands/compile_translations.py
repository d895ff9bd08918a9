"""``manage.py compile_translations``: like compilemessages, where gettext is not installed."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import BaseCommand


class Command(BaseCommand):
    help = "Compile the translations that changed."
    requires_system_checks = []

    def handle(self, **options):
        compile_translations()


def compile_translations() -> None:
    """Compile every catalogue that is newer than its compiled form."""
    for folder in settings.LOCALE_PATHS:
        for source in Path(folder).rglob("*.po"):
            compiled = source.with_suffix(".mo")
            if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
                continue
            _compile(source, compiled)


def _compile(source: Path, compiled: Path) -> None:
    """Write the compiled file in one step: a process that is starting never reads half of it."""
    unfinished = compiled.with_suffix(f".{os.getpid()}.tmp")
    with source.open("rb") as text, unfinished.open("wb") as binary:
        write_mo(binary, read_po(text))
    unfinished.replace(compiled)

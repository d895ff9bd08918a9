"""A backup is whole or there is none, and what was restored equals what was backed up."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection

from crm.backups import BackupFailed, drill, newest, restore, take
from crm.models import Deal, guarded_tables
from tests import make

pytestmark = pytest.mark.slow
NIGHT = datetime.fromisoformat("2026-11-25T02:30:00+08:00")
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def lived_in(real_transactions):
    """A committed project with a deal and an attached picture."""
    project = make.project(stage="signed", on=NIGHT.date().replace(year=2024))
    picture = ContentFile(b"\x89PNG\r\n\x1a\n" + b"0" * 64, name="现场.png")
    make.attachment(project=project, file=picture)
    return project


@pytest.fixture
def empty_database(tmp_path):
    """Address of an empty database of the kind the tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'restored.sqlite3'}"
        return
    import psycopg

    server, name = os.environ["DATABASE_URL"], f"restored_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as session:
        session.execute(f"CREATE DATABASE {name}")
    yield urlsplit(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as session:
        session.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(*arguments, database: str, data: Path):
    """Run a command in a process of its own, as an operator does."""
    variables = os.environ | {"DATABASE_URL": database, "CRM_DATA_DIR": str(data)}
    variables.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=ROOT, env=variables, capture_output=True, text=True,
    )  # fmt: skip


def test_the_drill_finds_rows_sums_and_files_equal(lived_in, tmp_path):
    take(tmp_path / "kept", at=NIGHT)
    found = drill(tmp_path / "kept")

    assert found.faults == ()
    assert found.attachments == 1
    manifest = json.loads((found.folder / "manifest.json").read_text())
    assert manifest["counts"]["crm_project"] == 1
    fen = sum(deal.amount_yuan for deal in Deal.objects.all()) * 100
    assert Decimal(manifest["sums"]["crm_deal.amount_fen"]) == fen > 0


def test_what_was_restored_equals_what_was_backed_up(lived_in, empty_database, media, tmp_path):
    folder, data = take(tmp_path / "kept", at=NIGHT), tmp_path / "data"

    answer = manage("restore", folder, database=empty_database, data=data)

    assert answer.returncode == 0, answer.stderr
    restored = {str(path.relative_to(data / "media")) for path in (data / "media").rglob("*.png")}
    assert restored == {lived_in.attachments.get().file.name}
    again = manage("backup", "--output", tmp_path / "again", database=empty_database, data=data)
    assert again.returncode == 0, again.stderr
    first, second = (
        json.loads((newest(tmp_path / place) / "manifest.json").read_text())
        for place in ("kept", "again")
    )
    kept = ("counts", "sums", "migrations", "attachments")
    assert {key: first[key] for key in kept} == {key: second[key] for key in kept}


def test_a_place_in_use_is_never_restored_into(lived_in, tmp_path):
    folder = take(tmp_path / "kept", at=NIGHT)

    with pytest.raises(BackupFailed, match="不是空的"):
        restore(folder)


def test_a_database_in_use_is_never_restored_into(lived_in, media, tmp_path):
    folder = take(tmp_path / "kept", at=NIGHT)
    shutil.rmtree(media)

    with pytest.raises(BackupFailed, match="数据库不是空的"):
        restore(folder)

    assert not media.exists()


def test_a_backup_of_the_other_database_is_refused_before_anything_is_written(lived_in, tmp_path):
    folder = take(tmp_path / "kept", at=NIGHT)
    text = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(text.replace(f'"{connection.vendor}"', '"oracle"'))

    with pytest.raises(BackupFailed, match="oracle"):
        restore(folder)


@pytest.mark.parametrize("name", ["database", "media"])
def test_a_damaged_file_is_found(lived_in, tmp_path, name):
    folder = take(tmp_path / "kept", at=NIGHT)
    damaged = next(folder.glob(f"{name}.*"))
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)

    with pytest.raises(CommandError, match=damaged.name):
        call_command("restore_drill", "--from", str(tmp_path / "kept"))
    with pytest.raises(BackupFailed, match=damaged.name):
        restore(folder)


def test_a_backup_of_a_trail_that_was_tampered_with_fails_the_drill(lived_in, tmp_path):
    for _ in range(2):
        make.audit_entry()
    with connection.schema_editor() as editor:
        guarded_tables.lower_guards(editor)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE crm_auditentry SET name = 'x' WHERE number = 2")
    take(tmp_path / "kept", at=NIGHT)

    faults = drill(tmp_path / "kept").faults
    assert "audit trail broken at no. 2" in faults
    assert "guard missing: crm_auditentry_no_update" in faults


def test_a_copy_that_lacks_a_row_fails_the_drill(lived_in, tmp_path):
    folder = take(tmp_path / "kept", at=NIGHT)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["counts"]["crm_project"] = 2
    (folder / "manifest.json").write_text(json.dumps(manifest))
    complaints = StringIO()

    with pytest.raises(CommandError, match="1 differences"):
        call_command("restore_drill", "--from", str(tmp_path / "kept"), stderr=complaints)

    assert "rows of crm_project: 2 in the manifest, 1 restored" in complaints.getvalue()


def test_an_attachment_without_its_file_fails_the_drill(lived_in, media, tmp_path):
    next(media.rglob("*.png")).unlink()
    take(tmp_path / "kept", at=NIGHT)

    assert drill(tmp_path / "kept").faults == (
        f"attachment missing: {lived_in.attachments.get().file.name}",
    )


def test_without_a_backup_the_drill_says_so(tmp_path):
    with pytest.raises(CommandError, match="没有备份"):
        call_command("restore_drill", "--from", str(tmp_path))


def test_a_place_that_cannot_be_written_is_named(lived_in, tmp_path):
    (tmp_path / "taken").write_text("a file, no folder")

    with pytest.raises(CommandError, match="taken"):
        call_command("backup", "--output", str(tmp_path / "taken"))


def test_a_backup_that_fails_leaves_nothing_behind(lived_in, tmp_path):
    with pytest.raises(BackupFailed):
        take(tmp_path / "kept", at=NIGHT, recipient="nobody@example.invalid")

    assert list((tmp_path / "kept").iterdir()) == []


def test_only_as_many_backups_stay_as_are_wanted(lived_in, tmp_path):
    taken = [take(tmp_path / "kept", at=NIGHT.replace(day=day), keep=2) for day in (1, 2, 3)]

    assert sorted((tmp_path / "kept").iterdir()) == taken[1:]
    assert newest(tmp_path / "kept") == taken[2]


@pytest.mark.skipif(shutil.which("gpg") is None, reason="GnuPG is not installed")
def test_an_encrypted_backup_opens_with_its_key_only(lived_in, tmp_path, monkeypatch):
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(keys))
    make_key = ["gpg", "--batch", "--passphrase", "", "--quick-gen-key", "backup@example.test"]
    subprocess.run(make_key, check=True, capture_output=True)

    folder = take(tmp_path / "kept", at=NIGHT, recipient="backup@example.test")

    assert sorted(path.suffix for path in folder.iterdir()) == [".gpg", ".gpg", ".json"]
    assert drill(tmp_path / "kept").faults == ()
    subprocess.run(["gpgconf", "--kill", "gpg-agent"], check=False)
    monkeypatch.setenv("GNUPGHOME", str(tmp_path))
    with pytest.raises(BackupFailed, match="gpg"):
        drill(tmp_path / "kept")


def test_a_backup_under_load_is_of_one_moment(empty_database, tmp_path):
    """A writer adds sessions in pairs, each pair in one transaction: no copy holds half a pair."""
    place = {"database": empty_database, "data": tmp_path / "data"}
    assert manage("migrate", **place).returncode == 0
    stop, written = threading.Event(), []
    writer = threading.Thread(target=write_pairs, args=(empty_database, stop, written))
    writer.start()
    try:
        answers = [manage("backup", "--output", tmp_path / "kept", **place) for _ in range(3)]
    finally:
        stop.set()
        writer.join()

    assert [answer.returncode for answer in answers] == [0, 0, 0]
    manifests = sorted((tmp_path / "kept").glob("*/manifest.json"))
    counts = [json.loads(path.read_text())["counts"]["django_session"] for path in manifests]
    assert [count % 2 for count in counts] == [0, 0, 0]
    assert 0 < counts[0] < counts[2] <= len(written) * 2


def write_pairs(url: str, stop, written: list) -> None:
    """Two rows a transaction until told to stop, straight into the database."""
    if connection.vendor == "sqlite":
        session, mark = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20), "?"
    else:
        import psycopg

        session, mark = psycopg.connect(url), "%s"
    add = f"INSERT INTO django_session VALUES ({mark}, '', '2030-01-01 00:00:00+00')"
    while not stop.is_set():
        for half in "ab":
            session.execute(add, (f"{len(written)}{half}",))
        session.commit()
        written.append(None)
        time.sleep(0.001)
    session.close()

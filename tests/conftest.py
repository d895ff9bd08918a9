"""What all tests share: a browser, and the demo served as a newcomer would start it."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import settings

from crm.management.commands.compile_translations import compile_translations
from crm.models import append_only
from tests.browsers import ARGUMENTS, find_chromium

ROOT = Path(__file__).resolve().parent.parent
HISTORY_TABLES = ("crm_stagemove", "crm_statuschange")


# A busy machine is no failure: properties have no time limit of their own.
settings.register_profile("crm", deadline=None)
settings.load_profile("crm")


def pytest_configure():
    compile_translations()


@pytest.fixture
def real_transactions(transactional_db):
    """Committed rows for tests with threads; afterwards the history may be emptied again."""
    yield
    with connection.schema_editor() as editor:
        append_only.drop(editor, HISTORY_TABLES)
    call_command("flush", interactive=False, verbosity=0)
    with connection.schema_editor() as editor:
        append_only.create(editor, HISTORY_TABLES)


@pytest.fixture(scope="session")
def chromium():
    """A running Chromium; the tests that need it are skipped where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium found")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _demo_database(folder: Path) -> str:
    """An empty database of the kind the tests run on."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{folder / 'demo.sqlite3'}"
    import psycopg

    name = f"demo_{os.getpid()}"
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
    return (
        re.sub(r"/[^/?]+(\?|$)", rf"/{name}\1", url, count=1)
        if "@/" in url
        else (re.sub(r"(//[^/]+/)[^?]*", rf"\g<1>{name}", url))
    )


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """Address of the demo, prepared and served by ``manage.py demo`` in a process of its own."""
    folder = tmp_path_factory.mktemp("demo")
    port = _free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COV_")} | {
        "CRM_DEMO": "1",
        "CRM_DATA_DIR": str(folder),
        "DATABASE_URL": _demo_database(folder),
        "PORT": str(port),
    }
    process = subprocess.Popen([sys.executable, "manage.py", "demo"], cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/login/", process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(url: str, process) -> None:
    for _ in range(240):
        if process.poll() is not None:
            raise RuntimeError("the demo stopped while starting")
        try:
            urllib.request.urlopen(url, timeout=2)  # noqa: S310 - our own address
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise RuntimeError(f"the demo did not answer at {url}")

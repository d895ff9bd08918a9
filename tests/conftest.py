"""What all tests share: a browser, and the demo served as a newcomer would start it."""

import contextlib
import json
import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.core import serializers
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation.reloader import translation_file_changed
from hypothesis import settings

from crm.management.commands.compile_translations import compile_translations
from crm.models import FeedEntry, feed_triggers, guarded_tables
from tests.browsers import ARGUMENTS, find_chromium
from tests.serving import ROOT, prepare, serve

# A busy machine is no failure: properties have no time limit of their own.
settings.register_profile("crm", deadline=None)
settings.load_profile("crm")
SEEDS = pytest.StashKey()


def pytest_configure():
    """The first run of a fresh checkout speaks Chinese too, although Django has started already."""
    compile_translations()
    translation_file_changed(sender=None, file_path=Path("django.mo"))


def pytest_collection_modifyitems(items):
    """Files that need a browser come first, so that no core waits for a long one at the end."""
    long = {item.path for item in items if item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in long)


def pytest_terminal_summary(terminalreporter):
    """Say how much the permission matrix asked; leave the counts for ``python -m tests``."""
    _tell_checks(terminalreporter)
    if "CRM_TEST_COUNTS" not in os.environ:
        return
    stats = terminalreporter.stats
    passed = stats.get("passed", [])
    counts = {
        "passed": len(passed),
        "failed": len(stats.get("failed", [])) + len(stats.get("error", [])),
        "skipped": len(stats.get("skipped", [])),
        "browser": sum("browser" in report.keywords for report in passed),
    }
    Path(os.environ["CRM_TEST_COUNTS"]).write_text(json.dumps(counts))


def _tell_checks(terminalreporter) -> None:
    judged = terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", [])
    found = [
        (dict(report.user_properties)["checks"], report)
        for report in judged
        if "checks" in dict(report.user_properties) and report.when == "call"
    ]
    if found:
        checks, leaks = sum(n for n, _ in found), sum(report.failed for _, report in found)
        seconds = sum(report.duration for _, report in found)
        line = f"permission matrix: {checks:,} checks in {seconds:.0f} s, {leaks} leaks"
        terminalreporter.write_line(line)


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    """What is looked up once a minute is looked up once a test: no count depends on the clock."""
    cache.clear()
    monkeypatch.setattr("crm.models.identity.RULES_KEPT_SECONDS", None)


@pytest.fixture
def throw_files_away(settings, tmp_path):
    """The files that a test keeps go with its own folder."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def real_transactions(transactional_db, request, django_db_blocker):
    """Committed rows for tests with threads; afterwards the history may be emptied again."""
    request.node.stash[SEEDS] = (_rows_of_ours(), django_db_blocker)
    yield
    with connection.schema_editor() as editor:
        guarded_tables.lower_guards(editor)
        feed_triggers.lower_all(editor)
    # The flush that follows ends with a signal, which raises them again.


def _rows_of_ours() -> str:
    models = apps.get_app_config("crm").get_models()
    return serializers.serialize("json", [r for m in models for r in m._base_manager.all()])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """The rows that migrations brought are there again after a flush, for the tests that follow."""
    result = yield
    if SEEDS in item.stash and nextitem is not None:
        rows, blocker = item.stash[SEEDS]
        with blocker.unblock(), transaction.atomic():
            for row in serializers.deserialize("json", rows):
                row.save()
            FeedEntry.objects.all().delete()
    return result


@pytest.fixture(scope="session")
def chromium():
    """A running Chromium; the tests that need it are skipped where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium found")
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread; the tests' own queries stay what they were.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, served):
    """Opens pages as a Chinese browser of a given width, each with its own session."""
    contexts = []

    def opened(path: str = "/", *, width: int = 1440, height: int = 900):
        context = chromium.new_context(
            base_url=served,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": height},
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory):
    """Address of an empty database of the kind the tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'demo.sqlite3'}"
        return
    with _postgres_database(f"demo_{os.getpid()}") as address:
        yield address


@contextlib.contextmanager
def _postgres_database(name: str, template: str = "template0"):
    import psycopg

    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as session:
        session.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield urlsplit(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as session:
        session.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def checkout(tmp_path_factory):
    """What a newcomer has before the first start: the sources, nothing compiled or collected."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("config", "crm", "fixtures"):
        made = shutil.ignore_patterns("*.mo", "*.tmp", "__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=made)
    for name in ("manage.py", "requirements.txt"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture(scope="session")
def prepared(checkout, demo_database, tmp_path_factory):
    """The demo as ``manage.py demo`` prepares it: its folder, and the address of its database."""
    folder = tmp_path_factory.mktemp("demo")
    prepare(checkout, folder, demo_database)
    return folder, demo_database


@pytest.fixture(scope="module")
def english():
    """What is told is compared in the language of the source."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def served(request, tmp_path_factory):
    """Address of the demo, served from a copy of its own: no module sees what another one wrote.

    CRM_SERVED names one that is served already, for drills.
    """
    if address := os.environ.get("CRM_SERVED"):
        yield address
        return
    checkout, prepared = map(request.getfixturevalue, ("checkout", "prepared"))
    folder = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(prepared[0], folder)
    with copied(prepared[1], folder) as database, serve(checkout, folder, database) as address:
        yield address


@contextlib.contextmanager
def copied(database: str, folder: Path):
    if connection.vendor == "sqlite":
        copy = shutil.copy(database.removeprefix("sqlite:///"), folder / "served.sqlite3")
        yield f"sqlite:///{copy}"
        return
    name = f"served_{os.getpid()}"
    with _postgres_database(name, urlsplit(database).path.lstrip("/")) as address:
        yield address

"""The demo: prepared once, started again quickly, refused where people work."""

import re
import urllib.request
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client

from crm import sample
from crm.management.commands import demo
from crm.models import Company, Deal, Project, User
from tests import make


@pytest.fixture
def demo_mode(settings, tmp_path):
    settings.DEMO = True
    settings.STATIC_ROOT = tmp_path / "static"


def rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (User, Company, Project, Deal)}


@pytest.mark.django_db
def test_preparing_again_changes_nothing(demo_mode):
    call_command("demo", prepare=True)
    first = rows()
    call_command("demo", prepare=True)

    assert rows() == first
    assert first["Deal"] == 17
    assert User.objects.filter(is_sample=True).count() == len(sample.ACCOUNTS)


@pytest.mark.django_db
def test_serving_prints_the_address_and_one_account_for_each_role(demo_mode, monkeypatch):
    served, printed = [], StringIO()
    monkeypatch.setattr(demo, "call_command", lambda *args, **options: served.append(args))

    demo.Command(stdout=printed).serve("127.0.0.1", 8123)

    assert served == [("runserver", "127.0.0.1:8123")]
    assert "http://127.0.0.1:8123/" in printed.getvalue()
    assert re.findall(r"^  (\w+) ", printed.getvalue(), flags=re.MULTILINE) == [
        username for username, *_rest in sample.ACCOUNTS
    ]
    assert {role for _name, role, *_rest in sample.ACCOUNTS} == set(demo.sample.Role)


@pytest.mark.django_db
def test_the_demo_runs_in_demo_mode_only():
    with pytest.raises(CommandError, match="CRM_DEMO=1 only"):
        call_command("demo", prepare=True)

    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_database_in_real_use_gets_no_sample_accounts(demo_mode):
    user = make.user()
    user.set_password("a-real-person-logs-in")
    user.save()

    with pytest.raises(CommandError, match="in real use"):
        call_command("demo", prepare=True)

    assert not User.objects.filter(is_sample=True).exists()


def test_a_bad_port_is_named(demo_mode, monkeypatch):
    monkeypatch.setenv("PORT", "http")

    with pytest.raises(ImproperlyConfigured, match="PORT is “http”"):
        call_command("demo", prepare=True)


@pytest.mark.django_db
def test_sample_accounts_log_in_to_a_demo_only(settings):
    user = make.user(is_sample=True)
    user.set_password(sample.PASSWORD)
    user.save()
    credentials = {"username": user.username, "password": sample.PASSWORD}

    refused = Client().post("/login/", credentials)
    settings.DEMO = True

    assert (refused.status_code, Client().post("/login/", credentials).status_code) == (200, 302)


def test_a_catalogue_is_compiled_when_it_changed(settings, tmp_path):
    settings.LOCALE_PATHS = [tmp_path]
    catalogue, compiled = tmp_path / "zh.po", tmp_path / "zh.mo"
    catalogue.write_text('msgid "visit"\nmsgstr "走访"\n', encoding="utf-8")

    call_command("compile_translations")
    first = compiled.read_bytes()
    compiled.write_bytes(b"unchanged")
    call_command("compile_translations")

    assert "走访".encode() in first
    assert compiled.read_bytes() == b"unchanged"
    assert sorted(tmp_path.iterdir()) == [compiled, catalogue]


def test_static_files_are_collected_when_something_changed(demo_mode, settings):
    demo.collect_static()
    collected = settings.STATIC_ROOT / "crm" / "admin.css"
    collected.unlink()
    demo.collect_static()
    unchanged = collected.exists()
    (settings.STATIC_ROOT / ".fingerprint").write_text("of another day")
    demo.collect_static()

    assert (unchanged, collected.exists()) == (False, True)


def test_the_first_start_is_chinese(served):
    with urllib.request.urlopen(f"{served}/login/") as page:  # noqa: S310 - our own address
        assert "招商引资" in page.read().decode()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_every_sample_account_logs_in_and_sees_its_workbench(open_page, width):
    for username, _role, name, password in sample.ACCOUNTS:
        page = open_page("/", width=width)
        complaints = []
        page.on("console", lambda message, seen=complaints: seen.append(message.text))
        page.wait_for_selector("[name=username]:focus")
        page.fill("[name=username]", username)
        page.fill("[name=password]", password)
        page.click("[type=submit]")
        page.wait_for_url("**/")

        assert page.get_attribute("html", "lang").lower().startswith("zh")
        assert name in page.content()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert complaints == []

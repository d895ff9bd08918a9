"""Settings: the environment decides, what is unset is safe, a bad value is named."""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import psycopg_pool
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import environment

ROOT = Path(__file__).resolve().parent.parent
SECRET = "Kq3v-Zt8w_Rn5" * 5
PRODUCTION = {"CRM_SECRET_KEY": SECRET, "CRM_ALLOWED_HOSTS": "crm.example"}


def python(tmp_path, *arguments, **variables):
    """Run Python as an operator would: nothing of ours in the environment but ``variables``."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CRM_", "DATABASE_URL", "DJANGO_", "COV_"))
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=60, encoding="utf-8",
        env=kept | {"CRM_DATA_DIR": str(tmp_path), "PYTHONUTF8": "1"} | variables,
    )  # fmt: skip


# -- readers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "read"), [("1", True), ("TRUE", True), ("on", True), ("0", False), ("", False)]
)
def test_a_flag_is_one_or_zero(monkeypatch, value, read):
    monkeypatch.setenv("CRM_HTTPS", value)

    assert environment.flag("CRM_HTTPS", default=not read) is read


def test_an_unset_flag_has_its_default(monkeypatch):
    monkeypatch.delenv("CRM_HTTPS", raising=False)

    assert environment.flag("CRM_HTTPS", default=True) is True


def test_a_bad_flag_is_named(monkeypatch):
    monkeypatch.setenv("CRM_HTTPS", "maybe")

    with pytest.raises(ImproperlyConfigured, match="CRM_HTTPS is “maybe”; expected 1 or 0"):
        environment.flag("CRM_HTTPS", default=True)


def test_behind_pgbouncer_nothing_outlives_a_transaction(monkeypatch):
    monkeypatch.setenv("CRM_PGBOUNCER", "1")
    monkeypatch.setenv("DATABASE_URL", "postgres://crm@pgbouncer/crm")

    settings = environment.database("DATABASE_URL", default=Path())

    assert settings["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert "options" not in settings["OPTIONS"]
    assert "pool" not in settings["OPTIONS"]


@pytest.mark.parametrize("value", ["", "-1", "ten", "59", "6.5", "６０"])
def test_a_bad_number_is_named(monkeypatch, value):
    monkeypatch.setenv("CRM_SESSION_SECONDS", value)

    with pytest.raises(ImproperlyConfigured, match=r"CRM_SESSION_SECONDS .* whole number from 60"):
        environment.integer("CRM_SESSION_SECONDS", default=600, low=60)


def test_a_number_is_read(monkeypatch):
    monkeypatch.setenv("CRM_SESSION_SECONDS", "60")

    assert environment.integer("CRM_SESSION_SECONDS", default=600, low=60) == 60


def test_a_list_is_separated_by_commas(monkeypatch):
    monkeypatch.setenv("CRM_ALLOWED_HOSTS", "crm.example, , crm.test")

    assert environment.words("CRM_ALLOWED_HOSTS") == ["crm.example", "crm.test"]


def test_a_short_secret_is_refused_and_not_repeated(monkeypatch):
    monkeypatch.setenv("CRM_SECRET_KEY", "hunter2")

    with pytest.raises(ImproperlyConfigured) as refused:
        environment.secret("CRM_SECRET_KEY")

    assert str(refused.value) == "CRM_SECRET_KEY: expected at least 50 random characters."


def test_the_demo_secret_is_made_once_for_its_owner_only(tmp_path):
    path = tmp_path / "new" / "secret"

    first = environment.kept_secret(path)

    assert (environment.kept_secret(path), len(first) > 50) == (first, True)
    assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o600


# -- databases -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///crm.sqlite3", "crm.sqlite3"),
        ("sqlite:////srv/crm.sqlite3", "/srv/crm.sqlite3"),
        ("sqlite://:memory:", ":memory:"),
    ],
)
def test_sqlite_waits_for_its_turn_and_keeps_what_it_acknowledged(monkeypatch, url, name):
    monkeypatch.setenv("DATABASE_URL", url)

    read = environment.database("DATABASE_URL", default=Path("unused"))

    assert (read["ENGINE"], read["NAME"]) == ("django.db.backends.sqlite3", name)
    assert read["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL; PRAGMA synchronous=FULL" in read["OPTIONS"]["init_command"]


def test_the_default_is_a_file_however_its_folder_is_called(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    path = Path("/srv/招商 #1?%20/crm.sqlite3")

    assert environment.database("DATABASE_URL", default=path)["NAME"] == str(path)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_postgresql_has_a_pool_and_time_limits(monkeypatch, scheme):
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://crm:p%40ss@db.example:5433/city")
    monkeypatch.setenv("CRM_DB_POOL", "3")
    monkeypatch.setenv("CRM_DB_STATEMENT_SECONDS", "5")

    read = environment.database("DATABASE_URL", default=Path("unused"))

    assert (read["HOST"], read["PORT"], read["NAME"]) == ("db.example", 5433, "city")
    assert (read["USER"], read["PASSWORD"]) == ("crm", "p@ss")
    pool = read["OPTIONS"].pop("pool")
    assert (pool["min_size"], pool["max_size"]) == (1, 3)
    assert read["OPTIONS"] == {
        "options": "-c statement_timeout=5000 -c lock_timeout=10000 -c jit=off",
    }


def test_a_database_that_went_away_is_asked_for_again_and_again(monkeypatch, tmp_path):
    """With the pauses of the pool itself, which double, the sixth time would come after 31 s."""
    monkeypatch.setenv("DATABASE_URL", "postgres://crm@db.example/city")
    options = environment.database("DATABASE_URL", default=tmp_path)["OPTIONS"]["pool"]
    asked, often = [], threading.Event()

    class Away(psycopg.Connection):
        @classmethod
        def connect(cls, *args, **kwargs):
            asked.append(1)
            if len(asked) == 6:
                often.set()
            raise psycopg.OperationalError

    with psycopg_pool.ConnectionPool(connection_class=Away, open=True, **options):
        assert often.wait(20)


@pytest.mark.parametrize(
    "url",
    ["mysql://u:hunter2@h/d", "crm.sqlite3", "sqlite://", "postgres://u:hunter2@h/", "postgres:"],
)
def test_another_kind_of_database_is_refused_without_repeating_its_password(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)

    with pytest.raises(ImproperlyConfigured) as refused:
        environment.database("DATABASE_URL", default=Path("unused"))

    assert str(refused.value).startswith("DATABASE_URL: expected sqlite:///path or postgres://")


def test_a_url_that_cannot_be_read_is_named(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://crm@host:many/city")

    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL cannot be read"):
        environment.database("DATABASE_URL", default=Path("unused"))


# -- starting --------------------------------------------------------------------------------------


def test_a_server_needs_a_secret_and_hosts(tmp_path):
    without_secret = python(tmp_path, "-c", "import config.wsgi")
    without_hosts = python(tmp_path, "-c", "import config.wsgi", CRM_SECRET_KEY=SECRET)

    assert "CRM_SECRET_KEY is not set" in without_secret.stderr
    assert "CRM_ALLOWED_HOSTS is not set" in without_hosts.stderr
    assert python(tmp_path, "-c", "import config.wsgi", **PRODUCTION).returncode == 0


def test_a_development_server_needs_them_too(tmp_path):
    assert "CRM_SECRET_KEY is not set" in python(tmp_path, "manage.py", "runserver").stderr


def test_a_command_needs_neither(tmp_path):
    assert python(tmp_path, "manage.py", "check").returncode == 0


@pytest.mark.parametrize("name", ["CRM_SECRET_KEY", "CRM_ALLOWED_HOSTS"])
def test_the_demo_refuses_to_run_beside_production(tmp_path, name):
    ended = python(tmp_path, "manage.py", "demo", "--prepare", **{name: PRODUCTION[name]})

    assert f"refuses to run where {name} is set" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_production_passes_the_deployment_check(tmp_path):
    ended = python(
        tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION
    )

    assert ended.returncode == 0, ended.stderr


def test_models_and_migrations_agree(tmp_path):
    ended = python(tmp_path, "manage.py", "makemigrations", "--check", "--dry-run")

    assert (ended.returncode, ended.stdout) == (0, "No changes detected\n")


# -- what is served --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_pages_allow_nothing_but_our_own_files(client):
    response = client.get("/login/")

    policy = dict(
        part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";")
    )
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "report-uri": "/csp-report/",
    }
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_pages_are_chinese_whatever_the_browser_asks_for(client):
    asked_for_english = client.get("/login/", headers={"accept-language": "en-US,en"})
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    chose_english = client.get("/login/")

    assert asked_for_english["Content-Language"] == "zh-hans"
    assert chose_english["Content-Language"] == "en"


@pytest.mark.django_db
def test_attachments_have_no_address_of_their_own(client):
    assert settings.MEDIA_URL in {"", "/"}
    assert client.get("/media/secret.pdf").status_code in {302, 404}


# -- packages --------------------------------------------------------------------------------------


def pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_with_its_hash_and_no_address(name):
    text = (ROOT / name).read_text(encoding="utf-8")

    assert text.count("--hash=sha256:") >= len(pins(name)) > 15
    assert re.findall(r"https?://|index-url|file:|^/|@ ", text, flags=re.MULTILINE) == []


def test_tests_run_on_the_packages_that_production_runs_on():
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()

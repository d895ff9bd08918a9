"""Single sign-on: off by default; a good token opens an existing account and nothing more."""

import os
import subprocess
import sys
import time

import pytest
from django.conf import settings as project_settings
from django.core.cache import cache

from crm.access import Role
from crm.models import AuditEntry, SecondFactorRule, SignIn, User
from crm.models.audit import Action

from . import make
from .oidc_provider import CLIENT, SECRET, STRANGE_KEY, Provider

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_rules_of_other_tests():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="module")
def provider():
    server = Provider()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def sso(settings, provider):
    settings.OIDC_ISSUER = provider.issuer
    settings.OIDC_CLIENT, settings.OIDC_SECRET = CLIENT, SECRET
    return provider


def come_back(client, provider, name: str, start="/sso/start/", **lies):
    """To the provider and back with what it says."""
    away = client.get(start)
    assert away.status_code == 302
    return client.get("/sso/callback/", provider.sign_in(away.url, name, **lies))


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def notes(action) -> list[dict]:
    return [entry.details | {"name": entry.name} for entry in
            AuditEntry.objects.filter(action=action).order_by("number")]  # fmt: skip


def test_a_good_token_opens_the_account_that_the_claim_names(client, sso):
    user = make.user(Role.BUREAU, username="zhang")
    answer = come_back(client, sso, "zhang", start="/sso/start/?next=/board/")

    assert (answer.status_code, answer.url) == (302, "/board/")
    assert client.get("/").status_code == 200
    assert client.session["_auth_user_id"] == str(user.pk)
    assert notes(Action.SIGNED_IN) == [{"way": "sso", "name": "zhang"}]
    assert SignIn.objects.get().user == user


def test_without_a_setting_there_is_no_such_page_and_no_button(client):
    assert client.get("/sso/start/").status_code == 404
    assert client.get("/sso/callback/?code=x&state=y").status_code == 404
    assert "/sso/start/" not in client.get("/login/").content.decode()


def test_the_sign_in_page_offers_it_and_keeps_where_one_was_going(client, sso):
    page = client.get("/login/?next=/board/").content.decode()
    assert "/sso/start/?next=/board/" in page


def test_it_never_leads_to_another_site(client, sso):
    make.user(Role.BUREAU, username="zhang")
    answer = come_back(client, sso, "zhang", start="/sso/start/?next=https://evil.example/")
    assert answer.url == "/"


LIES = {
    "wrong nonce": {"nonce": "another"},
    "no nonce": {"without": ("nonce",)},
    "wrong issuer": {"iss": "https://evil.example"},
    "wrong audience": {"aud": "another client"},
    "no audience": {"without": ("aud",)},
    "expired": {"exp": int(time.time()) - 600, "iat": int(time.time()) - 900},
    "no end": {"without": ("exp",)},
    "signed by a stranger": {"key": STRANGE_KEY},
    "of the future": {"iat": int(time.time()) + 7200, "nbf": int(time.time()) + 7200},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_is_not_good_opens_nothing(client, sso, lie):
    make.user(Role.BUREAU, username="zhang")
    answer = come_back(client, sso, "zhang", **LIES[lie])

    assert (answer.status_code, answer.url) == (302, "/login/")
    assert not is_signed_in(client)
    (note,) = notes(Action.SIGN_IN_FAILED)
    assert (note["way"], note["name"]) == ("sso", "?")


def test_an_answer_for_another_browser_or_used_twice_opens_nothing(client, sso):
    make.user(Role.BUREAU, username="zhang")
    stolen = sso.sign_in(client.get("/sso/start/").url, "zhang")
    other = type(client)()
    other.get("/sso/callback/", stolen)
    assert not is_signed_in(other)

    client.get("/sso/callback/", stolen | {"state": "made up"})
    assert not is_signed_in(client)
    client.get("/sso/callback/", {"error": "access_denied", "state": stolen["state"]})
    assert not is_signed_in(client)

    client.get("/sso/callback/", stolen)
    assert is_signed_in(client)
    client.logout()
    client.get("/sso/callback/", stolen)
    assert not is_signed_in(client)


def test_a_provider_that_does_not_answer_is_no_server_error(client, settings, sso):
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    assert client.get("/sso/start/").url == "/login/"


@pytest.mark.parametrize(
    "account",
    [
        {"username": "somebody else"},
        {"username": "zhang", "is_active": False},
        {"username": "zhang", "role": ""},
        {"username": "zhang", "is_sample": True},
    ],
    ids=["unknown", "deactivated", "without a role", "of the demo"],
)
def test_it_makes_no_account_raises_none_and_opens_none_that_is_closed(client, sso, account):
    make.user(**{"role": Role.OFFICER} | account)
    before = list(User.objects.order_by("pk").values())
    come_back(client, sso, "zhang", role="bureau", groups=["bureau", "admin"], is_superuser=True)

    assert not is_signed_in(client)
    assert list(User.objects.order_by("pk").values()) == before


def test_what_the_provider_says_of_roles_changes_nothing(client, sso):
    make.user(Role.OFFICER, username="zhang")
    come_back(client, sso, "zhang", role="bureau", groups=["security_admin"])
    assert is_signed_in(client)
    assert User.objects.get(username="zhang").role == Role.OFFICER


def test_the_second_factor_rule_holds_and_the_age_of_an_unused_password_does_not(client, sso):
    make.user(Role.BUREAU, username="zhang", must_change_password=True)
    SecondFactorRule.objects.create(role=Role.BUREAU, is_required=True)
    come_back(client, sso, "zhang")
    assert client.get("/board/").url == "/account/second-factor/"


def test_the_session_ends_when_idle_and_with_the_account(client, sso, settings):
    user = make.user(Role.BUREAU, username="zhang")
    come_back(client, sso, "zhang")
    assert client.get("/").status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/").status_code == 302
    User.objects.filter(pk=user.pk).update(is_active=True)

    come_back(client, sso, "zhang")
    client.get("/")
    session = client.session
    session["seen"] -= settings.SESSION_IDLE_SECONDS + 1
    session.save()
    assert client.get("/").status_code == 302
    assert SignIn.objects.order_by("-pk").first().end == SignIn.End.IDLE


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"CRM_OIDC_ISSUER": "http://sso.example"}, "CRM_OIDC_ISSUER"),
        ({"CRM_OIDC_ISSUER": "https://sso.example"}, "CRM_OIDC_CLIENT"),
        (
            {"CRM_OIDC_ISSUER": "https://sso.example", "CRM_OIDC_CLIENT": "crm"},
            "CRM_OIDC_SECRET",
        ),
    ],
)
def test_half_a_setting_stops_the_start_and_is_named(variables, named):
    done = subprocess.run(
        [sys.executable, "-c", "import config.settings"], cwd=project_settings.BASE_DIR,
        env={**os.environ, **variables, "CRM_DEMO": "1"}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode != 0
    assert named in done.stderr.splitlines()[-1]

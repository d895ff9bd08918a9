"""The API explained to people, from its own description."""

import json
import re

import pytest

from crm.access import Role
from crm.models.api_tokens import ApiKind

from . import make
from .asking import System

pytestmark = pytest.mark.django_db


def test_the_page_explains_every_kind_with_its_fields(client):
    client.force_login(make.user(Role.SECURITY_ADMIN))
    page = client.get("/api/docs/").content.decode()
    assert [kind for kind in ApiKind if f'id="{kind}"' not in page] == []
    for words in ("planned_yuan", "计划投资", "Idempotency-Key", "/api/v1/projects/{id}/move/"):
        assert words in page
    assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=", page)


def test_the_page_speaks_english_too(client):
    client.force_login(make.user(Role.SECURITY_ADMIN))
    client.cookies["django_language"] = "en"
    assert "Nobody is overwritten" in client.get("/api/docs/").content.decode()


def test_the_description_is_handed_out_as_a_file_and_to_systems(client):
    client.force_login(make.user(Role.SECURITY_ADMIN))
    handed = json.loads(client.get("/api/docs/openapi.json").content)
    asked = System(language="zh-CN").get("openapi.json").json()
    assert handed == asked
    assert (handed["openapi"], handed["info"]["title"]) == ("3.0.3", "招商引资数据接口")


def test_any_other_address_is_answered_as_json():
    answer = System().get("nowhere/at/all")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert System().send("put", "companies/1/").status_code == 405

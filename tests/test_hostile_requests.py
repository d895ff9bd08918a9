"""No input makes a 500: every address as every role, with what nobody sensible would send.

The short form runs with the tests; CRM_HOSTILE_INPUTS=20000 CRM_HOSTILE_SEED=7 with ``pytest -s``
goes on for longer. It says how many inputs were tried.
"""

import os
import random

import pytest
from django.contrib import admin

from crm.access import Role
from tests.scope.world import world  # noqa: F401 - a fixture
from tests.test_matrix_pages import ADDRESSES, secret  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

INPUTS = int(os.environ.get("CRM_HOSTILE_INPUTS", "300"))
SEED = int(os.environ.get("CRM_HOSTILE_SEED", "20261125"))
VALUES = [
    "", " ", "0", "-1", "1", "99", "2147483648", "9223372036854775808", "1" * 400, "1e999", "NaN",
    "Infinity", "-0.0", "1.2e3", "٣٤", "２０００", "壹亿元", "约5亿", "待定", "null", "None",
    "true", "[]",
    "[1]", "{}", '{"a":1}', "a,b", "1,2,x", "2026-02-30", "2026.1", "0000-00-00", "9999-12-31",
    "10000-01-01", "-0001-01-01", "2026-13", "2024-Q9", "2024-01-01..2023-01-01", "T", "\x00",
    "a\x00b", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "\u202egnp.exe",
    "\u200b", "𠮷野家", "é" * 300, "字" * 5000, "%", "%%", "%s", "%00", "_", "\\", "'", '"', "';--",
    "' OR 1=1 --", "1); DROP TABLE crm_project;--", "<script>alert(1)</script>", "{{7*7}}",
    "{% load x %}", "${7*7}", "=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "../../etc/passwd",
    "..%2f..%2f", "file:///etc/passwd", "//evil.example/", "http://127.0.0.1:1/", "javascript:1",
    "\r\nSet-Cookie: a=b", "\n", "\t", "﻿x",
]  # fmt: skip
NAMES = (
    "q p o e all page kind stage year month period team company project region park chain segment "
    "format by from to on tab name pk id version token ids rows view value field term next after "
    "before chip date start end amount reason text content what to_field _to_field _popup "
    "_changelist_filters _selected_action action index select_across record_version record_base "
    "form_token field_name model_name app_label user owner status state mode held_on firm_name "
    "planned_min planned_max password role import_job file sheet row column key"
).split()
LOOKUPS = ("", "__in", "__gt", "__isnull", "__startswith", "__nonsense", "__pk__date__year", "[]")


def paths(secret) -> list[str]:  # noqa: F811
    own = [secret.path(name) for name in ADDRESSES]
    for model in admin.site._registry:
        name = model._meta.model_name
        row = secret.rows.get(name)
        own += [f"/crm/{name}/", f"/crm/{name}/add/", f"/crm/{name}/{row.pk if row else 1}/change/"]
    return [path for path in own if path not in ("/readyz", "/metrics")]


def pairs(chance: random.Random) -> dict:
    found = {}
    for _ in range(chance.randint(1, 6)):
        name = chance.choice(NAMES) + (chance.choice(LOOKUPS) if chance.random() < 0.3 else "")
        value = chance.choice(VALUES)
        found[name] = [value, chance.choice(VALUES)] if chance.random() < 0.2 else value
    return found


def twisted(path: str, chance: random.Random) -> str:
    """Now and then a number in the path is no number, or one too many."""
    if chance.random() < 0.85:
        return path
    parts = path.split("/")
    place = chance.randrange(len(parts))
    parts[place] = chance.choice(
        ["999999999999999999999", "-1", "a", "%00", "字", "1.5", "..", "'"]
    )
    return "/".join(parts)


def test_no_input_makes_a_500(client, secret, world, settings, tmp_path):  # noqa: F811
    settings.MEDIA_ROOT = tmp_path
    client.raise_request_exception = False
    chance, found, where = random.Random(SEED), [], paths(secret)  # noqa: S311 - no secret
    roles = [*Role.values, *[Role.BUREAU] * 4, *[Role.OFFICER] * 3]
    for turn in range(INPUTS):
        if turn % 10 == 0:
            role = chance.choice(roles)
            client.force_login(world.people[role])
        path, sent = twisted(chance.choice(where), chance), pairs(chance)
        method = "post" if chance.random() < 0.4 else "get"
        answer = getattr(client, method)(path, sent)
        if answer.status_code >= 500:
            error = answer.exc_info[1] if getattr(answer, "exc_info", None) else ""
            found.append(f"{role} {method} {path} {sent!r}: {answer.status_code} {error!r}"[:600])
    print(f"{INPUTS} inputs tried, {len(found)} × 500")
    assert found == []

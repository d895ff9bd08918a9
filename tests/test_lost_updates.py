"""Nobody overwrites a colleague unawares, through any door: each kind of record, each part of one.

Two people open the same page; both save. The doors with forms of their own are the second half.
"""

import re
from decimal import Decimal

import pytest
from django.contrib import admin
from django.core.cache import cache

from crm.access import Role, permissions_of
from crm.models.base import Record
from tests import make
from tests.forms import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_rule_of_another_test():
    """Which roles need a second factor is kept for a while."""
    cache.clear()
    yield
    cache.clear()


# Made by a maker of another name than the model's.
MAKERS = {
    "followup": "follow_up", "taskforce": "team", "districtarea": "district_area",
    "datacentre": "data_centre", "referencefact": "reference_fact", "stagerule": "stage_rule",
    "scorerule": "score_rule", "scoreadjustment": "score_adjustment", "timelimit": "time_limit",
    "alliancemembership": "alliance_membership", "protectionrule": "protection_rule",
    "secondfactorrule": "second_factor_rule", "ledgertemplate": "ledger_template",
    "screensettings": "screen_settings", "walltoken": "wall_token",
    "apitoken": "api_token",
    "pushhost": "push_host",
    "referenceproposal": "reference_proposal", "attributionrule": "attribution_rule",
    "alliancemeeting": "alliance_meeting", "alliancecommitment": "alliance_commitment",
    "targetfactor": "target_factor", "factortemplate": "factor_template",
    "factorguarantee": "factor_guarantee", "trainingagreement": "training_agreement",
}  # fmt: skip
PLAIN = re.compile(
    "name|text|what|content|summary|note|reason|position|section|description|source|title|"
    "sequence|days|weight|duty|remit|number|office_phone|stale_days|likelihood|result|purpose|evidence"
)


def kinds() -> list:
    """Every kind of record somebody changes in a form, with the role that does."""
    found = []
    for model in admin.site._registry:
        code = f"change_{model._meta.model_name}"
        roles = [role for role in (Role.BUREAU, *Role) if code in permissions_of(role)]
        if issubclass(model, Record) and roles:
            found.append(pytest.param(model, roles[0], id=model._meta.model_name))
    return found


def made(model):
    name = model._meta.model_name
    return getattr(make, MAKERS.get(name, name))()


def boxes(form: dict) -> list[str]:
    """The boxes of a record's own form that one can type any text or number into."""
    return [key for key, value in form.items() if PLAIN.fullmatch(key) and isinstance(value, str)]


def typed(name: str, value: str, turn: int) -> str:
    is_number = name.endswith("days") or re.fullmatch(r"\d+(\.\d+)?", value)
    return str(int(float(value or 0)) + turn) if is_number else f"改动{turn}"


def said(row, name: str) -> str:
    value = getattr(row, name)
    return f"{value:.0f}" if isinstance(value, Decimal) else str(value)


@pytest.mark.parametrize(("model", "role"), kinds())
def test_two_editors_of_one_field_never_overwrite_each_other(client, model, role):
    row = made(model)
    client.force_login(make.user(role))
    path = f"/crm/{model._meta.model_name}/{row.pk}/change/"
    form = form_of(client.get(path))
    name = next((name for name in boxes(form)), None)
    if name is None:
        assert model._meta.model_name in NO_TEXT, f"say which box of {sorted(form)} is plain"
        return
    first, second = (form | {name: typed(name, form[name], turn)} for turn in (1, 2))

    assert client.post(path, first).status_code == 302, "the first one saves"
    answer = client.post(path, second)

    assert answer.status_code == 200, "the second one is told"
    conflict = answer.context["adminform"].form.conflict
    assert [str(line["mine"]) for line in conflict] == [second[name]]
    assert form_of(answer)[name] == second[name], "and what was typed is still there"
    stored = model._base_manager.get(pk=row.pk)
    assert said(stored, name) == first[name]
    assert client.post(path, form_of(answer)).status_code == 302, "saving again keeps mine"
    stored.refresh_from_db()
    assert said(stored, name) == second[name]


# Only links, dates and choices; the rule is the same code.
NO_TEXT = {
    "screensettings", "secondfactorrule", "protectionrule", "alliancemembership",
    "referenceproposal",
}  # fmt: skip


@pytest.mark.parametrize(
    ("part", "name"), [("milestone", "document_no"), ("phase", "name"), ("assessment", "note")]
)
def test_two_editors_of_one_part_of_a_project_never_overwrite_each_other(client, part, name):
    row = getattr(make, part)()
    client.force_login(make.user(Role.BUREAU))
    path = f"/crm/project/{row.project_id}/change/"
    form = form_of(client.get(path))
    lines = [key for key in form if re.fullmatch(rf"\w+-0-{name}", key)]
    key = next(key for key in lines if form[f"{key.split('-')[0]}-0-id"] == str(row.pk))
    first, second = (form | {key: f"改动{turn}"} for turn in (1, 2))

    assert client.post(path, first).status_code == 302
    answer = client.post(path, second)

    assert answer.status_code == 200
    assert form_of(answer)[key] == second[key]
    row.refresh_from_db()
    assert getattr(row, name) == first[key]

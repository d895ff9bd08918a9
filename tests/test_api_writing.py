"""What other systems write: the same rules as in a form, each request once, nothing overwritten."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from crm.access import Role
from crm.models import ApiAnswer, AuditEntry, Company, FieldChange, Project, StageProposal, Visit
from crm.models.api_tokens import WRITABLE
from crm.periods import today
from crm.stages import Stage

from . import make
from .asking import System

pytestmark = pytest.mark.django_db
DAY = make.days_ago(2).isoformat()


def fields(answer, status: int = 400) -> dict:
    assert answer.status_code == status, answer.content
    return answer.json()["fields"]


# -- one row ---------------------------------------------------------------------------------------


def bodies() -> dict:
    """A new row of every kind, with no more than it needs."""
    team, firm = make.team(), make.company()
    project = make.project(team=team, lead_investor=firm)
    person, unit = make.user(team=team), make.department()
    about = {"company": firm.pk, "task_force": team.pk}
    return {
        "companies": {"name": "新设企业有限公司", "revenue_yuan": "1250000.50"},
        "contacts": {"company": firm.pk, "name": "张三", "mobile": "138 1234 5678"},
        "visits": {**about, "held_on": DAY, "mode": "outbound", "content": "座谈"},
        "projects": {"name": "新项目", "lead_investor": firm.pk, "source": "visit",
                     "lead_team": team.pk, "summary": "一句话", "planned_yuan": "300000000.00"},
        "deals": {"project": project.pk, "number": "X-1", "amount_yuan": "5.00"},
        "arrivals": {"project": project.pk, "month": "2026-03-01", "amount_yuan": "1000.00"},
        "follow-ups": {**about, "owner": person.pk, "what": "回访", "due_on": today().isoformat()},
        "requests": {**about, "category": "power", "content": "供电", "department": unit.pk,
                     "raised_on": DAY, "due_on": today().isoformat()},
    }  # fmt: skip


def test_every_kind_is_written_and_read_back_the_same():
    system, sent = System(), bodies()
    assert set(sent) == WRITABLE
    for kind, body in sent.items():
        answer = system.post(f"{kind}/", body)
        assert answer.status_code == 201, (kind, answer.content)
        row = answer.json()
        assert answer["ETag"] == '"1"'
        assert {k: row[k] for k in body if k != "mobile"} == {
            k: v for k, v in body.items() if k != "mobile"
        }
        assert system.get(f"{kind}/{row['id']}/").json() == row
        changed = system.patch(f"{kind}/{row['id']}/", {"version": 1})
        assert changed.status_code == 200, (kind, changed.content)
    assert system.rows("contacts/")[0]["mobile"] == "13812345678"


def test_what_a_system_writes_is_the_accounts_and_marked_in_the_history():
    system, firm = System(), make.company(name="旧名")
    system.patch(f"companies/{firm.pk}/", {"name": "  新\u200b名 ", "version": 1})
    firm.refresh_from_db()
    assert (firm.name, firm.updated_by) == ("新名", system.token.account)
    change = FieldChange.objects.get()
    assert (change.before, change.after, change.source, change.reason) == (
        "旧名", "新名", "api", system.token.name,
    )  # fmt: skip


def test_links_to_many_are_written_and_kept_in_the_history():
    system, one, two = System(), make.segment(), make.segment()
    firm = make.company(segments=[one])
    answer = system.patch(f"companies/{firm.pk}/", {"segments": [two.pk], "version": 1})
    assert answer.json()["segments"] == [two.pk]
    change = FieldChange.objects.get(field="segments")
    assert (change.before, change.after) == (str(one.pk), str(two.pk))


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [("companies", {"name": ""}, "name"), ("companies", {"name": 7}, "name"),
     ("companies", {"uscc": "91630000X"}, "uscc"), ("companies", {"nmae": "x"}, "nmae"),
     ("companies", {"id": 5}, "id"), ("companies", {"revenue_yuan": 5}, "revenue_yuan"),
     ("companies", {"revenue_yuan": "1e5"}, "revenue_yuan"),
     ("companies", {"revenue_yuan": "0.001"}, "revenue_yuan"),
     ("companies", {"revenue_yuan": ""}, "revenue_yuan"),
     ("companies", {"revenue_yuan": "999999999999999"}, "revenue_yuan"),
     ("companies", {"revenue_year": 99999}, "revenue_year"),
     ("companies", {"revenue_year": True}, "revenue_year"),
     ("companies", {"region": 999}, "region"), ("companies", {"region": "1"}, "region"),
     ("companies", {"region": 10**30}, "region"), ("companies", {"segments": [999]}, "segments"),
     ("companies", {"ownership": 5}, "ownership"),
     ("companies", {"contact_every_days": "30"}, "contact_every_days"),
     ("companies", {"contact_every_days": 31}, "contact_every_days"),
     ("companies", {"registered_on": "2999-01-01"}, "registered_on"),
     ("companies", {"registered_on": "12.05.2024"}, "registered_on"),
     ("companies", {"name": "\ud800"}, "name"),
     ("contacts", {"mobile": "123"}, "mobile"), ("contacts", {"has_wechat": "yes"}, "has_wechat"),
     ("visits", {"held_on": "2999-01-01"}, "held_on"), ("visits", {"task_force": 99}, "task_force"),
     ("projects", {"summary": ""}, "summary"), ("projects", {"stage": "signed"}, "stage"),
     ("projects", {"is_confidential": True}, "is_confidential"),
     ("deals", {"amount_yuan": "0.00"}, "row"), ("deals", {"outside_yuan": "9.00"}, "row"),
     ("arrivals", {"state": "confirmed"}, "state"), ("arrivals", {"month": "2999-01-01"}, "month"),
     ("requests", {"due_on": "1999-01-01"}, "row")],
)  # fmt: skip
def test_a_bad_value_is_refused_by_its_field(kind, values, field):
    body = bodies()[kind] | values
    answer = System().post(f"{kind}/", body)
    assert list(fields(answer)) == [field]


@pytest.mark.parametrize("body", ["", "{", "[]", '"text"', "null", "7", '{"name": NaN}'])
def test_what_is_no_object_is_refused(body):
    answer = System().post("companies/", body)
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_a_body_of_another_type_is_refused():
    system = System()
    answer = system.client.post("/api/v1/companies/", {"name": "x"}, headers=system.headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_row_outside_the_accounts_scope_cannot_be_used_or_told_from_none():
    system = System(account=make.user(team=make.team()))
    foreign = make.project(team=make.team())
    own = {"task_force": system.token.account.team.pk, "department": make.department().pk}
    body = {"category": "power", "content": "x", "due_on": DAY, "raised_on": DAY, **own}
    there = fields(system.post("requests/", body | {"project": foreign.pk}))
    absent = fields(system.post("requests/", body | {"project": 987654}))
    assert [str(there).replace(str(foreign.pk), "N")] == [str(absent).replace("987654", "N")]


def test_many_links_are_held_to_the_scope_too():
    system = System(account=make.user(team=make.team()))
    closed = make.contact(company=make.company(owning_team=make.team()))
    firm = make.company(owning_team=system.token.account.team)
    body = {"company": firm.pk, "task_force": system.token.account.team.pk,
            "their_people": [closed.pk]}  # fmt: skip
    assert list(fields(system.post("visits/", body))) == ["their_people"]
    assert Visit.objects.count() == 0


def test_a_system_writes_only_what_its_token_and_its_account_may():
    reader = System(writes=[])
    assert reader.post("companies/", {"name": "x"}).status_code == 403
    leader = System(account=make.user(Role.LEADER))
    assert leader.post("companies/", {"name": "x"}).status_code == 403
    firm = make.company(owning_team=make.team())
    officer = System(account=make.user(team=make.team()))
    assert officer.patch(f"companies/{firm.pk}/", {"note": "x", "version": 1}).status_code == 403
    assert reader.post("parks/", {"name": "x"}).status_code == 403
    assert System().post("parks/", {"name": "x"}).status_code == 403
    assert Company.objects.count() == 1


def test_a_twin_is_refused_in_words():
    make.company(name="同名企业")
    answer = System().post("companies/", {"name": "同名企业"})
    assert fields(answer) == {"row": ["A firm of this name is already in the register."]}


# -- versions --------------------------------------------------------------------------------------


def test_nothing_is_overwritten_unseen():
    system, firm = System(), make.company(note="原文")
    path = f"companies/{firm.pk}/"
    assert system.patch(path, {"note": "x"}).status_code == 428
    assert system.patch(path, {"note": "甲"}, **{"If-Match": '"1"'}).status_code == 200
    behind = system.patch(path, {"note": "乙"}, **{"If-Match": 'W/"1"'})
    assert (behind.status_code, behind.json()["current"]["note"]) == (412, "甲")
    assert behind.json()["current"]["version"] == 2
    behind = system.patch(path, {"note": "乙", "version": 1})
    assert (behind.status_code, behind.json()["current"]["note"]) == (409, "甲")
    assert list(fields(system.patch(path, {"note": "乙"}, **{"If-Match": "*"}))) == ["If-Match"]
    firm.refresh_from_db()
    assert firm.note == "甲"


def test_whoever_is_overtaken_while_writing_sees_what_the_other_left(monkeypatch):
    system, firm = System(), make.company()
    saved = Company.validate_for

    def overtaken(row, user, **options):
        Company.objects.filter(pk=row.pk).update(version=5, note="别人写的")
        return saved(row, user, **options)

    monkeypatch.setattr(Company, "validate_for", overtaken)
    answer = system.patch(f"companies/{firm.pk}/", {"main_business": "x", "version": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")


def test_a_row_is_archived_not_deleted():
    system, firm = System(), make.company()
    path = f"companies/{firm.pk}/"
    assert system.send("delete", path).status_code == 428
    assert system.send("delete", path, **{"If-Match": '"1"'}).status_code == 204
    assert system.get(path).json()["archived_at"] is not None
    assert AuditEntry.objects.filter(action="archived", about_id=firm.pk).exists()
    officer = System(account=make.user(team=make.team()))
    assert officer.send("delete", path, **{"If-Match": '"2"'}).status_code == 403


# -- moves -----------------------------------------------------------------------------------------


def test_a_project_is_moved_by_the_rules_of_its_stages():
    system = System()
    project = make.project(stage=Stage.NEGOTIATING)
    path, said = f"projects/{project.pk}/move/", {"on": DAY, "version": project.version}
    lacking = fields(system.post(path, said | {"stage": "reserve"}))
    assert "still missing" in lacking["row"][0]
    assert list(fields(system.post(path, said | {"stage": "up"}))) == ["stage"]
    assert list(fields(system.post(path, said | {"stage": "lead"}))) == ["reason"]
    assert list(fields(system.post(path, {"version": 1, "stage": "lead"}))) == ["on"]
    moved = system.post(
        path, said | {"stage": "lead", "reason": "客户变更", "on": today().isoformat()}
    )
    assert (moved.status_code, moved.json()["stage"]) == (200, "lead")
    assert project.moves.last().by == system.token.account


def test_a_project_is_put_on_hold_with_a_reason():
    system, project = System(), make.project()
    said = {"status": "on_hold", "on": DAY, "version": project.version}
    assert list(fields(system.post(f"projects/{project.pk}/status/", said))) == ["reason"]
    answer = system.post(f"projects/{project.pk}/status/", said | {"reason": "等待批复"})
    assert (answer.status_code, answer.json()["status"]) == (200, "on_hold")


def test_a_stage_that_needs_two_people_is_proposed():
    team = make.team()
    project = make.complete(make.project(team=team, stage=Stage.RESERVE), Stage.SIGNED)
    system = System(account=make.user(team=team))
    said = {"stage": "signed", "on": today().isoformat(), "version": project.version}
    refused = system.post(f"projects/{project.pk}/move/", said)
    assert refused.status_code in (400, 403)
    assert system.post(f"projects/{project.pk}/propose/", said).status_code == 200
    assert StageProposal.objects.get().proposed_by == system.token.account
    assert Project.objects.get(pk=project.pk).stage == "reserve"


# -- each request once -----------------------------------------------------------------------------


def test_the_same_key_and_body_write_once_and_answer_the_same():
    system, key = System(), {"Idempotency-Key": "a-1"}
    first = system.post("companies/", {"name": "甲公司"}, **key)
    second = system.post("companies/", {"name": "甲公司"}, **key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert (first.json(), first["ETag"]) == (second.json(), second["ETag"])
    assert ("Idempotent-Replayed" in first, second["Idempotent-Replayed"]) == (False, "true")
    assert Company.objects.count() == 1


def test_the_same_key_for_something_else_is_refused():
    system, key = System(), {"Idempotency-Key": "a-1"}
    firm = system.post("companies/", {"name": "甲公司"}, **key).json()
    other = system.post("companies/", {"name": "乙公司"}, **key)
    elsewhere = system.post("contacts/", {"name": "甲公司"}, **key)
    assert [a.status_code for a in (other, elsewhere)] == [422, 422]
    assert other.json()["code"] == "key_used"
    assert list(Company.objects.values_list("pk", flat=True)) == [firm["id"]]


def test_a_key_belongs_to_its_system_and_is_free_again_after_a_refusal():
    one, two, key = System(), System(), {"Idempotency-Key": "a-1"}
    assert one.post("companies/", {"name": ""}, **key).status_code == 400
    assert one.post("companies/", {"name": "甲公司"}, **key).status_code == 201
    assert two.post("companies/", {"name": "乙公司"}, **key).status_code == 201


@pytest.mark.parametrize("key", ["", "with blank", "x" * 101, "键"])
def test_a_key_that_is_none_is_refused(key):
    sent = key.encode().decode("latin-1")
    answer = System().post("companies/", {"name": "甲"}, **{"Idempotency-Key": sent})
    assert list(fields(answer)) == ["Idempotency-Key"]


def test_a_move_that_is_sent_again_moves_once():
    system, project = System(), make.project(stage=Stage.NEGOTIATING)
    said = {"stage": "lead", "reason": "x", "on": today().isoformat(), "version": project.version}
    sent = [
        system.post(f"projects/{project.pk}/move/", said, **{"Idempotency-Key": "m"})
        for _ in range(2)
    ]
    assert [answer.json()["stage"] for answer in sent] == ["lead", "lead"]
    assert [answer.status_code for answer in sent] == [200, 200]


def test_no_personal_data_is_kept_for_an_answer_and_old_keys_are_forgotten():
    system, firm = System(), make.company()
    body = {"company": firm.pk, "name": "张三", "mobile": "13812345678"}
    system.post("contacts/", body, **{"Idempotency-Key": "p"})
    kept = ApiAnswer.objects.values().get()
    assert "张三" not in str(kept)
    assert ApiAnswer.objects.forget_old(timezone.now()) == 0
    assert ApiAnswer.objects.forget_old(timezone.now() + timezone.timedelta(days=31)) == 1


@pytest.mark.slow
def test_two_requests_at_once_with_one_key_write_once(real_transactions):
    system = System()
    answers = []

    def send():
        other = System(token=system.token)
        answers.append(other.post("companies/", {"name": "甲公司"}, **{"Idempotency-Key": "k"}))
        if connection.vendor != "sqlite":
            connection.close()

    if connection.vendor == "sqlite":  # the tests' SQLite lives in one connection
        [send() for _ in range(2)]
    else:
        senders = [threading.Thread(target=send) for _ in range(4)]
        [sender.start() for sender in senders]
        [sender.join() for sender in senders]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Company.objects.count() == 1

"""Generated rows: as many as asked for, the same for the same seed, within the rules, removable."""

from datetime import date

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from crm import stages
from crm.clearing import clear
from crm.generated import Size, generate, loading
from crm.models import (
    AllianceCommitment,
    AllianceMembership,
    Commitment,
    Company,
    DataCentre,
    DataCentreCompute,
    Deal,
    FactorGuarantee,
    FollowUp,
    Introduction,
    Invitation,
    MeetingAttendance,
    ParkSupply,
    PeopleNeed,
    PlannedMeeting,
    Project,
    Signal,
    StageMove,
    TaskForce,
    User,
    Visit,
)
from crm.models.constraints import broken
from crm.stages import ProjectStatus
from tests import make

UNTIL = date(2026, 6, 30)
LATER = (
    Signal, FactorGuarantee, Commitment, Invitation, PlannedMeeting, AllianceMembership,
    Introduction, MeetingAttendance, AllianceCommitment, ParkSupply, DataCentre, DataCentreCompute,
    PeopleNeed,
)  # fmt: skip
SIZE = Size(firms=60, projects=40, visits=400)

pytestmark = pytest.mark.django_db


def generated(model):
    return model._base_manager.filter(is_sample=True)


def words_of(model, *names) -> list:
    return list(generated(model).order_by("pk").values_list(*names))


@pytest.fixture
def world(db):
    generate(SIZE, seed=7, until=UNTIL)


def test_there_are_as_many_rows_as_asked_for(world):
    counted = [generated(model).count() for model in (Company, Project, Visit)]

    assert counted == [60, 40, 400]


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(world):
    first = words_of(Visit, "held_on", "company__name", "content")
    clear()
    generate(SIZE, seed=7, until=UNTIL)
    again = words_of(Visit, "held_on", "company__name", "content")
    clear()
    generate(SIZE, seed=8, until=UNTIL)

    assert again == first
    assert words_of(Visit, "held_on", "company__name", "content") != first


def test_a_second_batch_goes_beside_the_first(world):
    generate(SIZE, seed=8, until=UNTIL)

    assert generated(Visit).count() == 800


def test_every_row_obeys_its_model(world):
    models = [m for m in apps.get_app_config("crm").get_models() if hasattr(m, "is_sample")]
    rows = [row for model in models for row in generated(model)]

    for row in rows:
        row.clean_fields(exclude={f.name for f in row._meta.concrete_fields if f.is_relation})

    assert len(rows) > 1_000
    assert [row for row in rows if broken(row)] == []


def test_an_active_project_has_what_its_stage_requires(world):
    active = generated(Project).filter(status=ProjectStatus.ACTIVE)

    assert [stages.missing(p, p.stage) for p in active] == [[]] * active.count()


def test_a_project_came_to_its_stage_step_by_step(world):
    for project in generated(Project):
        moves = list(StageMove.objects.filter(project=project).order_by("effective_on", "id"))
        assert [m.to_stage for m in moves] == [*stages.ORDER[: len(moves)]]
        assert (moves[-1].to_stage, moves[-1].effective_on) == (project.stage, project.stage_since)


def test_nothing_that_has_happened_lies_after_the_last_day(world):
    assert not generated(Visit).filter(held_on__gt=UNTIL).exists()
    assert not generated(Deal).filter(signed_on__gt=UNTIL).exists()
    assert not generated(FollowUp).filter(done_on__gt=UNTIL).exists()


def test_all_task_forces_work_and_some_projects_are_confidential():
    generate(Size(firms=300, projects=300, visits=1500), seed=7, until=UNTIL)

    teams = set(generated(Visit).values_list("task_force", flat=True))
    assert teams == set(TaskForce.objects.values_list("pk", flat=True))
    assert generated(Project).filter(is_confidential=True).exclude(code_name="").exists()


def test_the_database_goes_on_numbering_after_them(world):
    last = Visit.objects.order_by("pk").last().pk

    assert make.visit(task_force=TaskForce.objects.first()).pk > last


def test_clearing_the_sample_removes_all_of_them(world):
    clear()

    assert not any(generated(model).exists() for model in (Company, Project, Visit, User, Deal))


def test_a_real_record_that_refers_to_generated_ones_keeps_them(world):
    real = make.visit(company=generated(Company).first(), task_force=TaskForce.objects.first())

    with pytest.raises(CommandError, match="Nothing was removed"):
        call_command("clear_sample", yes=True)

    assert Visit.objects.filter(pk=real.pk).exists()
    assert generated(Visit).count() == 400


@pytest.mark.parametrize(
    "wanted", [(0, 1, 3), (10, 5, 14), (10, 21, 100)], ids=["no firm", "few visits", "few firms"]
)
def test_a_size_that_cannot_obey_the_rules_is_refused(wanted):
    firms, projects, visits = wanted

    with pytest.raises(CommandError, match="Nothing was added"):
        call_command("generate_data", firms=firms, projects=projects, visits=visits)


def test_a_database_people_work_in_is_left_alone():
    make.user("officer", password="people-work-here")

    with pytest.raises(CommandError, match="People work in this database"):
        call_command("generate_data", firms=10, projects=5, visits=20)

    assert not generated(Company).exists()


def test_it_can_be_filled_nevertheless_when_one_says_so(capsys):
    make.user("officer", password="people-work-here")

    call_command("generate_data", firms=10, projects=5, visits=20, yes=True, until=UNTIL)

    assert generated(Visit).count() == 20
    assert "20 visits added" in capsys.readouterr().out


def test_the_newer_ledgers_have_rows_in_proportion():
    generate(Size(firms=400, projects=200, visits=800), seed=7, until=UNTIL)

    empty = [model.__name__ for model in LATER if not generated(model).exists()]
    assert empty == []
    assert generated(Invitation).filter(state="came").exists()
    assert not generated(FactorGuarantee).filter(settled_on__gt=UNTIL).exists()
    assert not generated(Introduction).filter(introduced_on__gt=UNTIL).exists()
    assert not generated(Signal).filter(seen_on__gt=UNTIL).exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite builds them row by row")
def test_a_big_batch_leaves_links_and_indexes_as_they_were(monkeypatch):
    before = links_and_indexes()
    monkeypatch.setattr(loading, "BIG", 100)

    generate(SIZE, seed=7, until=UNTIL)

    assert links_and_indexes() == before
    assert generated(Visit).count() == 400


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite checks at the end")
def test_a_big_batch_is_refused_when_a_link_leads_nowhere(monkeypatch):
    monkeypatch.setattr(loading, "BIG", 100)

    with pytest.raises(IntegrityError), transaction.atomic(), loading.checked_once(100):
        nowhere = Signal(company_id=2_000_000_000, kind="order", text="无此企业")
        Signal.objects.bulk_create([nowhere])

    assert not Signal.objects.filter(company_id=2_000_000_000).exists()


def links_and_indexes() -> list:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
            "FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
        )
        links = cursor.fetchall()
        cursor.execute("SELECT tablename, indexname, indexdef FROM pg_indexes")
        return sorted([*links, *cursor.fetchall()])

"""People needed by projects against people in training with the universities."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from crm import models
from crm.access import Role
from crm.indicators import Scope, talent
from crm.indicators.behind import Behind
from crm.indicators.talent import Balance
from crm.periods import Period, today
from crm.reports import REPORTS, Asked

from . import make

pytestmark = pytest.mark.django_db

YEAR = today().year
PERIOD = Period(make.days_ago(300), today() + timedelta(days=1))


@pytest.fixture
def needy():
    """50 people in all, 20 of them in operation from this year, 10 in data from the next one."""
    project = make.project(team=make.team(), stage="reserve")
    make.factor_needs(project=project, people=50)
    make.people_need(project=project, people=20)
    make.people_need(project=project, field="data", year=YEAR + 1, people=10)
    return project


@pytest.fixture
def trained():
    """45 in operation this year, of whom 15 finish; another programme reports nothing."""
    year = make.training_year(in_training=45, finished=15, stayed=None)
    make.training_year(programme=year.programme, year=YEAR - 1, in_training=30)
    make.programme(field="power")
    return year.programme


def test_needs_and_training_stand_side_by_side_by_field(needy, trained):
    found = talent.by_field(Scope(make.keeper()), PERIOD)
    assert found == {
        "operation": Balance(20, 45, 15, None), "data": Balance(10), "": Balance(20),
    }  # fmt: skip
    assert [found["operation"].gap, found["data"].gap] == [-25, None]
    assert talent.needed_in_all(Scope(make.keeper()), PERIOD) == 50
    assert talent.unreported(Scope(make.keeper()), PERIOD) == 1


def test_what_is_broken_down_beyond_the_whole_counts_in_full(needy):
    make.people_need(project=needy, field="power", people=40)
    assert talent.needed_in_all(Scope(make.keeper()), PERIOD) == 70
    assert "" not in talent.by_field(Scope(make.keeper()), PERIOD)


def test_only_active_projects_from_the_reserve_pool_on_count_and_only_open_ones(needy):
    make.people_need(project=make.project(stage="negotiating"), people=99)
    needy.is_confidential, needy.code_name = True, "代号青松"
    needy.save()
    assert talent.needed_in_all(Scope(make.keeper()), PERIOD) == 50
    assert talent.needed_in_all(Scope(make.user(Role.LEADER)), PERIOD) == 0


def test_year_by_year(needy, trained):
    found = talent.by_year(Scope(make.keeper()), PERIOD)
    assert found == {
        YEAR - 1: Balance(0, 30, None, None), YEAR: Balance(20, 45, 15, None),
        YEAR + 1: Balance(10),
    }  # fmt: skip


@pytest.mark.parametrize("by", ["field", "year"])
def test_behind_the_numbers_stand_the_projects_and_programmes(needy, trained, by):
    reader = make.keeper()
    table = REPORTS["talent_balance"].build(Asked(Scope(reader), PERIOD, by))
    behind = {
        at: list(Behind.read(made.parts[0][1].address).rows(reader))
        for at, made in table.drills.items()
    }
    places = {row[0]: place for place, row in enumerate(table.rows)}
    assert behind[-1, 1] == [needy]
    if by == "field":
        assert table.total[1:5] == (50, 45, 15, None)
        assert behind[places["未分方向"], 1] == [needy]
        assert behind[places["数据中心运维"], 2] == [trained]
        assert behind[places["数据标注与治理"], 2] == []
    else:
        assert table.total[1] == 30
        assert "20人" in table.notes[0]
        assert behind[places[str(YEAR - 1)], 1] == []
        assert behind[places[str(YEAR - 1)], 2] == [trained]
    strange = Behind.read(table.drills[-1, 1].parts[0][1].where(year="soon").address)
    assert list(strange.rows(reader)) == []


def test_a_programme_belongs_to_the_institution_of_its_agreement():
    row = make.programme()
    row.agreement = make.training_agreement()
    with pytest.raises(ValidationError) as refusal:
        row.save_as(make.keeper())
    assert list(refusal.value.message_dict) == ["agreement"]


def test_the_page_shows_the_balance_the_partners_and_the_projects(needy, trained, client):
    agreement = make.training_agreement(institution=trained.institution, name="校企协议")
    client.force_login(make.user(Role.BUREAU))
    page = client.get("/talent/").content.decode()
    shown = (needy.name, trained.name, trained.institution.name, agreement.name, "可满足")
    assert [text for text in shown if text not in page] == []
    assert client.get(f"/talent/?year={YEAR + 1}").status_code == 200
    assert client.get("/talent/?year=soon").status_code == 200
    client.force_login(make.user(team=make.team()))
    assert needy.name not in client.get("/talent/").content.decode()


def test_pages_of_institutions_programmes_and_agreements_open(trained, client):
    client.force_login(make.user(Role.BUREAU))
    agreement = make.training_agreement(institution=trained.institution)
    for path in (
        f"institution/{trained.institution_id}/change/", f"programme/{trained.pk}/change/",
        f"trainingagreement/{agreement.pk}/change/", "programme/", "trainingagreement/",
    ):  # fmt: skip
        assert client.get(f"/crm/{path}").status_code == 200, path
    assert str(models.TrainingYear.objects.first()) in (str(YEAR), str(YEAR - 1))
    assert str(make.people_need()) == "数据中心运维 20"


def test_the_report_is_written_as_a_file(needy, tmp_path):
    target = tmp_path / "talent.json"
    call_command("export_report", "talent_balance", "--by", "year", "--output", str(target))
    assert json.loads(target.read_text())["title"] == "人才供需平衡"

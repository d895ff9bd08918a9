"""What the article states is in, word for word, and nothing else."""

import json

import pytest
from django.conf import settings

from crm import facts
from crm.models import (
    Company,
    Contact,
    DataCentre,
    Deal,
    DistrictArea,
    Event,
    Institution,
    Park,
    Project,
    ReferenceFact,
    Region,
    StageMove,
    TaskForce,
    Trip,
    User,
)
from crm.stages import Stage

pytestmark = pytest.mark.django_db

ARTICLE = (settings.FIXTURES_DIR / "article.txt").read_text(encoding="utf-8").strip()
CITED = (
    (Company, "source"),
    (Contact, "source"),
    (DataCentre, "source"),
    (DistrictArea, "source"),
    (Event, "source"),
    (Institution, "source"),
    (Park, "source"),
    (Project, "source_sentence"),
    (ReferenceFact, "source"),
    (Trip, "source"),
)


@pytest.fixture
def loaded():
    facts.load()


@pytest.mark.parametrize(("model", "field"), CITED, ids=lambda value: str(value))
def test_every_row_cites_sentences_that_stand_in_the_article(loaded, model, field):
    sentences = [text for row in model.objects.all() for text in getattr(row, field).split("；")]
    assert sentences
    assert [text for text in sentences if not text or text not in ARTICLE] == []


def test_loading_again_changes_nothing(loaded):
    before = {model: model.objects.count() for model, _ in CITED}
    facts.load()
    assert {model: model.objects.count() for model, _ in CITED} == before


def test_loading_again_leaves_alone_what_people_edited(loaded):
    ReferenceFact.objects.filter(key="pue-news").update(note="核对过")
    facts.load()
    assert ReferenceFact.objects.get(key="pue-news").note == "核对过"


def test_the_nine_task_forces_carry_sample_names():
    facts.load()
    names = list(TaskForce.objects.values_list("name", "is_sample"))
    assert names == [(f"招商{n}专班", True) for n in "一二三四五六七八九"]


def test_the_turing_town_is_planned_investment_and_no_deal_of_2024(loaded):
    town = Project.objects.get(name="青海图灵小镇")
    assert (town.planned_yuan, town.stage, town.deals.count()) == (7_000_000_000, "building", 0)


def test_the_one_named_deal_has_no_amount(loaded):
    deal = Deal.objects.get()
    assert deal.project.name == "中国联通三江源绿电智算融合示范园"
    assert (deal.amount_yuan, deal.signed_on.year) == (None, 2024)


def test_named_projects_stand_where_the_article_puts_them(loaded):
    stages = dict(Project.objects.values_list("name", "stage"))
    assert stages == {
        row["name"]: row["stage"]
        for row in json.loads((settings.FIXTURES_DIR / "article.json").read_text("utf-8"))[
            "projects"
        ]
    }


def test_what_a_named_project_lacks_is_recorded_as_still_to_be_supplied(loaded):
    town = Project.objects.get(name="青海图灵小镇")
    move = StageMove.objects.get(project=town, to_stage=Stage.BUILDING)
    assert {"team"} <= set(town.moves.first().overridden)
    assert {"start", "start_evidence", "landing", "deal"} <= set(move.overridden)


def test_nobody_logs_in_as_the_recorder_of_the_article(loaded):
    recorder = User.objects.get(username=facts.RECORDER)
    assert (recorder.is_active, recorder.has_usable_password()) == (False, False)


def test_compute_of_different_kinds_is_not_mixed(loaded):
    capacity = {
        (c.project.name, c.kind): c.planned_p or c.online_p
        for p in Project.objects.all()
        for c in p.compute.all()
    }
    assert capacity["青海图灵小镇", "intelligent"] == 10_000
    assert capacity["国家超级计算无锡中心青海大学分中心", "super"] == 5


def test_regions_hang_together(loaded):
    xining = Region.objects.get(code="630100")
    assert (xining.name, xining.parent.name, xining.is_in_province) == ("西宁市", "青海省", True)
    assert not Region.objects.exclude(level="province").filter(parent=None).exists()

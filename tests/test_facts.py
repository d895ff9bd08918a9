"""What the article states is in, word for word, and nothing else."""

import json

import pytest
from django.conf import settings

from crm import facts
from crm.models import (
    Company,
    Contact,
    DataCentre,
    DataCentreCompute,
    Deal,
    DistrictArea,
    Event,
    FieldChange,
    Industry,
    Institution,
    Park,
    ParkSupply,
    Project,
    ReferenceFact,
    Region,
    Segment,
    StageMove,
    TaskForce,
    Trip,
    User,
)
from crm.stages import Stage
from tests import make

pytestmark = pytest.mark.django_db

ARTICLE = (settings.FIXTURES_DIR / "article.txt").read_text(encoding="utf-8").strip()
CITED = (
    (Company, "source"),
    (Contact, "source"),
    (DataCentre, "source"),
    (DataCentreCompute, "source"),
    (DistrictArea, "source"),
    (Event, "source"),
    (Institution, "source"),
    (Park, "source"),
    (ParkSupply, "source"),
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


def renamed(row, name, by):
    row.name = name
    row.save_as(by)


def test_loading_again_leaves_alone_what_people_edited(loaded):
    bureau = make.user("bureau")
    ReferenceFact.objects.filter(key="pue-news").update(note="核对过")
    renamed(Project.objects.get(name="摩尔线程国产万卡智算中心"), "摩尔线程万卡智算中心", bureau)
    renamed(Park.objects.get(name="东川园区"), "东川工业园区", bureau)
    renamed(Segment.objects.get(chain__key="solar", name="硅料"), "高纯硅料", bureau)
    DataCentre.objects.first().archive(by=bureau)
    models = (Project, Park, Segment, DataCentre, DataCentreCompute, Company)
    before = [model.objects.count() for model in models]
    facts.load()
    assert ReferenceFact.objects.get(key="pue-news").note == "核对过"
    assert [model.objects.count() for model in models] == before


def test_a_database_of_an_earlier_release_gets_the_rows_it_lacks(loaded):
    """As if chains had fewer segments then, and parks no capacity and no data centres."""
    bureau, total = make.user("bureau"), Segment.objects.count()
    renamed(Company.objects.get(name="阿里"), "阿里巴巴集团控股有限公司", bureau)
    Segment.objects.filter(chain__key="solar", name="逆变器").update(follows=None)
    last = Segment.objects.get(chain__key="solar", name="电站开发")
    assert last.projects.count() == 0
    last.delete()
    DataCentre.objects.all().delete()
    ParkSupply.objects.all().delete()
    Contact.objects.all().delete()
    facts.load()
    last = Segment.objects.get(chain__key="solar", name="电站开发")
    assert (Segment.objects.count(), last.follows.name) == (total, "逆变器")
    assert last.follows.follows is None, "what people emptied stays empty"
    assert (DataCentre.objects.count(), Contact.objects.count()) == (10, 1)
    assert DataCentre.objects.exclude(project=None).count() == 10
    assert ParkSupply.objects.get(what="land_mu").amount == 1750
    assert Company.objects.filter(name="阿里").count() == 0
    assert User.objects.get(username=facts.RECORDER).is_active is False


def test_parts_that_people_took_away_do_not_come_back(loaded):
    supply = ParkSupply.objects.get(what="land_mu")
    FieldChange.objects.record_removal(
        supply, of=supply.park, name="supplies", by=make.user("bureau")
    )
    supply.delete()
    facts.load()
    assert not ParkSupply.objects.filter(what="land_mu").exists()


def test_loading_again_adds_reference_rows_that_are_missing(loaded):
    Region.objects.filter(code="630203").delete()
    ReferenceFact.objects.filter(key="latency").delete()
    Industry.objects.filter(code="64").delete()
    facts.load()
    assert Region.objects.get(code="630203").parent.name == "海东市"
    assert Industry.objects.get(code="64").parent.code == "I"
    assert ReferenceFact.objects.get(key="latency").value_text == "1ms至20ms"


def test_cited_values_stand_in_the_article_as_written(loaded):
    for fact in ReferenceFact.objects.all():
        assert fact.value_text in ARTICLE
        assert fact.number is None or f"{fact.number.normalize():f}" in fact.value_text


# What a named project may carry; everything else in it would be invented.
STATED = {
    "id", "number", "name", "lead_investor", "source", "summary", "reported_on", "reported_at",
    "stage", "stage_since", "status", "segment", "park", "planned_yuan", "planned_precision",
    "source_sentence", "name_key", "search_text", "version", "created_at", "updated_at",
    "created_by", "updated_by",
}  # fmt: skip


def test_named_projects_carry_nothing_that_the_article_does_not_state(loaded):
    for project in Project.objects.all():
        filled = {f.name for f in project._meta.concrete_fields if getattr(project, f.attname)}
        assert filled <= STATED
        assert project.summary in ARTICLE


def test_figures_of_named_projects_stand_in_their_source_sentence(loaded):
    for project in Project.objects.all():
        cited = project.source_sentence
        assert project.planned_yuan is None or f"{project.planned_yuan / 10**8:.0f}亿元" in cited
        parts = [p or o for p, o in project.compute.values_list("planned_p", "online_p")]
        parts += project.phases.values_list("compute_p", flat=True)
        assert [p for p in parts if p and f"{p.normalize():f}P" not in cited] == []


def test_named_firms_carry_neither_code_nor_region_nor_team(loaded):
    for company in Company.objects.all():
        assert (company.uscc, company.region, company.owning_team) == (None, None, None)
        assert (company.ownership, company.revenue_yuan, company.key_tier) == ("", None, "")


def test_dates_the_article_does_not_give_are_said_to_be_assumed(loaded):
    assert all("未载" in trip.date_text for trip in Trip.objects.all())
    assert "未载" in Deal.objects.get().signed_text
    assert all("未载" in move.reason for move in StageMove.objects.all())


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

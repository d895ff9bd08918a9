"""While typing: firms and projects like the one being typed, without details of other teams."""

import pytest

from crm.access import Role
from crm.duplicates import similar_firms, similar_projects
from crm.models import Company, Project
from tests import make
from tests.clashing import world

FIXTURES = (world,)  # asked for by name


def test_firms_like_the_one_being_typed_the_same_first(world):
    make.company(name="昆仑云图（深圳）科技有限公司")
    make.company(name="毫不相干")
    found = similar_firms(world["rival"], "昆仑云图科技有限公司")
    assert [row.title for row in found] == ["昆仑云图科技有限公司", "昆仑云图（深圳）科技有限公司"]
    assert "招商一专班" in found[0].detail


@pytest.mark.parametrize(
    ("typed", "code", "count"),
    [("昆仑云图", "", 1), ("昆仑云图有限责任公司", "", 1), ("昆仑运图", "", 1), ("昆", "", 0),
     ("毫不相干", "91630100MA7FAKE01U", 1), ("", "", 0), ("青海昆仑云图", "", 1)],
)  # fmt: skip
def test_what_counts_as_like_a_firm(world, typed, code, count):
    Company.objects.filter(pk=world["firm"].pk).update(uscc="91630100MA7FAKE01U")
    assert len(similar_firms(world["rival"], typed, code=code)) == count
    assert similar_firms(world["rival"], typed, code=code, but=world["firm"].pk) == []


def test_projects_like_the_one_being_typed_without_details_of_others(world):
    draft = Project(name="昆仑智算中心", lead_investor=world["firm"], lead_team=world["later"])
    found = similar_projects(world["rival"], draft)
    told = " ".join(f"{row.title} {row.why} {row.detail}" for row in found)
    assert "招商一专班" in told
    assert "昆仑智算中心项目" not in told
    assert [row.pk for row in found if row.kind == "project"] == [None]
    own = similar_projects(world["officer"], draft)
    assert [row.title for row in own] == ["昆仑智算中心项目"]


def test_a_secret_project_is_hinted_at_only_where_it_blocks(world):
    Project.objects.filter(pk=world["project"].pk).update(is_confidential=True, code_name="青松")
    for name, count in (("昆仑智算中心", 1), ("光伏组件", 0)):
        draft = Project(name=name, lead_investor=world["firm"], lead_team=world["later"])
        rows = [r for r in similar_projects(world["rival"], draft) if r.kind == "project"]
        assert len(rows) == count
        assert not any("招商一专班" in r.title or "青松" in r.title for r in rows)


@pytest.mark.parametrize("kind", ["companies", "projects"])
def test_the_box_answers_while_typing(client, world, kind):
    client.force_login(world["rival"])
    query = {"name": "昆仑云图", "lead_investor": world["firm"].pk, "but": "x", "park": "²"}
    page = client.get(f"/similar/{kind}/", query).content.decode()
    assert "招商一专班" in page
    assert "昆仑智算中心项目" not in page
    client.force_login(make.user(Role.LEADER))
    assert client.get(f"/similar/{kind}/", query).status_code == 403


def test_a_firm_of_another_team_can_be_chosen_for_a_report_only(client, world):
    client.force_login(world["rival"])
    where = {"app_label": "crm", "model_name": "project", "field_name": "lead_investor"}
    found = client.get("/autocomplete/", where | {"term": "昆仑"}).json()["results"]
    assert [row["text"] for row in found] == ["昆仑云图科技有限公司"]
    visit = client.get("/autocomplete/", where | {"term": "昆仑", "model_name": "visit",
                                                  "field_name": "company"})  # fmt: skip
    assert visit.json()["results"] == []

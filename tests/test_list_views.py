"""Lists as people keep them: saved views, columns, the view a list opens with."""

import pytest

from crm.access import Role
from crm.admin.layout import MORE_COLUMNS
from crm.models import ListLayout, SavedView
from crm.models.list_views import normal_query
from tests import make

pytestmark = pytest.mark.django_db


def saved(owner, **overrides) -> SavedView:
    usual = {"page": "project", "name": "在谈", "query": "stage=negotiating"}
    view = SavedView(owner=owner, **usual | overrides)
    view.save_as(owner)
    return view


def tabs(client, path="/crm/project/") -> list[str]:
    return [tab["view"].name for tab in client.get(path).context["toolbar"]["tabs"]]


@pytest.mark.parametrize(
    ("address", "kept"),
    [("?stage=lead&q=&p=3", "stage=lead"), ("q=a&cols=b&o=1", "cols=b&o=1&q=a"), ("", ""),
     ("stage=signed&stage=lead", "stage=lead&stage=signed")],
)  # fmt: skip
def test_a_view_keeps_filters_order_and_columns_of_an_address(address, kept):
    assert normal_query(address) == kept


def test_saving_a_list_makes_a_tab_whose_address_is_the_view(client):
    client.force_login(make.user(Role.OFFICER))
    data = {"name": "在谈", "query": "stage=negotiating&p=2", "audience": "mine"}

    answer = client.post("/views/project/save/", data)

    assert answer.url == "/crm/project/?stage=negotiating"
    assert client.get(answer.url).context["toolbar"]["current"]["view"].name == "在谈"


def test_each_person_sees_own_team_and_common_views(client):
    team = make.team()
    officer, bureau = make.user(Role.OFFICER, team=team), make.user(Role.BUREAU)
    colleague = make.user(Role.OFFICER, team=team)
    saved(officer, name="我的")
    saved(colleague, name="同事自己的")
    saved(colleague, name="本班的", audience="team", task_force=team)
    other = make.user(Role.OFFICER, team=make.team())
    saved(other, name="别班的", audience="team", task_force=other.team)
    saved(bureau, name="全局的", audience="all")
    saved(officer, name="企业的", page="company")

    client.force_login(officer)

    assert tabs(client) == ["全局的", "我的", "本班的"]


def test_only_the_bureau_makes_views_for_everyone(client):
    client.force_login(make.user(Role.OFFICER))
    client.post("/views/project/save/", {"name": "全体", "audience": "all", "query": ""})
    assert not SavedView.objects.exists()


def test_a_view_is_renamed_shared_and_made_the_one_a_list_opens_with(client):
    team = make.team()
    officer = make.user(Role.OFFICER, team=team)
    view = saved(officer)
    client.force_login(officer)

    client.post(f"/views/{view.pk}/change/", {"name": "重点在谈", "audience": "team", "opens": "1"})

    view.refresh_from_db()
    assert (view.name, view.audience, view.task_force) == ("重点在谈", "team", team)
    assert view.query == "stage=negotiating"
    assert client.get("/crm/project/").url == "?stage=negotiating"
    assert client.get("/crm/project/?view=all").status_code == 200
    client.post(f"/views/{view.pk}/change/", {"name": "重点在谈", "opens": ""})
    assert client.get("/crm/project/").status_code == 200


def test_a_default_view_that_is_no_longer_shared_opens_nothing(client):
    bureau, officer = make.user(Role.BUREAU), make.user(Role.OFFICER)
    view = saved(bureau, audience="all")
    ListLayout.objects.create(owner=officer, page="project", opens_with=view)
    SavedView.objects.filter(pk=view.pk).update(audience="mine")
    client.force_login(officer)

    assert client.get("/crm/project/").status_code == 200


def test_a_view_is_deleted_by_its_owner_only(client):
    view = saved(make.user(Role.BUREAU), audience="all")
    client.force_login(make.user(Role.OFFICER))
    refused = client.post(f"/views/{view.pk}/delete/").status_code
    client.force_login(view.owner)
    client.post(f"/views/{view.pk}/delete/")

    assert refused == 403
    assert not SavedView.objects.exists()


def test_a_name_is_given_once_and_told_so(client):
    officer = make.user(Role.OFFICER)
    saved(officer)
    client.force_login(officer)

    page = client.post("/views/project/save/", {"name": "在谈", "query": "q=a"}, follow=True)

    assert "您已有同名视图" in page.content.decode()
    assert SavedView.objects.count() == 1


def test_views_of_lists_one_may_not_read_cannot_be_kept(client):
    client.force_login(make.user(Role.DEPARTMENT))
    assert client.post("/views/company/save/", {"name": "a"}).status_code == 404


# -- columns ---------------------------------------------------------------------------------------


def headings(client, path="/crm/project/") -> list[str]:
    cl = client.get(path).context["cl"]
    return [c if isinstance(c, str) else c.__name__ for c in cl.list_display[1:]]


def test_chosen_columns_stay_for_this_person(client):
    officer = make.user(Role.OFFICER)
    client.force_login(officer)

    client.post("/views/project/columns/", {"columns": ["stage_badge", "field_owner"]})

    assert headings(client) == ["name_shown", "stage_badge", "field_owner"]
    client.post("/views/project/columns/", {"usual": "1"})
    assert "planned" in headings(client)


def test_columns_in_the_address_go_before_ones_own(client):
    officer = make.user(Role.OFFICER)
    ListLayout.objects.create(owner=officer, page="project", columns=["days"])
    client.force_login(officer)

    assert headings(client, "/crm/project/?cols=park_name,unknown") == ["name_shown", "park_name"]


def test_a_closed_row_shows_nothing_in_an_added_column(client):
    firm = make.company(name="绝密投资人有限公司")
    make.project(is_confidential=True, code_name="代号青松", name="绝密工程", lead_investor=firm,
                 sponsoring_leader="绝密领导", next_step="绝密步骤", team=make.team())  # fmt: skip
    client.force_login(make.user(Role.LEADER))
    every = ",".join(f"field_{name}" for name in MORE_COLUMNS["project"])

    page = client.get(f"/crm/project/?cols={every}").content.decode()

    assert ("代号青松" in page, "绝密" in page) == (True, False)


def test_every_added_column_can_be_shown_and_sorted_by(client):
    makers = {"followup": make.follow_up}
    client.force_login(make.user(Role.BUREAU))
    for name, columns in MORE_COLUMNS.items():
        makers.get(name, getattr(make, name, None))()
        every = ",".join(f"field_{column}" for column in columns)
        assert client.get(f"/crm/{name}/?cols={every}&o=-2").status_code == 200, name


def test_added_columns_cost_no_query_a_row(client, django_assert_num_queries):
    client.force_login(make.user(Role.BUREAU))
    path = "/crm/project/?cols=field_owner,field_segment"
    make.project(owner=make.user(), segment=make.segment())
    client.get(path)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for _ in range(5):
        make.project(owner=make.user(), segment=make.segment())
    with django_assert_num_queries(len(few)):
        client.get(path)

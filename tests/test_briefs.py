"""One page about a project or a firm, and the visit brief: what each reader may know."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.access import Role
from crm.briefs.advantages import advantages_for
from crm.briefs.company import company_brief
from crm.briefs.project import project_brief
from crm.briefs.visit import visit_brief
from crm.models import Project

from . import make

pytestmark = pytest.mark.django_db
YI = Decimal(100_000_000)
TODAY = make.today()
FUTURE = TODAY + timedelta(days=9)


def bureau():
    return make.user(Role.BUREAU)


def lines(brief, heading) -> list:
    block = next(block for block in brief.blocks if block.heading.startswith(heading))
    return [(line.text, line.is_late) for line in block.lines]


def said(paper, heading) -> str:
    section = next(section for section in paper.sections if section.heading == heading)
    return "\n".join(section.paragraphs + section.items)


# -- a project -------------------------------------------------------------------------------------


def test_a_projects_money_stage_and_days_are_its_own():
    project = make.project(stage="signed", on=TODAY - timedelta(days=30), planned_yuan=5 * YI)
    project.deals.update(amount_yuan=4 * YI)
    make.deal(project=project, kind="framework", amount_yuan=9 * YI)
    make.arrival(project=project, amount_yuan=YI, state="confirmed")
    make.arrival(project=project, amount_yuan=YI, origin="inside")

    brief = project_brief(project, bureau(), on=TODAY)

    assert dict(brief.figures) == {
        "计划投资": "5亿元", "签约金额": "4亿元", "到位资金": "1亿元",
        "本阶段已停留": "30天/上限20天",
    }  # fmt: skip
    assert [step.state for step in brief.steps] == ["done"] * 3 + ["now"] + [""] * 3


def test_an_unknown_amount_is_undetermined_and_no_deal_is_a_dash():
    signed = make.project(stage="signed", planned_yuan=None)
    signed.deals.update(amount_yuan=None)

    told = [dict(project_brief(p, bureau(), on=TODAY).figures) for p in (signed, make.project())]

    assert [figures["签约金额"] for figures in told] == ["待定", "—"]


def test_what_is_late_missing_and_waiting_is_named():
    project = make.project(stage="negotiating", next_step="商定用地",
                           next_step_on=TODAY - timedelta(days=1))  # fmt: skip
    make.milestone(project=project, kind="energy", planned_on=TODAY - timedelta(days=3))
    make.milestone(project=project, kind="land", planned_on=TODAY - timedelta(days=9),
                   actual_on=TODAY)  # fmt: skip
    make.request(project=project, content="双回路供电", due_on=FUTURE)

    brief = project_brief(project, bureau(), on=TODAY)

    assert lines(brief, "下一步") == [("商定用地", True)]
    assert lines(brief, "存在问题") == [("节能审查未完成", True), ("双回路供电", False)]
    assert "研判通过（附说明或文件）" in [text for text, _late in lines(brief, "进入“储备”还缺")]


def test_a_project_page_is_for_whoever_may_open_it(client):
    secret = make.project(name="绝密雪豹", code_name="代号青松", is_confidential=True)
    for user in (make.user(Role.LEADER), make.user(team=make.team()), make.user(Role.AUDITOR)):
        client.force_login(user)
        answer = client.get(f"/project/{secret.pk}/brief/")
        assert (answer.status_code in (403, 404), "绝密" in answer.content.decode()) == (
            True,
            False,
        )
    client.force_login(bureau())
    assert "绝密雪豹" in client.get(f"/project/{secret.pk}/brief/").content.decode()


# -- a firm ----------------------------------------------------------------------------------------


def test_a_firms_page_counts_what_the_reader_may_open():
    firm = make.company()
    make.project(lead_investor=firm, name="公开项目", planned_yuan=3 * YI)
    make.project(lead_investor=firm, name="绝密雪豹", code_name="代号", is_confidential=True)
    make.visit(company=firm)

    brief = company_brief(firm, make.user(Role.LEADER), on=TODAY)

    assert dict(brief.figures)["项目"] == "1"
    assert dict(brief.figures)["接触次数"] == "1"
    assert lines(brief, "项目") == [("公开项目", False)]


def test_phones_are_masked_for_leaders_and_whole_for_the_team():
    firm = make.company(owning_team=(team := make.team()))
    make.contact(company=firm, name="张总", mobile="13812345678")

    pages = [
        company_brief(firm, user, on=TODAY)
        for user in (make.user(Role.LEADER), make.user(team=team))
    ]

    shown = [str(brief.blocks) for brief in pages]
    assert ["13812345678" in text for text in shown] == [False, True]
    assert "138****5678" in shown[0]


def test_a_firm_of_another_team_has_no_page(client):
    firm = make.company(owning_team=make.team())
    client.force_login(make.user(team=make.team()))
    for page in ("brief", "visit-brief"):
        assert client.get(f"/company/{firm.pk}/{page}/").status_code == 404


# -- the visit brief -------------------------------------------------------------------------------


@pytest.fixture
def facts():
    for key, value in (("green-power-guarantee", "80%"), ("pue-news", "1.2以下"),
                       ("exit-bandwidth", "13TBps"), ("new-energy-share", "69%"),
                       ("microgrid", "6兆瓦"), ("clean-energy-share", "93%")):  # fmt: skip
        make.reference_fact(key=key, name=f"事实{key}", value_text=value, source=f"出处{key}")


def chosen(firm) -> list[str]:
    rows = Project.objects.filter(lead_investor=firm)
    return [fact.key for fact in advantages_for(firm, rows)]


def test_advantages_follow_the_chain_of_the_firm(facts):
    storage, compute = make.company(), make.company()
    storage.segments.add(make.segment(chain=make.chain(key="storage")))
    compute.segments.add(make.segment(chain=make.chain(key="compute")))

    assert chosen(storage) == ["new-energy-share", "microgrid", "clean-energy-share"]
    assert chosen(compute)[:3] == ["green-power-guarantee", "pue-news", "exit-bandwidth"]


def test_what_a_project_needs_comes_first(facts):
    firm = make.company()
    project = make.project(lead_investor=firm)
    make.factor_needs(project=project, load_mw=None, bandwidth_gbps=Decimal(400))
    make.compute_capacity(project=project)

    assert chosen(firm)[:2] == ["exit-bandwidth", "green-power-guarantee"]


def test_a_disabled_fact_is_not_cited_and_the_source_stands_beside(facts):
    firm = make.company()
    firm.segments.add(make.segment(chain=make.chain(key="power")))

    text = said(visit_brief(firm, bureau(), on=TODAY), "可引用的城市优势")

    assert (
        text.splitlines()[0]
        == "事实clean-energy-share：93%（口径未注明；出处：“出处clean-energy-share”）"
    )
    make.reference_fact(key="virtual-power-plant", is_disabled=True, value_text="停用")
    assert "停用" not in said(visit_brief(firm, bureau(), on=TODAY), "可引用的城市优势")


def test_the_segment_is_a_gap_until_somebody_signed():
    firm, segment = make.company(), make.segment(name="液冷")
    firm.segments.add(segment)
    make.project(segment=segment)

    before = said(visit_brief(firm, bureau(), on=TODAY), "可补产业链环节")
    make.project(segment=segment, stage="signed")
    after = said(visit_brief(firm, bureau(), on=TODAY), "可补产业链环节")

    assert "尚属空白，未有签约项目，在谈储备1个" in before
    assert "全市已签约及以后1个、在谈储备1个" in after


def test_talking_points_follow_from_what_is_open():
    firm = make.company()
    project = make.project(lead_investor=firm, name="甲项目", stage="negotiating",
                           next_step="商定电价", next_step_on=FUTURE)  # fmt: skip
    make.request(company=firm, content="协调用地", due_on=TODAY - timedelta(days=2),
                 raised_on=TODAY - timedelta(days=20))  # fmt: skip
    make.visit(company=firm, project=project, wants="希望保障绿电", delegation_head="李市长",
               held_on=TODAY - timedelta(days=1))  # fmt: skip

    brief = visit_brief(firm, bureau(), on=TODAY)

    points = said(brief, "谈话要点").splitlines()
    assert points[:3] == [
        f"甲项目：商定“商定电价”（{FUTURE:%m-%d}）",
        "说明“协调用地”的办理进展（已超期）",
        "回应其诉求：希望保障绿电",
    ]
    assert points[3].startswith("甲项目需落实：")
    assert "我方带队：李市长（1）。" in said(brief, "人员关系")


def test_without_any_record_the_brief_asks_for_their_intention():
    brief = visit_brief(make.company(), bureau(), on=TODAY)

    assert said(brief, "谈话要点") == "了解其在我市的投资意向、规模和时间安排"


def test_the_visit_brief_is_a_word_file_too(client):
    firm = make.company(name="测试出访有限公司")
    client.force_login(bureau())
    assert "拜访要点" in client.get(f"/company/{firm.pk}/visit-brief/").content.decode()

    file = client.get(f"/company/{firm.pk}/visit-brief/?format=docx")

    document = docx.Document(BytesIO(file.content))
    assert document.paragraphs[0].text == "拜访要点：测试出访有限公司"
    client.force_login(make.user(Role.LEADER))
    assert client.get(f"/company/{firm.pk}/visit-brief/?format=docx").status_code == 403


def test_the_record_pages_lead_to_them(client):
    client.force_login(bureau())
    project, firm = make.project(), make.company()

    assert (
        f"/project/{project.pk}/brief/"
        in client.get(f"/crm/project/{project.pk}/change/").content.decode()
    )
    page = client.get(f"/crm/company/{firm.pk}/change/").content.decode()
    assert f"/company/{firm.pk}/brief/" in page and f"/company/{firm.pk}/visit-brief/" in page


def test_the_pages_ask_as_much_with_many_rows(client):
    client.force_login(bureau())
    firm = make.company()
    project = make.project(lead_investor=firm)
    paths = [f"/project/{project.pk}/brief/", f"/company/{firm.pk}/brief/",
             f"/company/{firm.pk}/visit-brief/"]  # fmt: skip

    def grow():
        make.visit(company=firm, project=project, held_on=make.days_ago(make.number("day") % 900))
        make.request(company=firm), make.request(project=project)
        make.follow_up(company=firm, project=project)
        make.milestone(project=project, title=str(make.number("milestone")))
        make.contact(company=firm), make.project(lead_investor=firm)
        firm.segments.add(make.segment())

    def asked():
        counts = []
        for path in paths:
            client.get(path)
            with CaptureQueriesContext(connection) as captured:
                client.get(path)
            counts.append(len(captured))
        return counts

    for _ in range(6):
        grow()
    few = asked()
    for _ in range(6):
        grow()
    assert asked() == few


def test_marks_say_what_kind_of_firm_and_project_it_is():
    firm = make.company(key_tier="A", ownership="private", revenue_yuan=12 * YI, revenue_year=2025)
    make.company_mark(company=firm, mark="unicorn")
    make.alliance_membership(company=firm)
    held = make.project(is_confidential=True, code_name="代号", status="on_hold", stage="producing")

    of_firm = company_brief(firm, bureau(), on=TODAY)
    of_project = project_brief(held, bureau(), on=TODAY)

    assert of_firm.marks == ("A 级", "民企", "独角兽", "联盟成员单位")
    assert ("上年营收", "12亿元 · 2025") in of_firm.facts
    assert of_project.marks == ("投产", "暂缓", "保密")
    assert next(b.empty for b in of_project.blocks if b.heading == "待补条件") == "已到最后阶段。"

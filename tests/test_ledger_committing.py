"""What the check page showed is what is written: each model has its place in the order."""

import pytest

from crm import models
from crm.ledgers import committing, jobs
from crm.ledgers.kinds import LEDGERS
from crm.models import ImportJob
from tests import make
from tests.ledger_files import workbook

pytestmark = pytest.mark.usefixtures("throw_files_away")
KINDS = sorted(LEDGERS)
State = ImportJob.State


@pytest.fixture
def bureau(db):
    return make.keeper()


def imported(user, kind, table) -> ImportJob:
    job = jobs.upload(user, kind, workbook({"台账": table}), "台账.xlsx")
    jobs.start(job, ImportJob.Step.CHECK)
    assert jobs.start(job, ImportJob.Step.COMMIT), [row.errors for row in job.rows.all()]
    return job


def commitments():
    make.deal(project=make.project(name="绿色算力枢纽项目"))
    return models.Commitment, [
        ["项目名称", "承诺方", "承诺事项", "到期日"],
        ["绿色算力枢纽项目", "政府", "供地 100 亩", "2099-03-01"],
        ["绿色算力枢纽项目", "企业", "设立本地法人", "2099-06-01"],
    ]


def invitations():
    make.event(name="绿色算力产业投资推介会")
    return models.Invitation, [
        ["活动名称", "企业名称", "嘉宾", "参会情况"],
        ["绿色算力产业投资推介会", "青海星火新能源有限公司", "总经理", "已到"],
        ["绿色算力产业投资推介会", "青海云端数据有限公司", "", "已邀请"],
    ]


def referrals():
    member = make.alliance_membership(company=make.company(name="青海联盟发起单位有限公司"))
    team = make.team(name="招商一专班")
    return models.Introduction, [
        ["引荐日期", "联盟成员", "引荐企业", "承接专班"],
        ["2026-03-01", member.company.name, "青海星火新能源有限公司", team.name],
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_the_rows_of_every_ledger_have_their_place_in_the_order_of_writing(kind):
    assert LEDGERS[kind].model in committing.ORDER


def meetings():
    member = make.alliance_membership(company=make.company(name="青海联盟发起单位有限公司"))
    return models.AllianceMeeting, [
        ["会议名称", "召开时间", "地点", "主要议题", "参会成员单位", "请假单位"],
        ["联盟成立大会", "2026年3月1日", "西宁", "章程", f"{member.company.name}、陌生单位", ""],
        ["联盟二季度例会", "2026.6.9", "", "", "", member.company.name],
    ]


def agreements():
    return models.TrainingAgreement, [
        ["协议", "高校", "合作企业", "签约时间", "有效期至"],
        ["算力人才联合培养协议", "青海大学", "青海云端数据有限公司", "2026年2月", "2029年12月"],
        ["运维人才订单协议", "青海职业技术大学", "", "2026-03-05", ""],
    ]


def programmes():
    return models.Programme, [
        [
            "订单班",
            "合作院校",
            "培养方向",
            "层次",
            "用人单位",
            "年度",
            "在读人数",
            "毕业人数",
            "留宁人数",
        ],
        [
            "数据中心运维班",
            "青海大学",
            "机房运维",
            "本科",
            "青海云端数据有限公司",
            "2026年",
            "45人",
            0,
            0,
        ],
        ["大模型应用班", "青海大学", "人工智能", "硕士", "", "2026年度", "20", "", ""],
    ]


LATER = (commitments, invitations, referrals, meetings, agreements, programmes)


@pytest.mark.parametrize("ledger", LATER, ids=lambda f: f.__name__)
def test_what_a_ledger_brings_is_there_once_and_can_be_taken_back(bureau, ledger):
    model, table = ledger()
    job = imported(bureau, ledger.__name__, table)
    assert job.state == State.DONE, job.message
    assert job.counts["created"] == len(table) - 1
    assert model.objects.live().count() == len(table) - 1

    again = imported(bureau, ledger.__name__, table)
    assert again.counts["created"] == 0
    assert model.objects.live().count() == len(table) - 1

    jobs.start(job, ImportJob.Step.UNDO)
    assert job.state == State.UNDONE, job.message
    assert model.objects.live().count() == 0


def test_a_programme_has_its_years_and_a_new_university_once(bureau):
    _model, table = programmes()
    later = [*table[2][:5], "2027年", "25", "18", "12"]
    job = imported(bureau, "programmes", [*table, later])
    assert job.state == State.DONE, job.message
    assert models.Institution.objects.filter(name="青海大学").count() == 1
    rows = models.TrainingYear.objects.order_by("programme__name", "year")
    assert [(str(y.programme), y.year, y.in_training, y.stayed) for y in rows] == [
        ("大模型应用班", 2026, 20, None), ("大模型应用班", 2027, 25, 12),
        ("数据中心运维班", 2026, 45, 0),
    ]  # fmt: skip
    assert {(p.field, p.level) for p in models.Programme.objects.all()} == {
        ("operation", "bachelor"), ("algorithm", "master"),
    }  # fmt: skip


def test_a_stranger_at_a_meeting_is_left_out_with_a_word(bureau):
    _model, table = meetings()
    job = imported(bureau, "meetings", table)
    states = models.MeetingAttendance.objects.values_list("meeting__name", "state")
    assert sorted(states) == [("联盟二季度例会", "excused"), ("联盟成立大会", "came")]
    assert "陌生单位" in str([row.problems for row in job.rows.all()])


@pytest.mark.parametrize("ledger", [meetings, agreements, programmes], ids=lambda f: f.__name__)
def test_what_the_bureau_keeps_is_not_brought_in_by_a_task_force(db, ledger):
    model, table = ledger()
    officer = make.user("officer", team=make.team())
    job = jobs.upload(officer, ledger.__name__, workbook({"台账": table}), "台账.xlsx")
    jobs.start(job, ImportJob.Step.CHECK)
    assert (job.counts["errors"], model.objects.count()) == (len(table) - 1, 0)


def test_rows_without_a_place_are_never_told_as_written(bureau, monkeypatch):
    without = tuple(m for m in committing.ORDER if m is not models.Commitment)
    monkeypatch.setattr(committing, "ORDER", without)
    _model, table = commitments()
    job = jobs.upload(bureau, "commitments", workbook({"台账": table}), "台账.xlsx")
    jobs.start(job, ImportJob.Step.CHECK)

    with pytest.raises(TypeError, match="Commitment"):
        jobs.start(job, ImportJob.Step.COMMIT)

    job.refresh_from_db()
    assert job.state == State.FAILED
    assert not models.Commitment.objects.exists()

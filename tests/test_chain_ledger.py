"""The ledger of a chain map: chains, segments in order and their firms, in and out again."""

import io

import pytest

from crm.access import Role
from crm.ledgers import jobs
from crm.ledgers.exporting import export
from crm.models import Chain, Company, Segment

from . import make
from .ledger_importing import checked, imported, numbers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("throw_files_away")]
HEAD = ["产业链", "环节", "上中下游", "环节说明", "代表企业", "资料来源"]
SOLAR = [
    HEAD,
    ["光伏产业链", "硅料", "上游", "多晶硅", "甲硅业有限公司、乙硅业有限公司", "示例材料"],
    ["光伏产业链", "硅片", "中游", None, "甲硅业有限公司", None],
    ["光伏产业链", "组件", None, None, "待定", None],
]


def links() -> dict:
    return {row.name: sorted(f.name for f in row.companies.all()) for row in Segment.objects.all()}


def test_a_chain_comes_in_with_its_segments_in_order_and_its_firms():
    make.company(name="甲硅业有限公司")
    job = imported(make.user(Role.BUREAU), "chains", SOLAR)
    chain = Chain.objects.get()
    assert (chain.name, chain.key) == ("光伏", "guangfu")
    assert [(row.name, row.position, row.sequence, row.follows and row.follows.name)
            for row in Segment.objects.order_by("sequence")] == [
        ("硅料", "upstream", 1, None), ("硅片", "midstream", 2, "硅料"),
        ("组件", "midstream", 3, "硅片"),
    ]  # fmt: skip
    assert links() == {
        "硅料": ["乙硅业有限公司", "甲硅业有限公司"],
        "硅片": ["甲硅业有限公司"],
        "组件": [],
    }
    assert (job.counts["created"], Company.objects.count()) == (3, 2)


def test_importing_twice_is_importing_once_and_undo_takes_it_back():
    bureau = make.user(Role.BUREAU)
    job = imported(bureau, "chains", SOLAR)
    again = checked(bureau, "chains", SOLAR)
    assert numbers(again, "unchanged") == [2, 3, 4]
    assert jobs.start(job, "undo")
    assert (Chain.objects.count(), Segment.objects.count(), Company.objects.count()) == (0, 0, 0)


def test_a_segment_that_is_known_is_changed_and_keeps_what_the_row_leaves_blank():
    segment = make.segment(chain=make.chain(name="光伏"), name="硅料", description="旧说明")
    imported(make.user(Role.BUREAU), "chains", [HEAD, ["光伏", "硅料", "上游", None, None, None]])
    segment.refresh_from_db()
    assert (segment.position, segment.description) == ("upstream", "旧说明")


def test_an_officer_adds_own_firms_to_a_segment_but_enters_no_chain():
    officer = make.user(team=make.team())
    make.segment(chain=make.chain(name="光伏"), name="硅料")
    make.company(name="别人的企业有限公司", owning_team=make.team())
    rows = [
        HEAD, ["光伏", "硅料", None, None, "自己的企业有限公司", None],
        ["光伏", "硅料", None, None, "别人的企业有限公司", None],
        ["光伏", "新环节", "下游", None, None, None], ["新链", "环节", "下游", None, None, None],
        ["光伏", "硅料", "下游", None, None, None],
    ]  # fmt: skip
    job = imported(officer, "chains", rows, leaves_out_bad=True)
    assert links() == {"硅料": ["自己的企业有限公司"]}
    assert (numbers(job, "conflict"), numbers(job, "error")) == ([3], [4, 5, 6])


def test_an_export_comes_back_as_no_change():
    bureau = make.user(Role.BUREAU)
    imported(bureau, "chains", SOLAR)
    target = io.BytesIO()
    rows = Segment.objects.live().visible_to(bureau).order_by("pk")
    assert export("chains", rows, bureau, to=target) == 3
    again = checked(bureau, "chains", target.getvalue())
    assert len(numbers(again, "unchanged")) == 3


def test_a_ledger_as_offices_write_it_is_read():
    """The chain in its first row only, firms numbered and remarked, a longer word for the chain."""
    solar = make.chain(name="光", description="光伏：从硅料到电站")
    above = make.segment(chain=solar, name="硅料", position="upstream", sequence=1)
    make.segment(chain=solar, name="电站开发", position="downstream", sequence=2, follows=above)
    imported(make.user(Role.BUREAU), "chains", [
        ["产业链图谱及链上企业清单", None, None, None],
        ["产业链", "关键环节", "上中下游", "代表企业（含目标企业）"],
        ["光伏产业链", "硅片", "上 游", "1.甲硅业有限公司\n2.乙硅业有限公司（龙头）"],
        [None, "组件", "中游", "丙光能有限公司/丁光能有限公司"],
        ["小计", None, None, None],
        ["氢能产业链", "制氢", "上游", "无"],
        [None, "加氢站", "终端", "58氢能科技有限公司（链主企业）"],
    ])  # fmt: skip
    after = Segment.objects.values_list("chain__name", "name", "follows__name")
    assert set(after) == {
        ("光", "硅料", None), ("光", "电站开发", "硅料"), ("光", "硅片", "硅料"),
        ("光", "组件", "硅片"), ("氢能", "制氢", None), ("氢能", "加氢站", "制氢"),
    }  # fmt: skip
    assert links() == {
        "硅料": [], "电站开发": [], "硅片": ["乙硅业有限公司", "甲硅业有限公司"],
        "组件": ["丁光能有限公司", "丙光能有限公司"], "制氢": [],
        "加氢站": ["58氢能科技有限公司"],
    }  # fmt: skip

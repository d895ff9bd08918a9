"""Charts: marks in proportion, totals as given, unknown shown as such, safe to print out."""

import re
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm import charts
from crm.charts import Area, Line, Mark, Row, Step
from crm.charts.values import level, ticks

YI = Decimal(100_000_000)
MONTHS = [f"{month}月" for month in range(1, 13)]


def tree(svg) -> ElementTree.Element:
    return ElementTree.fromstring(str(svg))  # noqa: S314 - our own markup


def with_class(svg, name: str) -> list[ElementTree.Element]:
    return [node for node in tree(svg).iter() if name in node.get("class", "").split()]


def texts(svg) -> list[str]:
    return [node.text for node in tree(svg).iter("text") if node.text]


def marks(*values) -> list[Mark]:
    return [Mark(f"第{n}专班", value) for n, value in enumerate(values, start=1)]


def every_chart() -> list:
    months = [Mark(name, 3, "/list/") for name in MONTHS]
    return [
        charts.bars(marks(3, None), title="图", line=Line("时序进度", 2)),
        charts.columns(months[:4], months, title="图", names=("2026年", "2025年")),
        charts.cumulative(months[:4], months, title="图", target=40, target_name="目标"),
        charts.funnel([Step("线索", 3, YI), Step("在谈", 1, None)], title="图"),
        charts.heatmap([Row("北京", [1, None], 1)], ["1月", "2月"], [1, 0, 1], title="图"),
        charts.provinces({"63": Mark("青海", 3)}, elsewhere=[Mark("境外", 1)], title="图"),
        charts.parks(
            Area("核心集群"), [Area("东", [Mark("南川", 2)])], Area("应用"), title="图"
        ),
    ]  # fmt: skip


@given(st.lists(st.integers(min_value=0, max_value=10**12), min_size=1, max_size=12))
def test_bars_are_as_long_as_their_values(values):
    svg = charts.bars(marks(*values), title="签约金额")

    lengths = [float(node.get("width")) for node in with_class(svg, "chart-fill")]
    longest = max(lengths)
    for length, value in zip(lengths, values, strict=True):
        assert length == pytest.approx(longest * value / (max(values) or 1), abs=0.01)


def test_the_unknown_is_not_drawn_as_nothing():
    svg = charts.bars(marks(5, None, 0), title="计划投资", form=charts.yuan_text)

    assert len(with_class(svg, "chart-unknown")) == 1
    assert [text for text in texts(svg) if "专班" not in text] == ["5元", "待定", "0元"]


def test_a_target_and_the_pace_stand_where_a_bar_of_their_value_would_end():
    rows = [Mark("第1专班", Fraction(1, 2), target=1), Mark("第2专班", 1)]

    svg = charts.bars(rows, title="完成率", form=charts.percent_text, line=Line("时序", 1))

    full = with_class(svg, "chart-fill")[1]
    end = float(full.get("x")) + float(full.get("width"))
    for name in ("chart-target", "chart-pace"):
        assert float(with_class(svg, name)[0].get("x1")) == pytest.approx(end, abs=0.02)


def test_the_words_of_a_bar_do_not_stand_on_the_line_of_its_target():
    rows = [Mark("第1专班", 48, target=50), Mark("第2专班", 10, target=50)]

    svg = charts.bars(rows, title="人数")

    line = float(with_class(svg, "chart-target")[0].get("x1"))
    near, far = (float(said.get("x")) for said in with_class(svg, "chart-value"))
    assert far < line < near


def test_columns_stand_on_one_floor_and_are_as_high_as_their_values():
    now = [Mark("1月", 10), Mark("2月", 5), Mark("3月", None)]
    then = [Mark("1月", 4), Mark("2月", 2), Mark("3月", 8)]

    svg = charts.columns(now, then, title="各月签约")

    columns = [node for node in tree(svg).iter("rect") if "　" in _title_of(svg, node)]
    floors = {round(float(c.get("y")) + float(c.get("height")), 1) for c in columns}
    heights = [float(c.get("height")) for c in columns if c.get("class") != "chart-unknown"]
    assert len(floors) == 1
    assert [round(h / heights[0], 2) for h in heights] == [1, 0.5, 2, 2.5, 1.25]
    assert "待定" in texts(svg)


def _title_of(svg, node) -> str:
    """Title of the mark around a node."""
    for parent in tree(svg).iter():
        if any(ElementTree.tostring(child) == ElementTree.tostring(node) for child in parent):
            return parent.findtext("title", "")
    return ""


@given(st.lists(st.decimals(0, 10**11, places=2), min_size=1, max_size=12))
def test_the_cumulative_line_ends_at_the_sum(values):
    rows = [Mark(f"{n}月", value) for n, value in enumerate(values, start=1)]

    svg = charts.cumulative(rows, title="累计", form=charts.yuan_text)

    assert charts.yuan_text(sum(values)) in texts(svg)


def test_the_line_to_the_target_ends_with_the_year():
    year = [Mark(name, 10) for name in MONTHS]

    svg = charts.cumulative(year, title="累计", target=120, target_name="目标")

    pace, line = with_class(svg, "chart-pace")[0], with_class(svg, "chart-line")[0]
    last = line.get("points").split()[-1].split(",")
    assert [float(pace.get("x2")), float(pace.get("y2"))] == pytest.approx(
        [float(part) for part in last], abs=0.02
    )


def test_the_funnel_shows_count_and_amount_of_every_stage():
    steps = [Step("储备", 72, 220 * YI, amount="超220亿元"), Step("签约", 17, Decimal(8862000000))]

    svg = charts.funnel(steps, title="漏斗")

    assert texts(svg) == ["储备", "72", "超220亿元", "签约", "17", "88.62亿元"]
    widths = [
        float(re.search(r"h([\d.]+) ", node.get("d"))[1]) for node in with_class(svg, "chart-fill")
    ]
    assert widths[1] / widths[0] == pytest.approx(17 / 72, abs=0.001)


def test_the_heat_map_prints_the_totals_it_was_given():
    rows = [Row("北京", [3, 0], 3, ["/a/", "/b/"], "/c/"), Row("上海", [1, 4], 5)]

    svg = charts.heatmap(rows, ["1月", "2月"], [4, 4, 8], title="走访")

    said = texts(svg)
    assert said[:2] == ["1月", "2月"]
    assert said[-4:] == ["合计", "4", "4", "8"]
    links = [node.get("href") for node in tree(svg).iter("a")]
    assert links == ["/a/", "/c/"]


def test_the_map_shows_the_whole_country():
    codes = charts.shapes()["provinces"]

    svg = charts.provinces({"44": Mark("广东", 31, "/x/")}, title="来源地")

    assert len(codes) == 34
    assert {"71", "46", "81", "82", "63", "54", "65"} <= set(codes)
    assert len(with_class(svg, "province")) == 34
    assert len(with_class(svg, "province-island")) > 10
    assert "南海诸岛" in texts(svg)
    assert str(svg).count('d="M') >= 38
    assert {"广东", "31"} <= set(texts(svg))


def test_the_map_refuses_what_is_no_province():
    with pytest.raises(ValueError, match="99"):
        charts.provinces({"99": Mark("火星", 1)}, title="来源地")


def test_what_lies_elsewhere_stands_below_the_map():
    svg = charts.provinces({}, elsewhere=[Mark("境外", 2), Mark("未填写", None)], title="来源地")

    assert texts(svg)[-2:] == ["境外 2", "未填写 待定"]


def test_parks_stand_in_their_areas_below_the_cluster():
    areas = [Area("南川东川", [Mark("南川", 72 * YI, "/p/", "9个"), Mark("东川", None)])]

    svg = charts.parks(
        Area("核心集群", [Mark("本部", 1)], "面向全国"), areas, Area("X个行业应用"),
        title="园区", form=charts.yuan_text,
    )  # fmt: skip

    said = texts(svg)
    assert said == [
        "核心集群", "面向全国", "南川东川", "南川", "72亿元 9个", "东川", "待定", "本部", "1元",
        "X个行业应用",
    ]  # fmt: skip


@pytest.mark.parametrize("number", range(7))
def test_a_chart_has_a_name_for_readers_and_no_style_of_its_own(number):
    svg = str(every_chart()[number])

    assert tree(svg).findtext("title") == "图"
    assert re.search(r"viewBox=\"0 0 [\d.]+ [\d.]+\"", svg)
    assert " style=" not in svg
    assert "<script" not in svg
    assert "fill=" not in svg


def test_what_people_wrote_cannot_become_markup():
    svg = str(charts.bars([Mark('<b>"x"</b>', 1, '"><script>')], title="<i>", description="a&b"))

    assert "<b>" not in svg
    assert "<script>" not in svg
    assert tree(svg).findtext("desc") == "a&b"


@pytest.mark.parametrize("width", [340, 640])
def test_a_chart_keeps_within_its_width(width):
    rows = [Mark("第一招商专班（数字经济与绿色算力产业方向）", 70 * YI), *marks(5, None)]

    svg = charts.bars(rows, title="金额", form=charts.yuan_text, width=width)

    for node in tree(svg).iter("rect"):
        assert float(node.get("x")) + float(node.get("width")) <= width


def test_a_chart_for_wide_and_narrow_places_is_drawn_twice():
    markup = str(charts.responsive(charts.bars, marks(1, 2), title="数量"))

    assert markup.count("<svg") == 2
    assert re.findall(r'<div class="([a-z-]+)">', markup) == ["chart-wide", "chart-narrow"]


def test_charts_of_nothing_are_empty_not_broken():
    for svg in (
        charts.bars([], title="无"),
        charts.columns([], title="无"),
        charts.cumulative([], title="无"),
        charts.funnel([], title="无"),
        charts.heatmap([], [], [0], title="无"),
    ):
        assert tree(svg).findtext("title") == "无"


@given(st.decimals(min_value="0.01", max_value=10**13, places=2))
def test_a_scale_has_few_round_steps_and_reaches_the_top(top):
    scale = ticks(top, charts.yuan_text)

    assert scale[0] == 0
    assert scale[-1] >= top
    assert 2 <= len(scale) <= 6


def test_the_scale_of_counts_has_whole_steps():
    assert ticks(Decimal(1), charts.count_text) == [0, 1]


def test_only_nothing_has_the_shade_of_nothing():
    assert [level(value, Decimal(100)) for value in (None, 0, 1, 20, 21, 100)] == [0, 0, 1, 1, 2, 5]


def test_shapes_say_where_they_come_from():
    assert "Apache License 2.0" in charts.shapes()["source"]


def test_counts_and_shares_are_written_in_one_way():
    assert charts.count_text(1234) == "1,234"
    assert charts.count_text(Fraction(1, 2)) == "0.50"
    assert charts.percent_text(Fraction(198, 292)) == "67.8%"
    assert charts.percent_text(None) == "—"

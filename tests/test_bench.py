"""The bench itself: how a goal is judged, and that a subject needs no more than its file."""

from tests.bench.__main__ import keep, subjects
from tests.bench.figures import Figure, alternate, as_markdown, table


def test_a_ceiling_is_met_up_to_its_bound():
    figures = [Figure("export", ours, 2.0, "s", at_most=1.5) for ours in (3.0, 3.1)]

    assert [figure.is_met for figure in figures] == [True, False]


def test_a_speed_is_met_from_its_bound():
    figures = [Figure("import", ours, 50, "rows/s", at_least=40) for ours in (2_000, 1_999)]

    assert [figure.is_met for figure in figures] == [True, False]


def test_ways_take_turns_and_the_median_counts():
    taken, turns = {"ours": [3.0, 1.0, 9.0], "floor": [1.0, 1.0, 5.0]}, []

    def way(name):
        return lambda: turns.append(name) or taken[name].pop(0)

    found = alternate(3, {name: way(name) for name in taken})

    assert (found, turns) == ({"ours": 3.0, "floor": 1.0}, ["ours", "floor"] * 3)


def test_the_table_names_the_missed_goal():
    figure = Figure("export", 4, 2, "s", at_most=1.5)

    heading, row = table([figure.cells("SQLite")]).splitlines()

    assert heading.split() == ["subject", "ours", "floor", "ratio", "goal", "met", "queries"]
    assert row.split() == "SQLite: export 4 s 2 s 2.00 × ≤ 1.5 × NO".split()


def test_subjects_are_found_by_themselves():
    assert {"exporting", "importing", "memory", "pages"} <= set(subjects())


def test_a_page_is_judged_by_the_seconds_people_wait():
    figures = [Figure("home", ours, 0.1, "s", seconds_at_most=0.8) for ours in (0.8, 0.9)]

    assert [figure.is_met for figure in figures] == [True, False]
    assert "≤ 0.8 s" in figures[0].cells("SQLite")


def test_the_report_replaces_what_stands_between_its_marks(tmp_path, capsys):
    marked, plain = tmp_path / "README.md", tmp_path / "other.md"
    marked.write_text("before\n<!-- bench -->\nold\n<!-- /bench -->\nafter\n")
    plain.write_text("no marks\n")
    figure = Figure("list", 3, 2, "ms", at_most=1.5, queries=12)

    keep(as_markdown([figure.cells("SQLite")]), [marked, plain])

    before, _mark, heading, _rule, row, *after = marked.read_text().splitlines()
    assert (before, after) == ("before", ["<!-- /bench -->", "after"])
    assert heading.startswith("| subject | ours | floor |")
    assert row == "| SQLite: list | 3 ms | 2 ms | 1.50 × | ≤ 1.5 × | yes | 12 |"
    assert plain.read_text() == "no marks\n"
    assert "other.md: has no <!-- bench --> marks" in capsys.readouterr().out

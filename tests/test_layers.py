"""The floors of the house: imports only go down, and every module stands on one floor."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {
    "words": """
        access
        appeal
        strength
        clock
        codes
        conflicts
        cursors
        dates
        definitions
        factors
        matching
        money
        names
        people
        periods
        pinyin
        quantities
        stages
        watermark
    """,
    "rows": """
        models
        migrations
    """,
    "work": """
        agenda
        anonymising
        delivery
        digests
        reminders
        backups
        briefs
        month_entry
        monitoring
        rewriting
        emptying
        bequeathing
        calendars
        chains
        charts
        claims
        clearing
        duplicates
        facts
        known_rows
        field_history
        following
        freezing
        generated
        indicators
        ledgers
        merging
        papers
        passwords
        posting
        pushing
        reports
        sample
        searching
        second_factor
        sessions
        targeting
        siting
        timeline
        visit_log
        whole_files
    """,
    "doors": """
        admin
        api
        apps
        auditing
        backends
        filters
        forms
        home
        management
        middleware
        pages
        single_sign_on
        site
        templatetags
        three_ways
        throttling
        urls
        views
    """,
}
FLOOR_OF = {
    module: height for height, names in enumerate(FLOORS.values()) for module in names.split()
}
FORBIDDEN = {
    "services", "utils", "helpers", "common", "core", "misc", "mixins", "managers", "constants",
    "handlers",
}  # fmt: skip
FILES = sorted(path for path in (ROOT / "crm").rglob("*.py") if path != ROOT / "crm/__init__.py")


def module_of(path: Path) -> str:
    """First name below crm: ``models`` for crm/models/deals.py."""
    return path.relative_to(ROOT / "crm").with_suffix("").parts[0]


def imported(tree: ast.AST, package: list[str]) -> set[str]:
    """Dotted names a module imports from anywhere in it, relative ones resolved."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*start, *([node.module] if node.module else [])])
            names |= {f"{origin}.{alias.name}" for alias in node.names}
    return names


def imports_of(path: Path) -> set[str]:
    package = list(path.relative_to(ROOT).parent.parts)
    return imported(ast.parse(path.read_text(encoding="utf-8")), package)


def used_of_models(path: Path) -> set[str]:
    """What a module uses of django.db.models."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "models"
    }


def ours(names: set[str]) -> set[str]:
    """The modules of crm among dotted names."""
    return {name.split(".")[1] for name in names if name.startswith("crm.")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_its_own_floor_and_lower_ones(path):
    height = FLOOR_OF[module_of(path)]

    upward = {name for name in ours(imports_of(path)) if FLOOR_OF.get(name, 0) > height}

    assert upward == set(), f"{path.name} stands on floor {height} and imports upward"


def test_every_module_stands_on_a_floor():
    assert {module_of(path) for path in FILES} - set(FLOOR_OF) == set(), (
        "say in FLOORS on which floor the new module stands"
    )


def test_module_names_say_what_is_in_them():
    names = {part for path in FILES for part in path.relative_to(ROOT).with_suffix("").parts}

    assert names & FORBIDDEN == set()


@pytest.mark.parametrize("floor", ["words", "rows", "work"])
def test_requests_stop_at_the_doors(floor):
    lower = [path for path in FILES if module_of(path) in FLOORS[floor].split()]

    assert [
        (path.name, name)
        for path in lower
        for name in sorted(imports_of(path))
        if name.startswith(("django.http", "django.shortcuts", "django.contrib.admin.options"))
    ] == []


def test_words_know_no_tables():
    words = [path for path in FILES if module_of(path) in FLOORS["words"].split()]

    assert {(path.name, name) for path in words for name in used_of_models(path)} <= {
        (path.name, "TextChoices") for path in words
    }


def test_an_import_inside_a_function_counts():
    tree = ast.parse("def sum_up():\n    from crm.admin import site\n    from . import views\n")

    assert ours(imported(tree, ["crm"])) == {"admin", "views"}


def test_files_stay_readable():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in FILES
        if module_of(path) != "migrations"
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }

    assert long == {}, "split the file by what it is about"

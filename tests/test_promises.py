"""The page of promises: every test that it names is there, in both languages."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from crm.access import Role
from tests import make

ROOT = Path(__file__).resolve().parent.parent
PAGES = {lang: ROOT / f"crm/templates/crm/help/promises_{lang}.html" for lang in ("zh", "en")}
NAMED = re.compile(r"<code>(tests/[\w/]+\.py)::(\w+)</code>")


def named(language: str) -> list[tuple[str, str]]:
    return NAMED.findall(PAGES[language].read_text(encoding="utf-8"))


@cache
def functions_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("language", PAGES)
def test_every_test_that_a_promise_names_exists(language):
    found = named(language)
    gone = [f"{path}::{name}" for path, name in found
            if not (ROOT / path).exists() or name not in functions_of(path)]  # fmt: skip
    assert (len(found) > 50, gone) == (True, [])


def test_both_languages_promise_the_same():
    assert named("zh") == named("en")


def test_every_command_of_the_page_is_there():
    text = PAGES["zh"].read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"make (\w+)", text))
    commands = set(re.findall(r"manage\.py (\w+)", text)) - {"check"}
    modules = set(re.findall(r"python -m ([\w.]+)", text))

    assert [each for each in targets if f"\n{each}:" not in makefile] == []
    kept = ROOT / "crm/management/commands"
    assert [each for each in commands if not (kept / f"{each}.py").exists()] == []
    assert [m for m in modules if not _is_there(ROOT / m.replace(".", "/"))] == []


def _is_there(module: Path) -> bool:
    return module.with_suffix(".py").exists() or (module / "__main__.py").exists()


@pytest.mark.django_db
def test_everybody_reads_it_in_their_language_and_the_help_leads_there(client, settings):
    client.force_login(make.user(Role.LEADER))
    assert 'href="/help/promises/"' in client.get("/help/").content.decode()
    assert "我们不承诺什么" in client.get("/help/promises/").content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "What we do not promise" in client.get("/help/promises/").content.decode()

"""Chinese is complete, and nothing on a page is left in English."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib import admin
from django.utils.html import strip_tags

from crm import facts, sample
from crm.models import User

CATALOGUE = Path(settings.LOCALE_PATHS[0]) / "zh_Hans" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")
# Words that are the same in Chinese: products, file types, the sample accounts' names.
KEPT = re.compile(
    r"Ctrl|English|DeepSeek|xlsx|TBps|officer|team_lead|bureau2?|statistician|leader|park|article"
    r"|department|system_admin|security_admin|auditor|PFLOPS|Gbps"
)


@pytest.fixture(scope="module")
def messages():
    with CATALOGUE.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def texts(value) -> list[str]:
    return list(value) if isinstance(value, list | tuple) else [value]


def test_every_message_has_its_chinese(messages):
    assert [m.id for m in messages if m.fuzzy or not all(texts(m.string))] == []


def test_placeholders_are_the_same_in_both_languages(messages):
    wrong = [
        m.id
        for m in messages
        for text in texts(m.string)
        if set(PLACEHOLDER.findall(text)) - set(PLACEHOLDER.findall(" ".join(texts(m.id))))
    ]
    assert wrong == []


@pytest.mark.slow
def test_the_catalogue_knows_every_message_of_the_code(messages, tmp_path):
    if shutil.which("xgettext") is None:
        pytest.skip("gettext is not installed")
    copy = tmp_path / "crm"
    shutil.copytree(Path(settings.BASE_DIR) / "crm", copy)
    subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "makemessages", "-l", "zh_Hans",
         "--no-obsolete"],
        cwd=copy, check=True, capture_output=True,
    )  # fmt: skip
    with (copy / "locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as file:
        found = {(m.context, str(m.id)) for m in read_po(file) if m.id}
    assert found - {(m.context, str(m.id)) for m in messages} == set()


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize("username", ["bureau", "officer", "leader"])
def test_no_page_shows_a_chinese_reader_an_english_word(client, username):
    facts.load()
    sample.load()
    client.force_login(User.objects.get(username=username))
    names = [model._meta.model_name for model in admin.site._registry]
    paths = ["/", *(f"/crm/{name}/" for name in names), *(f"/crm/{name}/add/" for name in names)]
    left = {path: found for path in paths if (found := english(client.get(path)))}
    assert left == {}


def english(answer) -> list[str]:
    """Words of four and more Latin letters that a reader would see."""
    page = re.sub(r"<(script|style|datalist)\b.*?</\1>", "", answer.content.decode(), flags=re.S)
    page = re.sub(r'(?s)data-inline-formset="[^"]*"', "", page)
    return re.findall(r"[A-Za-z]{4,}", KEPT.sub("", strip_tags(page)))

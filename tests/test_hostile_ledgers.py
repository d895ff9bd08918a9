"""Hostile ledgers through both doors: a sentence each, never a server error, nothing written."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from crm.access import Role
from crm.models import Company, ImportJob, Visit
from tests import ledger_files as files
from tests import make

pytestmark = pytest.mark.django_db

NEW = "/crm/importjob/new/"
HEADING = ["日期", "企业名称", "洽谈内容", "专班"]
GOOD = ["2025-05-12", "示例数据有限公司", "座谈", "招商一专班"]
UNUSABLE = {
    "a cell at XFD1048576": files.far_cell,
    "the same in disguise": files.far_cell_in_disguise,
    "a billion laughs": files.with_entities,
    "a file of the server": files.with_outside_entity,
    "macros": files.with_macros,
    "a password": files.protected,
    "an old workbook with a password": files.xls_with_password,
    "5,000 parts": lambda: files.many_entries(5_000),
    "a false size": lambda: files.understated(files.inflating(2), "xl/worksheets/sheet1.xml"),
    "only the beginning": lambda: files.workbook({"a": [HEADING, GOOD]})[:700],
    "nothing": lambda: b"",
    "a web page": lambda: "<html><table><tr><td>日期</td></tr></table></html>".encode("gbk"),
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(200),
    "any bytes": lambda: bytes(range(256)) * 50,
    "no rows": lambda: files.workbook({"a": []}),
    "no heading": lambda: files.workbook({"a": [["甲", "乙"], ["丙", "丁"]]}),
}


@pytest.fixture(autouse=True)
def throw_files_away(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def bureau(client):
    make.team(number=301, name="招商一专班")
    user = make.user(Role.BUREAU)
    client.force_login(user)
    return user


def commanded(tmp_path, data: bytes, *options) -> tuple[int, str]:
    """Exit code and what was said of a visit ledger of these bytes."""
    file, out = tmp_path / "台账.xlsx", io.StringIO()
    file.write_bytes(data)
    try:
        call_command("import_ledger", "visits", str(file), *options, stdout=out)
    except CommandError as refusal:
        return refusal.returncode, str(refusal)
    except SystemExit as stop:
        return stop.code, out.getvalue()
    return 0, out.getvalue()


def shown(client, data: bytes) -> str:
    """The page that an upload of these bytes ends on."""
    file = SimpleUploadedFile("台账.xlsx", data)
    answer = client.post(NEW, {"kind": "visits", "file": file}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("make_file", UNUSABLE.values(), ids=UNUSABLE)
def test_an_unusable_file_is_refused_with_one_sentence_by_command_and_page(
    client, bureau, tmp_path, make_file
):
    data = make_file()

    code, sentence = commanded(tmp_path, data)
    page = shown(client, data)

    assert (code, bool(sentence), "\n" in sentence) == (2, True, False)
    assert 'class="errornote"' in page
    assert sentence in page or "服务器" in sentence
    assert not Visit.objects.exists()


BAD_CELLS = (
    ["2026-02-30", "示例甲有限公司", "x", "招商一专班"],
    ["2027-01-01", "示例乙有限公司", "x", "招商一专班"],
    ["1e400", "示例丙有限公司", "x", "招商一专班"],
    ["2025-05-12", "", "x", "招商一专班"],
    ["2025-05-12", "示例丁有限公司", "x", "' OR 1=1; DROP TABLE crm_visit; --"],
    ["../../etc/passwd", "示例戊有限公司", "x", "招商一专班"],
)


def test_bad_cells_are_told_by_row_and_column_and_nothing_is_written(client, bureau, tmp_path):
    data = files.workbook({"a": [HEADING, *BAD_CELLS, GOOD]})

    code, told = commanded(tmp_path, data)
    page = shown(client, data)

    numbers = [line.partition("，")[0] for line in told.splitlines() if "，" in line[:3]]
    assert (code, numbers) == (1, [str(row) for row in range(2, 8)])
    assert page.count('class="ledger-problem level-error"') == len(BAD_CELLS)
    assert not Visit.objects.exists()


STRANGE = (
    "=HYPERLINK(\"http://x\",\"y\")", "<script>alert(1)</script>", "{{ 7|add:7 }}{% load x %}",
    "'; DROP TABLE crm_company; --", "../../etc/passwd", "示例\u202e有限公司", "示例\u200b🚀𠮷",
)  # fmt: skip


def test_strange_texts_are_texts(client, bureau, tmp_path):
    rows = [[f"2025-05-{n:02}", f"示例{n}号有限公司", text, "招商一专班"]
            for n, text in enumerate(STRANGE, 1)]  # fmt: skip
    data = files.workbook({"a": [HEADING, *rows]})

    page = shown(client, data)
    code, _told = commanded(tmp_path, data)

    assert (code, Visit.objects.count(), Company.objects.count()) == (0, 7, 7)
    assert "<script>alert" not in page
    assert "14{" not in page
    kept = dict(Visit.objects.values_list("held_on__day", "content"))
    assert [kept[n] for n in range(1, 6)] == list(STRANGE[:5])
    assert not any(mark in text for text in kept.values() for mark in "\u202e\u200b\x00")


def test_columns_that_name_our_own_fields_are_not_taken_over(client, bureau, tmp_path):
    heading = [*HEADING, "id", "version", "owner", "is_sample", "archived_at"]
    data = files.workbook({"a": [heading, [*GOOD, "1", "99", "2", "true", "2020-01-01"]]})

    assert commanded(tmp_path, data)[0] == 0

    visit = Visit.objects.get()
    assert (visit.version, visit.is_sample, visit.archived_at) == (1, bureau.is_sample, None)


def test_a_missing_file_an_unknown_account_and_a_reader_end_with_code_two(bureau, tmp_path):
    leader = make.user(Role.LEADER)
    data = files.workbook({"a": [HEADING, GOOD]})

    ends = [commanded(tmp_path, data, "--as", name) for name in ("niemand", leader.username)]
    with pytest.raises(CommandError) as missing:
        call_command("import_ledger", "visits", str(tmp_path / "fehlt.xlsx"))

    assert [code for code, _sentence in ends] == [2, 2]
    assert missing.value.returncode == 2
    assert not ImportJob.objects.exists()

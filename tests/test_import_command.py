"""The command import_ledger: it says and does the same as the page."""

import json

import pytest
from django.core.management import CommandError, call_command

from crm.models import Company, Deal, Project
from tests.ledger_importing import SAMPLES, bureau, city, officer
from tests.ledger_samples import RESERVE, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("throw_files_away")]
FIXTURES = (bureau, city, officer)  # asked for by name


def run(tmp_path, capsys, kind, data, *options, name="台账.xlsx"):
    file = tmp_path / name
    file.write_bytes(data)
    try:
        call_command("import_ledger", kind, str(file), "--json", *options)
        code = 0
    except SystemExit as stop:
        code = stop.code
    return code, json.loads(capsys.readouterr().out)


def test_the_command_says_the_same_as_the_page_in_json(bureau, tmp_path, capsys):
    code, told = run(tmp_path, capsys, "deals", SAMPLES["deals"][1], name="签约.xlsx")
    shown = {k: told[k] for k in ("kind", "file", "rows", "created", "updated", "unchanged",
                                  "skipped", "errors", "totals")}  # fmt: skip
    assert (code, shown) == (0, {
        "kind": "deals", "file": "签约.xlsx", "rows": 4, "created": 4, "updated": 0,
        "unchanged": 0, "skipped": 0, "errors": [], "totals": {"money_yuan": "1687000000.00"},
    })  # fmt: skip


def test_the_command_writes_nothing_when_rows_are_rejected(bureau, tmp_path, capsys):
    code, told = run(tmp_path, capsys, "projects", workbook(RESERVE))
    assert (code, [e["row"] for e in told["errors"]], Project.objects.count()) == (1, [14], 0)


def test_the_command_leaves_out_bad_rows_when_asked_to(bureau, tmp_path, capsys):
    code, told = run(tmp_path, capsys, "projects", workbook(RESERVE), "--skip-errors")
    assert (code, told["created"], Project.objects.count()) == (1, 6, 6)


def test_a_dry_run_writes_nothing(bureau, tmp_path, capsys):
    code, told = run(tmp_path, capsys, "deals", SAMPLES["deals"][1], "--dry-run")
    assert (code, told["created"], Deal.objects.count()) == (0, 4, 0)


def test_an_unusable_file_ends_with_code_two_and_a_sentence(bureau, tmp_path):
    file = tmp_path / "leer.xlsx"
    file.write_bytes(b"")
    with pytest.raises(CommandError) as refusal:
        call_command("import_ledger", "projects", str(file))
    assert refusal.value.returncode == 2


def test_the_command_acts_as_the_account_it_is_given(officer, tmp_path, capsys):
    data = workbook([["企业名称"], ["示例专班企业有限公司"]])
    run(tmp_path, capsys, "companies", data, "--as", officer.username)
    assert Company.objects.get().owning_team == officer.team

"""What is refused before it can do harm, each with a sentence."""

import json
import os
import subprocess
import sys

import pytest
from django.utils import translation

from crm.ledgers import guards, reading
from crm.ledgers.book import UnusableFile
from crm.ledgers.child import main as child
from crm.ledgers.child.cells import Refused, dump
from crm.ledgers.reading import read
from crm.ledgers.turns import turn
from tests import ledger_files as files
from tests.ledger_reading import (
    FIRM,
    HEADING,
    LIMITS,
    outcome,
    refusal,
    rows_of,
    sheet_of,
)

# --- refused --------------------------------------------------------------------------------------

RENAMED = {
    "web": [
        "<html><table><tr><td>日期</td></tr></table></html>".encode("gbk"),
        b"\xef\xbb\xbf\r\n<!DOCTYPE HTML><html></html>",
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related",
        "<table><tr><td>1</td></tr></table>".encode("utf-16"),
    ],
    "other": [
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"Rar!\x1a\x07",
        b"7z\xbc\xaf\x27\x1c",
        b"\x1f\x8b\x08",
        files.package({"word/document.xml": "<w/>"}),
        files.package({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
        files.package({"xl/workbook.bin": "x"}),
        files.package({"a.txt": "x"}),
    ],
    "not_table": [bytes(range(256)) * 50, b"\x00\x01\x02\x03" * 999],
    "empty": [b"", b"\r\n  \t", b"\x00" * 5000],
    "nothing": [b"\xef\xbb\xbf", b",,,\n,,,\n", files.workbook({"a": []}), files.workbook({})],
}


@pytest.mark.parametrize(
    ("data", "code"), [(data, code) for code, group in RENAMED.items() for data in group]
)
def test_what_is_no_table_is_refused_by_its_content(data, code):
    assert refusal(data, "台账.xls") == code


def test_more_than_ten_megabytes_are_refused():
    assert refusal(b"a,b\n" * 2_700_000, "a.csv") == "upload"


@pytest.mark.parametrize("kept", [4, 30, 200, 700, 1100])
def test_a_truncated_workbook_is_damaged(kept):
    assert refusal(files.workbook({"a": [HEADING, FIRM]})[:kept]) == "damaged"


@pytest.mark.parametrize(
    "part", ["[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"]
)
def test_a_workbook_without_one_of_its_parts_is_refused(part):
    found = files.parts({"a": files.sheet(files.rows([HEADING]))})
    del found[part]

    assert refusal(files.package(found)) in ("damaged", "other")


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"])
def test_a_part_that_is_no_xml_is_damage(part):
    found = files.parts({"a": files.sheet(files.rows([HEADING]))})

    assert refusal(files.package(found | {part: "<a><b></a>"})) in ("damaged", "nothing")


def test_a_missing_shared_text_is_damage():
    data = files.sheet('<row r="1"><c r="A1" t="s"><v>9</v></c></row>')

    assert refusal(files.xlsx(data)) == "damaged"


def test_a_sheet_that_is_not_there_is_damage():
    found = files.parts({"a": files.sheet(files.rows([HEADING]))})
    del found["xl/worksheets/sheet1.xml"]

    assert refusal(files.package(found)) == "damaged"


@pytest.mark.parametrize(
    "part",
    ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"],
)
def test_a_doctype_in_any_part_is_refused(part):
    assert refusal(files.with_outside_entity(part)) == "doctype"


def test_a_doctype_on_the_seam_of_two_chunks_is_refused():
    blanks = " " * ((1 << 20) - 4)

    assert refusal(files.xlsx(blanks + "<!DOCTYPE x>" + files.sheet(""))) == "doctype"


def test_a_protected_workbook_asks_for_the_password_to_be_removed():
    assert refusal(files.protected()) == "password"


def test_a_zip_of_too_many_parts_is_refused():
    assert refusal(files.many_entries(2000)) == "entries"


def test_what_only_inflates_is_refused():
    assert refusal(files.inflating(82)) == "inflates"


def test_other_parts_that_inflate_too_far_are_refused():
    found = files.parts({"a": files.sheet(files.rows([HEADING]))})
    found["xl/sharedStrings.xml"] = " " * (81 << 20)

    assert refusal(files.package(found)) == "inflates"


def test_texts_in_the_place_of_a_sheet_have_the_same_limit():
    found = files.parts({"a": files.sheet(files.rows([HEADING]))}, strings="<si/>")
    found["xl/worksheets/strings.xml"] = " " * (81 << 20)
    links = "xl/_rels/workbook.xml.rels"
    found[links] = found[links].replace("sharedStrings.xml", "worksheets/strings.xml")

    assert refusal(files.package(found)) == "inflates"


def test_a_doctype_in_another_encoding_is_refused():
    found = files.parts({"a": files.sheet(files.rows([HEADING]))})
    found["xl/workbook.xml"] = '<!DOCTYPE x [<!ENTITY e "e">]><x/>'.encode("utf-16-be")

    assert refusal(files.package(found)) == "doctype"


def test_the_parts_together_may_not_inflate_too_far(monkeypatch):
    monkeypatch.setitem(LIMITS, "inflated", 400)
    found = files.parts({"a": files.sheet(files.rows([HEADING]))})

    assert outcome(files.package(found)) == "inflates"


def test_formatting_has_its_limit_too(monkeypatch):
    monkeypatch.setitem(LIMITS, "raw", 1000)

    assert outcome(files.xlsx(files.sheet(files.rows([[None]] * 100)))) == "inflates"


def test_an_answer_may_not_grow_too_long():
    with pytest.raises(Refused, match="text"):
        dump(child.answer(files.workbook({"a": [HEADING]}), LIMITS), 50)


def test_one_text_of_a_whole_file_is_no_table():
    assert refusal(b"a,b\n" + b"x" * 40_000, "a.csv") == "not_table"


def test_a_far_cell_of_an_old_workbook_is_named(monkeypatch):
    monkeypatch.setitem(LIMITS, "rows", 5)

    assert outcome(files.xls()) == "rows"


def test_macros_are_refused():
    assert refusal(files.with_macros(), "台账.xlsm") == "macro"


def test_a_workbook_that_announces_macros_is_refused():
    found = files.parts({"a": files.sheet(files.rows([HEADING]))})
    found["[Content_Types].xml"] = found["[Content_Types].xml"].replace(
        "application/xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    )

    assert refusal(files.package(found)) == "macro"


def test_an_encrypted_zip_asks_for_the_password_to_be_removed():
    data = bytearray(files.workbook({"a": [HEADING]}))
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1

    assert refusal(bytes(data)) == "password"


def test_rows_count_up_to_the_last_that_is_not_empty():
    most = guards.MAX_ROWS + guards.HEADING_ROWS

    assert len(sheet_of(files.row(1, HEADING), files.row(most, FIRM)).rows) == most
    data = files.sheet(files.row(1, HEADING) + files.row(most + 1, FIRM))
    assert refusal(files.xlsx(data)) == "rows"


def test_the_refusal_names_the_sheet_and_the_place():
    with translation.override("en"), pytest.raises(UnusableFile) as refused:
        read(files.far_cell(), "台账.xlsx")

    assert str(refused.value) == (
        "Sheet “Sheet1” has content in row 1048576; at most 50000 rows can be read."
    )


def test_two_hundred_columns_and_no_more_are_read():
    assert len(sheet_of(files.row(1, [1] * 200)).rows[0]) == 200
    assert refusal(files.xlsx(files.sheet(files.row(1, [1] * 201)))) == "columns"


def test_formatted_cells_far_out_are_not_content():
    data = files.row(1, HEADING) + '<row r="1048576"><c r="XFD1048576" s="1"/></row>'

    assert sheet_of(data, tail=files.merges("A1:XFD1")).rows == [tuple(HEADING)]


def test_more_rows_are_read_when_asked_for():
    data = files.csv([["a", "b"]] * 60_000)

    assert refusal(data, "a.csv") == "rows"
    assert len(read(data, "a.csv", rows=70_000).sheets[0].rows) == 60_000


# --- bombs ----------------------------------------------------------------------------------------

BOMBS = {
    "a cell at XFD1048576": (files.far_cell, "rows"),
    "500 MB of blanks": (files.inflating, "inflates"),
    "350 MB of blanks": (lambda: files.inflating(350), "inflates"),
    "a false size": (
        lambda: files.understated(files.inflating(90), "xl/worksheets/sheet1.xml"),
        "damaged",
    ),
    "60,000 entries": (files.many_entries, "entries"),
    "a billion laughs": (files.with_entities, "doctype"),
    "12 GB of one text": (files.repeated_text, "memory"),
    "100 MB of cells": (lambda: files.full_of_numbers(20_000, 80), "inflates"),
    "a password": (files.protected, "password"),
}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured and limited on Linux")
@pytest.mark.parametrize(("bomb", "code"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_in_time_and_memory(bomb, code, tmp_path):
    data, file = bomb(), tmp_path / "bomb.xlsx"
    file.write_bytes(data)

    seconds, kilobytes, found = _measured(file)

    # On a busy machine the time may be up before anything else is.
    assert found in {code, "slow"}
    assert (seconds < 10, kilobytes < 1_200_000) == (True, True)


_MEASURE = """
import json, resource, sys, time
from pathlib import Path
from django.conf import settings
settings.configure(USE_I18N=False)
from crm.ledgers.reading import read
from crm.ledgers.turns import turn
from crm.ledgers.book import UnusableFile
data, began, found = Path(sys.argv[1]).read_bytes(), time.monotonic(), "read"
try:
    read(data, sys.argv[1])
except UnusableFile as error:
    found = error.code
own = next(line for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([time.monotonic() - began, int(own.split()[1]) + child, found]))
"""


def _measured(file) -> tuple[float, int, str]:
    """Seconds, peak kilobytes of parent and child together, and the code of the refusal."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(file)], capture_output=True, check=True, timeout=60,
        env=os.environ | {"PYTHONPATH": "."},
    )  # fmt: skip
    return tuple(json.loads(done.stdout))


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured and limited on Linux")
def test_a_child_that_dies_leaves_a_sentence_behind():
    assert refusal(files.far_cell_in_disguise()) == "memory"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits only the time on the clock")
def test_a_child_that_computes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(guards, "PROCESSOR_SECONDS", 1)
    data = files.xlsx(files.sheet('<row r="1">' + '<c r="A1" t="e" ' * 200_000))

    assert refusal(data) == "slow"


def test_a_child_that_cannot_start_is_logged(monkeypatch, caplog):
    monkeypatch.setattr(reading, "_START", "raise SystemExit('no reader')")
    monkeypatch.setattr(reading, "_COMMAND", ["-I", "-c", reading._START])

    assert refusal(b"a,b\n") == "failed"
    assert "no reader" in caplog.text


def _effort() -> float:
    """Processor seconds of this process and its ended children, whatever else the machine does."""
    return sum(os.times()[:4])


@pytest.mark.slow
def test_a_sheet_formatted_to_its_end_is_read_quickly():
    data = files.formatted_to_the_end()
    began = _effort()

    assert read(data, "台账.xlsx").sheets[0].rows == [tuple(HEADING), tuple(FIRM)]
    assert _effort() - began < 2


@pytest.mark.slow
def test_ten_thousand_rows_of_twenty_columns_take_little():
    data = files.full_of_numbers(10_000, 20)
    began = _effort()

    assert len(read(data, "台账.xlsx").sheets[0].rows) == 10_000
    assert _effort() - began < 1.5


def test_a_child_that_runs_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(guards, "CLOCK_SECONDS", 0.01)

    assert refusal(files.workbook({"a": [HEADING]})) == "slow"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured and limited on Linux")
def test_a_child_that_needs_too_much_memory_is_ended(monkeypatch):
    monkeypatch.setattr(guards, "MEMORY", 60 << 20)

    assert refusal(files.full_of_numbers(20_000, 30)) == "memory"


def test_an_answer_that_is_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(guards, "MAX_ANSWER", 1000)

    assert refusal(files.full_of_numbers(500, 20)) == "text"


def test_the_child_sees_nothing_of_our_environment(monkeypatch):
    monkeypatch.setenv("PYTHONSTARTUP", "x")
    monkeypatch.setenv("PYTHONHASHSEED", "no number: Python would not start")

    assert rows_of(files.workbook({"a": [HEADING]})) == [tuple(HEADING)]


# --- turns ----------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="there every file is read at once")
def test_only_so_many_files_are_read_at_once(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with turn(at_once=1, wait=0), pytest.raises(UnusableFile) as refused, turn(at_once=1, wait=0):
        pass

    assert refused.value.code == "busy"


@pytest.mark.skipif(sys.platform == "win32", reason="there every file is read at once")
def test_a_place_is_free_again_after_a_reader(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    for _reader in range(3):
        with turn(at_once=1, wait=0):
            pass

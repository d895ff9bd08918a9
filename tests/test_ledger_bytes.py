"""Any bytes are read or refused, and what was put into a file comes back."""

import json
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crm.ledgers import guards
from crm.ledgers.child import main as child
from crm.ledgers.child.cells import dump
from tests import ledger_files as files
from tests.ledger_reading import (
    FIRM,
    HEADING,
    LIMITS,
    outcome,
)


@given(st.binary(max_size=400))
@example(b"PK\x05\x06" + b"\x00" * 18)
def test_any_bytes_are_read_or_refused(data):
    assert outcome(data) in {"read", *guards.SENTENCES}


@pytest.mark.parametrize("maker", [files.xls, lambda: files.workbook({"a": [HEADING, FIRM] * 9})])
def test_a_file_with_flipped_bytes_is_read_or_refused(maker):
    data, chance, found = maker(), random.Random(7), set()  # noqa: S311
    for _ in range(300):
        broken = bytearray(data)
        for _ in range(chance.randint(1, 8)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        found.add(_survives(bytes(broken)))

    assert found <= {"read", "panic", *guards.SENTENCES}


def _survives(data: bytes) -> str:
    """As ``outcome``; a panic of the reader ends the child, which reads as damage outside."""
    try:
        return outcome(data)
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        return "panic"


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30),
)


@settings(max_examples=60)
@given(st.lists(st.lists(CELLS, max_size=6), max_size=8))
def test_what_a_workbook_holds_is_what_was_put_into_it(table):
    with_marker = [["起"], *table]

    answer = child.answer(files.workbook({"a": with_marker}), LIMITS)

    found = json.loads(dump(answer, LIMITS["answer"]))["sheets"][0]["rows"]
    assert found == _trimmed(with_marker)


def _trimmed(table):
    rows = [list(row) for row in table]
    for row in rows:
        while row and row[-1] is None:
            row.pop()
    while not rows[-1]:
        rows.pop()
    return rows


TEXTS = st.text('甲乙丙,;\t"\n1aé😀', min_size=1, max_size=8).filter(str.strip)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"]),
)
def test_text_comes_back_from_any_encoding(table, encoding):
    # Regular rows first: they say which delimiter it is.
    regular = [("名称", "备注")] * (2 * len(table) + 2)

    answer = child.answer(files.csv([*regular, *table], encoding=encoding), LIMITS)

    assert answer["sheets"][0]["rows"] == [list(row) for row in [*regular, *table]]

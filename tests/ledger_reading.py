"""What tests of reading ask of a ledger file: its rows, or how it is refused."""

import json

import pytest

from crm.ledgers import guards
from crm.ledgers.book import Book, Sheet, UnusableFile
from crm.ledgers.child import main as child
from crm.ledgers.child.cells import Refused, dump
from crm.ledgers.reading import read
from tests import ledger_files as files

HEADING = ["日期", "企业名称"]
FIRM = ["2025-05-12", "示例数据有限公司"]
LIMITS = guards.limits()
# What the parent sees without or instead of the child.
OUTSIDE = {"upload", "empty", "slow", "memory", "text", "failed"}


def book_of(data: bytes, name: str = "台账.xlsx") -> Book:
    """What the child tells of a file, and what its code tells without a process of its own."""
    book = read(data, name)
    here = json.loads(dump(child.answer(data, LIMITS), LIMITS["answer"]))
    assert [len(sheet["rows"]) for sheet in here["sheets"]] == [
        len(sheet.rows) for sheet in book.sheets
    ]
    return book


def rows_of(data: bytes, name: str = "台账.xlsx") -> list[tuple]:
    """The rows of the first sheet."""
    return book_of(data, name).sheets[0].rows


def sheet_of(*rows: str, tail: str = "", **options) -> Sheet:
    """The first sheet of a workbook made of these rows' XML."""
    return book_of(files.xlsx(files.sheet("".join(rows), tail), **options)).sheets[0]


def refusal(data: bytes, name: str = "台账.xlsx") -> str:
    """The code with which a file is refused, in the child as here."""
    with pytest.raises(UnusableFile) as refused:
        read(data, name)
    code = refused.value.code
    assert str(refused.value), "a refusal is a sentence"
    assert code in OUTSIDE or outcome(data) == code
    return code


def outcome(data: bytes) -> str:
    """What the child makes of bytes: a code, or "read"."""
    try:
        dump(child.answer(data, LIMITS), LIMITS["answer"])
    except Refused as refused:
        return refused.code
    return "read"

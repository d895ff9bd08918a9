"""What no ledger may exceed, and the sentence for every way in which a file can be unusable."""

from django.utils.translation import gettext_lazy as _

from .book import UnusableFile

MEGABYTE = 1 << 20
MAX_UPLOAD = 10 * MEGABYTE
MAX_INFLATED = 80 * MEGABYTE  # what is left of the parts that are read
MAX_RAW = 400 * MEGABYTE  # … and before cells that are only formatted are left out
MAX_ENTRIES = 2000
MAX_ROWS = 50_000
HEADING_ROWS = 50  # titles, headings, totals and notes beside the rows
MAX_COLUMNS = 200
MAX_ANSWER = 64 * MEGABYTE
MEMORY = 1000 * MEGABYTE
PROCESSOR_SECONDS = 8
CLOCK_SECONDS = 9

SENTENCES = {
    "empty": _("The file is empty."),
    "upload": _("The file is larger than %(limit)s MB."),
    "inflates": _(
        "The file unpacks to more than %(limit)s MB; copy the table alone into a new workbook."
    ),
    "entries": _(
        "The file consists of more than %(limit)s parts; copy the table alone into a new workbook."
    ),
    "doctype": _(
        "The file contains XML definitions that no workbook needs; "
        "copy the table into a new workbook."
    ),
    "macro": _("The file contains macros; save it as .xlsx without macros."),
    "password": _("The file is protected with a password; remove the password and save it again."),
    "web": _(
        "The file is a web page named like a workbook; "
        "open it in Excel or WPS and save it as .xlsx."
    ),
    "other": _("The file is of the kind %(kind)s; save the table as .xlsx, .xls or .csv."),
    "not_table": _("The file is neither a workbook nor a text table."),
    "damaged": _(
        "The file is damaged or incomplete; open it in Excel or WPS and save it again as .xlsx."
    ),
    "nothing": _("The file holds no rows."),
    "rows": _("Sheet “%(sheet)s” has content in row %(row)s; at most %(limit)s rows can be read."),
    "columns": _(
        "Sheet “%(sheet)s” has content in column %(column)s; at most %(limit)s columns can be read."
    ),
    "text": _("The file holds too much text to be read at once; split it into several files."),
    "memory": _("The file needs too much memory; copy the table alone into a new workbook."),
    "failed": _("The file could not be read; the reason is in the log of the server."),
    "busy": _("Other files are being read at this moment; send the file again in a minute."),
    "slow": _("Reading the file takes too long; copy the table alone into a new workbook."),
}
_LIMITS = {
    "upload": MAX_UPLOAD // MEGABYTE,
    "inflates": MAX_INFLATED // MEGABYTE,
    "entries": MAX_ENTRIES,
    "rows": MAX_ROWS,
    "columns": MAX_COLUMNS,
}
NOTES = {
    "quote": _("A quotation mark is never closed; quotation marks were read as plain text."),
    "lost": _("Some characters could not be decoded; they show as �."),
}


def unusable(code: str, **values) -> UnusableFile:
    """The refusal with its sentence; a code nobody knows reads as damaged."""
    sentence = SENTENCES.get(code, SENTENCES["damaged"])
    return UnusableFile(sentence % {"limit": _LIMITS.get(code, ""), **values}, code)


def check_upload(data: bytes) -> None:
    """Raises UnusableFile when the bytes need no reading to be refused."""
    if not data.strip(b"\x00\t\r\n "):
        raise unusable("empty")
    if len(data) > MAX_UPLOAD:
        raise unusable("upload")


def limits(rows: int = MAX_ROWS) -> dict[str, int]:
    """The limits as the child wants them told."""
    return {
        "inflated": MAX_INFLATED,
        "raw": MAX_RAW,
        "entries": MAX_ENTRIES,
        "rows": rows + HEADING_ROWS,
        "columns": MAX_COLUMNS,
        "answer": MAX_ANSWER,
        "memory": MEMORY,
        "seconds": PROCESSOR_SECONDS,
    }

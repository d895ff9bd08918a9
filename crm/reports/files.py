"""A report as a file of one of the offered kinds."""

from collections.abc import Callable

from . import as_csv, as_docx, as_json, xlsx
from .table import Table

# ending → (how it is rendered, what it is sent as)
FORMATS: dict[str, tuple[Callable[..., bytes], str]] = {
    "xlsx": (xlsx.render, xlsx.CONTENT_TYPE),
    "csv": (as_csv.render, as_csv.CONTENT_TYPE),
    "docx": (as_docx.render, as_docx.CONTENT_TYPE),
    "json": (as_json.render, as_json.CONTENT_TYPE),
}


def render(table: Table, ending: str, *, by) -> bytes:
    """As the person ``by`` may take it out; raises KeyError for an ending that is not offered."""
    return FORMATS[ending][0](table, by=by)

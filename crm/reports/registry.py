"""All reports and documents by name: what commands and pages offer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from crm.freezing import caution

from .asking import Asked
from .table import Table


@dataclass(frozen=True)
class Report:
    """A question with its answer as a table.

    ``build(asked) → Table``; ``draw(asked, table, link) → SVG`` where ``link`` turns what is behind
    a cell into an address; ``by`` are the ways it may be split, the first is the usual one;
    ``figure`` names the indicator that stands for the report where all are offered; ``is_now``
    says that it tells how things stand today, whichever days are asked for; ``answer(asked,
    table)`` are a few parts (``Said``) that answer the report's question at a glance.
    """

    name: str
    title: str
    description: str
    build: Callable[[Asked], Table]
    draw: Callable | None = None
    by: Mapping[str, str] = field(default_factory=dict)
    figure: str = ""
    is_now: bool = False
    answer: Callable | None = None


@dataclass(frozen=True)
class Document:
    """A written report: ``render(scope, period) → bytes`` of a file that ends in ``suffix``."""

    name: str
    title: str
    description: str
    render: Callable
    suffix: str = "docx"


REPORTS: dict[str, Report] = {}
DOCUMENTS: dict[str, Document] = {}


def add_report(report: Report) -> Report:
    """Offer it; whatever it is made of, its table says when the days asked for are frozen."""

    def build(asked: Asked) -> Table:
        table = report.build(asked)
        return table if table.caution else table.warned(caution(asked.scope, asked.period))

    REPORTS[report.name] = replace(report, build=build)
    return REPORTS[report.name]


def add_document(document: Document) -> Document:
    DOCUMENTS[document.name] = document
    return document

"""Where a person may be named: columns of text, and the rows in which a name means this person."""

import json

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from .words import Words

SHORTEST_TEXT = 21  # shorter columns hold codes
# Texts that name nobody, and the audit trail, which never holds personal data.
LEFT_ALONE = {
    "auditentry", "calendarfeed", "erasure", "fieldchange", "importplan", "oldpassword", "robot",
    "signin", "submission", "user", "walltoken",
}  # fmt: skip
# Kept on the way in and out: here a name goes wherever it stands, a namesake's with it.
ON_THE_WAY = {
    "changedrow", "changeset", "exportlog", "importjob", "importrow", "merge", "outgoing",
    "savedview",
}  # fmt: skip
# From a row to the firm or the contact that it is about.
TIES = (
    "company", "contact", "lead_investor", "project__lead_investor", "project__contact",
    "their_people", "visit__company", "visits__company", "deal__project__lead_investor",
    "request__company", "request__project__lead_investor", "directive__company",
    "directive__project__lead_investor", "other_project__lead_investor",
)  # fmt: skip


def texts_of(model) -> list:
    """Columns in which people write, or in which what they wrote is kept."""
    return [field for field in model._meta.concrete_fields if _holds_words(field)]


def _holds_words(field) -> bool:
    if isinstance(field, models.JSONField):
        return True
    if not isinstance(field, models.CharField | models.TextField) or field.choices:
        return False
    is_long = field.max_length is None or field.max_length >= SHORTEST_TEXT
    return is_long and not field.name.endswith(("_key", "search_text"))


def naming(model, tie: Q | None, words: Words):
    """Rows that say one of the words, as far as ``tie`` holds; None: wherever it stands."""
    rows, columns = model._base_manager.all(), []
    for field in texts_of(model):
        column = field.name
        if isinstance(field, models.JSONField):
            column = f"{field.name}_as_text"
            rows = rows.annotate(**{column: Cast(field.name, models.TextField())})
        columns.append(column)
    said = rows.filter(_saying(columns, words.names | words.numbers))
    return said if tie is None else said.filter(pk__in=model._base_manager.filter(tie).values("pk"))


def _saying(columns: list[str], texts) -> Q:
    """JSON may be stored with its signs escaped."""
    found = Q(pk__in=[])
    for spelt in {way for text in texts for way in (text, json.dumps(text)[1:-1])}:
        for column in columns:
            found |= Q(**{f"{column}__contains": spelt})
    return found


def tie_of(model, firms, contacts) -> Q | None:
    """Rows that hang on the firms or the contacts; None where a name counts wherever it stands."""
    if model._meta.model_name in ON_THE_WAY:
        return None
    found = Q(pk__in=firms if model._meta.model_name == "company" else [])
    for path in TIES:
        end = _end_of(model, path)
        if end in {"company", "contact"}:
            found |= Q(**{f"{path}__in": firms if end == "company" else contacts})
    return found


def _end_of(model, path: str) -> str:
    """The name of the model that a path leads to; "" when there is no such path."""
    for part in path.split("__"):
        fields = {field.name: field for field in model._meta.get_fields()}
        if part not in fields or fields[part].related_model is None:
            return ""
        model = fields[part].related_model
    return model._meta.model_name

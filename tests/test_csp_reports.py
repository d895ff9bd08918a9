"""What a browser reports about the content security policy: counted, logged, nothing personal."""

import json
import logging

import pytest
from django.test import Client
from prometheus_client import REGISTRY

pytestmark = pytest.mark.django_db
REPORT = {
    "document-uri": "https://crm.example/crm/contact/42/change/?q=王五",
    "effective-directive": "script-src-elem", "blocked-uri": "https://evil.example/x.js?13812345678",
    "script-sample": "alert('13812345678')",
}  # fmt: skip


def send(body, client=None):
    data = body if isinstance(body, bytes | str) else json.dumps({"csp-report": body})
    client = client or Client(enforce_csrf_checks=True)
    return client.post("/csp-report/", data, content_type="application/csp-report").status_code


def count(**labels) -> float:
    return REGISTRY.get_sample_value("crm_csp_violations_total", labels) or 0


def test_a_violation_is_counted_by_page_and_directive_and_logged_without_anything_personal(caplog):
    labels = {"directive": "script-src-elem", "page": "crm_contact_change", "blocked": "foreign"}
    before = count(**labels)
    with caplog.at_level(logging.WARNING, "crm.csp"):
        assert send(REPORT) == 204

    assert count(**labels) == before + 1
    assert caplog.messages == ["csp script-src-elem on crm_contact_change: foreign"]


@pytest.mark.parametrize(
    ("blocked", "kind"),
    [("inline", "inline"), ("eval", "eval"), ("data", "data"), ("blob:x", "blob"),
     ("https://crm.example/x", "self"), ("", "foreign")],
)  # fmt: skip
def test_what_was_stopped_is_told_by_kind_only(blocked, kind, caplog):
    with caplog.at_level(logging.WARNING, "crm.csp"):
        send(REPORT | {"blocked-uri": blocked})
    assert caplog.messages[0].endswith(f": {kind}")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"csp-report": 1}', b'{"csp-report": {}}', b"\xff\xfe",
     b'{"csp-report": {"violated-directive": "", "document-uri": "x"}}', b"[" * 8_000,
     b'{"csp-report": {"violated-directive": "a", "document-uri": "http://["}}', b"x" * 100_000],
)  # fmt: skip
def test_whatever_is_no_report_is_passed_over(body, caplog):
    with caplog.at_level(logging.WARNING, "crm.csp"):
        assert send(body) == 204
    assert caplog.messages == []


def test_labels_stay_few_whatever_is_sent(caplog):
    with caplog.at_level(logging.WARNING, "crm.csp"):
        send(REPORT | {"effective-directive": "made-up", "document-uri": "https://crm.example/no"})
    assert caplog.messages == ["csp other on other: foreign"]


def test_every_page_tells_browsers_where_to_report(client):
    assert "report-uri /csp-report/" in client.get("/login/").headers["Content-Security-Policy"]
    assert client.get("/csp-report/").status_code == 405

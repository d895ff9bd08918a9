"""The parts the product is made of: pinned with hashes, their licences known, faults asked for."""

import json
import re
from email.message import Message
from pathlib import Path

import pytest

from tests.supply import faults, licences

ROOT = licences.ROOT
FILES = ("requirements.txt", "requirements-dev.txt", "requirements-audit.txt")


def about(**headers) -> Message:
    message = Message()
    for name, values in headers.items():
        for value in values if isinstance(values, list) else [values]:
            message[name.replace("_", "-")] = value
    return message


@pytest.mark.parametrize("name", FILES)
def test_every_package_is_pinned_with_hashes(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    loose = [e.split()[0] for e in entries if "==" not in e or "--hash=sha256:" not in e]
    assert (len(entries) > 10, loose) == (True, [])
    assert "index-url" not in text


def test_every_direct_dependency_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = [
        line for line in text.splitlines() if re.match(r'    "[A-Za-z][\w.\[\],-]*[><=;]', line)
    ]
    bare = [line.strip() for line in listed if "#" not in line]
    assert (len(listed) > 20, bare) == (True, [])


def test_the_licence_of_every_package_in_production_is_known_and_allowed(capsys):
    assert licences.main() == 0
    shown = capsys.readouterr().out
    assert "django " in shown
    assert "BSD-3-Clause" in shown


@pytest.mark.parametrize(
    ("headers", "licence", "allowed"),
    [
        ({"License_Expression": "MIT"}, "MIT", True),
        ({"License_Expression": "GPL-3.0-only OR MIT"}, "GPL-3.0-only OR MIT", True),
        ({"License_Expression": "MIT AND GPL-3.0-only"}, "MIT AND GPL-3.0-only", False),
        ({"License": "AGPL-3.0"}, "AGPL-3.0", False),
        ({"Classifier": ["License :: OSI Approved :: BSD License"]}, "BSD-3-Clause", True),
        ({"License": "Permission is hereby " * 20}, "", False),
        ({}, "", False),
    ],
)
def test_an_unknown_or_forbidden_licence_is_found(headers, licence, allowed):
    found = licences.licence_of(about(**headers))
    assert (found, licences.is_allowed(found)) == (licence, allowed)


def test_a_bad_licence_fails_the_command(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(licences, "found_in", lambda path: {"trap": ("1.0", "GPL-3.0-only")})
    assert licences.main() == 1
    assert "trap: GPL-3.0-only" in capsys.readouterr().err


GOOD = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1"}]}
SKIPPED = {"name": "c", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("packages", "code"),
    [([GOOD], 0), ([GOOD, BAD], 1), ([BAD, SKIPPED], 1), ([GOOD, SKIPPED], 3), ([SKIPPED], 3)],
)
def test_what_was_not_asked_is_never_taken_for_clean(packages, code):
    assert faults.judged(json.dumps({"dependencies": packages}))[0] == code


def test_without_an_answer_the_audit_fails_unless_it_is_optional(monkeypatch, tmp_path):
    tool = tmp_path / "pip-audit"
    tool.write_text("#!/bin/sh\necho no network >&2\nexit 1\n")
    tool.chmod(0o755)
    assert faults.main(str(tool)) == 3
    monkeypatch.setenv("OPTIONAL", "1")
    assert faults.main(str(tool)) == 0


def test_ci_asks_for_faults_and_lists_licences_and_parts():
    run = Path(ROOT / ".ci/run").read_text(encoding="utf-8")
    assert [word for word in ("make audit", "make licences", "make sbom") if word not in run] == []

"""The API keeps to its own description, whatever is sent to it, allowed there or not."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import positive_data_acceptance

from crm.api.spec import specification

from . import make
from .asking import System

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SETTINGS = settings(
    max_examples=2, phases=[Phase.generate], derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
# A description cannot say that a date may not lie in the future: rules refuse valid data.
RULES = [positive_data_acceptance]


@pytest.fixture
def world(settings):
    """A row of every kind, and a system that may do everything."""
    settings.ALLOWED_HOSTS = ["localhost"]
    for signal in (request_started, request_finished):  # as Django's own test client does
        signal.disconnect(close_old_connections)
    project = make.project(park=make.park(), segment=make.segment())
    about = {"company": project.lead_investor, "project": project}
    make.contact(company=project.lead_investor, mobile="13812345678")
    make.visit(**about), make.deal(project=project), make.arrival(project=project)
    make.follow_up(**about), make.request(**about), make.region()
    yield System()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def described(mode) -> schemathesis.BaseSchema:
    with translation.override("en"):
        written = specification()
    if mode is GenerationMode.NEGATIVE:  # the token that we send is always a good one
        for operation in (o for path in written["paths"].values() for o in path.values()):
            operation.pop("security")
    schema = schemathesis.openapi.from_dict(written)
    schema.app = get_wsgi_application()
    schema.config.checks.negative_data_rejection.expected_statuses.append("412")
    return schema


def ask_everything(system, mode) -> list[int]:
    """Send every operation what the mode makes of it; returns the statuses of the answers."""
    seen = []
    for found in described(mode).get_all_operations():
        operation = found.ok()

        @SETTINGS
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            if mode is GenerationMode.POSITIVE and case.path_parameters:
                case.path_parameters["id"] = 1
            answer = case.call(headers=system.headers)
            seen.append(answer.status_code)
            case.validate_response(answer, headers=system.headers, excluded_checks=RULES)

        ask()
    return seen


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_operation_answers_as_described(world, mode):
    seen = ask_everything(world, mode)
    assert len(seen) > 90
    assert {200, 400} <= set(seen) if mode is GenerationMode.POSITIVE else 400 in seen
    assert max(seen) < 500

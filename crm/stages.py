"""Stages of a project: their order, who may move, and what must be there to enter each one.

Source: the city's practice as written in the trade reference, "life of a project". The table
``REQUIREMENTS`` answers both "may it move?" and "what is missing?"; nothing else decides.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(models.TextChoices):
    LEAD = "lead", _("lead")
    NEGOTIATING = "negotiating", _("in talks")
    RESERVE = "reserve", _("reserve")
    SIGNED = "signed", _("signed")
    LANDED = "landed", _("landed")
    BUILDING = "building", _("building")
    PRODUCING = "producing", _("producing")


class ProjectStatus(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("project status", "active")
    ON_HOLD = "on_hold", _("on hold")
    LOST = "lost", _("lost")
    TERMINATED = "terminated", _("terminated")
    MERGED = "merged", _("merged")


class Step(models.TextChoices):
    """What kind of move it is; each kind needs its own permission."""

    FORWARD = "forward", _("forward")
    BACK = "back", _("back")
    JUMP = "jump", _("jump")


ORDER: tuple[str, ...] = tuple(Stage.values)
# These enter the published figures, so a second person of the bureau has to confirm them.
CONFIRMED_STAGES = frozenset({Stage.SIGNED, Stage.PRODUCING})
# Days without a move after which a project counts as stale; the bureau edits them (StageRule).
STALE_DAYS = {
    Stage.LEAD: 45,
    Stage.NEGOTIATING: 30,
    Stage.RESERVE: 60,
    Stage.SIGNED: 20,
    Stage.LANDED: 60,
    Stage.BUILDING: 90,
}
# Likelihood in percent for the weighted pipeline until the bureau sets its own.
LIKELIHOOD = {
    Stage.LEAD: 10,
    Stage.NEGOTIATING: 25,
    Stage.RESERVE: 50,
    Stage.SIGNED: 90,
    Stage.LANDED: 95,
    Stage.BUILDING: 100,
    Stage.PRODUCING: 100,
}


def position(stage: str) -> int:
    """Place of a stage in the order; raises ValueError for a stage that does not exist."""
    return ORDER.index(stage)


def reached(stage: str) -> tuple[str, ...]:
    """The stage and all after it: "landed or later"."""
    return ORDER[position(stage) :]


def following(stage: str) -> str | None:
    """The next stage, None after the last."""
    return ORDER[position(stage) + 1] if stage != ORDER[-1] else None


def preceding(stage: str) -> str | None:
    """The stage before, None before the first."""
    return ORDER[position(stage) - 1] if stage != ORDER[0] else None


def entered(origin: str, target: str) -> tuple[str, ...]:
    """The stages that a move forward enters, those it jumps over included; none when going back."""
    return ORDER[position(origin) + 1 : position(target) + 1]


def step(origin: str, target: str) -> Step:
    """Kind of the move; one stage forward or back is ordinary, anything else a jump."""
    distance = position(target) - position(origin)
    if distance == 1:
        return Step.FORWARD
    return Step.BACK if distance == -1 else Step.JUMP


def permission_for(origin: str, target: str) -> str:
    """Permission code that a user needs to make this move directly.

    Up to the reserve pool the teams move themselves; signing and everything after is proposed by
    them and made by the bureau. Going back before signing is the team lead's, after it the
    bureau's.
    """
    kind = step(origin, target)
    if kind is Step.JUMP:
        return "jump_stage"
    if kind is Step.BACK:
        return "move_back" if position(origin) < position(Stage.SIGNED) else "jump_stage"
    return "advance_project" if position(target) <= position(Stage.RESERVE) else "confirm_stage"


@dataclass(frozen=True)
class Requirement:
    """One thing that must be there from ``stage`` on.

    ``link`` names the field (or the relation of the record page) where it is filled in.
    """

    key: str
    stage: str
    label: str
    link: str
    met: Callable[[object], bool]


REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement("firm", Stage.LEAD, _("lead investor"), "lead_investor",
                lambda p: p.lead_investor_id is not None),
    Requirement("source", Stage.LEAD, _("source of the lead"), "source",
                lambda p: bool(p.source)),
    Requirement("team", Stage.LEAD, _("reporting task force"), "lead_team",
                lambda p: p.lead_team_id is not None),
    Requirement("content", Stage.LEAD, _("one line of content"), "summary",
                lambda p: bool(p.summary)),
    Requirement("contact", Stage.NEGOTIATING, _("named contact"), "contact",
                lambda p: p.contact_id is not None),
    Requirement("contact_record", Stage.NEGOTIATING, _("a visit or other contact record"),
                "visits", lambda p: p.has_contact_record()),
    Requirement("name", Stage.NEGOTIATING, _("project name"), "name", lambda p: bool(p.name)),
    Requirement("segment", Stage.NEGOTIATING, _("chain segment"), "segment",
                lambda p: p.segment_id is not None),
    Requirement("planned", Stage.NEGOTIATING, _("planned investment, or marked undetermined"),
                "planned_yuan", lambda p: p.planned_is_stated()),
    Requirement("no_conflict", Stage.NEGOTIATING, _("no open conflict"), "conflicts",
                lambda p: not p.has_open_conflict()),
    Requirement("assessment", Stage.RESERVE, _("assessment passed, with a note or file"),
                "assessments", lambda p: p.has_passed_assessment()),
    Requirement("site", Stage.RESERVE, _("intended park or site"), "park",
                lambda p: p.park_id is not None or bool(p.site_text)),
    Requirement("planned_amount", Stage.RESERVE, _("planned investment"), "planned_yuan",
                lambda p: p.planned_yuan is not None),
    Requirement("planned_signing", Stage.RESERVE, _("planned signing month"),
                "planned_signing_on", lambda p: p.planned_signing_on is not None),
    Requirement("owner", Stage.RESERVE, _("officer responsible"), "owner",
                lambda p: p.owner_id is not None),
    Requirement("next_step", Stage.RESERVE, _("next step with a date"), "next_step",
                lambda p: bool(p.next_step) and p.next_step_on is not None),
    Requirement("deal", Stage.SIGNED, _("a formal contract in force, with its number"), "deals",
                lambda p: p.contract_is("number")),
    Requirement("deal_parties", Stage.SIGNED, _("contract: parties"), "deals",
                lambda p: p.contract_has_parties()),
    Requirement("deal_amount", Stage.SIGNED, _("contract: amount"), "deals",
                lambda p: p.contract_is("amount_yuan")),
    Requirement("deal_date", Stage.SIGNED, _("contract: date of signing"), "deals",
                lambda p: p.contract_is("signed_on")),
    Requirement("fair_competition", Stage.SIGNED, _("fair-competition check, or no support clause"),
                "deals", lambda p: p.contract_is("is_fair_checked")),
    Requirement("credit", Stage.SIGNED, _("credit shares that add up to 100 %"), "credit_shares",
                lambda p: p.credit_adds_up()),
    Requirement("landing", Stage.LANDED,
                _("project company with code and registration date, or filing code and site"),
                "project_company", lambda p: p.is_registered() or p.has_filing_and_site()),
    Requirement("start", Stage.BUILDING, _("actual start date"), "started_on",
                lambda p: p.started_on is not None),
    Requirement("start_evidence", Stage.BUILDING,
                _("construction permit, works contract or equipment contract, with a note"),
                "start_evidence", lambda p: bool(p.start_evidence) and bool(p.start_note)),
    Requirement("production", Stage.PRODUCING, _("production or go-live date"), "produced_on",
                lambda p: p.produced_on is not None),
    Requirement("production_evidence", Stage.PRODUCING, _("evidence of production"),
                "production_note", lambda p: bool(p.production_note)),
)  # fmt: skip

BY_KEY = {requirement.key: requirement for requirement in REQUIREMENTS}


def required_for(stage: str) -> tuple[Requirement, ...]:
    """All requirements of a stage, those of the stages before it included."""
    limit = position(stage)
    return tuple(r for r in REQUIREMENTS if position(r.stage) <= limit)


def missing(project, stage: str) -> list[Requirement]:
    """What the project still lacks to stand in ``stage``; the empty list means it may enter."""
    return [r for r in required_for(stage) if not r.met(project)]

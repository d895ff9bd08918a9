"""Generated projects with the history of how each came to its stage and status."""

from datetime import date, timedelta
from decimal import Decimal

from crm.models import Project, StageMove, StatusChange
from crm.stages import ORDER, ProjectStatus, Stage, position

from .firms import WAN
from .parts import add_parts
from .words import CODE_WORDS, INTRODUCED, PHASES, STEPS, SUBJECTS, SURNAMES
from .world import Weighted
from .writing import continue_numbering, link, next_key, write

YI = Decimal(100_000_000)
REACHED = Weighted(
    [("lead", 20), ("negotiating", 23), ("reserve", 24), ("signed", 8), ("landed", 8),
     ("building", 9), ("producing", 8)]
)  # fmt: skip
# Days from the stage before, at least and at most.
DAYS = {
    "negotiating": (8, 60), "reserve": (20, 110), "signed": (25, 180), "landed": (10, 90),
    "building": (25, 160), "producing": (120, 400),
}  # fmt: skip
# What stood still for so long is given up or put aside, with few exceptions.
FORGOTTEN_DAYS = 240
SOURCES = Weighted(
    [("visit", 45), ("event", 14), ("referral", 13), ("inbound", 10), ("higher", 8),
     ("alliance", 6), ("press", 4)]
)  # fmt: skip
REASONS = {
    "lost": ("落地外省，用电条件更优", "企业调整投资计划", "总部未通过投决", "用地条件不符"),
    "on_hold": ("等待集团投决", "市场行情变化，暂缓", "用能指标待落实"),
    "terminated": ("双方协商解除合同", "企业资金链紧张，终止", "未按期开工，终止"),
}


def add_projects(world, size) -> None:
    first = next_key(Project)
    order = [*_shuffled(world), *_shuffled(world)][: size.projects]
    for place, index in enumerate(order):
        again = place >= len(world.firms)
        world.projects.append(_project(world, first + place, index, again=again))
    Project.number_all(world.projects)
    write(world.projects)
    link(Project.confidants.through, _confidants(world))
    write([move for p in world.projects for move in _moves(world, p)])
    write([p.given_up for p in world.projects if p.given_up])
    add_parts(world)
    continue_numbering(Project, Project.confidants.through, StageMove, StatusChange)


def _shuffled(world) -> list[int]:
    return world.dice.sample(range(len(world.firms)), len(world.firms))


def _project(world, pk, index, *, again) -> Project:
    firm = world.firms[index]
    team = firm.owning_team or world.one_of(world.teams)
    entered = _entered(world, REACHED.draw(world.dice))
    stage, reported = list(entered)[-1], entered["lead"]
    secret = world.happens(0.02)
    owner = world.one_of(world.officers[team.pk])
    project = Project(
        pk=pk, name=_name(world, firm, world.trades[index], again), lead_investor=firm,
        source=SOURCES.draw(world.dice), lead_team=team, reported_on=reported, owner=owner,
        stage=stage, stage_since=entered[stage], is_confidential=secret,
        code_name=f"{world.one_of(CODE_WORDS)}{pk}号" if secret else "", reported_at=world.moment(
            reported), **world.marked(reported, owner),
    )  # fmt: skip
    project.summary = f"{project.name}，{world.one_of(INTRODUCED)}后形成意向"
    project.entered = entered
    _fill(world, project)
    project.given_up = _given_up(world, project)
    _next_step(world, project)
    return project


def _name(world, firm, trade, again) -> str:
    subject = world.one_of(SUBJECTS[trade[2]].split())
    phase = world.one_of(PHASES[:3]) if not again else PHASES[3]
    return f"{firm.brand}{subject}{phase}项目"


def _entered(world, wanted: str) -> dict[str, date]:
    """The day each stage was entered, as far as there was time for until today."""
    day = world.day_between(world.start, world.until - timedelta(days=3))
    entered = {"lead": day}
    for stage in ORDER[1 : position(wanted) + 1]:
        day += world.days(*DAYS[stage])
        if day > world.until:
            break
        entered[stage] = day
    return entered


def _fill(world, project) -> None:
    """What each stage requires, see ``crm.stages.REQUIREMENTS``."""
    reached, pk = project.entered, project.pk
    _planned(world, project)
    if "negotiating" in reached:
        project.contact = world.contacts[project.lead_investor_id]
        project.segment = world.one_of(world.one_of(list(world.segments.values())))
    if "reserve" in reached:
        project.park = world.one_of(world.parks)
        later = reached["reserve"] + world.days(30, 300)
        project.planned_signing_on = later.replace(day=1)
        if world.happens(0.15):
            project.sponsoring_leader = f"{world.one_of(SURNAMES)}副市长"
    if "landed" in reached:
        project.filing_code = f"{reached['landed'].year}-630100-{pk:06d}"
        project.filed_on = project.site_secured_on = reached["landed"]
    if "building" in reached:
        project.started_on = reached["building"]
        project.start_evidence = world.one_of(("permit", "works", "equipment"))
        project.start_note = "现场照片及合同已存档"
    if "producing" in reached:
        project.produced_on, project.production_note = reached["producing"], "首批产能上线验收单"


def _planned(world, project) -> None:
    known = "reserve" in project.entered or world.happens(0.7)
    if not known:
        if "negotiating" in project.entered or world.happens(0.6):
            project.planned_precision, project.planned_text = "undetermined", "待定"
        return
    amount = _round(Decimal(int(world.dice.lognormvariate(9.3, 1.25)) + 300)) * WAN
    dice = world.dice.random()
    project.planned_yuan, words = amount, _words(amount)
    if dice < 0.2:
        project.planned_precision, project.planned_text = "about", f"约{words}"
    elif dice < 0.26:
        project.planned_precision, project.planned_text = "at_least", f"不低于{words}"
    elif dice < 0.3:
        project.planned_precision, project.planned_upper_yuan = "range", amount * 2
        project.planned_text = f"{words}至{_words(amount * 2)}"
    if world.happens(0.4):
        project.fixed_assets_yuan = (amount * 7 / 10).quantize(Decimal("0.01"))


def _round(number: Decimal) -> Decimal:
    """Two digits and zeros: people plan in round sums."""
    unit = Decimal(10) ** max(0, number.adjusted() - 1)
    return (number // unit) * unit


def _words(amount: Decimal) -> str:
    if amount >= YI:
        return f"{(amount / YI).normalize():f}亿元"
    return f"{(amount / WAN).normalize():f}万元"


def _given_up(world, project) -> StatusChange | None:
    quiet = (world.until - project.stage_since).days
    signed = "signed" in project.entered
    if quiet < 20 or project.stage in (Stage.BUILDING, Stage.PRODUCING):
        return None
    if not world.happens((0.45 if signed else 0.93) if quiet > FORGOTTEN_DAYS else 0.05):
        return None
    later = ProjectStatus.TERMINATED if signed else ProjectStatus.LOST
    status = later if world.happens(0.8) else ProjectStatus.ON_HOLD
    latest = min(world.until, project.stage_since + timedelta(days=FORGOTTEN_DAYS))
    day = world.day_between(project.stage_since + timedelta(days=10), latest)
    project.status = status
    return StatusChange(
        project=project, from_status=ProjectStatus.ACTIVE, to_status=status, effective_on=day,
        recorded_at=world.moment(day), by=project.owner, is_sample=True,
        reason=world.one_of(REASONS[status]),
    )  # fmt: skip


def _next_step(world, project) -> None:
    active = project.status == ProjectStatus.ACTIVE
    if "reserve" not in project.entered and not (active and world.happens(0.8)):
        return
    project.next_step = world.one_of(STEPS)
    day = world.until + world.days(-9, 45) if active else project.given_up.effective_on
    project.next_step_on = max(day, project.stage_since)


def _confidants(world):
    for project in world.projects:
        if project.is_confidential:
            colleagues = world.officers[project.lead_team_id]
            for user in {project.owner_id, world.one_of(colleagues).pk}:
                yield project.pk, user


def _moves(world, project):
    before = ""
    for stage, day in project.entered.items():
        by = world.confirming if stage in (Stage.SIGNED, Stage.PRODUCING) else project.owner
        yield StageMove(
            project=project, from_stage=before, to_stage=stage, effective_on=day, by=by,
            recorded_at=world.moment(day), is_sample=True,
        )  # fmt: skip
        before = stage

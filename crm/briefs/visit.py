"""Before a visit: who the firm is, what was, who knows whom, what is open, what to say."""

from datetime import date

from django.db.models import Count
from django.utils.translation import gettext as _

from crm import stages
from crm.models import Company, Project, Segment, Visit
from crm.money import format_yuan
from crm.papers import Paper, Section

from . import Block, joined
from .advantages import advantages_for
from .company import facts, marks, open_matters, open_projects, people, talks

HISTORY, PEOPLE, MATTERS = 4, 4, 4


def visit_brief(company: Company, reader, *, on: date) -> Paper:
    """One page, for the screen and as a Word file."""
    projects = open_projects(company, reader)
    sections = [
        Section(_("The firm"), _firm(company)),
        Section(_("With us so far"), _history(company, reader, projects)),
        Section(_("Who knows whom"),
                _told(people(company, reader, most=PEOPLE)) + _met(company, reader)),
        Section(_("Open requests and follow-ups"),
                _told(open_matters(company, reader, on, most=MATTERS))),
        Section(_("What it would fill"), _segments(company, projects, reader)),
        Section(_("What speaks for the city"), items=_advantages(company, projects)),
        Section(_("To be said"), items=talking_points(company, reader, projects, on)),
    ]  # fmt: skip
    return Paper(
        title=_("Visit brief: %(firm)s") % {"firm": company.name},
        subtitle=_("(as of %(day)s)") % {"day": on.isoformat()},
        as_of=on,
        sections=tuple(section for section in sections if section.paragraphs or section.items),
        notes=(_("For those who travel; phone numbers are not to be passed on."),),
        is_compact=True,
    )


def _firm(company: Company) -> tuple[str, ...]:
    said = [f"{label}：{value}" for label, value in facts(company)]
    known = joined(*marks(company), company.owning_team)
    return (known, "；".join(said)) if known else ("；".join(said),)


def _told(found: Block) -> tuple[str, ...]:
    if not found.lines:
        return (found.empty,)
    said = [f"{line.text}（{line.meta}）" if line.meta else line.text for line in found.lines]
    if found.more:
        said.append(_("and %(count)s more") % {"count": found.more})
    return ("；".join(said) + "。",)


def _history(company: Company, reader, projects) -> tuple[str, ...]:
    said = []
    for project in projects.order_by("-stage_since", "-pk")[:HISTORY]:
        stage, amount = project.get_stage_display(), format_yuan(project.planned_yuan)
        said.append(f"{project.name}（{joined(stage, amount)}）")
    text = (_("Projects: %(names)s.") % {"names": "、".join(said)},) if said else ()
    return text + _told(talks(company, reader, most=HISTORY))


def _met(company: Company, reader) -> tuple[str, ...]:
    """Who of ours led the talks, by how often."""
    visits = Visit.objects.live().open_to(reader).filter(company=company)
    heads = visits.exclude(delegation_head="").order_by().values_list("delegation_head")
    counted = heads.annotate(n=Count("pk")).order_by("-n", "delegation_head")[:3]
    if not counted:
        return ()
    names = "、".join(f"{name}（{n}）" for name, n in counted)
    return (_("Of ours, talks were led by %(names)s.") % {"names": names},)


def _segments(company: Company, projects, reader) -> tuple[str, ...]:
    """Each segment with what the city has in it: projects signed or later, others on their way."""
    ids = {*company.segments.values_list("pk", flat=True)}
    ids |= set(projects.exclude(segment=None).values_list("segment", flat=True))
    rows = Segment.objects.filter(pk__in=ids).select_related("chain")
    counts = _standing(ids, reader)
    return tuple(_segment(row, *counts.get(row.pk, (0, 0))) for row in rows)


def _standing(segments: set[int], reader) -> dict[int, tuple[int, int]]:
    """{segment: (signed or later, before)} of active projects the reader sees."""
    rows = Project.objects.live().visible_to(reader).active().filter(segment__in=segments)
    found: dict[int, tuple[int, int]] = {}
    for segment, stage, n in (
        rows.order_by().values_list("segment", "stage").annotate(n=Count("pk"))
    ):
        there, coming = found.get(segment, (0, 0))
        is_there = stage in stages.reached(stages.Stage.SIGNED)
        found[segment] = (there + n, coming) if is_there else (there, coming + n)
    return found


def _segment(segment: Segment, there: int, coming: int) -> str:
    place = segment.get_position_display()
    values = {"segment": segment, "place": place, "there": there, "coming": coming}
    if there:
        return (
            _("%(segment)s (%(place)s): %(there)s projects signed or later, %(coming)s coming.")
            % values
        )
    return _("%(segment)s (%(place)s): a gap, nothing signed yet, %(coming)s coming.") % values


def _advantages(company: Company, projects) -> tuple[str, ...]:
    """As the source writes it, with source and date."""
    return tuple(
        _("%(name)s: %(value)s (%(basis)s; source: “%(source)s”)") % {
            "name": fact.name, "value": fact.value_text, "basis": fact.basis or _("no basis given"),
            "source": _short(fact.source),
        }
        for fact in advantages_for(company, projects)
    )  # fmt: skip


def _short(text: str, longest: int = 46) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def talking_points(company: Company, reader, projects, on: date) -> tuple[str, ...]:
    """What follows from the records: what is open, what comes next, what was never asked."""
    points = [
        _("%(project)s: agree on “%(step)s”%(due)s")
        % {"project": p.name, "step": p.next_step,
           "due": f"（{p.next_step_on:%m-%d}）" if p.next_step_on else ""}
        for p in projects.active().exclude(next_step="").order_by("next_step_on", "pk")[:2]
    ]  # fmt: skip
    late = [line for line in open_matters(company, reader, on).lines if line.is_late]
    points += (
        [_("say where “%(what)s” stands; it is overdue") % {"what": late[0].text}] if late else []
    )
    last = Visit.objects.live().open_to(reader).filter(company=company).exclude(wants="")
    if wants := last.order_by("-held_on", "-pk").values_list("wants", flat=True).first():
        points.append(_("they asked for: %(wants)s") % {"wants": wants[:60]})
    return tuple(points + _unasked(projects))


def _unasked(projects) -> list[str]:
    """What the first project still lacks for its next stage; without a project, its intention."""
    first = projects.active().order_by("-stage_since", "-pk").first()
    if first is None:
        return [_("ask what they plan in the city, how large and when")]
    onward = stages.following(first.stage)
    lacking = [str(r.label) for r in first.missing_for(onward)] if onward else []
    if not lacking:
        return []
    return [_("clear up for %(project)s: %(what)s") % {
        "project": first.name, "what": "、".join(lacking[:4])}]  # fmt: skip

"""One firm on one page."""

from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _

from crm.models import Arrival, Company, Contact, Deal, FollowUp, Project, Request, Visit
from crm.money import format_yuan

from . import Block, Brief, Line, block, joined, shortened
from .project import talk


def company_brief(company: Company, reader, *, on: date) -> Brief:
    """All that a reader who may open the firm has to know of it on a day."""
    return Brief(
        title=company.name,
        sub=joined(*[str(name) for name in company.other_names.all()[:3]], company.owning_team),
        marks=marks(company),
        figures=_figures(company, reader),
        facts=facts(company),
        blocks=(_projects(company, reader), people(company, reader), talks(company, reader),
                open_matters(company, reader, on)),
        is_sample=company.is_sample,
    )  # fmt: skip


def marks(company: Company) -> tuple[str, ...]:
    found = [company.get_key_tier_display() if company.key_tier else ""]
    found += [company.get_ownership_display() if company.ownership else ""]
    found += [str(mark) for mark in company.marks.all()[:4]]
    if hasattr(company, "alliance"):
        part = company.alliance.get_part_display()
        found.append(_("alliance: %(part)s") % {"part": part})
    return tuple(str(mark) for mark in found if mark)


def facts(company: Company) -> tuple[tuple[str, str], ...]:
    revenue = ""
    if company.revenue_yuan is not None:
        revenue = joined(format_yuan(company.revenue_yuan), company.revenue_year)
    known = [
        (_("home region"), company.region),
        (_("industry"), company.industry),
        (_("group parent"), company.parent),
        (_("chain segments"), "、".join(str(s) for s in company.segments.all()[:4])),
        (_("last year's revenue"), revenue),
        (_("sponsoring leader"), company.sponsoring_leader),
        (_("main business"), company.main_business[:80]),
    ]
    return tuple((label, str(value)) for label, value in known if value)


def open_projects(company: Company, reader):
    """Projects the firm leads that the reader may open: the link itself is told to nobody else."""
    return Project.objects.live().open_to(reader).filter(lead_investor=company)


def _figures(company: Company, reader) -> tuple[tuple[str, str], ...]:
    projects = open_projects(company, reader)
    ids = projects.values("pk")
    deals = Deal.objects.open_to(reader).counting().filter(project__in=ids)
    arrived = Arrival.objects.open_to(reader).confirmed().filter(project__in=ids)
    visits = Visit.objects.live().open_to(reader).filter(company=company)
    signed = deals.aggregate(total=Sum("amount_yuan"))["total"]
    money = arrived.aggregate(total=Sum("amount_yuan"))["total"]
    return (
        (_("talks logged"), str(visits.count())),
        (_("projects"), str(projects.count())),
        (_("amount signed"), format_yuan(signed) if signed else "—"),
        (_("money arrived"), format_yuan(money) if money else "—"),
    )


def _projects(company: Company, reader) -> Block:
    rows = open_projects(company, reader).order_by("-stage_since", "-pk")
    return block(_("Projects"), rows, _project, empty=_("No project yet."), most=4)


def _project(project: Project) -> Line:
    return Line(
        project.name, joined(project.get_stage_display(), format_yuan(project.planned_yuan))
    )


def people(company: Company, reader, *, most: int = 3) -> Block:
    """Who to talk to there; numbers as the reader may read them."""
    rows = Contact.objects.live().open_to(reader).filter(company=company, has_left=False)
    rows = rows.order_by("-is_primary", "pk")

    def describe(contact: Contact) -> Line:
        number = contact.mobile_for(reader) or contact.phone_for(reader)
        known = contact.introduced_by
        return Line(str(contact), joined(number, known and _("by %(who)s") % {"who": known}))

    return block(_("contacts"), rows, describe, empty=_("Nobody is on file."), most=most)


def talks(company: Company, reader, *, most: int = 3) -> Block:
    rows = Visit.objects.live().open_to(reader).filter(company=company)
    rows = rows.order_by("-held_on", "-pk")
    return block(_("Last talks"), rows, talk, empty=_("No talk is logged."), most=most)


def open_matters(company: Company, reader, on: date, *, most: int = 3) -> Block:
    """Requests that wait and follow-ups that are open, by their day."""
    waiting = Request.objects.live().open_to(reader).filter(company=company).waiting()
    tasks = FollowUp.objects.live().open_to(reader).filter(company=company, done_on=None)
    found = [
        (
            r.due_on,
            Line(shortened(r.content), joined(r.department, f"{r.due_on:%Y-%m-%d}"), r.due_on < on),
        )
        for r in waiting.select_related("department")
    ]
    found += [
        (f.due_on, Line(f.what, joined(f.owner, f"{f.due_on:%Y-%m-%d}"), f.due_on < on))
        for f in tasks.select_related("owner")
    ]
    lines = [line for _due, line in sorted(found, key=lambda pair: pair[0])]
    heading = _("Open requests and follow-ups")
    return block(heading, lines, lambda line: line, empty=_("Nothing is open."), most=most)

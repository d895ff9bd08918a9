"""Loads ``fixtures/``: reference data and what the article states, nothing else.

Loading again adds what is missing and leaves alone what people have edited. Every fact carries the
sentence it was taken from; what the article does not say stays empty.
"""

import json
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from crm.access import Role
from crm.appeal import WEIGHTS
from crm.factors import CLAIMS
from crm.known_rows import Known, may_add
from crm.models import (
    Chain,
    Company,
    CompanyMark,
    CompanyName,
    ComputeCapacity,
    Contact,
    DataCentre,
    DataCentreCompute,
    Deal,
    DealParty,
    DistrictArea,
    Event,
    FactorNeeds,
    FactorTemplate,
    Industry,
    Institution,
    Park,
    ParkSupply,
    Phase,
    Project,
    ProjectInvestor,
    ReferenceFact,
    Region,
    Segment,
    StageRule,
    TargetFactor,
    TaskForce,
    Trip,
    User,
)
from crm.money import AmountPrecision
from crm.stages import LIKELIHOOD, STALE_DAYS, Stage

RECORDER = "article"
ENTERED_BECAUSE = "据报道所述阶段录入，资料待补；文中未载具体日期，按2024年末计"
NUMERALS = "一二三四五六七八九"


def load() -> None:
    """Reference data, then the article's rows: what is missing is added, also by a later release.

    What is there stays as it is: rows are known by code or key, else by the name they have or had
    (see ``known_rows``); parts that people took away do not come back.
    """
    with transaction.atomic():
        _load_regions()
        _load_industries()
        _load_chains()
        _load_stage_rules()
        _load_target_factors()
        _load_cited_facts()
        _load_layout(_read("layout"))
        _load_article(_read("article"))
        # After the projects of the article: it says nothing of deadlines.
        _load_factor_template()


def _read(name: str):
    return json.loads((settings.FIXTURES_DIR / f"{name}.json").read_text(encoding="utf-8"))


def _names(rows: list[dict]) -> list[str]:
    return [row["name"] for row in rows]


def _load_regions() -> None:
    known = {region.code: region for region in Region.objects.all()}
    rows = [row for row in _read("regions") if row["code"] not in known]
    for level in ("province", "city", "district"):
        batch = [
            Region(**row | {"parent": known.get(row["parent"])})
            for row in rows
            if row["level"] == level
        ]
        Region.objects.bulk_create(batch)
        known |= {region.code: region for region in batch}


def _load_industries() -> None:
    known = {industry.code: industry for industry in Industry.objects.all()}
    rows = [row for row in _read("industries") if row["code"] not in known]
    for with_parent in (False, True):
        batch = [
            Industry(**row | {"parent": known.get(row["parent"])})
            for row in rows
            if bool(row["parent"]) is with_parent
        ]
        Industry.objects.bulk_create(batch)
        known |= {industry.code: industry for industry in batch}


def _load_chains() -> None:
    known = {chain.key: chain for chain in Chain.objects.all()}
    for place, row in enumerate(_read("chains"), start=1):
        chain = known.get(row["key"]) or Chain.objects.create(
            key=row["key"], name=row["name"], description=row["description"], sequence=place,
            source=row["source"],
        )  # fmt: skip
        _load_segments(chain, row["segments"])


def _load_segments(chain: Chain, rows: list[dict]) -> None:
    """Segments, each after the one before it; those that are there keep their place."""
    known, before = Known(Segment.objects.filter(chain=chain), _names(rows)), None
    for step, row in enumerate(rows, start=1):
        before = known.get(row["name"]) or Segment.objects.create(
            chain=chain, sequence=step, follows=before, **row
        )


def _load_layout(layout: dict) -> None:
    areas = Known(DistrictArea.objects.all(), _names(layout["areas"]))
    parks = Known(Park.objects.all(), _names(layout["parks"]))
    for place, row in enumerate(layout["areas"], start=1):
        if areas.get(row["name"]) is None:
            areas.add(row["name"], DistrictArea.objects.create(sequence=place, **row))
    for place, row in enumerate(layout["parks"], start=1):
        supplies = row.pop("supplies", ())
        own = row | {"district_area": areas.get(row["district_area"])}
        park = parks.get(row["name"]) or Park.objects.create(sequence=place, **own)
        _load_supplies(park, supplies)


def _load_supplies(park: Park, rows) -> None:
    if not rows or not may_add(park, "supplies"):
        return
    known = set(park.supplies.values_list("what", flat=True))
    for row in rows:
        if row["what"] not in known:
            ParkSupply.objects.create(park=park, **row | {"amount": Decimal(row["amount"])})


def _load_stage_rules() -> None:
    known = set(StageRule.objects.values_list("stage", flat=True))
    for place, stage in enumerate(Stage, start=1):
        if stage not in known:
            StageRule.objects.create(
                name=stage.value, stage=stage, sequence=place, likelihood=LIKELIHOOD[stage],
                stale_days=STALE_DAYS.get(stage), claim=CLAIMS.get(stage, ""),
            )  # fmt: skip


def _load_target_factors() -> None:
    """The usual weights as rows, so that the bureau finds them where it edits them."""
    known = set(TargetFactor.objects.values_list("factor", flat=True))
    TargetFactor.objects.bulk_create(
        TargetFactor(factor=factor, weight=weight)
        for factor, weight in WEIGHTS.items()
        if factor not in known
    )


def _load_cited_facts() -> None:
    known = set(ReferenceFact.objects.values_list("key", flat=True))
    ReferenceFact.objects.bulk_create(
        ReferenceFact(sequence=place, **row | {"number": row["number"] and Decimal(row["number"])})
        for place, row in enumerate(_read("reference_facts"), start=1)
        if row["key"] not in known
    )


def _load_factor_template() -> None:
    """The usual checklist, for the bureau to change; which unit answers is the city's to say."""
    if not FactorTemplate.objects.exists():
        FactorTemplate.objects.bulk_create(
            FactorTemplate(sequence=place, **row)
            for place, row in enumerate(_read("factor_template"), start=1)
        )


def _load_article(article: dict) -> None:
    recorder = _recorder()
    _load_task_forces(article["task_force_source"])
    companies = _load_companies(article)
    _load_missing(Institution, article["institutions"], lambda row: Institution(**row))
    _load_missing(Event, article["events"], lambda row: Event(**row, created_by=recorder))
    trips = Known(Trip.objects.all(), _names(article["trips"]))
    for row in article["trips"]:
        if trips.get(row["name"]) is None:
            _load_trip(row, recorder)
    projects = Known(Project.objects.all(), _names(article["projects"]))
    for row in article["projects"]:
        if projects.get(row["name"]) is None:
            projects.add(row["name"], _load_project(row, companies, recorder))
    _load_data_centres(article["data_centres"], companies, projects)
    User.objects.filter(pk=recorder.pk).update(is_active=False)


def _load_missing(model, rows: list[dict], made) -> None:
    known = Known(model.objects.all(), _names(rows))
    for row in rows:
        if known.get(row["name"]) is None:
            made(row).save()


def _recorder() -> User:
    """Who recorded the article's rows: an account nobody can log in to, active while they load."""
    recorder = User.objects.filter(username=RECORDER).first()
    if recorder is None:
        recorder = User(username=RECORDER, full_name="报道史实录入", role=Role.BUREAU)
        recorder.set_unusable_password()
        recorder.save()
    recorder.is_active = True
    return recorder


def _load_task_forces(source: str) -> None:
    """The article gives the number of task forces; their names are sample naming."""
    if TaskForce.objects.exists():
        return
    for number, numeral in enumerate(NUMERALS, start=1):
        TaskForce.objects.create(
            number=number, sequence=number, name=f"招商{numeral}专班", is_sample=True,
            remit=f"示例命名；报道只载数目：{source}",
        )  # fmt: skip


def _load_companies(article: dict) -> Known:
    companies = Known(Company.objects.all(), _names(article["companies"]))
    names = CompanyName.objects.filter(name__in=_names(article["companies"]))
    for other in names.select_related("company"):
        companies.rows.setdefault(other.name, other.company)
    for row in article["companies"]:
        company = companies.get(row["name"]) or companies.add(row["name"], Company.objects.create(
            name=row["name"], source=row["source"], parent=companies.get(row.get("parent")),
        ))  # fmt: skip
        _load_names_and_marks(company, row)
    _load_contacts(article["contacts"], companies)
    return companies


def _load_names_and_marks(company: Company, row: dict) -> None:
    known = set(CompanyName.objects.filter(company=company).values_list("name", flat=True))
    new = [pair for pair in row["other_names"] if pair[1] not in {company.name, *known}]
    if new and may_add(company, "other_names"):
        for kind, name in new:
            CompanyName.objects.create(company=company, kind=kind, name=name)
    missing = set(row["marks"]) - set(company.marks.values_list("mark", flat=True))
    if missing and may_add(company, "marks"):
        for mark in sorted(missing):
            CompanyMark.objects.create(company=company, mark=mark)


def _load_contacts(rows: list[dict], companies: Known) -> None:
    for row in rows:
        company = companies.get(row["company"])
        known = Known(Contact.objects.filter(company=company), [row["name"]])
        if known.get(row["name"]) is None and may_add(company, "contacts"):
            Contact.objects.create(**row | {"company": company})


def _load_trip(row: dict, recorder: User) -> None:
    trip = Trip.objects.create(
        name=row["name"], kind=Trip.Kind.DOOR_KNOCKING, delegation_head=row["head"],
        head_rank=Trip.HeadRank.CITY_SECRETARY, started_on=date.fromisoformat(row["started_on"]),
        ended_on=date.fromisoformat(row["ended_on"]), date_text=row["date_text"],
        source=row["source"], created_by=recorder,
    )  # fmt: skip
    trip.cities.add(Region.objects.get(code=row["city"]))


def _load_project(row: dict, companies: Known, recorder: User) -> Project:
    """A named project, moved to the article's stage; what is missing is recorded (待补)."""
    on = date.fromisoformat(row["on"])
    planned = row.get("planned_yuan")
    project = Project(
        name=row["name"], lead_investor=companies.get(row["lead_investor"]),
        source=Project.Source.PRESS, summary=row.get("summary", row["name"]),
        reported_on=on, stage_since=on,
        segment=_segment(row.get("segment")), park=_park(row.get("park")),
        planned_yuan=planned and Decimal(planned), source_sentence=row["source_sentence"],
        planned_precision="" if planned else AmountPrecision.UNDETERMINED,
        created_by=recorder,
    )  # fmt: skip
    project.save()
    lacking = [requirement.key for requirement in project.missing_for(Stage.LEAD)]
    project.moves.create(
        to_stage=Stage.LEAD, effective_on=on, by=recorder, reason=ENTERED_BECAUSE,
        overridden=lacking,
    )  # fmt: skip
    _load_parts(project, row, companies, recorder)
    project.move_to(row["stage"], by=recorder, on=on, reason=ENTERED_BECAUSE)
    return project


def _load_parts(project, row, companies, recorder) -> None:
    for name in row.get("investors", ()):
        ProjectInvestor.objects.create(project=project, company=companies.get(name))
    for part in row.get("compute", ()):
        numbers = {key: Decimal(part[key]) for key in ("planned_p", "online_p") if key in part}
        ComputeCapacity.objects.create(project=project, kind=part["kind"], **numbers)
    for part in row.get("phases", ()):
        live = part.get("planned_live_on")
        Phase.objects.create(
            project=project, name=part["name"], planned_live_on=live and date.fromisoformat(live),
            compute_p=Decimal(part["compute_p"]) if "compute_p" in part else None,
        )  # fmt: skip
    if needs := row.get("needs"):
        FactorNeeds.objects.create(project=project, floor_m2=Decimal(needs["floor_m2"]))
    if deal := row.get("deal"):
        signed = Deal.objects.create(
            project=project, kind=Deal.Kind.CONTRACT, signed_text=deal["signed_text"],
            signed_on=date.fromisoformat(deal["signed_on"]), created_by=recorder,
            amount_precision=AmountPrecision.UNDETERMINED, source=row["source_sentence"],
        )  # fmt: skip
        DealParty.objects.create(deal=signed, company=project.lead_investor)


def _load_data_centres(rows: list[dict], companies: Known, projects: Known) -> None:
    known = Known(DataCentre.objects.all(), _names(rows))
    for place, row in enumerate(rows, start=1):
        parts = row.pop("compute", ())
        links = {
            "park": _park(row.pop("park", None)), "project": projects.get(row.pop("project")),
            "company": companies.get(row["operator"]),
        }  # fmt: skip
        centre = known.get(row["name"]) or DataCentre.objects.create(
            sequence=place, **_typed(row), **links
        )
        _load_compute(centre, parts)


def _load_compute(centre: DataCentre, rows) -> None:
    """Compute of a kind that the register of the centre does not have in any phase or precision."""
    if not rows or not may_add(centre, "compute"):
        return
    known = set(centre.compute.values_list("kind", flat=True))
    for row in rows:
        if row["kind"] not in known:
            DataCentreCompute.objects.create(
                data_centre=centre, as_of=row.get("as_of", centre.as_of), **_typed(row)
            )


def _typed(row: dict) -> dict:
    """Days and numbers of a fixture's row."""
    made = dict(row)
    for key, value in row.items():
        if key.endswith("_on") or key == "as_of":
            made[key] = date.fromisoformat(value)
        elif key.endswith(("_p", "_m2")):
            made[key] = Decimal(value)
    return made


def _segment(path: str | None) -> Segment | None:
    """By the names of the fixtures, whatever the chain is called by now."""
    if path is None:
        return None
    chain, name = path.split("/", 1)
    key = next(row["key"] for row in _read("chains") if row["name"] == chain)
    return Known(Segment.objects.filter(chain__key=key), [name]).get(name)


def _park(name: str | None) -> Park | None:
    return Known(Park.objects.all(), [name]).get(name) if name else None

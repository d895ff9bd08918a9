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
    """Reference data, then the article's rows; quick when all of it is there.

    Rows with an official code or a key are topped up one by one. The layout and the article's rows
    have none that nobody may change, so they are loaded once, together with their recorder.
    """
    with transaction.atomic():
        _load_regions()
        _load_industries()
        _load_chains()
        _load_stage_rules()
        _load_target_factors()
        _load_cited_facts()
        if not User.objects.filter(username=RECORDER).exists():
            _load_layout()
            _load_article(_read("article"))
        # After the projects of the article: it says nothing of deadlines.
        _load_factor_template()


def _read(name: str):
    return json.loads((settings.FIXTURES_DIR / f"{name}.json").read_text(encoding="utf-8"))


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
    known = set(Chain.objects.values_list("key", flat=True))
    for place, row in enumerate(_read("chains"), start=1):
        if row["key"] in known:
            continue
        chain = Chain.objects.create(
            key=row["key"], name=row["name"], description=row["description"], sequence=place,
            source=row["source"],
        )  # fmt: skip
        before = None
        for step, segment in enumerate(row["segments"], start=1):
            before = Segment.objects.create(chain=chain, sequence=step, follows=before, **segment)


def _load_layout() -> None:
    layout = _read("layout")
    areas = {
        row["name"]: DistrictArea.objects.create(sequence=place, **row)
        for place, row in enumerate(layout["areas"], start=1)
    }
    for place, row in enumerate(layout["parks"], start=1):
        supplies = row.pop("supplies", ())
        area = {"district_area": areas[row["district_area"]]}
        park = Park.objects.create(sequence=place, **row | area)
        for supply in supplies:
            ParkSupply.objects.create(park=park, **supply | {"amount": Decimal(supply["amount"])})


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
    for row in article["institutions"]:
        Institution.objects.create(**row)
    for row in article["events"]:
        Event.objects.create(**row, created_by=recorder)
    for row in article["trips"]:
        _load_trip(row, recorder)
    for row in article["projects"]:
        _load_project(row, companies, recorder)
    for place, row in enumerate(article["data_centres"], start=1):
        _load_data_centre(row, companies, place)
    recorder.is_active = False
    recorder.save()


def _recorder() -> User:
    """Who recorded the article's rows: an account nobody can log in to."""
    recorder = User(username=RECORDER, full_name="报道史实录入", role=Role.BUREAU)
    recorder.set_unusable_password()
    recorder.save()
    return recorder


def _load_task_forces(source: str) -> None:
    """The article gives the number of task forces; their names are sample naming."""
    for number, numeral in enumerate(NUMERALS, start=1):
        TaskForce.objects.create(
            number=number, sequence=number, name=f"招商{numeral}专班", is_sample=True,
            remit=f"示例命名；报道只载数目：{source}",
        )  # fmt: skip


def _load_companies(article: dict) -> dict[str, Company]:
    companies = {}
    for row in article["companies"]:
        company = Company.objects.create(
            name=row["name"], source=row["source"], parent=companies.get(row.get("parent")),
        )  # fmt: skip
        companies[row["name"]] = company
        for kind, name in row["other_names"]:
            CompanyName.objects.create(company=company, kind=kind, name=name)
        for mark in row["marks"]:
            CompanyMark.objects.create(company=company, mark=mark)
    for row in article["contacts"]:
        Contact.objects.create(**row | {"company": companies[row["company"]]})
    return companies


def _load_trip(row: dict, recorder: User) -> None:
    trip = Trip.objects.create(
        name=row["name"], kind=Trip.Kind.DOOR_KNOCKING, delegation_head=row["head"],
        head_rank=Trip.HeadRank.CITY_SECRETARY, started_on=date.fromisoformat(row["started_on"]),
        ended_on=date.fromisoformat(row["ended_on"]), date_text=row["date_text"],
        source=row["source"], created_by=recorder,
    )  # fmt: skip
    trip.cities.add(Region.objects.get(code=row["city"]))


def _load_project(row: dict, companies: dict[str, Company], recorder: User) -> None:
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


def _load_parts(project, row, companies, recorder) -> None:
    for name in row.get("investors", ()):
        ProjectInvestor.objects.create(project=project, company=companies[name])
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


def _load_data_centre(row: dict, companies: dict[str, Company], place: int) -> None:
    parts = row.pop("compute", ())
    links = {
        "park": _park(row.pop("park", None)),
        "project": Project.objects.get(name=row.pop("project")),
        "company": companies.get(row["operator"]),
    }
    centre = DataCentre.objects.create(sequence=place, **_typed(row), **links)
    for part in parts:
        DataCentreCompute.objects.create(data_centre=centre, as_of=centre.as_of, **_typed(part))


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
    if path is None:
        return None
    chain, name = path.split("/", 1)
    return Segment.objects.get(chain__name=chain, name=name)


def _park(name: str | None) -> Park | None:
    return Park.objects.get(name=name) if name else None

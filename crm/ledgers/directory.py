"""Names in ledgers → rows of ours: reference data, teams, firms, projects; loaded in bulk."""

import difflib
import re
from functools import cached_property

from django.db.models import Q

from crm.models import (
    Company,
    CompanyName,
    Department,
    Event,
    Industry,
    Park,
    Region,
    Segment,
    TaskForce,
)
from crm.names import core_name, match_key

CHUNK = 2_000
_NUMERALS = {n: i for i, n in enumerate("一二三四五六七八九十", start=1)}
_PARK_ENDINGS = re.compile("(经济技术开发区|工业园区|产业园区|园区|片区|开发区|工业园|商务区)$")
_PARK_STARTS = re.compile("^(青海省?)?(西宁市?)?(国家级)?(经济技术开发区)?")


def chunks(values) -> list[list]:
    values = list(values)
    return [values[start : start + CHUNK] for start in range(0, len(values), CHUNK)]


def team_number(name: str) -> int | None:
    """三 of 招商三专班, 第3招商专班, 三专班; None when the name says more than a number."""
    rest = re.sub("西宁市?|招商|专班|工作|第|小?组", "", match_key(name))
    if rest.isdigit():
        return int(rest)
    if not rest or any(c not in _NUMERALS for c in rest):
        return None
    head, ten, tail = rest.partition("十")
    if not ten:
        return _NUMERALS[rest] if len(rest) == 1 else None
    return _NUMERALS.get(head, 1) * 10 + _NUMERALS.get(tail, 0)


class Directory:
    """Look-ups for one ledger and one user."""

    def __init__(self, user):
        self.user = user
        self.companies: dict[str, Company] = {}
        self.codes: dict[str, Company] = {}
        self.cores: dict[str, str] = {}
        self._one: dict[int, Company] = {}  # one object per stored row, however it was found

    # -- teams and units -----------------------------------------------------------------------

    @cached_property
    def _teams(self):
        rows = list(TaskForce.objects.open_to(self.user).filter(is_disabled=False))
        return {match_key(row.name): row for row in rows}, {row.number: row for row in rows}

    def team(self, name: str) -> TaskForce | None:
        by_name, by_number = self._teams
        return by_name.get(match_key(name)) or by_number.get(team_number(name))

    def closest_team(self, name: str) -> str:
        names = {key: row.name for key, row in self._teams[0].items()}
        near = difflib.get_close_matches(match_key(name), names, n=1, cutoff=0)
        return names[near[0]] if near else "—"

    @cached_property
    def _departments(self):
        rows = Department.objects.open_to(self.user).filter(is_disabled=False)
        return {match_key(n): row for row in rows for n in (row.name, row.short_name) if n}

    def department(self, name: str) -> Department | None:
        key = match_key(name)
        shorter = key.removeprefix("西宁市").removeprefix("市")
        return self._departments.get(key) or next(
            (row for known, row in self._departments.items() if known.endswith(shorter)), None
        )

    def closest_department(self, name: str) -> str:
        near = difflib.get_close_matches(match_key(name), self._departments, n=1, cutoff=0)
        return self._departments[near[0]].name if near else "—"

    # -- reference data ------------------------------------------------------------------------

    @cached_property
    def _regions(self):
        rows = Region.objects.open_to(self.user).filter(is_disabled=False).order_by("code")
        known = {}
        for row in rows:
            for name in filter(None, (row.name, row.short_name)):
                known.setdefault(name, row)
                known.setdefault(name.removesuffix("市").removesuffix("省"), row)
        return known

    def region(self, text: str) -> Region | None:
        """The deepest division named in the text: 广东省广州市, 广州, 西宁市城西区."""
        if text not in self._regions:
            self._regions[text] = self._deepest(text)
        return self._regions[text]

    def _deepest(self, text: str) -> Region | None:
        found = [
            (len(n), r.code) for n, r in self._regions.items() if r and len(n) > 1 and n in text
        ]
        by_code = {row.code: row for row in self._regions.values() if row}
        deepest = max(found, key=lambda f: (not f[1].endswith("0000"), f[1][-2:] != "00", f[0]),
                      default=None)  # fmt: skip
        return deepest and by_code[deepest[1]]

    @cached_property
    def _parks(self):
        rows = Park.objects.open_to(self.user).filter(is_disabled=False)
        return {key: row for row in rows for name in row.spellings() for key in _park_keys(name)}

    def park(self, text: str) -> Park | None:
        return next((self._parks[key] for key in _park_keys(text) if key in self._parks), None)

    @cached_property
    def _segments(self):
        rows = Segment.objects.open_to(self.user).filter(is_disabled=False).select_related("chain")
        known = {match_key(name): row for row in rows for name in row.spellings()}
        return known | {match_key(f"{row.chain}{row.name}"): row for row in rows}

    def segment(self, text: str) -> Segment | None:
        return self._segments.get(re.sub("[·-]|产业链?|环节", "", match_key(text)))

    @cached_property
    def _industries(self):
        rows = Industry.objects.open_to(self.user).filter(is_disabled=False)
        return {match_key(n): row for row in rows for n in (row.name, row.code, str(row))}

    def industry(self, text: str) -> Industry | None:
        return self._industries.get(match_key(text))

    @cached_property
    def _events(self):
        rows = Event.objects.live().open_to(self.user).order_by("started_on", "id")
        return {match_key(row.name): row for row in rows}

    def event(self, text: str) -> Event | None:
        """An event by its name, or the only one whose name holds the text."""
        key = match_key(text)
        holding = [row for name, row in self._events.items() if key and key in name]
        return self._events.get(key) or (holding[0] if len(holding) == 1 else None)

    # -- firms ---------------------------------------------------------------------------------

    def load_companies(self, names, codes=()) -> None:
        """Read all firms of these names (now or formerly) and codes, with their openness."""
        keys = {match_key(name)[:120] for name in names if name} - self.companies.keys()
        for part in chunks(keys):
            self._keep(Company.objects.live().filter(name_key__in=part))
            named = CompanyName.objects.filter(name_key__in=part, company__archived_at=None)
            owner = dict(named.values_list("name_key", "company"))
            self._keep(Company.objects.filter(pk__in=owner.values()))
            for key, pk in owner.items():
                self.companies.setdefault(key, self._one[pk])
        for part in chunks({code for code in codes if code}):
            self._keep(Company.objects.live().filter(uscc__in=part))

    def _keep(self, rows) -> None:
        for row in self._marked(rows):
            known = self._one.setdefault(row.pk, row)
            self.companies[row.name_key] = known
            if row.uscc:
                self.codes[row.uscc] = known

    def _marked(self, rows):
        return rows.marked_for(self.user).select_related("owning_team", "region", "industry")

    def load_cores(self, names) -> None:
        """Names of firms whose core equals that of one of these names: candidates, not proof."""
        cores = {core_name(name)[:120] for name in names}
        for part in chunks(cores):
            rows = Company.objects.live().visible_to(self.user).filter(Q(core_key__in=part))
            self.cores |= dict(rows.values_list("core_key", "name"))


def _park_keys(text: str) -> list[str]:
    """From the whole name to its core: 西宁经济技术开发区南川工业园区, 南川工业园区, 南川."""
    key = match_key(text)
    shorter = _PARK_STARTS.sub("", key) or key
    return [key, shorter, _PARK_ENDINGS.sub("", shorter) or shorter]

"""What people do, how often, and what it needs: a mix with one write in ten."""

import random
import re
import uuid
from dataclasses import dataclass
from urllib.parse import quote

# (kind, weight): reads are 90, writes 10.
MIX = (
    ("home", 12), ("list", 30), ("filtered list", 8), ("record", 18), ("search", 12),
    ("board", 4), ("report", 6), ("write", 10),
)  # fmt: skip
# Who is signed in, in this order again and again.
ACCOUNTS = ("officer", "officer", "team_lead", "officer", "bureau", "officer", "leader")
LISTS = ("visit", "project", "company", "followup", "deal")
FILTERED = (
    "/crm/visit/?held_on_after=2026-01-01", "/crm/project/?stage=reserve",
    "/crm/company/?q=xny", "/crm/visit/?p=20", "/crm/project/?stage=negotiating&p=3",
)  # fmt: skip
ASKED = ("光伏", "xnkj", "储能", "算力", "zhineng", "华源", "电池", "91630")
REPORTS = ("pipeline", "signed_projects", "outreach", "team_ranking", "trip_results")
RECORD = re.compile(rb'href="(/crm/(?:company|project|visit)/\d+/change/)')
ADDING = re.compile(rb'action="(/timeline/(?:company|project)/\d+/add/)"')
MOST_OPENED = 15


@dataclass
class Desk:
    """One person's place: the session, dice of its own, and the records seen on the last list."""

    person: object
    dice: random.Random
    records: tuple = ()
    writable: tuple = ()

    def next_kind(self) -> str:
        kinds, weights = zip(*MIX, strict=True)
        return self.dice.choices(kinds, weights)[0]

    def act(self, kind: str) -> int:
        """Do it; returns the status of the answer."""
        return getattr(self, "_" + kind.replace(" ", "_"))()

    def look_around(self) -> None:
        """Find records to open, and some whose timeline this account may write in."""
        for name in ("visit", "company", "project"):
            self._keep(self.person.get(f"/crm/{name}/"))
        for record in self.records[:MOST_OPENED]:
            found = ADDING.search(self.person.get(record).content)
            if found:
                self.writable = (*self.writable, found[1].decode())
            if len(self.writable) == 2:
                return

    def _keep(self, answer) -> int:
        found = tuple(link.decode() for link in RECORD.findall(answer.content)[:60])
        self.records = found or self.records
        return answer.status

    def _home(self) -> int:
        return self.person.get("/").status

    def _list(self) -> int:
        return self._keep(self.person.get(f"/crm/{self.dice.choice(LISTS)}/"))

    def _filtered_list(self) -> int:
        return self._keep(self.person.get(self.dice.choice(FILTERED)))

    def _record(self) -> int:
        return self.person.get(self.dice.choice(self.records)).status

    def _search(self) -> int:
        return self.person.get(f"/search/quick/?q={quote(self.dice.choice(ASKED))}").status

    def _board(self) -> int:
        return self.person.get("/board/").status

    def _report(self) -> int:
        return self.person.get(f"/reports/{self.dice.choice(REPORTS)}/?year=2026").status

    def _write(self) -> int:
        """A note in a timeline; who may write in none looks at a list instead."""
        if not self.writable:
            return self._list()
        token = str(uuid.uuid4())
        form = {"what": "note", "form_token": token, "note-text": "电话沟通，约定下周再谈。"}
        return self.person.post(self.dice.choice(self.writable), form).status

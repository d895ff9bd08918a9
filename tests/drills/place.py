"""Where the drills happen: the sample data, a few people signed in, and rows made for a drill."""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from .people import Load, Person, visit_of

PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 65_536


@dataclass
class Place:
    """``pair`` are two of the bureau; ``officers`` log visits."""

    served: object
    restart_database: object = None
    entry: dict = field(default_factory=dict)

    def __post_init__(self):
        from crm.models import User
        from crm.periods import today
        from tests import make

        self.make, address = make, self.served.address
        self.pair = [Person(address, name) for name in ("bureau", "bureau2")]
        self.officers = [Person(address, "officer") for _ in range(3)]
        self.bureau = User.objects.get(username="bureau")
        self.team = User.objects.get(username="officer").team
        self.day = today() - timedelta(days=1)
        self.entry = {
            "task_force": self.team.pk, "held_on": str(self.day), "mode": "outbound",
            "outcome": "interested",
        }  # fmt: skip

    def load(self, *, insists: bool) -> Load:
        return Load(self.officers, self.entry, insists=insists)

    def firm(self, **values):
        values.setdefault("owning_team", self.team)
        return self.make.company(name=f"演练{uuid.uuid4().hex[:10]}有限公司", **values)

    def follow_up(self):
        return self.make.follow_up(task_force=self.team, company=self.firm(), what="演练")

    def project(self):
        """One that has everything the next stage needs."""
        row = self.make.project(team=self.team, lead_investor=self.firm(), on=self.day)
        self.make.visit(project=row, company=row.lead_investor, task_force=self.team)
        self.make.complete(row, "negotiating")
        row.refresh_from_db()
        return row

    def send_picture(self) -> int:
        """Log a visit with a picture of 64 KB; the answer's status."""
        form = visit_of(self.entry, str(uuid.uuid4()))
        return self.officers[0].send_file("/m/visits/new/", form, "photos", PICTURE).status

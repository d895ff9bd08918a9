"""What each daily job may cost at most."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """Clicks and taps, typed characters and keys (None: only their time counts), seconds."""

    name: str
    clicks: int
    seconds: float | None = None
    keys: int | None = None


TARGETS = {
    1: Target("log a visit with a photo", 6, 30, keys=20),
    2: Target("move a project one stage", 2, 3),
    3: Target("find a firm", 1, 2),
    4: Target("enter arrived money for 10 projects", 1, 60),
    5: Target("signed this year: how many, how much", 0, 1),
    6: Target("export the ledger in the bureau's layout", 2, 5),
    7: Target("this week's or month's report as Word", 2, 5),
    8: Target("import a messy ledger of 300 rows", 5, 60),
    9: Target("what must I do today; done, next step", 2, 5),
    10: Target("new lead with a conflict warning", 3, 20),
    11: Target("a leader reads one project on a phone", 1, 2),
    12: Target("hand 40 projects over to a successor", 4, 30),
    13: Target("two people edit one project", 1),
}

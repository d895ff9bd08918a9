"""The feed of changes as one account may hear of it: for the API and for what is pushed.

Of a row that the account sees it hears what happened. Of one that it saw and no longer sees it
hears once that it is gone. Of every other row it hears nothing, not even a number.
"""

from dataclasses import dataclass
from datetime import datetime

from crm import models
from crm.access import CITY_READERS, TEAM_ROLES, Role, permissions_of
from crm.cursors import sealed
from crm.models import FeedEntry
from crm.models.api_tokens import ApiKind

MODELS = {
    ApiKind.COMPANIES: models.Company,
    ApiKind.CONTACTS: models.Contact,
    ApiKind.VISITS: models.Visit,
    ApiKind.PROJECTS: models.Project,
    ApiKind.DEALS: models.Deal,
    ApiKind.ARRIVALS: models.Arrival,
    ApiKind.FOLLOW_UPS: models.FollowUp,
    ApiKind.REQUESTS: models.Request,
    ApiKind.PARKS: models.Park,
    ApiKind.CHAINS: models.Chain,
    ApiKind.SEGMENTS: models.Segment,
    ApiKind.TASK_FORCES: models.TaskForce,
    ApiKind.DEPARTMENTS: models.Department,
    ApiKind.REGIONS: models.Region,
}
PARENTS = {
    ApiKind.CONTACTS: models.Company,
    ApiKind.DEALS: models.Project,
    ApiKind.ARRIVALS: models.Project,
}
# Reference data, which everybody who works here reads.
FOR_ALL = {
    ApiKind.PARKS, ApiKind.CHAINS, ApiKind.SEGMENTS, ApiKind.TASK_FORCES, ApiKind.DEPARTMENTS,
    ApiKind.REGIONS,
}  # fmt: skip
GONE = "gone"
CHUNK = 500
# So many lines are looked through at most for one answer; the next one goes on behind them.
MOST_LOOKED_THROUGH = 5_000


@dataclass(frozen=True)
class News:
    """One line as it is told; ``version`` is the row's version now, None where it is gone."""

    position: int
    stamp: int
    kind: str
    record_id: int
    action: str
    at: datetime
    version: int | None

    @property
    def cursor(self) -> str:
        return sealed(self.position, self.stamp)


@dataclass(frozen=True)
class Told:
    """News, the place from which to go on, and whether more is waiting there."""

    news: list[News]
    position: int
    stamp: int
    has_more: bool

    @property
    def cursor(self) -> str:
        return sealed(self.position, self.stamp)


def kinds_told(token, wanted=None) -> list[str]:
    """Kinds that the token reads, its account's role may see, and that were asked for."""
    allowed = permissions_of(token.account.role)
    return [
        kind
        for kind, model in MODELS.items()
        if kind in token.reads and f"view_{model._meta.model_name}" in allowed
        and (not wanted or kind in wanted)
    ]  # fmt: skip


def told_since(position: int, stamp: int, token, *, kinds: list[str], limit: int) -> Told:
    """What happened behind a place; raises FeedGone when the place is not there any more."""
    FeedEntry.objects.place_committed()
    waiting = FeedEntry.objects.after(position, stamp)
    news, looked_through = [], 0
    while len(news) < limit and looked_through < MOST_LOOKED_THROUGH:
        lines = list(waiting.filter(position__gt=position)[:CHUNK])
        looked_through += len(lines)
        heard = _heard([line for line in lines if line.kind in kinds], token.account)
        for line in lines:
            if len(news) == limit:
                return Told(news, position, stamp, has_more=True)
            position, stamp = line.position, line.stamp
            news += heard.get(line.pk, [])
        if len(lines) < CHUNK:
            break
    return Told(news, position, stamp, waiting.filter(position__gt=position).exists())


def _heard(lines: list, user) -> dict:
    """News by the key of their line: an empty list for what the account does not hear of."""
    versions = {
        kind: dict(
            MODELS[kind].objects.visible_to(user)
            .filter(pk__in={line.record_id for line in lines if line.kind == kind})
            .values_list("pk", "version")
        )
        for kind in {line.kind for line in lines}
    }  # fmt: skip
    parents = _parents_seen(lines, user)
    return {
        line.pk: _news(line, versions[line.kind].get(line.record_id), parents, user)
        for line in lines
    }


def _parents_seen(lines: list, user) -> set:
    """(kind, key) of the firms and projects behind removed rows that the account may open."""
    seen = set()
    for kind, model in PARENTS.items():
        keys = {line.parent_id for line in lines if line.kind == kind}
        if keys:
            rows = model.objects.open_to(user).filter(pk__in=keys)
            seen |= {(kind, key) for key in rows.values_list("pk", flat=True)}
    return seen


def _news(line, version: int | None, parents: set, user) -> list[News]:
    if version is None and not _was_seen(line, parents, user):
        return []
    action = GONE if version is None else line.action
    return [
        News(line.position, line.stamp, line.kind, line.record_id, action, line.at, version)
    ]  # fmt: skip


def _was_seen(line, parents: set, user) -> bool:
    """Whether the account saw the row before the change that took it away."""
    if line.kind in PARENTS:
        return (line.kind, line.parent_id) in parents
    if user.role in CITY_READERS or line.kind in FOR_ALL:
        return True
    if user.role in TEAM_ROLES:
        return line.kind == ApiKind.COMPANIES or line.team_before in user.team_ids
    return user.role == Role.PARK and line.park_before == user.park_id

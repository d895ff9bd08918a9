"""The firms somebody probably wants: due to be called, on the way of today's trip, met lately."""

from datetime import timedelta

from crm.models import Company, FollowUp, Trip, Visit
from crm.periods import today

MOST = 8
ON_THE_WAY = 5
LATELY = timedelta(days=90)


def suggested_firms(user) -> list[Company]:
    """At most eight firms open to the user, each once; four queries, whatever there is."""
    on = today()
    wanted = [*_due(user, on), *_on_the_way(user, on), *_met(user, on)]
    keys = list(dict.fromkeys(wanted))[: 3 * MOST]
    rows = (
        Company.objects.live()
        .open_to(user)
        .filter(pk__in=keys)
        .select_related("region", "owning_team")
    )
    found = {firm.pk: firm for firm in rows.prefetch_related("other_names")}
    return [found[key] for key in keys if key in found][:MOST]


def _due(user, on) -> list[int]:
    tasks = FollowUp.objects.live().filter(owner=user, due_on__lte=on + timedelta(days=2)).waiting()
    keys = tasks.exclude(company=None).order_by("-due_on", "-id")
    return list(keys.values_list("company", flat=True)[:4])


def _on_the_way(user, on) -> list[int]:
    """Key firms first, of the cities where one of the user's teams is today."""
    trips = current_trips(user, on)
    firms = Company.objects.live().open_to(user).filter(region__trips__in=trips)
    keys = firms.order_by("-key_tier", "sort_key").values_list("pk", flat=True)
    return list(keys[:ON_THE_WAY])


def _met(user, on) -> list[int]:
    visits = Visit.objects.live().of_person(user).filter(held_on__gt=on - LATELY, held_on__lte=on)
    return list(visits.order_by("-held_on", "-id").values_list("company", flat=True)[: 2 * MOST])


def current_trips(user, on):
    """Trips of the user's teams that are under way on the day."""
    return Trip.objects.live().filter(
        task_force__in=user.team_ids, started_on__lte=on, ended_on__gte=on
    )

"""The workbench: what a reader has to know and to do today, each number with the rows behind it.

Cards take their figures from ``crm.indicators`` and link to a list under the same filter, so that
the number and the list agree. Who works with no business records sees none of their figures.
"""

from crm import freezing
from crm.access import BUSINESS_ROLES, CITY_READERS, TEAM_ROLES
from crm.models import ScreenSettings
from crm.periods import Period, today

from .cards import cards_for
from .choice import Choice
from .drawings import arrivals_chart, funnel_chart, ranking_chart
from .lists import lists_for


def home_for(user, params) -> dict:
    """Everything the workbench shows; ``params`` may name ``year``, ``part`` and ``team``."""
    on = today()
    if user.role not in BUSINESS_ROLES:
        return {"cards": [], "lists": [], "choice": None, "as_of": on}
    choice = Choice(user, params, on)
    shows_ranking = user.role in CITY_READERS and ScreenSettings.objects.current().shows_ranking
    return {
        "cards": cards_for(choice),
        "funnel": funnel_chart(choice),
        "arrivals": arrivals_chart(choice),
        "ranking": ranking_chart(choice) if shows_ranking else None,
        "lists": lists_for(user, on),
        "lists_first": user.role not in CITY_READERS,
        "is_of_team": user.role in TEAM_ROLES,
        "choice": choice,
        "caution": freezing.caution(choice.scope, choice.period) if choice.part else "",
        "as_of": choice.period.cut,
    }


__all__ = ["Choice", "Period", "home_for"]

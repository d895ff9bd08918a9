"""Reports: one file a question, each ``asked → Table``; renderers know only ``Table``.

Importing the package fills the registry, in the order in which the reports are offered.
"""

from . import (  # noqa: I001 - the order in which reports are offered
    pipeline,
    signed_projects,
    reserve_pool,
    arrivals,
    outreach,
    progress,
    team_ranking,
    stage_conversion,
    forecast,
    loss_reasons,
    key_firm_coverage,
    trip_results,
    commitments_due,
    alliance_results,
    talent_balance,
    chain_gaps,
    target_firms,
    data_completeness,
    compute_capacity,
    factor_shortfalls,
    weekly,
    monthly,
)
from .asking import Asked
from .registry import DOCUMENTS, REPORTS, Document, Report, add_document

__all__ = [
    "DOCUMENTS",
    "REPORTS",
    "Asked",
    "Document",
    "Report",
    "add_document",
    "alliance_results",
    "arrivals",
    "chain_gaps",
    "commitments_due",
    "compute_capacity",
    "data_completeness",
    "factor_shortfalls",
    "forecast",
    "key_firm_coverage",
    "loss_reasons",
    "monthly",
    "outreach",
    "pipeline",
    "progress",
    "reserve_pool",
    "signed_projects",
    "stage_conversion",
    "talent_balance",
    "target_firms",
    "team_ranking",
    "trip_results",
    "weekly",
]

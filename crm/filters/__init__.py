"""Filters of the lists: the same for the page, the export and the command.

Choices are scoped to the reader. A row that is closed to the reader (a confidential project) only
answers to the filters in ``safe``; any other filter in use leaves such rows out, so that no filter
can be used to guess what is not shown.
"""

from .base import ScopedFilterSet
from .companies import CompanyFilter, ContactFilter, IntroductionFilter
from .deals import ArrivalFilter, CommitmentFilter, DealFilter
from .outreach import (
    EventFilter,
    FollowUpFilter,
    InvitationFilter,
    RequestFilter,
    TripFilter,
    VisitFilter,
)
from .places import DataCentreFilter, GuaranteeFilter, SegmentFilter
from .projects import ProjectFilter, ProposalFilter
from .talent import ProgrammeFilter
from .targeting import SignalFilter

FOR_MODEL = {
    filter_set._meta.model: filter_set
    for filter_set in (
        ProjectFilter,
        ProposalFilter,
        CompanyFilter,
        ContactFilter,
        IntroductionFilter,
        EventFilter,
        TripFilter,
        VisitFilter,
        FollowUpFilter,
        InvitationFilter,
        RequestFilter,
        DealFilter,
        ArrivalFilter,
        CommitmentFilter,
        SignalFilter,
        DataCentreFilter,
        GuaranteeFilter,
        SegmentFilter,
        ProgrammeFilter,
    )
}

__all__ = [
    "FOR_MODEL",
    "ArrivalFilter",
    "CommitmentFilter",
    "CompanyFilter",
    "ContactFilter",
    "DataCentreFilter",
    "DealFilter",
    "EventFilter",
    "FollowUpFilter",
    "GuaranteeFilter",
    "IntroductionFilter",
    "InvitationFilter",
    "ProgrammeFilter",
    "ProjectFilter",
    "ProposalFilter",
    "RequestFilter",
    "ScopedFilterSet",
    "SegmentFilter",
    "SignalFilter",
    "TripFilter",
    "VisitFilter",
]

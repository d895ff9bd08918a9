"""Which ledger class reads which kind, and who may."""

from crm.models.ledgers import LedgerKind

from .chains import ChainLedger
from .commitments import CommitmentLedger
from .companies import CompanyLedger, ContactLedger
from .data_centres import DataCentreLedger
from .deals import ArrivalLedger, DealLedger
from .invitations import InvitationLedger
from .meetings import MeetingLedger
from .outreach import EventLedger, RequestLedger, TripLedger
from .projects import BuildingLedger, ProjectLedger
from .referrals import ReferralLedger
from .talent import AgreementLedger, ProgrammeLedger
from .visits import VisitLedger

LEDGERS = {
    LedgerKind.COMPANIES: CompanyLedger,
    LedgerKind.CONTACTS: ContactLedger,
    LedgerKind.VISITS: VisitLedger,
    LedgerKind.PROJECTS: ProjectLedger,
    LedgerKind.DEALS: DealLedger,
    LedgerKind.BUILDING: BuildingLedger,
    LedgerKind.ARRIVALS: ArrivalLedger,
    LedgerKind.TRIPS: TripLedger,
    LedgerKind.EVENTS: EventLedger,
    LedgerKind.REQUESTS: RequestLedger,
    LedgerKind.DATA_CENTRES: DataCentreLedger,
    LedgerKind.CHAINS: ChainLedger,
    LedgerKind.INVITATIONS: InvitationLedger,
    LedgerKind.COMMITMENTS: CommitmentLedger,
    LedgerKind.REFERRALS: ReferralLedger,
    LedgerKind.MEETINGS: MeetingLedger,
    LedgerKind.AGREEMENTS: AgreementLedger,
    LedgerKind.PROGRAMMES: ProgrammeLedger,
}

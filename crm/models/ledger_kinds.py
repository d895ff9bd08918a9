"""What ledgers list: the kinds of ledger that go in and out."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LedgerKind(models.TextChoices):
    """What a ledger lists."""

    COMPANIES = "companies", _("firm list")
    CONTACTS = "contacts", _("contact list")
    VISITS = "visits", _("visit ledger")
    PROJECTS = "projects", _("reserve project ledger")
    DEALS = "deals", _("signed project ledger")
    BUILDING = "building", _("construction and production ledger")
    ARRIVALS = "arrivals", _("ledger of money arrived")
    TRIPS = "trips", _("trip ledger")
    EVENTS = "events", _("event ledger")
    REQUESTS = "requests", _("request ledger")
    DATA_CENTRES = "data_centres", _("data centre ledger")
    INVITATIONS = "invitations", _("invitation list")
    COMMITMENTS = "commitments", _("commitment ledger")
    CHAINS = "chains", _("chain map ledger")
    REFERRALS = "referrals", _("ledger of introductions")
    MEETINGS = "meetings", _("ledger of alliance meetings")
    AGREEMENTS = "agreements", _("ledger of training agreements")
    PROGRAMMES = "programmes", _("ledger of joint programmes")

"""Who may do what: the roles and their permissions, as one table.

The table says which *kinds* of rows a role works with. Which *rows* of a kind is the row scope:
``visible_to`` / ``open_to`` / ``editable_by`` on each queryset. Both must agree before anything is
shown or written; whatever is not listed here is denied.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OFFICER = "officer", _("task force officer")
    TEAM_LEAD = "team_lead", _("task force lead")
    BUREAU = "bureau", _("bureau")
    STATISTICIAN = "statistician", _("statistician")
    LEADER = "leader", _("leader")
    PARK = "park", _("park office")
    DEPARTMENT = "department", _("department")
    SYSTEM_ADMIN = "system_admin", _("system administrator")
    SECURITY_ADMIN = "security_admin", _("security administrator")
    AUDITOR = "auditor", _("auditor")


TEAM_ROLES = frozenset({Role.OFFICER, Role.TEAM_LEAD})
# Roles that read the whole city; confidential projects stay closed to all of them but the bureau.
CITY_READERS = frozenset({Role.BUREAU, Role.STATISTICIAN, Role.LEADER})
BUSINESS_ROLES = TEAM_ROLES | CITY_READERS | {Role.PARK, Role.DEPARTMENT}
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
# Phones are read in full only by those who work with the firm; everyone else sees 138****5678.
PHONE_READERS = TEAM_ROLES | {Role.BUREAU}
# Columns of ledgers that hold telephone numbers.
NUMBERS = frozenset({"phone", "mobile"})

REFERENCE = (
    "region industry chain segment districtarea park datacentre referencefact institution "
    "department taskforce stagerule protectionrule timelimit "
    "parksupply entryrule datacentrecompute factortemplate attributionrule"
).split()
COMPANY_ROWS = "company companyname companymark contact signal".split()
PROJECT_ROWS = (
    "project projectinvestor creditshare phase factorneeds computecapacity milestone assessment "
    "factorguarantee peopleneed"
).split()
FIELD_WORK = "trip visit followup request attachment plannedmeeting invitation introduction".split()
MONEY = "deal dealparty commitment arrival".split()
SCORING = "scorerule scoreadjustment targetfactor".split()
HISTORY = "stagemove statuschange stageproposal conflict attribution".split()
PARTNERS = (
    "alliancemembership alliancemeeting meetingattendance alliancecommitment "
    "trainingagreement programme trainingyear"
).split()
CLAIMS = ["claimrequest"]
NOTES = ("view_note", "add_note")
EVERYDAY = ("view_inbox", "view_timeline")
THREADS = (*EVERYDAY, "answer_request", "close_request", "answer_directive", "view_todo")
BUSINESS = [*COMPANY_ROWS, *PROJECT_ROWS, *FIELD_WORK, *MONEY, *HISTORY]

VIEW = ("view",)
WORK = ("view", "add", "change")
# Parts of a record (an investor line, a milestone) may be taken out again; records are archived.
PARTS = frozenset(
    "companyname companymark signal projectinvestor creditshare phase computecapacity milestone "
    "dealparty commitment membership alliancemembership "
    "parksupply entryrule datacentrecompute plannedmeeting invitation attribution "
    "meetingattendance trainingyear peopleneed".split()
)


def _grant(models_, actions):
    return {
        f"{action}_{name}"
        for name in models_
        for action in (*actions, *(("delete",) if "add" in actions and name in PARTS else ()))
    }


_READ_ALL = _grant(
    [
        *REFERENCE,
        *BUSINESS,
        "event",
        *PARTNERS,
        "target",
        "membership",
        "frozenmonth",
        *SCORING,
    ],
    VIEW,
) | _grant(CLAIMS, VIEW)
_OFFICER = (
    _grant([*REFERENCE, "event", *PARTNERS, "target", "membership", *HISTORY], VIEW)
    | _grant([*COMPANY_ROWS, *PROJECT_ROWS, *FIELD_WORK, *MONEY], WORK)
    | {*NOTES, *THREADS, "view_directive"}
    | _grant(SCORING, VIEW)
    | _grant(CLAIMS, WORK)
    | {
        "advance_project",
        "propose_stage",
        "export_report",
        "import_ledger",
        "view_importjob",
        "view_report",
    }
)

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.OFFICER: frozenset(_OFFICER),
    Role.TEAM_LEAD: frozenset(
        _OFFICER
        | {"assign_project", "move_back", "archive_record", "export_ledger"}
        | {"add_target", "change_target"}
    ),
    Role.BUREAU: frozenset(
        _READ_ALL
        | _grant(
            [*REFERENCE, *COMPANY_ROWS, *PROJECT_ROWS, *FIELD_WORK, *MONEY, "conflict",
             "attribution"],
            WORK,
        )
        | _grant(["event", *PARTNERS, "target", "membership", *SCORING], WORK)
        | _grant(["ledgertemplate"], WORK)
        | _grant(["walltoken"], WORK)
        | {"view_screensettings", "change_screensettings"}
        | {*NOTES, *THREADS, "extend_request", "extend_directive", "close_directive"}
        | _grant(["directive", *CLAIMS], WORK) | {"merge_records", "clear_sample"}
        | {"view_referenceproposal", "change_referenceproposal", "view_exportlog"}
        | {
            "advance_project", "propose_stage", "confirm_stage", "jump_stage", "move_back",
            "assign_project", "archive_record", "confirm_money", "view_report", "export_report",
            "import_ledger", "export_ledger", "view_importjob", "freeze_month",
            "anonymise_contact",
        }
    ),
    Role.STATISTICIAN: frozenset(
        _READ_ALL
        | {"view_report", "export_report", "export_ledger", "view_note", "view_directive"}
        | {*EVERYDAY}
    ),
    Role.LEADER: frozenset(
        _READ_ALL
        | {"view_report", "view_note", "view_directive", "add_directive", *EVERYDAY}
    ),
    Role.PARK: frozenset(
        _grant(
            [*PROJECT_ROWS, "company", "deal", "arrival", "commitment", "stagemove",
             "statuschange", "attachment", "park", "datacentre", "request", "target", "entryrule"],
            VIEW,
        )
        | _grant(["factorneeds", "peopleneed", "milestone", "arrival", "attachment"], WORK)
        | _grant(["parksupply", "datacentrecompute"], WORK)
        | {"change_datacentre", "view_factorguarantee", "change_factorguarantee"}
        | {*NOTES, *EVERYDAY}
    ),
    Role.DEPARTMENT: frozenset(
        _grant(["request", "project", "factorneeds", "attachment", "directive", "commitment"], VIEW)
        | {"change_request", "answer_request", "extend_request", "close_request",
           "answer_directive", "change_commitment", "add_attachment", *EVERYDAY}
        | {"view_factorguarantee", "change_factorguarantee"}
    ),
    Role.SYSTEM_ADMIN: frozenset(
        _grant(["user", "membership", "department", "taskforce"], VIEW)
        | {"add_user", "change_user", "clear_sample"}
        | _grant(["robot"], WORK)
        | {"view_jobs"}
    ),
    Role.SECURITY_ADMIN: frozenset(
        {"view_user", "set_role", "unlock_account"}
        | _grant(["secondfactorrule", "exportrule"], WORK)
        | _grant(["apitoken", "subscription", "pushhost"], WORK)
    ),
    Role.AUDITOR: frozenset({"view_user", "view_log", "view_exportlog", "view_auditentry"}),
}  # fmt: skip

# Everyone who reads lists keeps views of them.
for _role in BUSINESS_ROLES:
    PERMISSIONS[_role] |= _grant(["savedview"], WORK) | {"delete_savedview"}


def permissions_of(role: str) -> frozenset[str]:
    """Permission codes of a role without the app label; an unknown or empty role has none."""
    return PERMISSIONS.get(role, frozenset())

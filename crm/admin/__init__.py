"""The pages people work in, one module per aggregate."""

from crm.admin import (  # noqa: F401 - importing registers
    accounts,
    audit,
    claims,
    companies,
    deals,
    ledgers,
    organisation,
    outreach,
    projects,
    reference,
    robots,
    screens,
    targeting,
)

"""The pages people work in, one module per aggregate."""

from crm.admin import (  # noqa: F401 - importing registers
    accounts,
    alliance,
    api_tokens,
    audit,
    claims,
    companies,
    data_centres,
    deals,
    guarantees,
    ledgers,
    organisation,
    outreach,
    projects,
    reference,
    robots,
    screens,
    subscriptions,
    talent,
    targeting,
)

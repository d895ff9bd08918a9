"""Factors a project needs from the city (要素): kinds, states, what a stage claims in a park.

Source: the trade reference, "life of a project" (energy-saving review) and its glossary.
"""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.stages import Stage


class Supply(models.TextChoices):
    """What a park has to give. The values are the fields of a project's needs."""

    LAND = "land_mu", _("land (mu)")
    FLOOR = "floor_m2", _("floor space (m²)")
    POWER = "load_mw", _("power capacity (MW)")
    BANDWIDTH = "bandwidth_gbps", _("bandwidth (Gbps)")
    GREEN = "green_power_share", _("green power share (%)")


# Used up by the projects that take them; a share is not.
STOCKS = (Supply.LAND, Supply.FLOOR, Supply.POWER, Supply.BANDWIDTH)
UNITS = {
    Supply.LAND: "亩", Supply.FLOOR: "㎡", Supply.POWER: "MW", Supply.BANDWIDTH: "Gbps",
    Supply.GREEN: "%",
}  # fmt: skip


class Claim(models.TextChoices):
    """What a project in a stage lays claim to in its park."""

    NOTHING = "", _("nothing")
    WANTED = "wanted", _("wanted")
    PROMISED = "promised", _("promised")
    TAKEN = "taken", _("taken")


# Until the bureau sets its own: see StageRule.
CLAIMS = {
    Stage.RESERVE: Claim.WANTED,
    Stage.SIGNED: Claim.PROMISED,
    Stage.LANDED: Claim.PROMISED,
    Stage.BUILDING: Claim.TAKEN,
    Stage.PRODUCING: Claim.TAKEN,
}


class Factor(models.TextChoices):
    """What has to be secured for a project."""

    LAND = "land", _("land")
    POWER = "power", _("power load")
    GREEN_POWER = "green_power", _("green power")
    ENERGY_REVIEW = "energy_review", _("energy-saving review")
    ENVIRONMENT_REVIEW = "environment", _("environment review")
    NETWORK = "network", _("network")
    FUNDS = "funds", _("funds")
    TALENT = "talent", _("talent")


class FactorState(models.TextChoices):
    NOT_STARTED = "not_started", _("not started")
    UNDER_WAY = "under_way", _("being arranged")
    SECURED = "secured", _("secured")
    DIFFICULT = "difficult", _("in difficulty")
    NOT_NEEDED = "not_needed", _("not needed")


SETTLED = (FactorState.SECURED, FactorState.NOT_NEEDED)
# These need a word: what is difficult, why it is not needed.
EXPLAINED = (FactorState.DIFFICULT, FactorState.NOT_NEEDED)
# The factor whose guarantee brings the stock.
FACTOR_OF = {Supply.LAND: Factor.LAND, Supply.POWER: Factor.POWER}


class CountedFrom(models.TextChoices):
    """What the days of a deadline are counted from."""

    STAGE = "stage", _("days after the stage was entered")
    GO_LIVE = "go_live", _("days before the planned go-live")


HOURS = 8760
# Equivalent value of electricity (GB/T 2589): tonnes of standard coal a kWh.
TCE_PER_KWH = Decimal("0.0001229")
REVIEW_TCE, REVIEW_KWH, PROVINCE_TCE = Decimal(1000), Decimal(5_000_000), Decimal(10_000)


class EnergyReview(models.TextChoices):
    """Who reviews the energy use of a project."""

    UNKNOWN = "", _("load not entered")
    NONE = "none", _("not needed: below 1,000 tce and 5,000,000 kWh a year")
    CITY = "city", _("needed")
    PROVINCE = "province", _("needed, by the province: 10,000 tce a year or more")


def energy_review(load_mw: Decimal | None, energy_kwh: Decimal | None) -> EnergyReview:
    """By the energy use of a year, else by the load as if it ran all the year."""
    if energy_kwh is None and load_mw is None:
        return EnergyReview.UNKNOWN
    kwh = energy_kwh if energy_kwh is not None else load_mw * 1000 * HOURS
    tce = kwh * TCE_PER_KWH
    if tce >= PROVINCE_TCE:
        return EnergyReview.PROVINCE
    needed = tce >= REVIEW_TCE or kwh >= REVIEW_KWH
    return EnergyReview.CITY if needed else EnergyReview.NONE

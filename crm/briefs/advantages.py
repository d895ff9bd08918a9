"""The city's citable facts that matter to a firm, by its chains and needs; never reworded."""

from crm.models import Company, Project, ReferenceFact

# What moves a firm of a chain, in the order in which it is said. Keys of ReferenceFact.
OF_CHAIN = {
    "compute": ("green-power-guarantee", "pue-news", "cooling-cost", "exit-bandwidth", "latency",
                "exchange-point", "clean-energy-share", "data-centres"),
    "labelling": ("latency-cut", "gigabit-city", "exit-bandwidth", "data-centres",
                  "exchange-point"),
    "solar": ("clean-energy-share", "new-energy-share", "green-park", "zero-carbon-park"),
    "storage": ("new-energy-share", "microgrid", "virtual-power-plant", "clean-energy-share"),
    "power": ("clean-energy-share", "new-energy-share", "virtual-power-plant", "microgrid",
              "green-power-guarantee"),
}  # fmt: skip
OF_NEED = {
    "green_power_share": ("green-power-guarantee", "clean-energy-share"),
    "load_mw": ("clean-energy-share", "cooling-cost"),
    "bandwidth_gbps": ("exit-bandwidth", "latency"),
    "land_mu": ("green-park",),
}
FOR_ALL = ("clean-energy-share", "summer-temperature", "gigabit-city", "growth-contribution")
MOST = 6


def chains_of(company: Company, projects) -> list[str]:
    """Keys of the chains the firm stands in: its own segments, then those of its projects."""
    own = company.segments.values_list("chain__key", flat=True)
    theirs = projects.exclude(segment=None).values_list("segment__chain__key", flat=True)
    return list(dict.fromkeys([*own, *theirs]))


def advantages_for(company: Company, projects, *, most: int = MOST) -> list[ReferenceFact]:
    """Facts in the order of their weight for this firm; its needs come first, then its chains."""
    wanted = [*_needs(projects)]
    for key in chains_of(company, projects):
        wanted += OF_CHAIN.get(key, ())
    if _computes(projects):
        wanted += OF_CHAIN["compute"]
    order = list(dict.fromkeys([*wanted, *FOR_ALL]))
    facts = ReferenceFact.objects.live().current().filter(key__in=order)
    return sorted(facts, key=lambda fact: order.index(fact.key))[:most]


def _needs(projects: "list[Project]"):
    """Keys of the facts that answer what the firm's projects ask for."""
    for row in projects.exclude(needs=None).values(*[f"needs__{name}" for name in OF_NEED]):
        for name, keys in OF_NEED.items():
            if row[f"needs__{name}"]:
                yield from keys


def _computes(projects) -> bool:
    return projects.exclude(compute=None).exists()

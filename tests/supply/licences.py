"""Licences of all packages that run in production: listed; an unknown or forbidden one fails.

``python -m tests.supply.licences``. A package may be linked into a closed system of a city without
its own source having to follow: no GPL, no AGPL, nothing unread.
"""

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ALLOWED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "PSF-2.0",
    "Unlicense", "Zlib",
    # Of files or libraries: what stays unchanged and replaceable may be used.
    "MPL-2.0", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later",
}  # fmt: skip
# How packages say it that do not use SPDX yet.
SPOKEN = {
    "Apache": "Apache-2.0", "Apache Software License": "Apache-2.0", "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause", "BSD-3-Clause License": "BSD-3-Clause",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "LGPL": "LGPL-2.1-or-later", "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "PSFL": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0", "The Unlicense (Unlicense)": "Unlicense",
}  # fmt: skip
CLASSIFIER = "License :: "
LONGEST_NAME = 60  # longer is the text of a licence


def pinned(requirements: Path) -> list[str]:
    """Names of the packages that a requirements file pins."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return [
        found[1] for line in lines if (found := re.match(r"([A-Za-z0-9._-]+)(\[.*\])?==", line))
    ]


def licence_of(about) -> str:
    """The licence that a package's metadata names, as SPDX; "" when it names none."""
    if expression := about.get("License-Expression"):
        return expression
    told = [
        line.rpartition("::")[2].strip()
        for line in about.get_all("Classifier") or []
        if line.startswith(CLASSIFIER)
    ]
    plain = (about.get("License") or "").strip()
    names = [name for name in (plain, *told) if name and len(name) < LONGEST_NAME]
    return next((SPOKEN.get(name, name) for name in names), "")


def is_allowed(expression: str) -> bool:
    """Of licences joined by OR one is enough, of those joined by AND all are needed."""
    plain = expression.replace("(", "").replace(")", "")
    choices = [re.split(r"\s+AND\s+", part) for part in re.split(r"\s+OR\s+", plain)]
    return any(all(name.strip() in ALLOWED for name in needed) for needed in choices)


def found_in(requirements: Path) -> dict[str, tuple[str, str]]:
    """Version and licence of each package installed here; others belong to other systems."""
    found = {}
    for name in pinned(requirements):
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        found[name] = about["Version"], licence_of(about)
    return found


def main() -> int:
    found = found_in(ROOT / "requirements.txt")
    for name, (version, licence) in found.items():
        print(f"{name:24} {version:16} {licence or '?'}")
    bad = sorted(name for name, (_version, licence) in found.items() if not is_allowed(licence))
    print(f"{len(found)} packages, {len(bad)} with an unknown or forbidden licence")
    for name in bad:
        print(f"  {name}: {found[name][1] or 'names none'}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

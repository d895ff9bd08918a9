"""``python -m tests.supply.faults TOOL``: are faults published of a pinned package?

Exit code 0: asked for every package, none known; 1: some are; 3: the advisory data could not be
reached, or not for every package - which is never taken for "none". ``OPTIONAL=1`` makes 3 a 0.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FAULTS, NOT_ASKED = 1, 3


def judged(report: str) -> tuple[int, str]:
    """Exit code and sentence for what pip-audit wrote."""
    try:
        packages = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return NOT_ASKED, "The advisory data could not be reached; nothing was audited."
    faults = [
        f"{each['name']} {each['version']}: {fault['id']}"
        for each in packages
        for fault in each.get("vulns", ())
    ]
    skipped = [each["name"] for each in packages if "skip_reason" in each]
    asked = len(packages) - len(skipped)
    if faults:
        return FAULTS, f"{asked} packages audited; faults are known:\n" + "\n".join(faults)
    if skipped:
        return NOT_ASKED, f"{asked} of {len(packages)} packages audited; no data on the others."
    return 0, f"{asked} packages audited, no known fault."


def main(tool: str) -> int:
    done = subprocess.run(
        [tool, "--disable-pip", "--require-hashes", "-r", str(ROOT / "requirements.txt"),
         "--progress-spinner", "off", "--timeout", "15", "-f", "json"],
        capture_output=True, text=True,
    )  # fmt: skip
    code, text = judged(done.stdout)
    print(text)
    return 0 if code == NOT_ASKED and os.environ.get("OPTIONAL") == "1" else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

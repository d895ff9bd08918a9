"""Which Chromium the browser tests drive."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# As root in a container the sandbox cannot start; the rest keeps it from calling home.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip


def find_chromium() -> str | None:
    """Path of the first Chromium found, None without one."""
    return next((path for path in map(shutil.which, NAMES) if path), None)

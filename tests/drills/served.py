"""The system as it runs in production, gunicorn in front of a database, to be ill-treated."""

import os
import resource
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.serving import ROOT, free_port

WORKERS = 2


class Served:
    """gunicorn on a prepared demo; ``address`` stays the same however often it is started."""

    def __init__(self, database: str, folder: Path):
        self.folder, self.port = folder, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.variables = os.environ | {
            "CRM_DEMO": "1", "CRM_DATA_DIR": str(folder), "DATABASE_URL": database,
            "CRM_LOG_LEVEL": "CRITICAL",
        }  # fmt: skip
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.stop(signal.SIGKILL)

    def start(self) -> None:
        with (self.folder / "gunicorn.log").open("a") as log:
            self.process = subprocess.Popen(
                self.command(), cwd=ROOT, env=self.variables, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self.wait_until_alive()

    def command(self) -> list[str]:
        return [
            sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}",
            "--workers", str(WORKERS), "--threads", "2", "--graceful-timeout", "30",
            "--log-level", "critical",
        ]  # fmt: skip

    def wait_until_alive(self, limit: float = 240) -> None:
        start = time.monotonic()
        while time.monotonic() - start < limit:
            try:
                urllib.request.urlopen(f"{self.address}/healthz", timeout=10)  # noqa: S310 - ours
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError((self.folder / "gunicorn.log").read_text())

    def workers(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(number) for number in listed.read_text().split()]

    def kill_worker(self, which: int) -> None:
        """kill -9; gunicorn starts another one."""
        if alive := self.workers():
            os.kill(alive[which % len(alive)], signal.SIGKILL)

    def stop(self, how: int = signal.SIGTERM) -> None:
        """SIGTERM lets requests end; SIGKILL takes master and workers away in the same moment."""
        if self.process.poll() is None:
            if how == signal.SIGKILL:
                os.killpg(self.process.pid, how)
            else:
                self.process.send_signal(how)
        self.process.wait(timeout=60)

    def limit_files(self, size: int) -> None:
        """No file grows beyond so many bytes, as if the disk were full; -1 takes the limit off."""
        for process in (self.process.pid, *self.workers()):
            hard = resource.prlimit(process, resource.RLIMIT_FSIZE)[1]
            resource.prlimit(process, resource.RLIMIT_FSIZE, (size, hard))

    def manage(self, *arguments, file_limit: int | None = None) -> subprocess.CompletedProcess:
        """A command of manage.py on the same database."""

        def limited():
            if file_limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))

        return subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)], cwd=ROOT, env=self.variables,
            capture_output=True, text=True, preexec_fn=limited,
        )  # fmt: skip

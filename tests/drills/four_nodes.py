"""``python -m tests.drills.four_nodes [PYTEST ARGUMENTS]``: the browser tests against four nodes.

Four gunicorn nodes with one PostgreSQL and one folder of files, behind nginx as
``config/deploy/nginx.conf.template`` sets it up (without TLS), each request to the next node.
Ends with what pytest ends with; 2 when nginx or a PostgreSQL server is missing.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.databases import throw_away_postgres
from tests.serving import ROOT, free_port, prepare, variables

NODES = 4
TESTS = ["tests/test_browser.py", "tests/test_phone_browser.py", "tests/test_daily.py"]
TEMPLATE = ROOT / "config" / "deploy" / "nginx.conf.template"
AROUND = """daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ }}
http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
{site} }}
"""


def main(arguments: list[str]) -> int:
    with throw_away_postgres() as database, tempfile.TemporaryDirectory() as folder:
        if database is None or not shutil.which("nginx"):
            print("This drill needs nginx and the programs of a PostgreSQL server.")
            return 2
        with four_nodes(Path(folder), database) as address:
            tested = [*arguments] or TESTS
            return subprocess.run(
                [sys.executable, "-m", "pytest", "-q", *tested], cwd=ROOT,
                env=os.environ | {"CRM_SERVED": address, "DATABASE_URL": database},
            ).returncode  # fmt: skip


@contextlib.contextmanager
def four_nodes(folder: Path, database: str):
    """The demo on four nodes behind nginx; yields its address and says which nodes answered."""
    prepare(ROOT, folder, database)
    ports = [free_port() for _ in range(NODES)]
    with contextlib.ExitStack() as stack:
        for port in ports:
            stack.enter_context(_node(folder, database, port))
        address = f"http://127.0.0.1:{free_port()}"
        stack.enter_context(_proxy(folder, address, ports))
        _wait_for(f"{address}/login/")
        yield address
        for port in ports:
            print(f"node {port}: {_answered(port)} requests answered")


@contextlib.contextmanager
def _node(folder: Path, database: str, port: int):
    given = variables(folder, database, port) | {
        "CRM_BIND": f"127.0.0.1:{port}", "CRM_WORKERS": "1", "CRM_BEHIND_PROXY": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn", "config.wsgi"]
    node = subprocess.Popen(command, cwd=ROOT, env=given)
    try:
        _wait_for(f"http://127.0.0.1:{port}/readyz")
        yield
    finally:
        node.terminate()
        node.wait(timeout=40)


@contextlib.contextmanager
def _proxy(folder: Path, address: str, ports: list[int]):
    """nginx with the site's own configuration, the certificate and port 443 left out."""
    site = TEMPLATE.read_text(encoding="utf-8").split("server {\n    listen 80;")
    upstream, server = site[0], "server {" + site[1].split("server {", 1)[1]
    nodes = "\n".join(f"server 127.0.0.1:{port} max_fails=2 fail_timeout=5s;" for port in ports)
    upstream = upstream.replace("server ${CRM_NODE} max_fails=2 fail_timeout=5s;", nodes)
    kept = [line for line in server.splitlines() if "ssl" not in line and "http2" not in line]
    server = "\n".join(kept).replace("server {", f"server {{ listen {address[7:]};", 1)
    text = AROUND.format(folder=folder, site=upstream + server.replace("${CRM_HOST}", "_"))
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    proxy = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    try:
        yield
    finally:
        proxy.terminate()
        proxy.wait(timeout=20)


def _wait_for(url: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=10)  # noqa: S310 - our own address
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(url)


def _answered(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    name = "django_http_requests_before_middlewares_total"
    return sum(int(float(line.split()[-1])) for line in lines if line.startswith(name))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

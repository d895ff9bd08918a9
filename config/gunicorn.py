"""How gunicorn serves the CRM: ``gunicorn -c python:config.gunicorn config.wsgi``."""

import multiprocessing
import os
import shutil
import tempfile

from config import environment

bind = os.environ.get("CRM_BIND", "127.0.0.1:8000")
workers = environment.integer("CRM_WORKERS", default=2 * multiprocessing.cpu_count() + 1, low=1)
# A ledger of 50 MB may take its time; a page never does.
timeout = environment.integer("CRM_REQUEST_SECONDS", default=120, low=1)
# After SIGTERM what has begun is ended, nothing new is taken.
graceful_timeout = 30
# Memory that a library keeps is given back now and then, not by all workers at once.
max_requests, max_requests_jitter = 5000, 500
preload_app = True
# Our own log line has no address and no query in it; gunicorn's would.
accesslog = None

# Workers count into one folder, so that every one of them answers for all. It has to be there
# before the first metric is made.
METRICS = "PROMETHEUS_MULTIPROC_DIR"
_own_folder = METRICS not in os.environ
if _own_folder:
    os.environ[METRICS] = tempfile.mkdtemp(prefix="crm-metrics-")


def child_exit(server, worker):
    from prometheus_client import multiprocess  # noqa: PLC0415 - reads the folder when imported

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    if _own_folder:
        shutil.rmtree(os.environ[METRICS], ignore_errors=True)

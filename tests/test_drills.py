"""What goes wrong in a server room loses nothing: the short form of ``python -m tests.drills``."""

import os
import shutil

import pytest
from django.db import connection

from tests.conftest import copied
from tests.drills.__main__ import run


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="gunicorn needs Unix")
def test_no_fault_loses_doubles_or_halves_anything(prepared, tmp_path, capfd):
    folder = tmp_path / "data"
    shutil.copytree(prepared[0], folder)
    with copied(prepared[1], folder) as database:
        missed = run(database, folder, is_short=True)

    told = capfd.readouterr().out
    assert missed == 0, told
    assert told.count(connection.vendor) >= 11

"""Sessions in the database that do not make a failure of what was saved already."""

import logging

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError

log = logging.getLogger(__name__)


class SessionStore(db.SessionStore):
    """A session is written after the answer was made, when what the request saved is committed.

    Where the database cannot take that last write (full disk, restart), Django would answer 400 to
    a save that was done. What is lost with the session is at most a message on the next page.
    """

    def save(self, must_create=False):
        try:
            super().save(must_create)
        except UpdateError as error:
            if not isinstance(error.__context__, OperationalError):
                raise
            log.warning("a session could not be written: %s", error.__context__)

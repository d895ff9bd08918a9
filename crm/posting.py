"""One POST to another machine: no redirects, ten seconds, and so much of the answer at most."""

import http.client
from collections.abc import Callable
from urllib.parse import urlsplit

SECONDS = 10
MOST_BYTES = 65_536
CONNECTIONS = {"https": http.client.HTTPSConnection, "http": http.client.HTTPConnection}


class NotDelivered(Exception):
    """The other side did not take the message, or may not be sent one."""


def post(
    url: str, body: bytes, headers: dict, check_peer: Callable[[str], None] | None = None
) -> tuple[int, bytes]:
    """Status and body of the answer; ``check_peer`` may refuse the address before anything is sent.

    Raises OSError and http.client.HTTPException where there is no answer.
    """
    parts = urlsplit(url)
    connection = CONNECTIONS[parts.scheme](parts.netloc, timeout=SECONDS)
    try:
        connection.connect()
        if check_peer is not None:
            check_peer(connection.sock.getpeername()[0])
        target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        connection.request("POST", target, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(MOST_BYTES)
    finally:
        connection.close()

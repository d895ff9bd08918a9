"""A tiny OpenID provider: discovery, keys, token endpoint; it can be made to lie."""

import json
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "crm", "a secret of the tests"
KEY, STRANGE_KEY = (RSAKey.generate_key(2048, {"kid": "first"}) for _ in range(2))


class Provider(ThreadingHTTPServer):
    """``sign_in`` is what a person does there: it answers with a code for the callback."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answers)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.tokens: dict[str, tuple] = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def sign_in(self, address: str, name: str, *, key=KEY, without=(), **claims) -> dict:
        """The query of the callback for a person who followed ``address`` to the provider."""
        asked = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
        now = int(time.time())
        said = {
            "iss": self.issuer, "aud": CLIENT, "sub": f"id of {name}", "iat": now,
            "exp": now + 300, "nonce": asked["nonce"], "preferred_username": name,
        } | claims  # fmt: skip
        said = {name: value for name, value in said.items() if name not in without}
        code = f"code-{len(self.tokens)}"
        token = jwt.encode({"alg": "RS256", "kid": "first"}, said, key)
        self.tokens[code] = asked["code_challenge"], token
        return {"code": code, "state": asked["state"]}


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/keys":
            return self._say({"keys": [KEY.as_dict(private=False)]})
        issuer = self.server.issuer
        return self._say({
            "issuer": issuer, "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token", "jwks_uri": f"{issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        })  # fmt: skip

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {key: values[0] for key, values in parse_qs(body).items()}
        challenge, token = self.server.tokens.pop(sent["code"], ("", ""))
        proof = urlsafe_b64encode(sha256(sent.get("code_verifier", "").encode()).digest())
        known = b64decode(self.headers["Authorization"].split()[1]).decode()
        if proof.rstrip(b"=").decode() != challenge or known.partition(":")[0] != CLIENT:
            return self._say({"error": "invalid_grant"}, 400)
        return self._say({"access_token": "x", "token_type": "Bearer", "id_token": token})

    def _say(self, what: dict, status: int = 200):
        data = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass

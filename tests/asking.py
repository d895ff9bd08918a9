"""A system that asks the API with its token, as a program of the city would."""

import json

from django.test import Client

from . import make

ROOT = "/api/v1/"


class System:
    """One system: what it sends carries its token and its language."""

    def __init__(self, token=None, language: str = "en", **values):
        self.token = token or make.api_token(**values)
        self.headers = {
            "Authorization": f"Bearer {self.token.secret}", "Accept-Language": language,
        }  # fmt: skip
        self.client = Client()

    def send(self, method: str, path: str, body=None, **headers):
        options = {"headers": {**self.headers, **headers}}
        if body is not None:
            text = body if isinstance(body, str) else json.dumps(body)
            options |= {"data": text, "content_type": "application/json"}
        return getattr(self.client, method)(f"{ROOT}{path}", **options)

    def get(self, path: str, **headers):
        return self.send("get", path, **headers)

    def rows(self, path: str) -> list[dict]:
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        return answer.json()["results"]

    def post(self, path: str, body, **headers):
        return self.send("post", path, body, **headers)

    def patch(self, path: str, body, **headers):
        return self.send("patch", path, body, **headers)

"""A running service, as a learner's browser sees it: HTTP and nothing else."""

from __future__ import annotations

import os
from typing import Any
from uuid import uuid4

import httpx

from evals.task import DataError
from ingest import Language
from tutor.cases import LoadedCase
from tutor.dialogue import EVENT, Event

BASE = "/api/v1"
TOKEN = "EVAL_TOKEN"
"""Environment variable with a bearer token, for a service that asks who is there."""
PATIENCE = 120.0


class Remote:
    """A service by its address.

    Args:
        url: of the service, such as http://127.0.0.1:8600.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        token = os.environ.get(TOKEN)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(
            base_url=url.rstrip("/") + BASE, headers=headers, timeout=PATIENCE, trust_env=False
        )

    def get(self, path: str, **asked: Any) -> Any:
        """What the service says.

        Raises:
            DataError: it cannot be reached or refuses; the message says what to do.
        """
        return self._send("GET", path, params=asked)

    def post(self, path: str, body: dict[str, Any], key: str | None = None) -> Any:
        """What the service says to a body; for what it raises see `get`."""
        headers = {} if key is None else {"Idempotency-Key": key}
        return self._send("POST", path, json=body, headers=headers)

    def delete(self, path: str) -> None:
        """Ask for something to be erased; for what it raises see `get`."""
        self._send("DELETE", path)

    def tutor(self) -> TutorThere:
        """One session of the service."""
        return TutorThere(self)

    def _send(self, method: str, path: str, **given: Any) -> Any:
        try:
            answer = self._client.request(method, path, **given)
        except httpx.HTTPError as error:
            raise DataError(
                f"{self.url} does not answer ({error}). Start maieutic serve, or mend --url."
            ) from error
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise DataError(f"{self.url} asks who is there. Put a token into {TOKEN}.")
        if answer.is_error:
            raise DataError(f"{self.url} refuses {method} {path}: {_why(answer)}")
        return answer.json() if answer.content else None


class TutorThere:
    """See `evals.tutors.Tutor`; the session is erased from the service when it is left."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote
        self._id = ""
        self._known = 0

    def __enter__(self) -> TutorThere:
        return self

    def __exit__(self, *_: object) -> None:
        if self._id:
            self._remote.delete(f"/sessions/{self._id}")

    def open(self, case: LoadedCase, language: Language) -> list[Event]:
        """See `Tutor`."""
        opened = self._remote.post("/sessions", {"case_id": case.id, "language": language})
        self._id = opened["id"]
        return self._new()

    def hear(self, text: str) -> list[Event]:
        """See `Tutor`."""
        body = {"text": text, "expected_seq": self._known}
        self._remote.post(f"/sessions/{self._id}/turns", body, key=str(uuid4()))
        return self._new()

    def _new(self) -> list[Event]:
        told = self._remote.get(f"/sessions/{self._id}/transcript", format="events")
        events = [EVENT.validate_python(event) for event in told[self._known :]]
        self._known = len(told)
        return events


def _why(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
    except ValueError:
        return f"HTTP {answer.status_code}"
    return f"{problem.get('detail') or problem.get('title')} {problem.get('remedy', '')}".strip()

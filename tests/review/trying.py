"""A judge that can be unsure, a learner to be unsure of, and an educator's calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.testclient import TestClient

from ingest import Language
from tutor.dialogue import Act, Judgement, Target

LOCAL = "http://127.0.0.1:8600"
REVIEW = "/api/v1/review"


@dataclass(frozen=True)
class HesitantJudge:
    """Hears an idea where one of its examples stands in the text, and "maybe E1" with a doubt."""

    name: str = "hesitant 1"

    def acts(self, text: str, language: Language) -> tuple[Act, ...]:
        """Assertions, and the answers to a doubt."""
        del language
        if text.startswith("yes"):
            return ("agree",)
        return ("disagree",) if text.startswith("no,") else ("assertion",)

    def judge(
        self, text: str, targets: Sequence[Target], language: Language
    ) -> tuple[Judgement, ...]:
        """See `tutor.dialogue.Judge`."""
        del language
        return tuple(self._judgement(text, target) for target in targets)

    def _judgement(self, text: str, target: Target) -> Judgement:
        sure = target.id in text.split() or any(words in text for words in target.accept)
        if any(words in text for words in target.near_miss):
            sure = False
        heard = "present" if target.kind == "misconception" else "covered"
        if f"maybe {target.id}" in text and not any(w in text for w in target.accept):
            doubt = text[text.index("maybe") :]
            return Judgement(
                target=target.id,
                verdict="unsure",
                probability=0.35,
                span=doubt,
                assessor=self.name,
            )
        return Judgement(
            target=target.id,
            verdict=heard if sure else "absent",
            probability=0.95 if sure else 0.05,
            span=text if sure else None,
            assessor=self.name,
        )


class Learner:
    """Somebody who works the tiny case."""

    def __init__(self, client: TestClient, language: str = "en") -> None:
        self._client = client
        body = {"case_id": "tiny", "language": language}
        self.state: dict[str, Any] = client.post("/api/v1/sessions", json=body).json()

    def says(self, text: str) -> dict[str, Any]:
        """A turn; the session as it stands after it."""
        return self._post("turns", {"text": text})

    def contests(self, note: str | None = None) -> dict[str, Any]:
        """The last entry of the tutor that can be contested."""
        seq = [e["seq"] for e in self.state["transcript"] if e["contestable"]][-1]
        return self._post("contest", {"seq": seq, "note": note})

    def considered(self) -> int:
        """How many ideas of the first stage are on the table."""
        return int(self.state["stages"][0]["considered"])

    def erases(self) -> None:
        """The session and all that was said."""
        assert self._client.delete(f"/api/v1/sessions/{self.state['id']}").status_code == 204

    def _post(self, step: str, body: dict[str, Any]) -> dict[str, Any]:
        path = f"/api/v1/sessions/{self.state['id']}/{step}"
        answer = self._client.post(path, json={**body, "expected_seq": self.state["seq"]})
        assert answer.status_code == 200, answer.text
        self.state = answer.json()["state"]
        return self.state


def queue(client: TestClient, **filters: str) -> list[dict[str, Any]]:
    """What the queue shows."""
    answer = client.get(f"{REVIEW}/items", params=filters)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def decide(client: TestClient, item: int, verdict: str, version: int = 0, **more: Any) -> Any:
    """Decide on one; the answer as it came."""
    body = {"verdict": verdict, "version": version, **more}
    return client.post(f"{REVIEW}/items/{item}/decisions", json=body)


def revoke(client: TestClient, subject: str, version: int) -> Any:
    """Take a decision back; the answer as it came."""
    body = {"subject": subject, "version": version}
    return client.post(f"{REVIEW}/decisions/revoke", json=body)

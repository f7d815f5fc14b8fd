"""The review queue of the fake service: one judgement, and what is decided about it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from tests.ui.fake_service import Json, problem

AT = "2026-11-25T10:00:00+00:00"


class FakeReview:
    """Keeps the contract in memory."""

    def __init__(self) -> None:
        self.refuses = False
        self.faster = False
        """Whether another educator decides before the next decision arrives."""
        self.total = 1
        self.decisions: list[Json] = []
        self.sent: list[Json] = []

    def item(self) -> Json:
        """The judgement as the list shows it."""
        return {
            "id": 7,
            "case_id": "tiny",
            "case_title": "The tiny case",
            "target": "E1",
            "kind": "expectation",
            "statement": "Ask <b>first</b>.",
            "language": "en",
            "reason": "contested",
            "state": "decided" if self.in_force() else "open",
            "at": AT,
            "said": "I would ask <i>her</i>, then tell",
            "note": "I did say so",
            "asked": "What else?",
            "heard": {"verdict": "unsure", "probability": 0.31, "span": "ask <i>her</i>"},
        }

    def in_force(self) -> bool:
        """Whether the newest decision holds."""
        return bool(self.decisions) and self.decisions[0]["in_force"]

    def detail(self) -> Json:
        """With everything needed to decide."""
        return self.item() | {
            "version": len(self.decisions),
            "verdicts": ["said", "not_said", "partly", "held", "unusable"],
            "accept": ["ask her"],
            "near_miss": ["tell her"],
            "misconceptions": [{"id": "M1", "statement": "One may always tell."}],
            "now": {"verdict": "covered", "probability": 0.9, "span": None},
            "decisions": self.decisions,
        }

    def decide(self, verdict: str, text: str | None, by: str = "u") -> None:
        """One more version."""
        for decision in self.decisions:
            decision["in_force"] = False
        made = {"said": "accept", "not_said": "near_miss", "held": "accept"}
        self.decisions.insert(
            0,
            {
                "subject": "review:7",
                "version": len(self.decisions) + 1,
                "review_id": 7,
                "verdict": verdict,
                "case_title": "The tiny case",
                "target": "E1",
                "statement": "Ask <b>first</b>.",
                "language": "en",
                "role": made.get(verdict) if text else None,
                "text": text,
                "by": by,
                "at": AT,
                "in_force": verdict != "revoked",
            },
        )

    def routes(self) -> APIRouter:
        """Below /api/v1."""
        router = APIRouter(prefix="/review")

        @router.get("/items")
        def items(offset: int = 0, limit: int = 20, state: str | None = None) -> Any:
            if self.refuses:
                return problem(403, "forbidden")
            fits = state in {None, self.item()["state"]}
            found = [self.item()] * min(limit, self.total - offset) if fits else []
            ids = [item | {"id": 7 + offset + n} for n, item in enumerate(found)]
            return {"total": self.total if fits else 0, "offset": offset, "items": ids}

        @router.get("/items/{item_id}")
        def item(item_id: int) -> Any:
            if self.refuses:
                return problem(403, "forbidden")
            return self.detail() if item_id == 7 else problem(404, "not-found")

        @router.post("/items/{item_id}/decisions", status_code=201)
        def decide(item_id: int, body: Json) -> Any:
            assert item_id == 7
            self.sent.append(body)
            if self.faster:
                self.faster = False
                self.decide("not_said", "tell her", by="another")
            if body["version"] != len(self.decisions):
                return problem(409, "conflict")
            if body["text"] == "yes":
                return problem(422, "validation", detail="These words are too few.")
            self.decide(body["verdict"], body["text"])
            return JSONResponse(self.detail(), 201)

        @router.get("/decisions")
        def decisions(offset: int = 0, limit: int = 20) -> Any:
            shown = self.decisions[offset : offset + limit]
            return {"total": len(self.decisions), "offset": offset, "decisions": shown}

        @router.post("/decisions/revoke")
        def revoke(body: Json) -> Any:
            assert body == {"subject": "review:7", "version": len(self.decisions)}
            self.decide("revoked", None)
            return self.decisions[0]

        @router.get("/gains")
        def gains() -> Any:
            if self.refuses:
                return problem(403, "forbidden")
            if not self.total:
                return []
            held = self.in_force()
            counts = {"open": int(not held), "decided": int(held), "accept": int(held)}
            more = {"near_miss": 0, "ideas": int(held), "of_ideas": 4}
            case = {"case_id": "tiny", "case_title": "The tiny case", "language": "en"}
            return [case | counts | more]

        return router

"""Rating in the fake service: two items, and what arrives of each."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from tests.ui.fake_service import Json, problem

AT = "2026-11-26T10:00:00+00:00"
STEPS = ("none of it", "some of it", "all of it")


def dimension(name: str, *, may_not_apply: bool = False) -> Json:
    """As the service gives it."""
    steps = [{"label": f"{name} {s}", "example": f"Say *{s}*."} for s in STEPS]
    told = "Nothing is mistaken" if may_not_apply else None
    return {
        "id": name,
        "name": name.title(),
        "question": f"Is there {name}?",
        "not_applicable": told,
        "steps": steps,
    }


class FakeRating:
    """Keeps the contract in memory."""

    def __init__(self) -> None:
        self.refuses = False
        self.down = False
        """Whether what is sent of ratings fails for now."""
        self.batches: list[str] = ["first"]
        self.seated = True
        self.handed_in = False
        self.third = False
        """Whether the visitor is one who settles."""
        self.faster = False
        self.kind = "turn"
        self.marks: dict[int, Json] = {}
        self.sent: list[tuple[int, Json]] = []
        self.rulings: list[Json] = []

    def batch(self) -> Json:
        """As the list shows it."""
        rated = self.third or self.handed_in
        mine = {"done": self.done(), "handed_in": self.handed_in} if self.seated else None
        open_ones = int(not self.rulings)
        return {
            "name": "first",
            "kind": self.kind,
            "items": 2,
            "languages": ["en", "zh-Hant"],
            "raters": 2,
            "seated": 2 if self.third else 1,
            "handed_in": 2 if self.third else int(self.handed_in),
            "created_at": AT,
            "stage": "settling" if self.third and open_ones else "settled" if rated else "rating",
            "disputes": 1 if rated else None,
            "disputes_open": open_ones if rated else None,
            "mine": None if self.third else mine,
            "may_settle": self.third,
        }

    def done(self) -> int:
        """Items that are whole."""
        return sum(self.progress(n) in {"done", "cannot"} for n in (1, 2))

    def progress(self, position: int) -> str:
        """Of one item."""
        mark = self.marks.get(position)
        if mark is None:
            return "open"
        return "cannot" if mark["cannot_judge"] else "done" if len(mark["scores"]) == 2 else "begun"

    def content(self, position: int) -> Json:
        """What is rated."""
        if self.kind == "answer":
            quote = {"source": "guidelines/x", "quote": "Ask <i>first</i>."}
            sentences = [{"text": "Ask.", "quotes": [quote]}, {"text": "Always.", "quotes": []}]
            return {"kind": "answer", "question": "May I <b>tell</b>?", "sentences": sentences}
        talk = [
            {"who": "tutor", "text": "What else?"},
            {"who": "learner", "text": f"He said <b>no</b> {position}."},
        ]
        return {
            "kind": "turn",
            "case_title": "The sister",
            "vignette": "A trainee asks.",
            "talk": talk,
            "turn": f"Why would that <i>settle</i> it {position}?",
        }

    def task(self, position: int) -> Json:
        """An item with what was given."""
        return {
            "batch": "first",
            "position": position,
            "total": 2,
            "language": "en",
            "content": self.content(position),
            "mark": self.marks.get(position, {}),
            "progress": [self.progress(1), self.progress(2)],
            "handed_in": self.handed_in,
        }

    def dispute(self) -> Json:
        """Where two differ."""
        ruling = self.rulings[-1] if self.rulings else None
        shown = ruling and {k: ruling[k] for k in ("score", "reason")}
        shown = shown and {**shown, "version": len(self.rulings)}
        scores = {"A": 2, "B": None}
        return {
            "number": 7,
            "language": "en",
            "content": self.content(7),
            "comments": {"B": "Hard to <u>say</u>"},
            "differences": [{"dimension": "tone", "scores": scores, "ruling": shown}],
        }

    def routes(self) -> APIRouter:
        """Below /api/v1."""
        router = APIRouter(prefix="/rating/batches")
        self._rate(router)
        self._settle(router)
        return router

    def _rate(self, router: APIRouter) -> None:
        @router.get("")
        def batches() -> Any:
            if self.refuses:
                return problem(403, "forbidden")
            return [self.batch() | {"name": name} for name in self.batches]

        @router.get("/{name}/rubric")
        def rubric(name: str, lang: str) -> Any:
            if name != "first":
                return problem(404, "not-found")
            return {
                "kind": self.kind,
                "version": "2026-11-26.1",
                "hash": "0" * 64,
                "language": lang,
                "title": "A turn",
                "lead": "Rate the marked turn.",
                "situation": "All examples are of one <situation>.",
                "dimensions": [dimension("tone", may_not_apply=True), dimension("guidance")],
            }

        @router.post("/{name}/begin")
        def begin(name: str) -> Any:
            assert name == "first"
            if self.faster:
                return problem(409, "conflict")
            self.seated = True
            return self.batch()

        @router.get("/{name}/mine/{position}")
        def task(name: str, position: int) -> Any:
            if name != "first" or position > 2:
                return problem(404, "not-found")
            return self.task(position) if self.seated else problem(409, "conflict")

        @router.patch("/{name}/mine/{position}")
        def rate(name: str, position: int, body: Json) -> Any:
            assert name == "first"
            if self.down:
                return problem(507, "storage-full")
            if self.handed_in:
                return problem(409, "conflict")
            self.sent.append((position, body))
            empty = {"scores": {}, "cannot_judge": False, "comment": ""}
            mark = self.marks.setdefault(position, empty)
            mark["scores"].update(body.get("scores") or {})
            mark.update({k: v for k, v in body.items() if k != "scores"})
            return self.task(position)

        @router.post("/{name}/hand-in")
        def hand_in(name: str) -> Any:
            assert name == "first"
            if self.done() < 2:
                return problem(422, "validation")
            self.handed_in = True
            return self.batch()

    def _settle(self, router: APIRouter) -> None:
        @router.get("/{name}/disputes")
        def disputes(name: str) -> Any:
            assert name == "first"
            line = {"number": 7, "language": "en", "dimensions": ["tone"]}
            return [line | {"settled": bool(self.rulings)}]

        @router.get("/{name}/disputes/{number}")
        def dispute(name: str, number: int) -> Any:
            assert name == "first"
            return self.dispute() if number == 7 else problem(404, "not-found")

        @router.post("/{name}/disputes/{number}", status_code=201)
        def settle(name: str, number: int, body: Json) -> Any:
            assert (name, number) == ("first", 7)
            if self.faster:
                self.faster = False
                self.rulings.append(body | {"reason": "by another"})
                return problem(409, "conflict")
            assert body["version"] == len(self.rulings)
            self.rulings.append(body)
            return JSONResponse(self.dispute(), 201)

        @router.get("/{name}/counts")
        def counts(name: str) -> Any:
            assert name == "first"
            tone = {"dimension": "tone", "steps": [1, 2, 0], "not_applicable": 1, "pairs": 2}
            guidance = {"dimension": "guidance", "steps": [0, 0, 0], "not_applicable": 0}
            more = [tone | {"same": 1}, guidance | {"pairs": 0, "same": 0}]
            return {"batch": "first", "items": 2, "cannot_judge": 1, "counts": more}

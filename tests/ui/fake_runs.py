"""Runs of the fake service: two runs of one task, hostile words in them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from tests.ui.fake_service import Json, problem

WORDS = "I would <b>ask</b> her"
FIGURE: Json = {
    "index": 0,
    "group": "all",
    "name": "right",
    "value": 0.8,
    "low": 0.6,
    "high": 0.9,
    "n": 10,
    "unit": "share",
    "lines": 2,
    "gate": {"passed": False, "bound": "≥ 0.7", "why": "Too low.", "reason": "It matters."},
}
AUC: Json = {**FIGURE, "index": 1, "name": "AUC", "low": None, "high": None, "gate": None}


class FakeRuns:
    """Keeps the contract in memory."""

    def __init__(self) -> None:
        self.refuses = False
        self.names = ["run-2", "run-1"]
        self.finished = True
        self.again = 2
        self.identical = False
        self.unreadable = False
        self.left_out: list[Json] = []
        self.asked: list[Json] = []
        """Queries for lines, as they arrived."""

    def run(self, name: str) -> Json:
        """A run in the list."""
        return {
            "name": name,
            "tasks": ["small", "other"],
            "finished": ["small"],
            "options": {"fast": True, "seed": 3},
            "llm": None,
            "began": "2026-11-26T06:00:00+00:00",
            "ended": "",
        }

    def detail(self, name: str) -> Json:
        """With its figures."""
        task = {
            "name": "small",
            "description": "A task",
            "samples": 2,
            "failing": 1,
            "finished": self.finished,
            "again": self.again,
            "notes": ["A `note` with <i>markup</i>."],
            "figures": [FIGURE, AUC] if self.finished else [],
            "pictures": [
                {"kind": "reliability", "title": "all", "rows": [[0.1, 0.2, 5], [0.9, 0.8, 7]]},
                {"kind": "histogram", "title": "turns", "rows": [[0, 1, 5], [1, 2, 3]]},
            ],
        }
        return self.run(name) | {
            "measured": [task],
            "left_out": self.left_out,
            "facts": {"source": "abc"},
        }

    def record(self, line: int) -> Json:
        """One line."""
        heard = [
            {"target": f"E{n}", "verdict": "covered", "probability": 0.9 - n / 10, "span": None}
            for n in range(1, 9)
        ]
        learner = {
            "who": "learner",
            "text": WORDS,
            "pieces": [{"text": WORDS, "targets": ["E1"]}],
            "acts": ["assertion"],
            "heard": heard,
        }
        tutor = {
            "who": "tutor",
            "text": "Why?",
            "pieces": [{"text": "Why?", "targets": []}],
            "move": "hint",
            "target": "E1",
            "guard": ["leak"],
            "cited": [["doc", "a quote"]],
            "more": {"wording": "authored"},
        }
        return {
            "line": line,
            "id": "case/1",
            "language": "en",
            "failures": ["E2 was said and not heard"],
            "turns": [tutor, learner],
            "given": {"persona": "terse"},
            "found": {"outcome": "completed"},
            "statements": {"E1": "Ask <i>first</i>.", "E2": "Then tell."},
            "previous": None,
            "next": line + 1,
        }

    def comparison(self) -> Json:
        """The task in both runs."""
        change = {"difference": -0.1, "low": -0.2, "high": 0.0, "p": 0.01, "could_find": 0.05}
        one = {"group": "all", "name": "right", "first": 0.9, "second": 0.8, **change}
        return {
            "task": "small",
            "identical": self.identical,
            "same": 1,
            "changed": 0 if self.identical else 1,
            "state": [{"name": "source", "first": "abc", "second": "def"}],
            "differences": [one | {"corrected": 0.02}, one | {"name": "AUC", "corrected": None}],
            "samples": []
            if self.identical
            else [
                {
                    "id": "case/1",
                    "first": 2,
                    "second": 3,
                    "before": [],
                    "after": ["wrong"],
                    "values": [{"place": "judged.E1", "before": ["covered"], "after": None}],
                }
            ],
        }

    def routes(self) -> APIRouter:
        """Below /api/v1."""
        router = APIRouter(prefix="/runs")

        @router.get("")
        def runs() -> Any:
            if self.refuses:
                return problem(403, "forbidden")
            return [self.run(name) for name in self.names]

        @router.get("/{name}")
        def run(name: str) -> Any:
            return self.detail(name) if name in self.names else problem(404, "not-found")

        @router.get("/{name}/comparison")
        def comparison(name: str, baseline: str) -> Any:
            if self.unreadable:
                return problem(500, "internal", detail="small.jsonl:4: <b>damaged</b>.")
            known = {name, baseline} <= set(self.names)
            return (
                {"tasks": [self.comparison()], "left_out": self.left_out}
                if known
                else problem(404, "not-found")
            )

        @router.get("/{name}/report")
        def report(name: str, lang: str) -> Any:
            return Response(f"<title>{name} {lang}</title>", media_type="text/html")

        @router.get("/{name}/tasks/{task}/records")
        def lines(
            name: str,
            task: str,
            q: str = "",
            figure: int | None = None,
            failing: bool = False,
            offset: int = 0,
        ) -> Any:
            self.asked.append({"q": q, "figure": figure, "failing": failing, "offset": offset})
            line = {
                "line": 2,
                "id": f"{name}/{task}/1",
                "failures": ["E2 was said and not heard"],
                "excerpt": WORDS,
                "added": None if figure is None else {"whole": 6, "part": 1},
            }
            return {"total": 1, "offset": offset, "figure": None, "records": [line]}

        @router.get("/{name}/tasks/{task}/records/{line}")
        def record(line: int) -> Any:
            return self.record(line) if line < 9 else problem(404, "not-found")

        @router.get("/{name}/tasks/{task}/records/{line}/why")
        def why(target: str, turn: int) -> Any:
            assert turn == 1
            reasons = [
                {"feature": f"f{n}", "value": 0.5, "usual": 0.4, "weight": 1.0, "adds": 2 - n / 5}
                for n in range(20)
            ]
            return {
                "statement": f"What {target} says",
                "words": WORDS,
                "explanation": {
                    "piece": WORDS,
                    "probability": 0.71,
                    "unsure_from": 0.25,
                    "heard_from": 0.5,
                    "intercept": -4.0,
                    "reasons": reasons,
                },
            }

        @router.get("/{name}/tasks/{task}/records/{line}/hits")
        def hits(turn: int) -> Any:
            passage = {"title": "A code", "language": "en", "text": "<u>Ask</u> first."}
            legs = {"dense": {"score": 0.83, "rank": 2}}
            hit = {"passage": passage, "score": 0.61, "legs": legs}
            return {"query": str(turn), "hits": [hit], "relevance": 0.44}

        return router

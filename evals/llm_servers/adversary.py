"""A model that means harm: what it says, and an exact record of it.

It knows what it must not: whoever drives it tells it, before a turn, what the learner is still to
find. So a leak that gets through is seen without asking any judge.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from ruamel.yaml import YAML

from ingest import Language

CONTROL = "draft"
"""No fault: the draft as it stands."""
TRANSPORT = (
    "refused-429",
    "error-500",
    "declined-400",
    "not-json",
    "no-choices",
    "hangs",
    "drips",
    "dies",
)
"""Faults of the line and not of the words."""
MARKING = ("malformed", "fabricates", "obeys", "none", "absent", "refused-429")
"""How it marks: no JSON, quotes that nobody wrote, everything said, an empty list, all absent."""
_DRAFT = re.compile(r"DRAFT\n(.*?)(?:\n\n(?:KEEP|QUOTE|SOURCES|CLINICIAN)\b|\Z)", re.DOTALL)
_CLINICIAN = re.compile(r"CLINICIAN\n(.*)\Z", re.DOTALL)
_IDEA = re.compile(r"^\[([^\]]+)\] \(", re.MULTILINE)
HUGE = 100_000


@dataclass(frozen=True, slots=True)
class Scene:
    """What the learner is still to find at a turn."""

    language: Language = "en"
    secrets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By id: statement, assertion, then words that clinicians have for it."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A reply."""

    kind: str
    text: str = ""
    secret: str | None = None
    """The id of the idea that it gives away."""


@cache
def _faults() -> Mapping[str, Mapping[str, str]]:
    path = resources.files(__package__) / "faults.yaml"
    found: Mapping[str, Mapping[str, str]] = YAML(typ="safe", pure=True).load(
        path.read_text(encoding="utf-8")
    )
    return found


KINDS = (CONTROL, *_faults(), "empty", "huge", *TRANSPORT)
"""Every way to answer a request for a turn."""


class Adversary:
    """Takes one kind after another, in a seeded order, and remembers what it planted."""

    def __init__(self, seed: int = 0, kinds: Sequence[str] = KINDS, marking: Sequence[str] = ()):
        """`kinds` for turns; `marking` for marks, by default all of `MARKING`."""
        self.scene = Scene()
        self.planted: list[Planted] = []
        """What it answered to requests for a turn, in order."""
        self.marked: list[str] = []
        self._draw = random.Random(seed)
        self._kinds, self._marking = list(kinds), list(marking or MARKING)
        self._left: list[str] = []
        self._left_marking: list[str] = []

    def only(self, *kinds: str) -> None:
        """From now on these kinds alone, in a seeded order."""
        self._kinds, self._left = list(kinds), []

    def mark_only(self, *kinds: str) -> None:
        """From now on it marks in these ways alone."""
        self._marking, self._left_marking = list(kinds), []

    def skip(self, count: int) -> None:
        """Pass over so many kinds of turns: another adversary has had them."""
        for _ in range(count):
            self._next(self._left, self._kinds)

    def answer(self, body: Mapping[str, Any]) -> Planted:
        """The reply to a request of the chat interface."""
        told = "\n".join(_text(message.get("content")) for message in body["messages"])
        if "response_format" in body or "tools" in body:
            kind = self._next(self._left_marking, self._marking)
            self.marked.append(kind)
            return Planted(kind, _marks(kind, told))
        kind = self._next(self._left, self._kinds)
        reply = self._turn(kind, told)
        self.planted.append(reply)
        return reply

    def _next(self, left: list[str], kinds: Sequence[str]) -> str:
        if not left:
            left += kinds
            self._draw.shuffle(left)
        return left.pop()

    def _turn(self, kind: str, told: str) -> Planted:
        draft = (found := _DRAFT.search(told)) and found.group(1) or ""
        if kind == CONTROL or kind in TRANSPORT:
            return Planted(kind, draft)
        if kind in {"empty", "huge"}:
            copies = range(HUGE // len(f"{draft} ")) if kind == "huge" else ()
            return Planted(kind, " ".join(f"{n}: {draft}" for n in copies))
        secret, texts = self._draw.choice(sorted(self.scene.secrets.items()) or [("", ("",))])
        if kind.startswith("leak") and not texts[0]:
            return Planted(CONTROL, draft)  # There is nothing left to give away.
        said = self._draw.choice(texts[:2])
        text = _faults()[kind][self.scene.language].format(
            draft=draft,
            secret=said,
            secret_bare=said.rstrip(".。"),
            accept=self._draw.choice(list(texts[2:]) or [said]).rstrip(".。") + _stop(self.scene),
        )
        return Planted(kind, text, secret if kind.startswith("leak") else None)


def _stop(scene: Scene) -> str:
    return "." if scene.language == "en" else ""


def _marks(kind: str, told: str) -> str:
    ids = _IDEA.findall(told)
    said = (found := _CLINICIAN.search(told)) and found.group(1) or ""
    quotes = {"fabricates": "as the patient has always wanted it", "obeys": said}
    if kind == "malformed":
        return '{"marks": [{"target": "E1", "verdict": "excellent"'
    if kind == "none":
        return '{"marks": []}'
    verdict = "said" if kind in quotes else "absent"
    marks = [{"target": i, "verdict": verdict, "quote": quotes.get(kind, "")} for i in ids]
    return json.dumps({"marks": marks}, ensure_ascii=False)


def _text(content: object) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content)
    return str(content or "")

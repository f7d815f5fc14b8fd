"""How our records and figures look in a log of Inspect AI; the same from either side."""

from __future__ import annotations

import json
from typing import Any

from inspect_ai.model import ChatMessage, ChatMessageAssistant, ChatMessageUser

from evals.stats import Figure
from evals.task import Record


def asked(record: Record) -> str:
    """What went in: the text that was put to the tutor, else all of the input."""
    text = record.sample.input.get("text")
    return text if isinstance(text, str) else json.dumps(record.sample.input, ensure_ascii=False)


def messages_of(record: Record) -> list[ChatMessage]:
    """The session where there was one, the learner as user; else what went in and what came."""
    talk = record.output.get("talk")
    if not isinstance(talk, list):
        return [
            ChatMessageUser(content=asked(record), id=f"{record.id}/1"),
            ChatMessageAssistant(content=dumped(record.output), id=f"{record.id}/2"),
        ]
    return [
        ChatMessageUser(content=turn["text"], id=f"{record.id}/{n}", metadata=_why(turn))
        if turn["who"] == "learner"
        else ChatMessageAssistant(content=turn["text"], id=f"{record.id}/{n}", metadata=_why(turn))
        for n, turn in enumerate(talk, 1)
    ]


def parts_of(figure: Figure) -> dict[str, int | float]:
    """A figure as numbers by name: Inspect AI has no place for an interval in a metric."""
    return {"value": figure.value, "low": figure.low, "high": figure.high, "n": figure.n}


def dumped(value: Any) -> str:
    """JSON for a reader."""
    return json.dumps(value, ensure_ascii=False, indent=1)


def _why(turn: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in turn.items() if key not in {"who", "text"}}

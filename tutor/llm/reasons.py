"""Why a generated turn is refused."""

from __future__ import annotations

from typing import Literal, get_args

Reason = Literal[
    "no-text",
    "questions",
    "length",
    "language",
    "leak",
    "advice",
    "promise",
    "verdict",
    "repeated",
    "instructions",
    "source",
    "quote",
    "missing",
    "format",
]
REASONS: tuple[Reason, ...] = get_args(Reason)

"""The embedded assessor: who judges when no LLM is configured, and when one fails."""

from __future__ import annotations

from tutor.assess.head import Head, HeadMismatch, heads_of, load_heads
from tutor.assess.judge import EncoderJudge

__all__ = ["EncoderJudge", "Head", "HeadMismatch", "heads_of", "load_heads"]

"""An optional chat model behind the two seams of the dialogue, and the guard that may refuse it.

The model marks what a learner wrote and words what was decided. It never chooses a target or a
move, and where it fails, dawdles or is refused, the embedded judge and the authored wording
answer. Nothing here is imported unless a model is configured (`tutor.runtime`).
"""

from __future__ import annotations

from collections.abc import Mapping

from ingest import Encoder
from tutor.dialogue import Judge, Wording
from tutor.llm.account import Account
from tutor.llm.assessor import LlmJudge
from tutor.llm.chat import build_chat
from tutor.llm.guard import Guard
from tutor.llm.leak import Leaks
from tutor.llm.model import Model, ModelFailed
from tutor.llm.prompts import load_prompts
from tutor.llm.wording import LlmWording
from tutor.settings import Settings

__all__ = [
    "Account",
    "Guard",
    "Leaks",
    "LlmJudge",
    "LlmWording",
    "Model",
    "ModelFailed",
    "assist",
    "connect",
]


def connect(settings: Settings) -> Model:
    """The model that is configured; it is not contacted before it is asked something.

    Raises:
        NotReady: its package is missing, it cannot be set up as the settings say, or the prompts
            are damaged.
    """
    assert settings.llm is not None
    load_prompts()
    return Model(
        settings.llm, build_chat(settings), settings.llm_timeout_s, turn_s=settings.llm_turn_s
    )


def assist(
    model: Model, judge: Judge, wording: Wording, encoders: Mapping[str, Encoder]
) -> tuple[Judge, Wording]:
    """The model at both seams, with what is given as fallback.

    Args:
        model: what `connect` gave.
        judge: embedded; also hears in a generated turn what must not be said yet.
        wording: authored.
        encoders: by name, to compare a generated turn with what must not be said yet.
    """
    return LlmJudge(model, judge), LlmWording(model, wording, Guard(Leaks(judge, encoders)))

"""A series of turns of the tutor with a chat model behind HTTP, and what each turn let through."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from evals.guarded import Before, Shown, Stage, Timed
from evals.kept import kept
from evals.leaks import SecondEar
from evals.llm_servers import (
    NAME,
    Adversary,
    Planted,
    Scene,
    adversarial_server,
    small_server,
)
from evals.task import Context, Skipped
from ingest import Language
from tutor.cases.schema import Expectation
from tutor.errors import NotReady
from tutor.llm.chat import build_chat
from tutor.llm.wording import tidy
from tutor.settings import Settings

SHORT_S, SHORT_TURN_S = 1.5, 3.0
"""Limits under which the adversary hangs; the machinery is that of the service's 12 and 20 s."""
LONG_S, LONG_TURN_S = 12.0, 20.0
TOKENS = 120
Turn = dict[str, Any]
"""What `told` makes of a turn."""


def adversarial(
    context: Context, series: int, turns: int, before_it: int, *, streams: bool
) -> list[Turn]:
    """Turns against the server that means harm.

    Args:
        context: of the run.
        series: its number; another one, other sessions.
        turns: how many.
        before_it: turns of the series before: their kinds of fault have had their turn.
        streams: whether the server is asked for streams.
    """
    adversary = Adversary(context.seed + streams)
    adversary.skip(before_it)
    before = partial(_set_up, adversary)
    options: dict[str, JsonValue] = {"streaming": True} if streams else {}
    with adversarial_server(adversary) as url:
        model = connected(url, "adversary", SHORT_S, SHORT_TURN_S, options)
        stage = Stage(context.resources.runtime, model, _ear(context), context.seed + streams)
        shown = _some(stage, before, series, turns)
        return [told(s, adversary.planted) for s in shown]


def _set_up(adversary: Adversary, language: Language, ideas: Sequence[Expectation]) -> None:
    texts = {e.id: (e.statement, e.assertion, *e.accept) for e in ideas}
    adversary.scene = Scene(language, texts)
    adversary.planted.clear()


def small(context: Context, series: int, turns: int) -> list[Turn]:
    """Turns with the real model, whose server stays up for the series that follow.

    Raises:
        ServerFailed: it is not installed, or did not start.
    """
    url = kept(context, "SmolLM2", _small_server)
    options: dict[str, JsonValue] = {
        "temperature": 0.7,
        "seed": context.seed + series,
        "max_tokens": TOKENS,
    }
    model = connected(url, NAME, LONG_S, LONG_TURN_S, options)
    stage = Stage(context.resources.runtime, model, _ear(context), context.seed, marks=False)
    return [told(s) for s in _some(stage, lambda *_: None, series, turns)]


@contextmanager
def _small_server() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder, small_server(Path(folder) / "log") as url:
        yield url


def _ear(context: Context) -> SecondEar:
    memo, key = context.resources.memo, "second ear"
    if key not in memo:
        memo[key] = SecondEar(context.resources.encoder)
    found: SecondEar = memo[key]
    return found


def _some(stage: Stage, before: Before, series: int, turns: int) -> Iterator[Shown]:
    return islice(stage.turns(before, series), turns)


def connected(
    url: str, name: str, timeout_s: float, turn_s: float, options: Mapping[str, JsonValue]
) -> Timed:
    """A model behind a URL, with no rest after a failure.

    Raises:
        Skipped: the package that talks to such servers is missing.
    """
    settings = Settings(
        llm=f"openai:{name}",
        llm_base_url=url,
        llm_timeout_s=timeout_s,
        llm_options=dict(options),
    )
    try:
        chat = build_chat(settings)
    except NotReady as error:
        raise Skipped(f"{error} {error.remedy}") from error
    return Timed(f"openai:{name}", chat, timeout_s, turn_s=turn_s, rest_s=0.0)


def told(shown: Shown, planted: Sequence[Planted] = ()) -> Turn:
    """A turn for the log: what was shown, what the server had said in it, and what got through."""
    fault = _fault(shown, planted)
    return {
        "case": shown.case,
        "language": shown.language,
        "persona": shown.persona,
        "move": shown.move.move,
        "target": shown.move.target,
        "wording": shown.move.wording,
        "guard": list(shown.move.guard),
        "text": shown.move.text,
        "seconds": round(shown.seconds, 3),
        "waited": round(shown.waited, 3),
        "answered": shown.answered,
        "asked": shown.asked,
        "generated": shown.generated,
        "open": list(shown.open),
        "planted": [p.kind for p in planted],
        "shown_fault": fault.kind if fault else None,
        "leaked": fault is not None and fault.secret in shown.open,
        "unguarded": shown.unguarded,
        "in_words": list(shown.in_words),
        "suspects": list(shown.suspects),
    }


def _fault(shown: Shown, planted: Sequence[Planted]) -> Planted | None:
    """What was planted in the words that were shown."""
    if not shown.generated:
        return None
    language, text = shown.language, shown.move.text
    return next((p for p in planted if tidy(p.text, language) == text), None)

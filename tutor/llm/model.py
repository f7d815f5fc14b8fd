"""One call to a chat model, with a deadline and errors of one kind.

A provider's own time-out is a wish: it starts anew with every byte. Here the caller waits no
longer than it said, whatever the provider does.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pydantic import BaseModel

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_log = logging.getLogger(__name__)
Failure = Literal["time-out", "failed", "malformed", "resting"]
Messages = Sequence[tuple[str, str]]
"""Pairs of role (`system`, `human`, `ai`) and text."""
T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)
REST_SECONDS = 30.0
"""How long a model that failed or dawdled is left alone: one turn waits for it, not the next."""
AT_ONCE = 8
_THOUGHTS = re.compile(r"<think>.*?</think>|^.*?</think>", re.DOTALL)


class ModelFailed(Exception):
    """The model gave nothing that can be used; `reason` says in a word why."""

    def __init__(self, reason: Failure) -> None:
        super().__init__(reason)
        self.reason = reason


class Model:
    """A chat model that answers in time or not at all. Safe to share between threads."""

    def __init__(
        self,
        name: str,
        chat: BaseChatModel,
        timeout_s: float,
        *,
        rest_s: float = REST_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`name` is written into every event that the model had a part in."""
        self.name = name
        self._chat = chat
        self._timeout, self._rest, self._clock = timeout_s, rest_s, clock
        self._rests_until = float("-inf")
        self._pool = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="llm")

    def deadline(self) -> float:
        """The time by which a call made now must have answered."""
        return self._clock() + self._timeout

    def text(self, messages: Messages, until: float | None = None) -> str:
        """What the model says to these messages, without the thoughts that some models show.

        Raises:
            ModelFailed: in every other case, at the latest at `until`.
        """

        def said() -> str:
            return str(self._chat.invoke(list(messages)).text)

        return _THOUGHTS.sub("", self._call(said, until)).strip()

    def parsed(self, messages: Messages, schema: type[M], until: float | None = None) -> M:
        """What the model says, as an object of the schema.

        Raises:
            ModelFailed: in every other case, at the latest at `until`.
        """

        def made() -> Any:
            return self._chat.with_structured_output(schema).invoke(list(messages))

        found = self._call(made, until)
        if not isinstance(found, schema):
            raise self._failed("malformed", type(found).__name__)
        return found

    def _call(self, job: Callable[[], T], until: float | None) -> T:
        if self._clock() < self._rests_until:
            raise ModelFailed("resting")
        end = self.deadline() if until is None else until
        future = self._pool.submit(job)
        try:
            error = future.exception(timeout=max(0.0, end - self._clock()))
        except TimeoutError:
            future.cancel()
            raise self._failed("time-out", "") from None
        if error is not None:
            # Parsers raise kinds of ValueError; what a provider raises has no common root.
            malformed = isinstance(error, ValueError)
            raise self._failed(
                "malformed" if malformed else "failed", type(error).__name__
            ) from error
        return future.result()

    def _failed(self, reason: Failure, what: str) -> ModelFailed:
        """Noted by kind alone: an error's message may hold a learner's words."""
        _log.warning("%s was of no help: %s %s", self.name, reason, what)
        if reason != "malformed":
            self._rests_until = self._clock() + self._rest
        return ModelFailed(reason)

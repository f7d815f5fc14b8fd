"""One call to a chat model, with a deadline, an account and errors of one kind.

A provider's own time-out is a wish: it starts anew with every byte. Here the caller waits no
longer than it said, whatever the provider does. A reply is read whole before anybody sees it.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pydantic import BaseModel

from tutor.llm.account import Account, Charge, Tokens, charged, counted, current, estimate

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_log = logging.getLogger(__name__)
Failure = Literal["time-out", "failed", "malformed", "declined", "resting", "limit"]
Purpose = Literal["mark", "word", "answer"]
Messages = Sequence[tuple[str, str]]
"""Pairs of role (`system`, `human`, `ai`) and text."""
T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)
REST_SECONDS = 30.0
"""How long a model that failed or dawdled is left alone: one turn waits for it, not the next."""
TURN_SECONDS = 20.0
AT_ONCE = 8
_THOUGHTS = re.compile(r"<think>.*?</think>|^.*?</think>", re.DOTALL)
_DECLINED = frozenset({400, 413, 422})
"""What a server says to this request alone: too long, or in a form that it does not know."""
_CUT_OFF = frozenset({"LengthFinishReasonError", "ContentFilterFinishReasonError"})


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
        turn_s: float = TURN_SECONDS,
        rest_s: float = REST_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`name` is written into every event that the model had a part in."""
        self.name = name
        self._chat = chat
        self._timeout, self._turn, self._rest = timeout_s, turn_s, rest_s
        self._clock = clock
        self._rests_until = float("-inf")
        self._account: Account | None = None
        self._places = threading.BoundedSemaphore(AT_ONCE)

    def keep(self, account: Account) -> None:
        """From now on the calls of a turn are counted, and its limits hold."""
        self._account = account

    def turn(self, user_id: str, session_id: str) -> AbstractContextManager[None]:
        """Calls made inside are of one turn: they share its time, and go to its user's account."""
        return charged(Charge(user_id, session_id, self._clock() + self._turn))

    def deadline(self) -> float:
        """The time by which a call made now must have answered."""
        charge = current()
        end = self._clock() + self._timeout
        return end if charge is None else min(end, charge.until)

    def text(
        self,
        messages: Messages,
        until: float | None = None,
        *,
        purpose: Purpose = "answer",
        prompt: str = "",
    ) -> str:
        """What the model says to these messages, without the thoughts that some models show.

        Args:
            messages: what it is told.
            until: the latest time, on the clock of `deadline`.
            purpose: what the account calls it.
            prompt: the version of the prompt, for the account.

        Raises:
            ModelFailed: in every other case, at the latest at `until`.
        """

        def said() -> tuple[str, Any]:
            message = self._chat.invoke(list(messages))
            return str(message.text), message

        return _THOUGHTS.sub("", self._call(said, messages, until, purpose, prompt)).strip()

    def parsed(
        self,
        messages: Messages,
        schema: type[M],
        until: float | None = None,
        *,
        purpose: Purpose = "mark",
        prompt: str = "",
    ) -> M:
        """What the model says, as an object of the schema. Arguments as of `text`.

        Raises:
            ModelFailed: in every other case, at the latest at `until`.
        """

        def made() -> tuple[Any, Any]:
            found = self._chat.with_structured_output(schema, include_raw=True).invoke(
                list(messages)
            )
            assert isinstance(found, dict)
            return found["parsed"], found["raw"]

        found = self._call(made, messages, until, purpose, prompt)
        if not isinstance(found, schema):
            raise self._failed("malformed", type(found).__name__)
        return found

    def _call(
        self,
        job: Callable[[], tuple[T, Any]],
        messages: Messages,
        until: float | None,
        purpose: Purpose,
        prompt: str,
    ) -> T:
        charge, account = current(), self._account
        if self._clock() < self._rests_until:
            raise ModelFailed("resting")
        if charge is not None and account is not None and not account.allows(charge):
            raise ModelFailed("limit")
        end = self.deadline() if until is None else min(until, self.deadline())

        def note(used: Tokens) -> None:
            if charge is not None and account is not None:
                account.note(charge, self.name, purpose, prompt, used)

        def counted_job() -> T:
            # Noted here and not by whoever waits: a reply that comes too late was used all the
            # same, and one that is shown stands in the account before anybody sees it.
            try:
                result, message = job()
            except Exception as error:
                if _may_be_charged(error):
                    note(Tokens(estimate(*(text for _, text in messages)), 0, estimated=True))
                raise
            note(counted(message, messages))
            return result

        try:
            future = self._begun(counted_job, end)
            error = future.exception(timeout=self._left(end))
        except TimeoutError:
            raise self._failed("time-out", "") from None
        if error is not None:
            raise self._failed(_kind(error), type(error).__name__) from error
        return future.result()

    def _begun(self, job: Callable[[], T], end: float) -> Future[T]:
        """The job in a thread of its own, once there is a place for it.

        A daemon: a server that drips bytes for ever must not keep the service from ending.
        """
        if not self._places.acquire(timeout=self._left(end)):
            raise TimeoutError
        future: Future[T] = Future()

        def run() -> None:
            try:
                future.set_result(job())
            except BaseException as error:  # noqa: BLE001 (it is raised where it is waited for)
                future.set_exception(error)
            finally:
                self._places.release()

        threading.Thread(target=run, name="llm", daemon=True).start()
        return future

    def _left(self, end: float) -> float:
        return max(0.0, end - self._clock())

    def _failed(self, reason: Failure, what: str) -> ModelFailed:
        """Noted by kind alone: an error's message may hold a learner's words."""
        _log.warning("%s was of no help: %s %s", self.name, reason, what)
        if reason not in {"malformed", "declined"}:
            self._rests_until = self._clock() + self._rest
        return ModelFailed(reason)


def _kind(error: BaseException) -> Failure:
    """What providers raise has no common root: told apart by what they carry."""
    if getattr(error, "status_code", None) in _DECLINED:
        return "declined"
    # Parsers raise kinds of ValueError.
    if isinstance(error, ValueError) or type(error).__name__ in _CUT_OFF:
        return "malformed"
    return "failed"


def _may_be_charged(error: Exception) -> bool:
    """Whether a provider may count what it was sent: not where it said no, or was not there."""
    if getattr(error, "status_code", None) is not None:
        return False
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    # By name: each HTTP client has a class of its own for a server that could not be reached.
    return not any(
        isinstance(c, ConnectionRefusedError) or type(c).__name__ == "ConnectError" for c in causes
    )

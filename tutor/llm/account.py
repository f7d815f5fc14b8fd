"""What a turn's calls to a model may use, and what they did use."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from tutor.errors import ServiceError
from tutor.records.usage import Call, UsageStore
from tutor.settings import Settings

_log = logging.getLogger(__name__)
BYTES_A_TOKEN = 3.5
"""UTF-8 bytes: between English prose at 4 to 4.5 and Chinese at 1.5 to 3, on the side of more."""


@dataclass(frozen=True, slots=True)
class Charge:
    """Whose turn it is, and by when it must have its answer (on the model's clock)."""

    user_id: str
    session_id: str
    until: float


_CHARGE: ContextVar[Charge | None] = ContextVar("charge", default=None)


@contextlib.contextmanager
def charged(charge: Charge) -> Iterator[None]:
    """Calls made inside belong to that turn."""
    token = _CHARGE.set(charge)
    try:
        yield
    finally:
        _CHARGE.reset(token)


def current() -> Charge | None:
    """The turn that is being made in this thread; None outside of one, as in an evaluation."""
    return _CHARGE.get()


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a call used."""

    into: int
    out: int
    estimated: bool = False


def counted(message: Any, sent: Sequence[tuple[str, str]]) -> Tokens:
    """The tokens of a model's message as it says, or by its length where it says nothing.

    Args:
        message: LangChain's; None where none came.
        sent: pairs of role and text.
    """
    told = getattr(message, "usage_metadata", None) or {}
    into, out = told.get("input_tokens"), told.get("output_tokens")
    if isinstance(into, int) and isinstance(out, int) and into > 0 and out >= 0:
        return Tokens(into, out)
    said = "" if message is None else str(message.text)
    return Tokens(estimate(*(text for _, text in sent)), estimate(said), estimated=True)


def estimate(*texts: str) -> int:
    """About how many tokens some texts have."""
    return round(sum(len(text.encode()) for text in texts) / BYTES_A_TOKEN)


class Account:
    """Keeps the calls of each session and says when a limit is reached."""

    def __init__(
        self,
        store: UsageStore,
        settings: Settings,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._store = store
        self._clock = clock
        self._session = settings.llm_session_tokens
        self._daily = settings.llm_daily_tokens
        self._prices = (settings.llm_price_in, settings.llm_price_out)

    def allows(self, charge: Charge) -> bool:
        """Whether one more call may be made. The last one may go over a limit by its own size.

        Where the records cannot be read, the answer is no: a limit that fails open is none.
        """
        if self._session is None and self._daily is None:
            return True
        try:
            spent = self._store.spent(charge.user_id, charge.session_id, self._clock())
        except ServiceError as error:
            _log.error("The account of the model cannot be read. %s", error)
            return False
        within = self._session is None or spent.session < self._session
        return within and (self._daily is None or spent.day < self._daily)

    def note(self, charge: Charge, model: str, purpose: str, prompt: str, used: Tokens) -> None:
        """Keep a call. A full disk loses the line and not the turn; the log says so."""
        price_in, price_out = self._prices
        cost = None
        if price_in is not None and price_out is not None:
            cost = round(used.into * price_in + used.out * price_out)
        call = Call(
            user_id=charge.user_id,
            session_id=charge.session_id,
            model=model,
            purpose=purpose,
            prompt=prompt,
            tokens_in=used.into,
            tokens_out=used.out,
            estimated=used.estimated,
            cost_millionths=cost,
            at=self._clock(),
        )
        try:
            self._store.add(call)
        except ServiceError as error:
            _log.error("A call to the model is missing from the account. %s", error)

"""Tokens, and patience with wrong passwords."""

from __future__ import annotations

import datetime as dt
import math
import threading
import time
from collections import deque
from collections.abc import Callable

import jwt

from tutor.errors import TooManyAttempts, Unauthenticated

ALGORITHM = "HS256"
ISSUER = "maieutic"
FAILURES = 5
WINDOW_SECONDS = 60.0
MAX_NAMES = 10_000


class Tokens:
    """Signed tokens that run out. They name an account and nothing else: roles are looked up."""

    def __init__(self, key: str, minutes: int) -> None:
        self._key = key
        self.seconds = minutes * 60

    def issue(self, user_id: str) -> str:
        """A token for an account."""
        now = dt.datetime.now(dt.UTC)
        claims = {
            "iss": ISSUER,
            "sub": user_id,
            "iat": now,
            "exp": now + dt.timedelta(seconds=self.seconds),
        }
        return jwt.encode(claims, self._key, algorithm=ALGORITHM)

    def read(self, token: str) -> str:
        """The id of the account.

        Raises:
            Unauthenticated: the token is not ours, was changed, or has run out.
        """
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                options={"require": ["exp", "sub", "iss"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise Unauthenticated("The sign-in has run out.", remedy="Sign in again.") from error
        except jwt.InvalidTokenError as error:
            raise Unauthenticated("The sign-in is not valid.", remedy="Sign in again.") from error
        return str(claims["sub"])


class Throttle:
    """At most five failed sign-ins a minute for one name, counted in this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._failures: dict[str, deque[float]] = {}

    def check(self, name: str) -> None:
        """Raises TooManyAttempts where the name has to wait."""
        with self._guard:
            recent = self._recent(name)
            if len(recent) >= FAILURES:
                wait = math.ceil(WINDOW_SECONDS - (self._clock() - recent[0]))
                raise TooManyAttempts(max(wait, 1))

    def failed(self, name: str) -> None:
        """Remember a failure."""
        with self._guard:
            if len(self._failures) >= MAX_NAMES:
                for known in list(self._failures):
                    self._recent(known)
            self._failures.setdefault(name, deque(maxlen=FAILURES)).append(self._clock())

    def succeeded(self, name: str) -> None:
        """Forget the failures of a name."""
        with self._guard:
            self._failures.pop(name, None)

    def _recent(self, name: str) -> deque[float]:
        failures = self._failures.get(name, deque())
        while failures and self._clock() - failures[0] >= WINDOW_SECONDS:
            failures.popleft()
        if not failures:
            self._failures.pop(name, None)
        return failures

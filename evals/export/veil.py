"""What is taken out of an export: personal data in texts, ids of sessions, times."""

from __future__ import annotations

import datetime as dt
import hmac
import re
import secrets
from typing import Any

from ingest.screening import find_private
from tutor.safety import redact

DIGITS = 16
GONE = "[REMOVED]"
_SHORTEST = 2
"""Characters from which on what was taken out once is looked for elsewhere; a single Chinese
surname would be found in every other word."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What no table can hold: control characters but tab and line ends, and halves of characters."""
_SESSION_KEYS = frozenset({"session", "session_id"})
_USER_KEYS = frozenset({"user", "user_id", "user_name", "username", "account", "token"})


class Veil:
    """De-identifies one export.

    Args:
        salt: of the pseudonyms. By default it is random and forgotten, so that nobody, we
            included, can tell which session a pseudonym stands for, or join two exports.
    """

    def __init__(self, salt: bytes | None = None) -> None:
        self._salt = salt or secrets.token_bytes(32)
        self._known: dict[str, tuple[str, tuple[str, ...]]] = {}

    def text(self, text: str) -> str:
        """Words without what is taken for personal data, names in case texts included."""
        return self.seen(text)[0]

    def seen(self, text: str) -> tuple[str, tuple[str, ...]]:
        """The same, and the kinds that were found. Equal texts are read once."""
        if text not in self._known:
            self._known[text] = redact(_CONTROL.sub("�", text))
        return self._known[text]

    def hidden(self, text: str) -> set[str]:
        """What was taken out of a text."""
        if not self.seen(text)[1]:
            return set()
        return {text[start:stop].strip() for start, stop, _ in find_private(text)}

    def pseudonym(self, name: str) -> str:
        """The same for the same id, within this export."""
        return hmac.digest(self._salt, name.encode(), "sha256").hex()[:DIGITS]

    def value(self, value: Any) -> Any:
        """A value of JSON with every text in it de-identified, keys included.

        What stands under the key of a user is dropped, a session's id becomes a pseudonym.
        """
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {
                self.text(str(key)): self.pseudonym(str(held))
                if key in _SESSION_KEYS and isinstance(held, str | int)
                else self.value(held)
                for key, held in value.items()
                if key not in _USER_KEYS
            }
        if isinstance(value, list | tuple):
            return [self.value(held) for held in value]
        return value


class Talk:
    """De-identifies what is said in one session.

    A name that its context gave away once is taken out where it comes back without that context,
    as when the tutor quotes it.
    """

    def __init__(self, veil: Veil) -> None:
        self._veil = veil
        self._hidden: dict[str, re.Pattern[str]] = {}
        self._last = ""

    def seen(self, text: str) -> tuple[str, tuple[str, ...]]:
        """See `Veil.seen`."""
        shown, kinds = self._veil.seen(text)
        for piece in self._veil.hidden(text):
            if len(piece) >= _SHORTEST:
                found = rf"(?<![A-Za-z0-9]){re.escape(piece)}(?![A-Za-z0-9])"
                self._hidden[piece] = re.compile(found)
        for piece in sorted(self._hidden, key=len, reverse=True):
            shown = self._hidden[piece].sub(GONE, shown)
        self._last = shown
        return shown, kinds

    def span(self, words: str | None) -> str | None:
        """Words of the last text, where they stand in it as it is shown; else None."""
        return words if words and words in self._last else None


def quarter(at: dt.datetime) -> str:
    """Such as 2026-Q4."""
    return f"{at.year}-Q{(at.month + 2) // 3}"

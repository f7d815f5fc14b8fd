"""What a learner may send: text, in one normal form, neither blank nor endless."""

from __future__ import annotations

import unicodedata

from tutor.errors import InvalidRequest, TooLarge

_KEPT = frozenset("\n\t")
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def clean(text: str, *, what: str, limit: int) -> str:
    """The text in Unicode NFC with plain line ends.

    Args:
        text: as it came.
        what: begins the sentence of an error: "Your reply".
        limit: in characters, after normalisation.

    Raises:
        InvalidRequest: it holds a control character or half a character, or nothing visible.
        TooLarge: it is longer than the limit.
    """
    # Before normalising, whose cost grows with the length.
    if len(text) > 4 * limit:
        raise TooLarge(what, len(text), limit)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > limit:
        raise TooLarge(what, len(text), limit)
    for position, character in enumerate(text, 1):
        category = unicodedata.category(character)
        if category == "Cs" or (category == "Cc" and character not in _KEPT):
            raise InvalidRequest(
                f"{what} holds a character that is no text "
                f"(U+{ord(character):04X}, at place {position}).",
                remedy="Remove it, or type the passage instead of pasting it.",
            )
    if all(unicodedata.category(c) in _INVISIBLE for c in text):
        raise InvalidRequest(f"{what} is empty.", remedy="Write something, even “I do not know”.")
    return text.strip()

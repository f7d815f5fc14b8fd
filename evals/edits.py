"""Edits that change nothing in what a text says: other typing, the same words.

Each is made of the text alone and a seed, so that two runs put the same words to the tutor.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ingest import Language, to_simplified, to_traditional

Edit = Callable[[str, Language, random.Random], str]
"""From a text, its language and a source of chance to the edited text."""

_WIDE: Final = dict(zip(",.;:?!()", "，。；：？！（）", strict=True))
_NARROW: Final = str.maketrans({wide: narrow for narrow, wide in _WIDE.items()})
_POINT = re.compile(r"(?<!\.)[,.;:?!](?=\s|$)|[()]")
"""Punctuation, not the point of a figure or of an ellipsis."""
_STOP = re.compile(r"(?<![.。])[.。]\s*$")
_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z][a-z]{3,}(?![A-Za-z])")
"""Long enough to be read with two letters swapped; no abbreviation in capitals."""
_HOMOPHONES: Final = ("在再", "做作", "的得", "已以")
"""Sound alike and are picked for one another in a list; the same in both scripts."""
_SOUNDS_LIKE: Final = {a: b for x, y in _HOMOPHONES for a, b in ((x, y), (y, x))}
_OPENING: Final[Mapping[Language, str]] = {
    "en": "Thank you, ",
    "zh-Hant": "好的，",
    "zh-Hans": "好的，",
}


def lower_case(text: str, _language: Language, _chance: random.Random) -> str:
    """As typed on a telephone in a hurry; in Chinese the English words alone."""
    return text.lower()


def upper_case(text: str, _language: Language, _chance: random.Random) -> str:
    """As typed with the capitals locked."""
    return text.upper()


def no_full_stop(text: str, _language: Language, _chance: random.Random) -> str:
    """The last sentence left open; an ellipsis stays."""
    return _STOP.sub("", text)


def doubled_spaces(text: str, _language: Language, _chance: random.Random) -> str:
    """Every space twice."""
    return text.replace(" ", "  ")


def full_width(text: str, _language: Language, _chance: random.Random) -> str:
    """Punctuation as an input method for Chinese gives it where one forgot to switch it off."""
    return _POINT.sub(lambda found: _WIDE[found[0]], text)


def half_width(text: str, _language: Language, _chance: random.Random) -> str:
    """Punctuation as an English keyboard gives it, no space after it; 「、」 has no such form."""
    return text.translate(_NARROW)


def other_script(text: str, language: Language, _chance: random.Random) -> str:
    """Traditional for Simplified and the reverse, as typed by a guest; English stays."""
    if language == "en":
        return text
    return to_simplified(text) if language == "zh-Hant" else to_traditional(text)


def polite_opening(text: str, language: Language, _chance: random.Random) -> str:
    """A courtesy before the answer, which itself stays to the letter."""
    return _OPENING[language] + text


def typing_slip(text: str, language: Language, chance: random.Random) -> str:
    """One slip: two letters of a word swapped, never its first, or in Chinese a homophone picked.

    A text without a place for one stays as it is.
    """
    if language == "en":
        places = [
            at
            for word in _WORD.finditer(text)
            for at in range(word.start() + 1, word.end() - 1)
            if text[at] != text[at + 1]
        ]
        if not places:
            return text
        at = chance.choice(places)
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    places = [at for at, character in enumerate(text) if character in _SOUNDS_LIKE]
    if not places:
        return text
    at = chance.choice(places)
    return text[:at] + _SOUNDS_LIKE[text[at]] + text[at + 1 :]


EDITS: Final[Mapping[str, Edit]] = MappingProxyType(
    {
        "lower case": lower_case,
        "upper case": upper_case,
        "no full stop": no_full_stop,
        "doubled spaces": doubled_spaces,
        "full-width punctuation": full_width,
        "half-width punctuation": half_width,
        "other script": other_script,
        "polite opening": polite_opening,
        "typing slip": typing_slip,
    }
)


def edited(text: str, language: Language, seed: str, most: int = len(EDITS)) -> dict[str, str]:
    """Edits that change the text at all, by name; what stays the same shows nothing.

    Args:
        text: what was typed.
        language: of the text.
        seed: two texts with the same seed may get different edits, one text always gets the same.
        most: how many of them, drawn by the seed.
    """
    made = {
        name: edit(text, language, random.Random(f"{seed}:{name}")) for name, edit in EDITS.items()
    }
    changing = [name for name, changed in made.items() if changed != text]
    drawn = random.Random(seed).sample(changing, min(most, len(changing)))
    return {name: made[name] for name in changing if name in drawn}

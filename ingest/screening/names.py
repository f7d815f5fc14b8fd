"""Names of persons in a text, in Latin and in Han script, by lists, titles and context.

A name is taken for one where a title, a label or a word such as "patient" stands by it, or where
its words are on the lists of `ingest.screening.name_lists` and are written as a name is. This is no
model that recognises names: a rare name that stands alone is missed. Names of genes, drugs, signs,
places and of the people of history stay.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.screening.names_found import Name, without_overlaps
from ingest.screening.names_han import TITLES, find_han_names
from ingest.screening.names_latin import find_latin_names

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def find_names(text: str) -> list[Name]:
    """Every name in a text, in order; none overlaps another."""
    found = list(find_latin_names(text))
    if not text.isascii():
        found += find_han_names(text)
    return without_overlaps(found)


def is_told(name: str, told: str) -> bool:
    """Whether a name is one of a text that everybody was given, such as the vignette of a case.

    Every word of it must be there; a single Han surname must be there with a title.
    """
    if _HAN.search(name):
        if len(name) > 1:
            return name in told
        return re.search(rf"{name}[\u4e00-\u9fff]{{0,2}}(?:{TITLES})", told) is not None
    words = [word.casefold() for word in _WORD.findall(name) if len(word) > 1]
    return bool(words) and all(word in _words(told) for word in words)


@lru_cache(maxsize=64)
def _words(told: str) -> frozenset[str]:
    """Capitalised words only: "fan" in a text is no leave for Mr Fan."""
    found = [word for word in _WORD.findall(told) if word[0].isupper()]
    parts = [part for word in found for part in re.split("['’]", word)[:1]]
    return frozenset(word.casefold() for word in (*found, *parts))

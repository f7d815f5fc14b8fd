"""Simplified characters in a Traditional text, and the reverse, characters shared by both apart.

A converter alone is too strict: it also changes characters that Traditional writing uses as they
are (only, bed, lane). A character is taken to be at home in a script that has it in the first
level of that script's classic character set.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ingest import Language, to_simplified
from ingest.language import has_han

if TYPE_CHECKING:
    from opencc import OpenCC

_COMMON_BIG5 = 0xC6
"""The highest first byte of the common characters of Big5; the rare ones follow."""
_ONLY_IN_NAMES = frozenset("後於")
"""In GB 2312 for names and old texts; in a clinical text they are Traditional."""


def foreign_script(text: str, language: Language) -> list[str]:
    """The characters of the other script in a text, each once, in the order of the text."""
    if language == "en":
        return []
    foreign = _is_simplified if language == "zh-Hant" else _is_traditional
    return [char for char in dict.fromkeys(text) if has_han(char) and foreign(char)]


@cache
def _is_simplified(char: str) -> bool:
    if _to_traditional().convert(char) == char:
        return False
    try:
        return char.encode("big5")[0] > _COMMON_BIG5
    except UnicodeEncodeError:
        return True


@cache
def _is_traditional(char: str) -> bool:
    if to_simplified(char) == char:
        return False
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return char in _ONLY_IN_NAMES


@cache
def _to_traditional() -> OpenCC:
    """A converter is costly to make."""
    from opencc import OpenCC

    return OpenCC("s2t")

"""Sentences, words and questions, counted alike in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable

_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+|(?<=[。！？])[」』”’）]*|\n+")
_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_CJK_END = re.compile(r"[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]$")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’.-]*|[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_NOISE = re.compile(r"[\W_]+")
_QUOTED = re.compile(r"“[^”]*”|「[^」]*」|\"[^\"]*\"")


def sentences(text: str) -> list[str]:
    """The sentences of a text, normalised so that two that read alike are equal."""
    return [s for part in parts(text) if (s := normalise(part))]


def parts(text: str) -> list[str]:
    """The sentences of a text as they stand, but for a closing quotation mark at their end."""
    return [p for part in _END.split(text) if part and (p := part.strip())]


def normalise(text: str) -> str:
    """Lower case, without punctuation and white space."""
    return _NOISE.sub(" ", text.lower()).strip()


def joined(texts: Iterable[str]) -> str:
    """Texts as one, with a space after those that do not end like a Chinese sentence."""
    whole = ""
    for text in texts:
        whole += (" " if whole and not _CJK_END.search(whole) else "") + text
    return whole


def words(text: str) -> int:
    """Words; a Chinese character counts as 0.6 of one, which is about how long it takes to read."""
    tokens = _WORD.findall(text)
    cjk = sum(1 for t in tokens if _CJK.match(t))
    return round(len(tokens) - cjk + 0.6 * cjk)


def questions(text: str) -> int:
    """Questions the tutor asks; a question mark inside quoted words is not the tutor's."""
    return len(re.findall(r"[?？]+", _QUOTED.sub("", text)))


def is_cjk(text: str) -> bool:
    """Whether a text is mostly Chinese."""
    cjk = len(_CJK.findall(text))
    return cjk > 0 and cjk * 2 >= len(_WORD.findall(text)) - cjk


def shorten(text: str, limit: int = 14) -> str:
    """A span short enough to quote back: whole words, at most `limit`, or 30 characters.

    Question marks and Markdown go: the tutor asks one question a turn, and formats its own text.
    """
    text = " ".join(re.sub(r"[?？*_`#<>\[\]]+", " ", text).split()).strip(' .。,，;；!！"“”「」')
    if is_cjk(text):
        return text if len(text) <= 30 else text[:29] + "…"
    parts = text.split(" ")
    return text if len(parts) <= limit else " ".join(parts[:limit]) + " …"

"""What a document leaves behind in files, as byte strings that a scan can look for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from ingest.documents import Passage
from ingest.encoders import Vectors

_WIDTH: Final = 24
"""Characters of a fragment; a database may cut a longer one between two of its pages."""
_BYTES: Final = 12
"""A shorter fragment stands in too many texts to say anything."""
_PLAIN = re.compile(r'[^"\\\x00-\x1f]+')
"""A stretch that JSON and SQLite write as it is."""
_SLICE: Final = 16
"""Numbers of a part of a vector."""


def text_traces(passages: Iterable[Passage]) -> Iterator[bytes]:
    """Fragments of each passage from its beginning, middle and end, in the usual encodings."""
    for passage in passages:
        yield from _id_traces(passage.id)
        for fragment in _fragments(passage.text):
            yield from _encoded(fragment)
    for title in {passage.source.title for passage in passages}:
        for fragment in _fragments(title):
            yield from _encoded(fragment)


def vector_traces(vector: Vectors) -> Iterator[bytes]:
    """A vector [dim] as float32, whole and in parts, from its first number that is not zero."""
    values = np.ascontiguousarray(vector, dtype="<f4")
    told = np.flatnonzero(values)
    if not len(told):
        return
    yield values[told[0] :].tobytes()
    for at in (0, len(told) // 3, 2 * len(told) // 3):
        part = values[told[at] : told[at] + _SLICE]
        if len(part) == _SLICE:
            yield part.tobytes()


def file_traces(data: bytes) -> Iterator[bytes]:
    """Pieces of a file as it was handed in."""
    step = max(1, len(data) // 16)
    for start in range(0, len(data) - 32, step):
        piece = data[start : start + 32]
        if len(set(piece)) > 8:
            yield piece


def _id_traces(id_: str) -> Iterator[bytes]:
    yield id_.encode()
    yield id_.encode("utf-32-le")


def _fragments(text: str) -> Iterator[str]:
    stretches = [found.group() for found in _PLAIN.finditer(text)]
    long = [s for s in stretches if len(s.encode("utf-8", "replace")) >= _BYTES]
    for stretch in {long[i] for i in (0, len(long) // 2, -1)} if long else ():
        for start in {0, max(0, (len(stretch) - _WIDTH) // 2), max(0, len(stretch) - _WIDTH)}:
            fragment = stretch[start : start + _WIDTH]
            if len(fragment.encode("utf-8", "replace")) >= _BYTES:
                yield fragment


def _encoded(fragment: str) -> Iterator[bytes]:
    yield fragment.encode("utf-8", "surrogatepass")
    yield fragment.encode("utf-16-le", "surrogatepass")
    if not fragment.isascii():
        yield json.dumps(fragment)[1:-1].encode()

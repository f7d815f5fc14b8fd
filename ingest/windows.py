"""Long texts for an encoder that reads the beginning of a text and forgets the rest.

A text is also embedded in windows, each under the text's first line, which is the heading that
gives it its sense. The vector of the text is the middle between that of the whole, as far as the
encoder reads it, and the mean of the windows: still one vector, to which every part has added.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Final

import numpy as np

from ingest.encoders import Encoder, Vectors
from ingest.split import splitter

WINDOW: Final = 700
"""Characters of a window, about; all-MiniLM-L6-v2 reads 256 tokens, some 1,100 characters."""
_SUFFIX: Final = "-windows"
_SLACK, _LEAST = 1.15, 20
"""How much longer than its share a window may be, so that it can end with a sentence."""


class WindowedEncoder:
    """An encoder to which no part of a long text is lost; see `windowed`."""

    def __init__(self, encoder: Encoder) -> None:
        """Takes the encoder of the parts."""
        self.name = encoder.name + _SUFFIX
        self.dim = encoder.dim
        self._encoder = encoder

    def encode_queries(self, texts: list[str]) -> Vectors:
        """See `Encoder`; queries are short."""
        return self._encoder.encode_queries(texts)

    def encode_documents(self, texts: list[str]) -> Vectors:
        """See `Encoder`."""
        parts = [[text, *windows(text)] for text in texts]
        vectors = self._encoder.encode_documents([part for some in parts for part in some])
        ends = list(accumulate(map(len, parts)))
        made = [_middle(vectors[e - len(some) : e]) for some, e in zip(parts, ends, strict=True)]
        return np.stack(made) if made else vectors


def windowed(encoder: Encoder) -> Encoder:
    """The encoder, reading long documents in windows; itself where it does so already."""
    return encoder if encoder.name.endswith(_SUFFIX) else WindowedEncoder(encoder)


def windows(text: str) -> list[str]:
    """A text in parts of about WINDOW characters, each under its first line; none of a short one.

    A text of one line has no heading, and its parts stand alone.
    """
    head, line_end, body = text.partition("\n")
    if not line_end:
        head, body = "", text
    count = round(len(body) / WINDOW)
    if count < 2:
        return []
    size = int(len(body) / count * _SLACK) + _LEAST
    parts = [part.strip() for part in splitter(size, 0).split_text(body)]
    return [f"{head}{line_end}{part}" for part in parts if part]


def _middle(vectors: Vectors) -> Vectors:
    """Between the first vector and the mean of the others, of length 1."""
    if len(vectors) == 1:
        return np.asarray(vectors[0])
    mean = vectors[1:].sum(axis=0)
    return _unit(vectors[0] + _unit(mean))


def _unit(vector: Vectors) -> Vectors:
    length = float(np.linalg.norm(vector))
    return np.asarray(vector / np.float32(max(length, 1e-12)), dtype=np.float32)

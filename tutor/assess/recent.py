"""The vectors of the texts encoded last, so that nothing is encoded twice in a turn.

A message is encoded for its speech acts and, cut up, for the judge; a conversation judges again
what it judged a moment ago: the words put in a blank, the answer that a "yes" confirms.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from ingest import Encoder

Vectors = NDArray[np.float32]

MOST = 4096
"""Texts whose vectors are kept, some 7 MB an encoder: the pieces of about 200 long answers."""


class RecentEncoder:
    """An encoder that knows the queries it was asked last; safe to share between threads.

    It gives the very vectors that `encoder` would: a text's vector does not depend, to the last
    bit, on what is encoded with it, so that no judgement depends on who asked before.
    """

    def __init__(self, encoder: Encoder, most: int = MOST) -> None:
        """`most` vectors are kept, those of the texts asked for last; 1 or more."""
        self.name, self.dim = encoder.name, encoder.dim
        self._encoder, self._most = encoder, most
        self._kept: OrderedDict[bytes, Vectors] = OrderedDict()
        self._lock = Lock()

    def encode_queries(self, texts: list[str]) -> Vectors:
        """See `Encoder`."""
        keys = [_key(text) for text in texts]
        found = self._recall(keys)
        missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in found}
        if missing:
            made = self._encoder.encode_queries(list(missing.values()))
            # A row of a batch would hold the whole batch in memory for as long as it is kept.
            new = {key: row.copy() for key, row in zip(missing, made, strict=True)}
            found |= new
            self._keep(new)
        return np.stack([found[k] for k in keys]) if keys else np.zeros((0, self.dim), np.float32)

    def encode_documents(self, texts: list[str]) -> Vectors:
        """See `Encoder`; a conversation asks for none, and none is kept."""
        return self._encoder.encode_documents(texts)

    def _recall(self, keys: list[bytes]) -> dict[bytes, Vectors]:
        found = {}
        with self._lock:
            for key in keys:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    found[key] = self._kept[key]
        return found

    def _keep(self, new: dict[bytes, Vectors]) -> None:
        with self._lock:
            self._kept.update(new)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


def _key(text: str) -> bytes:
    """What a learner wrote stays in no memory: its hash is enough to know it again."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()

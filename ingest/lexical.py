"""The lexical leg: BM25 over English stems and Chinese character bigrams.

Bigrams need no dictionary and no word segmentation, and both scripts meet in the Simplified one.
The index is one .npz file of plain arrays, replaced in one step, read without unpickling.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ingest.language import to_simplified

if TYPE_CHECKING:
    import bm25s  # type: ignore[import-untyped]
    from Stemmer import Stemmer  # type: ignore[import-not-found]

Scores = NDArray[np.float32]

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_TOKENS = re.compile(rf"([{_HAN}]+)|([^\W_{_HAN}]+)")
_COMMON_WORDS = """
a an and are as at be been but by can could did do does for from had has have he her his how i if
in into is it its may me my of on or our she should so such that the their them then there these
they this to was we were what when where which who will with would you your
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_local = threading.local()
"""A Snowball stemmer must not be shared by threads."""


def tokens(text: str, *, query: bool = False) -> list[str]:
    """English stems and Chinese bigrams, in order.

    A text to be found also gives its single Chinese characters, so that a query of one character
    finds it; a query gives a single character only where it stands alone.
    """
    folded = to_simplified(unicodedata.normalize("NFKC", text)).casefold()
    found = list(_tokens(folded, query))
    return [token for token in found if token not in _COMMON] or found


class LexicalIndex:
    """BM25 scores of a fixed list of passages."""

    def __init__(self, ids: Sequence[str], model: bm25s.BM25 | None, generation: int) -> None:
        """See `build` and `load`. `model` is None where there is nothing to search."""
        self.ids = tuple(ids)
        self.generation = generation
        self._model = model

    @classmethod
    def build(cls, ids: Sequence[str], texts: Sequence[str], *, generation: int) -> LexicalIndex:
        """Indexes `texts`; `generation` is that of the catalogue they were taken from."""
        corpus = [tokens(text) for text in texts]
        if not any(corpus):
            return cls(ids, None, generation)
        model = _bm25()
        model.index(corpus, show_progress=False)
        return cls(ids, model, generation)

    def scores(self, query: str) -> Scores:
        """The BM25 score of every passage, float32 [n], in the order of `ids`; 0: no match."""
        known = set(tokens(query, query=True)) & self._vocabulary.keys()
        if self._model is None or not known:
            return np.zeros(len(self.ids), dtype=np.float32)
        return np.asarray(self._model.get_scores(sorted(known)), dtype=np.float32)

    def save(self, path: Path) -> None:
        """Writes the index in one step: a reader sees the old file or the new one."""
        arrays: dict[str, Any] = {
            "ids": np.array(self.ids, dtype=np.str_),
            "generation": np.array(self.generation),
            "vocabulary": np.frombuffer(json.dumps(self._vocabulary).encode(), dtype=np.uint8),
        }
        if self._model is not None:
            arrays |= {name: self._model.scores[name] for name in ("data", "indices", "indptr")}
        handle, name = tempfile.mkstemp(prefix=".lexical-", suffix=".npz", dir=path.parent)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez_compressed(file, **arrays)
                file.flush()
                os.fsync(file.fileno())
            part.chmod(0o644)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    @classmethod
    def load(cls, path: Path) -> LexicalIndex:
        """Reads what `save` wrote.

        Raises:
            OSError, ValueError, KeyError: the file is missing or damaged; it can be built again.
        """
        with np.load(path, allow_pickle=False) as arrays:
            ids = [str(id_) for id_ in arrays["ids"]]
            generation = int(arrays["generation"])
            if "data" not in arrays:
                return cls(ids, None, generation)
            model = _bm25()
            model.scores = {name: arrays[name] for name in ("data", "indices", "indptr")}
            model.scores["num_docs"] = len(ids)
            model.nonoccurrence_array = None
            model.vocab_dict = json.loads(arrays["vocabulary"].tobytes())
            model.unique_token_ids_set = set(model.vocab_dict.values())
        return cls(ids, model, generation)

    @property
    def _vocabulary(self) -> dict[str, int]:
        vocabulary: dict[str, int] = self._model.vocab_dict if self._model else {}
        return vocabulary


def _tokens(text: str, query: bool) -> Iterator[str]:
    for match in _TOKENS.finditer(text):
        han, word = match.groups()
        if word:
            yield word if word in _COMMON else _stemmer().stemWord(word)
            continue
        if len(han) == 1 or not query:
            yield from han
        for i in range(len(han) - 1):
            yield han[i : i + 2]


def _bm25() -> bm25s.BM25:
    import bm25s

    return bm25s.BM25(method="lucene", k1=1.5, b=0.75)


def _stemmer() -> Stemmer:
    from Stemmer import Stemmer

    if not hasattr(_local, "stemmer"):
        _local.stemmer = Stemmer("english")
    return _local.stemmer

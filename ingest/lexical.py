"""The lexical leg: BM25 over English stems and Chinese characters and their bigrams.

They need no dictionary and no word segmentation, and both scripts meet in the Simplified one.
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

K1, B = 1.2, 0.75
"""Chosen on the training queries of SciFact: docs/decisions/0008-fusion.md."""
_RECIPE = 2
"""Raised with every change of what a file holds: an older file is made again."""
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


def tokens(text: str) -> list[str]:
    """English stems and Chinese bigrams, in order.

    Chinese gives its single characters beside the bigrams: the bigrams know which characters belong
    together, and the single ones find a word whose other half differs.
    """
    folded = to_simplified(unicodedata.normalize("NFKC", text)).casefold()
    found = list(_tokens(folded))
    return [token for token in found if token not in _COMMON] or found


class LexicalIndex:
    """BM25 scores of a fixed list of passages."""

    def __init__(
        self,
        ids: Sequence[str],
        model: bm25s.BM25 | None,
        generation: int,
        recipe: int = _RECIPE,
    ) -> None:
        """See `build` and `load`. `model` is None where there is nothing to search."""
        self.ids = tuple(ids)
        self.generation = generation
        self.is_current = recipe == _RECIPE
        """Whether it was made with the tokens and weights of this version."""
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
        known = set(tokens(query)) & self._vocabulary.keys()
        if self._model is None or not known:
            return np.zeros(len(self.ids), dtype=np.float32)
        return np.asarray(self._model.get_scores(sorted(known)), dtype=np.float32)

    def save(self, path: Path) -> None:
        """Writes the index in one step: a reader sees the old file or the new one."""
        arrays: dict[str, Any] = {
            "ids": np.array(self.ids, dtype=np.str_),
            "generation": np.array(self.generation),
            "recipe": np.array(_RECIPE),
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
            recipe = int(arrays["recipe"]) if "recipe" in arrays else 0
            if "data" not in arrays:
                return cls(ids, None, generation, recipe)
            model = _bm25()
            model.scores = {name: arrays[name] for name in ("data", "indices", "indptr")}
            model.scores["num_docs"] = len(ids)
            model.nonoccurrence_array = None
            model.vocab_dict = json.loads(arrays["vocabulary"].tobytes())
            model.unique_token_ids_set = set(model.vocab_dict.values())
        return cls(ids, model, generation, recipe)

    @property
    def _vocabulary(self) -> dict[str, int]:
        vocabulary: dict[str, int] = self._model.vocab_dict if self._model else {}
        return vocabulary


def best(scores: Scores, k: int) -> NDArray[np.intp]:
    """The numbers of the k highest scores above 0, best first; equal ones by number."""
    rows = np.flatnonzero(scores > 0)
    if k < len(rows):
        least = np.partition(scores[rows], len(rows) - k)[len(rows) - k]
        above, at = rows[scores[rows] > least], rows[scores[rows] == least]
        rows = np.sort(np.concatenate([above, at[: k - len(above)]]))
    return rows[np.argsort(-scores[rows], kind="stable")]


def _tokens(text: str) -> Iterator[str]:
    for match in _TOKENS.finditer(text):
        han, word = match.groups()
        if word:
            yield word if word in _COMMON else _stemmer().stemWord(word)
            continue
        yield from han
        for i in range(len(han) - 1):
            yield han[i : i + 2]


def _bm25() -> bm25s.BM25:
    import bm25s

    return bm25s.BM25(method="lucene", k1=K1, b=B)


def _stemmer() -> Stemmer:
    from Stemmer import Stemmer

    if not hasattr(_local, "stemmer"):
        _local.stemmer = Stemmer("english")
    return _local.stemmer

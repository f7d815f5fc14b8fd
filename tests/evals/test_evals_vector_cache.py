from pathlib import Path

import numpy as np

from evals.vector_cache import cached_vectors
from ingest import HashingEncoder
from ingest.encoders import Vectors

TEXTS = ["a harbour", "a ship", "a harbour", "病人"]


class Counting(HashingEncoder):
    """Counts what it is asked to embed."""

    def __init__(self) -> None:
        super().__init__(64)
        self.asked: list[str] = []

    def encode_documents(self, texts: list[str]) -> Vectors:
        self.asked += texts
        return super().encode_documents(texts)


def test_a_text_is_embedded_once_in_the_life_of_the_folder(tmp_path: Path) -> None:
    first = Counting()
    made = cached_vectors(tmp_path, first, "v1", TEXTS)
    assert np.array_equal(made, HashingEncoder(64).encode_documents(TEXTS))
    assert sorted(first.asked) == ["a harbour", "a ship", "病人"]
    again = Counting()
    kept = cached_vectors(tmp_path, again, "v1", [*TEXTS, "new"])
    assert again.asked == ["new"]
    assert np.array_equal(kept[:4], made)


def test_other_weights_never_get_these_vectors(tmp_path: Path) -> None:
    cached_vectors(tmp_path, Counting(), "v1", TEXTS)
    other = Counting()
    cached_vectors(tmp_path, other, "v2", TEXTS)
    assert len(other.asked) == 3
    assert cached_vectors(tmp_path, other, "v2", []).shape == (0, 64)

"""Vectors kept on disk: equal, kept once, and never trusted blindly."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ingest import HashingEncoder
from tutor.assess.remember import RememberingEncoder, remembering


class Counting(HashingEncoder):
    """Counts what it is asked to encode."""

    asked = 0

    def encode_documents(
        self, texts: list[str]
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        self.asked += len(texts)
        return super().encode_documents(texts)


def test_a_second_start_encodes_nothing(tmp_path: Path) -> None:
    texts = ["a family letter", "一封家屬信"]
    plain = HashingEncoder().encode_queries(texts)
    for expected in (2, 0):
        encoder = Counting()
        with remembering({"small": encoder}, tmp_path) as kept:
            assert np.array_equal(kept["small"].encode_queries(texts), plain)
        assert encoder.asked == expected


def test_another_model_gets_a_file_of_its_own(tmp_path: Path) -> None:
    for version in ("a" * 20, "b" * 20):
        with remembering({"small": HashingEncoder()}, tmp_path, {"small": version}) as kept:
            kept["small"].encode_queries(["x y z"])
    assert len(list(tmp_path.glob("*.npz"))) == 2


def test_a_damaged_file_counts_as_empty(tmp_path: Path) -> None:
    path = tmp_path / "small.npz"
    path.write_bytes(b"PK\x03\x04 not a zip")
    encoder = RememberingEncoder(HashingEncoder(), path)
    assert encoder.encode_queries(["whole"]).shape == (1, 256)
    encoder.save()
    assert RememberingEncoder(HashingEncoder(), path).encode_queries(["whole"]).shape == (1, 256)


def test_what_is_no_longer_asked_is_forgotten(tmp_path: Path) -> None:
    for text in ("old", "new"):
        with remembering({"small": HashingEncoder()}, tmp_path) as kept:
            kept["small"].encode_queries([text])
    with np.load(next(tmp_path.glob("*.npz")), allow_pickle=False) as data:
        assert len(data["keys"]) == 1


def test_no_text_is_no_vector(tmp_path: Path) -> None:
    assert RememberingEncoder(HashingEncoder(), tmp_path / "x.npz").encode_queries([]).shape == (
        0,
        256,
    )

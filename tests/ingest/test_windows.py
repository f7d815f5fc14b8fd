"""Long texts in windows: nothing of a text is lost, and a short one is what it was."""

from __future__ import annotations

import numpy as np
import pytest

from ingest import Encoder, HashingEncoder
from ingest.windows import WINDOW, WindowedEncoder, windowed, windows

SENTENCE = "A clinician weighs how serious, likely and preventable the harm is. "


@pytest.mark.parametrize("text", ["", "Code", "Code\n", "Code\nTell a relative.", SENTENCE * 5])
def test_a_short_text_has_no_windows_and_the_vector_it_had(text: str) -> None:
    assert windows(text) == []
    by = HashingEncoder()
    made = WindowedEncoder(by).encode_documents([text])
    assert np.array_equal(made, by.encode_documents([text]))


def test_windows_hold_the_whole_text_under_its_heading() -> None:
    body = "".join(f"{number}: {SENTENCE}" for number in range(40)).strip()
    parts = windows(f"The code · What it asks\n{body}")
    assert all(part.startswith("The code · What it asks\n") for part in parts)
    assert " ".join(part.partition("\n")[2] for part in parts) == body
    assert len(parts) == round(len(body) / WINDOW)
    assert max(map(len, parts)) < 2 * WINDOW


def test_a_text_without_a_line_end_is_cut_too() -> None:
    parts = windows(SENTENCE * 40)
    assert len(parts) > 1
    assert all(part.startswith("A clinician") for part in parts)


def test_no_texts_are_no_vectors() -> None:
    assert WindowedEncoder(HashingEncoder(32)).encode_documents([]).shape == (0, 32)


def test_an_encoder_is_wrapped_once_and_an_index_can_tell() -> None:
    by = HashingEncoder()
    once = windowed(by)
    assert windowed(once) is once
    assert (once.name, once.dim) == (f"{by.name}-windows", by.dim)


def test_vectors_have_length_one_and_do_not_depend_on_their_neighbours(minilm: Encoder) -> None:
    by = windowed(minilm)
    texts = ["Harm\n" + SENTENCE * 30, "Harm\n" + SENTENCE, "Walrus\n" + "It sleeps. " * 200]
    together = by.encode_documents(texts)
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    for text, vector in zip(texts, together, strict=True):
        assert by.encode_documents([text])[0] == pytest.approx(vector, abs=1e-5)


def test_what_stands_at_the_end_is_found(minilm: Encoder) -> None:
    """The encoder alone reads 256 tokens, and not the walrus after them."""
    text = "On the ward\n" + SENTENCE * 30 + "A walrus sleeps in bed four. " * 12
    query = minilm.encode_queries(["a walrus in a bed"])[0]
    alone = float(minilm.encode_documents([text])[0] @ query)
    assert float(windowed(minilm).encode_documents([text])[0] @ query) > alone + 0.05

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ingest import E5, MINILM, Encoder, HashingEncoder, OnnxEncoder, SentenceTransformerEncoder
from ingest import encoders as subject

TEXTS = [
    "A patient refuses to tell his sister about a BRCA1 variant.",
    "患者拒绝把基因检测结果告诉妹妹。",
    "病人拒絕把基因檢測結果告訴妹妹，５～10年內風險上升。",
    "The alert stayed   quiet\n\nall\tnight.",
    "ﬁne print in Ｆｕｌｌ width 😀",
    "a very long note " * 300,
    "",
]


@pytest.mark.parametrize("name", [E5, MINILM])
def test_onnx_agrees_with_sentence_transformers(models_dir: Path, name: str) -> None:
    onnx = OnnxEncoder(models_dir / name)
    reference = SentenceTransformerEncoder(models_dir / name)
    assert (onnx.name, onnx.dim) == (reference.name, reference.dim) == (name, 384)
    for ours, theirs in (
        (onnx.encode_queries, reference.encode_queries),
        (onnx.encode_documents, reference.encode_documents),
    ):
        assert (ours(TEXTS) * theirs(TEXTS)).sum(axis=1).min() > 0.99999


def test_a_paraphrase_in_the_other_language_is_nearer_than_another_subject(e5: Encoder) -> None:
    english, chinese, weather, meal = e5.encode_queries(
        [
            "The patient does not want his sister to be told of the result.",
            "患者不愿意让妹妹知道检测结果。",
            "It will rain in the mountains tomorrow.",
            "这家餐馆的面条很好吃。",
        ]
    )
    assert english @ chinese > max(english @ weather, english @ meal, chinese @ meal) + 0.05


def test_queries_and_documents_have_their_own_prompts(e5: Encoder, minilm: Encoder) -> None:
    text = ["consent"]
    assert not np.allclose(e5.encode_queries(text), e5.encode_documents(text))
    assert np.allclose(minilm.encode_queries(text), minilm.encode_documents(text))


@pytest.mark.parametrize("name", [E5, MINILM])
def test_a_vector_does_not_depend_on_its_neighbours(models_dir: Path, name: str) -> None:
    encoder = OnnxEncoder(models_dir / name)
    together = encoder.encode_documents(TEXTS)
    alone = np.vstack([encoder.encode_documents([text]) for text in TEXTS])
    backwards = encoder.encode_documents(TEXTS[::-1])[::-1]
    one_thread = OnnxEncoder(models_dir / name, threads=1).encode_documents(TEXTS)
    # To the last bit: the judge remembers vectors, and a verdict may not depend on who came before.
    for other in (alone, backwards, one_thread):
        assert np.array_equal(together, other)
    assert np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)


def test_padding_changes_nothing(models_dir: Path) -> None:
    encoder = OnnxEncoder(models_dir / MINILM)
    words = [101, 2572, 6207, 102]
    inputs = {"input_ids": np.array([words]), "attention_mask": np.ones((1, 4), dtype=np.int64)}
    (bare,) = encoder._session.run(None, inputs)
    padded = {name: np.pad(value, ((0, 0), (0, 9))) for name, value in inputs.items()}
    (wide,) = encoder._session.run(None, padded)
    assert np.allclose(bare, wide, atol=2e-6)


@pytest.mark.parametrize("dim", [256, 64])
def test_hashing_is_deterministic_and_sees_likeness(dim: int) -> None:
    texts = ["telling relatives", "告訴親屬", "quite another thing", ""]
    vectors = HashingEncoder(dim).encode_documents(texts)
    assert vectors.shape == (4, dim)
    assert vectors.dtype == np.float32
    assert np.array_equal(vectors, HashingEncoder(dim).encode_queries(texts))
    (query,) = HashingEncoder(dim).encode_queries(["tell a relative"])
    assert query @ vectors[0] > query @ vectors[2]
    assert not vectors[3].any()


def test_no_texts_give_no_vectors(e5: Encoder) -> None:
    assert e5.encode_queries([]).shape == (0, 384)
    assert HashingEncoder().encode_documents([]).shape == (0, 256)


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_batches_hold_every_text_once_and_no_more_than_they_may(threads: int) -> None:
    lengths = [5, 512, 7, 300, 6, 512, 512, 40, 40, *[60] * 100]
    batches = list(subject._batches(lengths, threads))
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    for batch in batches:
        longest = max(lengths[i] for i in batch)
        assert sum(lengths[i] for i in batch) <= subject._BATCH_TOKENS + longest / 2
        assert len(batch) * longest**2 <= subject._BATCH_PAIRS


def test_a_turn_is_shared_evenly_between_threads() -> None:
    lengths = [44, 31, 30, 25, 24, 18, 14, 12, 12, 9, 8, 8, 7]
    assert len(list(subject._batches(lengths, 1))) == 1
    shares = [sum(lengths[i] for i in batch) for batch in subject._batches(lengths, 2)]
    assert len(shares) == 2
    assert abs(shares[0] - shares[1]) <= max(lengths)
    uneven = [50, 40, *[3] * 10]
    assert [len(batch) for batch in subject._batches(uneven, 2)] == [1, 11]
    assert list(subject._batches([9], 2)) == [[0]]
    assert list(subject._batches([], 2)) == []


def test_an_encoder_that_runs_on_onnx_leaves_torch_alone(models_dir: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from ingest import load_encoder;"
        f"load_encoder(Path({str(models_dir / MINILM)!r})).encode_queries(['a']);"
        "print([m for m in ('torch', 'sentence_transformers', 'transformers') if m in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert ran.stdout.strip() == "[]"

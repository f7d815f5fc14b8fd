from pathlib import Path

import numpy as np
import pytest

from ingest.lexical import LexicalIndex, best, tokens

TEXTS = [
    "Disclosing a result without consent needs a justification.",
    "私隱條例保障病人的個人資料。",
    "The sepsis score raised alerts on many patients.",
]


@pytest.fixture
def index() -> LexicalIndex:
    return LexicalIndex.build(["a", "b", "c"], TEXTS, generation=7)


def test_english_is_stemmed_and_chinese_cut_in_twos() -> None:
    assert tokens("Disclosures were Disclosed") == ["disclosur", "disclos"]
    assert tokens("私隱條例") == ["私", "隐", "条", "例", "私隐", "隐条", "条例"]
    assert tokens("用AI寫") == ["用", "ai", "写"]


def test_common_words_count_only_where_there_is_nothing_else() -> None:
    assert tokens("what is the law") == ["law"]
    assert tokens("what is it") == ["what", "is", "it"]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("disclose consent", 0),
        ("私隐", 1),
        ("私隱", 1),
        ("例", 1),
        ("SEPSIS ALERT", 2),
    ],
)
def test_the_best_text_is_the_one_that_says_it(index: LexicalIndex, query: str, best: int) -> None:
    scores = index.scores(query)
    assert scores.shape == (3,)
    assert int(np.argmax(scores)) == best
    assert scores[best] > 0


@pytest.mark.parametrize("query", ["", "   ", "!?", "xylophone", "鯨"])
def test_what_is_not_there_scores_nothing(index: LexicalIndex, query: str) -> None:
    assert not index.scores(query).any()


def test_a_saved_index_scores_the_same(index: LexicalIndex, tmp_path: Path) -> None:
    path = tmp_path / "lexical.npz"
    index.save(path)
    loaded = LexicalIndex.load(path)
    assert (loaded.ids, loaded.generation) == (index.ids, 7)
    for query in ("disclose consent", "私隱條例", "sepsis"):
        assert np.array_equal(loaded.scores(query), index.scores(query))
    assert [p.name for p in tmp_path.iterdir()] == ["lexical.npz"]


def test_an_index_of_nothing_can_be_saved_and_asked(tmp_path: Path) -> None:
    path = tmp_path / "lexical.npz"
    LexicalIndex.build([], [], generation=1).save(path)
    assert LexicalIndex.load(path).scores("anything").shape == (0,)


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    path = tmp_path / "lexical.npz"
    np.savez(path, ids=np.array([{"a": 1}], dtype=object), generation=np.array(1))
    with pytest.raises(ValueError, match="pickle"):
        LexicalIndex.load(path)


def test_a_file_of_an_earlier_make_is_not_current(index: LexicalIndex, tmp_path: Path) -> None:
    path = tmp_path / "lexical.npz"
    index.save(path)
    assert LexicalIndex.load(path).is_current
    with np.load(path, allow_pickle=False) as held:
        arrays = {name: held[name] for name in held.files if name != "recipe"}
    np.savez(path, **arrays)
    assert not LexicalIndex.load(path).is_current


def test_the_best_are_those_above_nothing_and_equal_ones_come_by_number() -> None:
    scores = np.asarray([0.0, 2.0, 3.0, 2.0, 0.0], dtype=np.float32)
    assert best(scores, 2).tolist() == [2, 1]
    assert best(scores, 4).tolist() == [2, 1, 3]
    assert best(scores, 99).tolist() == [2, 1, 3]
    assert best(scores[:1], 3).tolist() == []

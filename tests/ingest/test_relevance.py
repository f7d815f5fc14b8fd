import json
from pathlib import Path

import numpy as np
import pytest

from ingest import Encoder, Searcher, open_searcher, sync
from ingest.fusion import LEXICAL, Leg, Usual
from ingest.legs import DENSE
from ingest.relevance import FEATURES, UNLIKELY, features, probability


def test_the_fitted_head_has_a_weight_for_every_feature() -> None:
    path = Path(__file__).parents[2] / "ingest" / "relevance.json"
    head = json.loads(path.read_text(encoding="utf-8"))
    assert tuple(head["features"]) == FEATURES
    assert {len(head[name]) for name in ("mean", "scale", "weights")} == {len(FEATURES)}
    assert all(scale > 0 for scale in head["scale"])


def test_what_stands_out_is_likelier() -> None:
    near = probability([6.0, 6.0, 3.0, 3.0, 1.0, 1.0])
    far = probability([1.5, 1.5, 0.2, 0.5, 0.1, 0.3])
    assert 0 < far < UNLIKELY < near < 1
    assert probability([1e9] * 6) == pytest.approx(1.0)


def test_features_are_told_in_their_order() -> None:
    scores = np.asarray([0.6, 0.4], dtype=np.float32)
    dense = Leg(np.asarray([3, 1]), scores, Usual(0.2, 0.1))
    everywhere = np.asarray([0, 9, 0, 0], dtype=np.float32)
    lexical = Leg(np.asarray([1]), everywhere[[1]], everywhere=everywhere)
    found = features({DENSE: dense, LEXICAL: lexical}, 3, np.asarray([3, 1]), 0.25)
    assert found == pytest.approx([4.0, 4.0, 2.0, 0.0, 0.25, 0.5])


def test_a_search_says_whether_it_seems_to_be_answered(
    corpus: Path, index_dir: Path, e5: Encoder, minilm: Encoder
) -> None:
    sync(corpus, index_dir, e5, english=minilm)
    searcher = open_searcher(index_dir, e5, english=minilm)
    asked = searcher.find("May I tell a relative for a grave reason?")
    absent = searcher.find("Which noodle shop is open on Sunday?")
    assert set(asked.hits[0].legs) == {"dense", "english", "lexical"}
    assert asked.relevance.probability > absent.relevance.probability
    assert not absent.relevance.likely
    assert searcher.relevance("May I tell a relative for a grave reason?") == asked.relevance
    # The English leg neither reads a Chinese query nor hides what is Chinese from an English one.
    assert "english" not in searcher.search("理由重大時告訴親屬")[0].legs
    chinese = searcher.search("tell a relative for a grave reason", language="zh-Hant", k=2)
    assert chinese[0].passage.document_id == "guidelines/code.zh-Hant"
    searcher.close()


def test_a_blank_query_has_no_chance(searcher: Searcher) -> None:
    found = searcher.find("  ")
    assert (found.hits, found.relevance.probability, found.relevance.likely) == ([], 0.0, False)

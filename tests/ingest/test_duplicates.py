import random

import numpy as np
import pytest

from ingest import Passage, Source
from ingest.duplicates import NEAR, jaccard, likely, shingles, signature, text_hash

WORDS = [f"word{n}" for n in range(2_000)]


def passages(*texts: str) -> list[Passage]:
    return [Passage(str(n), "d", Source("t"), text, n) for n, text in enumerate(texts)]


def text(seed: int, changed: float = 0.0, words: int = 3_000) -> str:
    chance = random.Random(seed)
    other = random.Random(99)
    said = chance.choices(WORDS, k=words)
    return " ".join(other.choice(WORDS) if other.random() < changed else w for w in said)


def test_the_same_text_has_the_same_hash_whatever_its_dress() -> None:
    plain = text_hash(passages("The code  speaks", "of consent."))
    assert plain == text_hash(passages("the CODE\nspeaks", "of\u3000consent."))
    assert plain == text_hash(passages("\uff34he code speaks of consent."))
    assert plain != text_hash(passages("The code speaks of consent!"))


@pytest.mark.parametrize(("changed", "near"), [(0.02, True), (0.05, True), (0.2, False)])
def test_near_duplicates_are_told_from_others(changed: float, near: bool) -> None:
    one, other = shingles(passages(text(1))), shingles(passages(text(1, changed)))
    assert (jaccard(one, other) >= NEAR) == near
    if near:
        assert likely(signature(one), {"x": signature(other)}) == ["x"]


def test_different_texts_are_not_even_likely() -> None:
    signatures = {str(n): signature(shingles(passages(text(n)))) for n in range(20)}
    for key, own in signatures.items():
        assert likely(own, signatures) == [key]


def test_a_signature_estimates_the_jaccard_index() -> None:
    one, other = shingles(passages(text(3))), shingles(passages(text(3, 0.05)))
    estimate = float((signature(one) == signature(other)).mean())
    exact = jaccard(one, other)
    assert exact == pytest.approx(0.95**5 / (2 - 0.95**5), abs=0.05)
    assert estimate == pytest.approx(exact, abs=3.5 * (0.25 / 128) ** 0.5)


def test_jaccard_is_that_of_the_sets() -> None:
    one, other = np.array([1, 2, 3], np.uint64), np.array([2, 3, 4, 5], np.uint64)
    assert jaccard(one, other) == pytest.approx(2 / 5)
    assert jaccard(one, one[:0]) == 0.0


def test_chinese_is_compared_by_characters() -> None:
    one = "病人有權知道自己的診斷結果，除非告知會對其造成嚴重的傷害。"
    other = one.replace("嚴重", "極大")
    assert 0.4 < jaccard(shingles(passages(one)), shingles(passages(other))) < 1.0
    assert len(shingles(passages("知情"))) == 1
    assert len(shingles(passages("。"))) == 0


def test_a_long_text_is_the_same_in_parts() -> None:
    words = text(5, words=40_000).split()
    parts = [" ".join(words[at : at + 500]) for at in range(0, len(words), 500)]
    whole = shingles(passages(" ".join(words)))
    assert len(whole) > 39_000
    assert np.array_equal(whole, shingles(passages(*parts)))

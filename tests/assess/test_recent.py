"""The memory of the texts encoded last: the same vectors, fewer runs, bounded, for many threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from ingest import E5, MINILM, Encoder, HashingEncoder
from ingest.encoders import Vectors
from tutor.assess import EncoderJudge
from tutor.assess.recent import RecentEncoder
from tutor.dialogue import targets_of
from tutor.runtime import Runtime

ANSWER = "I would ask him why he refuses. Then I would weigh how likely the harm to his sister is"


class Counting:
    """An encoder that notes what it was asked."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.dim = encoder.name, encoder.dim
        self._encoder = encoder
        self.asked: list[str] = []

    def encode_queries(self, texts: list[str]) -> Vectors:
        self.asked += texts
        return self._encoder.encode_queries(texts)

    def encode_documents(self, texts: list[str]) -> Vectors:
        self.asked += texts
        return self._encoder.encode_documents(texts)


def test_what_was_asked_before_is_not_encoded_again() -> None:
    counting = Counting(HashingEncoder())
    recent = RecentEncoder(counting)
    first = recent.encode_queries(["ask him", "tell her", "ask him"])
    assert counting.asked == ["ask him", "tell her"]
    second = recent.encode_queries(["tell her", "write it down", "ask him"])
    assert counting.asked == ["ask him", "tell her", "write it down"]
    assert np.array_equal(first[[1, 0]], second[[0, 2]])
    assert np.array_equal(
        second, HashingEncoder().encode_queries(["tell her", "write it down", "ask him"])
    )


def test_the_memory_is_bounded_and_lets_go_of_what_was_not_asked_for_longest() -> None:
    counting = Counting(HashingEncoder())
    recent = RecentEncoder(counting, most=2)
    recent.encode_queries(["a"])
    recent.encode_queries(["b"])
    recent.encode_queries(["a"])
    recent.encode_queries(["c"])
    assert counting.asked == ["a", "b", "c"]
    recent.encode_queries(["a"])
    assert counting.asked == ["a", "b", "c"]
    recent.encode_queries(["b"])
    assert counting.asked == ["a", "b", "c", "b"]
    many = [str(number) for number in range(50)]
    assert np.array_equal(recent.encode_queries(many), HashingEncoder().encode_queries(many))
    assert len(recent._kept) == 2


def test_a_caller_who_changes_a_vector_changes_nobody_elses() -> None:
    recent = RecentEncoder(HashingEncoder())
    recent.encode_queries(["ask him"])[:] = 0
    assert np.array_equal(
        recent.encode_queries(["ask him"]), HashingEncoder().encode_queries(["ask him"])
    )


def test_nothing_documents_and_half_a_character() -> None:
    counting = Counting(HashingEncoder())
    recent = RecentEncoder(counting)
    assert recent.encode_queries([]).shape == (0, 256)
    recent.encode_documents(["a page"])
    recent.encode_documents(["a page"])
    assert counting.asked == ["a page", "a page"]
    # A lone surrogate is no text, and the memory is not what falls over it.
    odd = ["\ud83d", "?", "\ud83d!"]
    assert np.array_equal(recent.encode_queries(odd), HashingEncoder().encode_queries(odd))


def test_many_threads_get_the_right_vectors() -> None:
    recent = RecentEncoder(HashingEncoder(64), most=8)
    texts = [[f"words {a}", f"words {b}"] for a in range(12) for b in range(12)] * 5
    plain = HashingEncoder(64)
    with ThreadPoolExecutor(8) as pool:
        for asked, got in zip(texts, pool.map(recent.encode_queries, texts), strict=True):
            assert np.array_equal(got, plain.encode_queries(asked))
    assert len(recent._kept) == 8


@pytest.mark.parametrize("first", ["acts", "judge"])
def test_who_listened_first_changes_no_judgement(runtime: Runtime, first: str) -> None:
    """To the last bit: figures must not depend on the order in which sessions were judged."""
    case = next(iter(runtime.cases.values()))
    targets = targets_of(case, "en")
    fresh, used = EncoderJudge(runtime.encoders), EncoderJudge(runtime.encoders)
    if first == "acts":
        used.acts(ANSWER, "en")
    else:
        used.judge(ANSWER + " And I would write it down.", targets, "en")
    assert used.judge(ANSWER, targets, "en") == fresh.judge(ANSWER, targets, "en")


def test_a_turn_encodes_no_sentence_twice(e5: Encoder, minilm: Encoder, runtime: Runtime) -> None:
    counting = Counting(e5)
    judge = EncoderJudge({E5: counting, MINILM: minilm})
    targets = targets_of(next(iter(runtime.cases.values())), "en")
    judge.warm(targets, "en", {E5: e5, MINILM: minilm})
    judge.acts(ANSWER, "en")
    judge.judge(ANSWER, targets, "en")
    judge.judge(ANSWER, targets, "en")
    assert counting.asked
    assert len(counting.asked) == len(set(counting.asked))

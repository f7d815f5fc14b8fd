"""Decisions with the real encoders: a case gets better where it failed, at once and for good."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evals import metrics
from evals.answers import STATING, LabelledAnswer, read_answers
from evals.educators import bare, queue_of, remembered
from evals.tasks.learning_curve import judged
from ingest import Encoder
from ingest.encoders import Vectors
from tutor.assess import EncoderJudge
from tutor.assess.remember import RememberingEncoder
from tutor.cases import LoadedCase
from tutor.cases.load import read_case
from tutor.dialogue import Judgement, targets_of
from tutor.review import Exemplar, Learned, extend
from tutor.runtime import Hearing

REPOSITORY = Path(__file__).resolve().parents[2]
CASE, LANGUAGE = "a1-quiet-alert", "en"


@pytest.fixture(scope="module")
def encoders(e5: Encoder, minilm: Encoder) -> dict[str, Encoder]:
    """The real ones, each text computed once."""
    return remembered({e5.name: e5, minilm.name: minilm})


@pytest.fixture(scope="module")
def judge(encoders: dict[str, Encoder]) -> EncoderJudge:
    """The embedded judge."""
    return EncoderJudge(encoders)


@pytest.fixture(scope="module")
def case() -> LoadedCase:
    """As its author wrote it."""
    return LoadedCase(read_case(REPOSITORY / "corpus" / "cases" / CASE))


@pytest.fixture(scope="module")
def answers() -> list[LabelledAnswer]:
    """Its labelled answers."""
    everything = [a for a in read_answers() if a.act in STATING]
    return [a for a in everything if (a.case, a.language) == (CASE, LANGUAGE)]


class Counting:
    """An encoder that counts the texts it is given."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.dim = encoder.name, encoder.dim
        self.texts = 0
        self._encoder = encoder

    def encode_queries(self, texts: list[str]) -> Vectors:
        self.texts += len(texts)
        return self._encoder.encode_queries(texts)

    def encode_documents(self, texts: list[str]) -> Vectors:
        self.texts += len(texts)
        return self._encoder.encode_documents(texts)


def heard(judge: EncoderJudge, case: LoadedCase, text: str, target: str) -> Judgement:
    found = judge.judge(text, targets_of(case, LANGUAGE), LANGUAGE)
    return next(j for j in found if j.target == target)


def test_a_case_of_bare_statements_learns_from_decisions(
    judge: EncoderJudge, case: LoadedCase, answers: list[LabelledAnswer]
) -> None:
    """On a case that was chosen because it gains; what cases gain on average the task measures."""
    start = bare(case)
    shown = queue_of(judge, start, LANGUAGE, answers, seed=0)
    f1 = []
    for n in (0, 4):
        taught = extend(start, [e for s in shown for e in s.exemplars[:n]])
        rows = [r for r in judged(judge, taught, LANGUAGE, answers) if r.kind == "expectation"]
        said = np.asarray([r.said for r in rows])
        f1.append(metrics.f1(said, np.asarray([r.heard for r in rows])))
    assert f1[1] > f1[0], f1


def test_a_decision_is_in_force_at_once_and_the_same_after_a_restart(
    e5: Encoder, minilm: Encoder, case: LoadedCase, tmp_path: Path
) -> None:
    counting = Counting(e5), Counting(minilm)
    plain: dict[str, Encoder] = {e.name: e for e in counting}
    kept = {n: RememberingEncoder(e, tmp_path / f"{n}.npz") for n, e in plain.items()}
    judge = EncoderJudge(plain)
    hearing = Hearing(judge, kept)
    decided: list[Exemplar] = []
    learned = Learned(lambda _: tuple(decided), hearing.prepare)
    for language in case.languages:
        judge.warm(targets_of(learned(case), language), language, kept)
    said = "Someone who knows this model should have been phoned before anybody went to bed."
    before = heard(judge, learned(case), said, "E1")
    decided.append(Exemplar("E1", LANGUAGE, "accept", said))
    computed = [e.texts for e in counting]
    after = heard(judge, learned(case), said, "E1")
    assert after.probability > before.probability + 0.2
    assert after.verdict == "covered"
    more = [e.texts - n for e, n in zip(counting, computed, strict=True)]
    assert max(more) < 5, "one text is encoded, not all of the case"
    again = EncoderJudge(plain)
    restarted = Learned(lambda _: tuple(decided), Hearing(again, kept).prepare)
    assert heard(again, restarted(case), said, "E1") == after
    decided.clear()
    assert heard(judge, learned(case), said, "E1") == before


def test_what_is_no_longer_taught_is_forgotten_one_step_later(
    e5: Encoder, minilm: Encoder, case: LoadedCase, tmp_path: Path
) -> None:
    counting = Counting(e5), Counting(minilm)
    plain: dict[str, Encoder] = {e.name: e for e in counting}
    kept = {n: RememberingEncoder(e, tmp_path / f"{n}.npz") for n, e in plain.items()}
    judge = EncoderJudge(plain)
    forgotten: list[int] = []
    forget = judge.forget
    judge.forget = lambda t, lang: (forgotten.append(len(t)), forget(t, lang))[1]  # type: ignore[method-assign,assignment]
    decided: list[Exemplar] = []
    learned = Learned(lambda _: tuple(decided), Hearing(judge, kept).prepare)
    learned(case)
    for number in range(4):
        decided.append(Exemplar("E1", LANGUAGE, "accept", f"call somebody, number {number}"))
        learned(case)
    assert len(forgotten) == 3


def test_exemplars_for_what_a_case_has_lost_are_passed_over(case: LoadedCase) -> None:
    lost = [
        Exemplar("E99", "en", "accept", "nothing of this case"),
        Exemplar("M1:repair", "en", "near_miss", "there is no such list"),
    ]
    assert extend(case, lost) is case
    one = extend(case, [Exemplar("E1", "zh-Hant", "near_miss", "不用理會")])
    assert one.texts["zh-Hant"].expectations[0].near_miss[-1] == "不用理會"
    assert one.texts["en"] == case.texts["en"]
    again = extend(one, [Exemplar("E1", "zh-Hant", "near_miss", "不用理會")])
    assert again is one

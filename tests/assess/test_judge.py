"""The embedded assessor on the real cases: verdicts, spans, floors."""

from __future__ import annotations

import pytest

from evals.answers import STATING, read_answers
from ingest import Language
from tutor.dialogue import REPAIR, targets_of
from tutor.runtime import Runtime

G1 = "g1-sister-not-told"


def _verdicts(runtime: Runtime, text: str, language: Language = "en") -> dict[str, str]:
    targets = targets_of(runtime.cases[G1], language)
    return {j.target: j.verdict for j in runtime.judge.judge(text, targets, language)}


def test_one_judgement_a_target_in_their_order(runtime: Runtime) -> None:
    targets = targets_of(runtime.cases[G1], "en")
    found = runtime.judge.judge("Ask him why he refuses.", targets, "en")
    assert [j.target for j in found] == [t.id for t in targets]


@pytest.mark.parametrize(
    ("language", "text", "target", "verdict"),
    [
        (
            "en",
            "I would ask him what is behind the refusal and offer to help him tell her",
            "E1",
            "covered",
        ),
        ("en", "It is only WeChat, so the privacy rules do not apply", "M4", "present"),
        ("zh-Hant", "先問清楚他為何拒絕，再解釋妹妹的風險，並協助他寫家屬信", "E1", "covered"),
        ("zh-Hans", "先弄清楚他为什么拒绝，说明妹妹的风险，再帮他写家属信", "E1", "covered"),
        ("en", "The weather in Zhongshan is pleasant in autumn", "E1", "absent"),
    ],
)
def test_what_is_plainly_said_is_heard(
    runtime: Runtime, language: Language, text: str, target: str, verdict: str
) -> None:
    assert _verdicts(runtime, text, language)[target] == verdict


def test_a_span_is_the_learners_own_words(runtime: Runtime) -> None:
    text = "First the clinic. I would ask him why he refuses and offer to help with the telling."
    for judgement in runtime.judge.judge(text, targets_of(runtime.cases[G1], "en"), "en"):
        assert judgement.span is None or judgement.span in text
        assert (judgement.span is None) == (judgement.verdict == "absent")


def test_nothing_said_is_nothing_judged(runtime: Runtime) -> None:
    assert set(_verdicts(runtime, "   ").values()) == {"absent"}


def test_a_text_of_any_length_is_judged(runtime: Runtime) -> None:
    assert _verdicts(runtime, "I would ask him why he refuses. " * 300)["E1"] != "absent"


def test_the_same_words_get_the_same_judgement(runtime: Runtime) -> None:
    targets = targets_of(runtime.cases[G1], "en")
    text = "weigh how serious and how likely the harm is, and write it down"
    assert runtime.judge.judge(text, targets, "en") == runtime.judge.judge(text, targets, "en")


@pytest.mark.parametrize(("language", "floor"), [("en", 0.70), ("zh-Hant", 0.65)])
def test_expectations_are_found_in_answers_that_shaped_nothing(
    runtime: Runtime, language: Language, floor: float
) -> None:
    """F1 on a case's `test` answers: `make fit` gives about .80, so the floor means a fault."""
    answers = [
        a
        for a in read_answers()
        if a.case == G1 and a.language == language and a.split == "test" and a.act in STATING
    ]
    targets = targets_of(runtime.cases[G1], language)
    hits = misses = false = 0
    for answer in answers:
        for judgement in runtime.judge.judge(answer.text, targets, language):
            if not judgement.target.startswith("E") or judgement.target in answer.partial:
                continue
            said, heard = answer.label(judgement.target), judgement.verdict == "covered"
            hits += said and heard
            misses += said and not heard
            false += heard and not said
    assert len(answers) >= 15
    assert 2 * hits / (2 * hits + misses + false) >= floor


def test_a_corrected_idea_has_a_target_of_its_own(runtime: Runtime) -> None:
    verdicts = _verdicts(runtime, "A WeChat message is a disclosure and the privacy rules apply")
    assert verdicts["M4" + REPAIR] == "covered"

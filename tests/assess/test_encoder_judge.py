"""The embedded judge on answers like those that clinicians type."""

from __future__ import annotations

import pytest

from evals.answers import STATING, LabelledAnswer, read_answers
from ingest import Language
from tests.dialogue.talk import A1, A2, G1, LANGUAGES
from tutor.assess.judge import SAID, TOUCHED, UNSURE
from tutor.dialogue import Judgement, targets_of
from tutor.runtime import Runtime


def judged(runtime: Runtime, slug: str, language: Language, text: str) -> dict[str, Judgement]:
    found = runtime.judge.judge(text, targets_of(runtime.cases[slug], language), language)
    return {j.target: j for j in found}


@pytest.mark.parametrize(
    ("slug", "language", "text", "target"),
    [
        (G1, "en", "Find out why he refuses, explain her risk and offer to help him", "E1"),
        (G1, "en", "Weigh how serious, likely and preventable the harm is, and document it", "E2"),
        (G1, "zh-Hant", "先問清楚他為何拒絕，解釋妹妹的風險，並主動幫他寫家屬信", "E1"),
        (G1, "zh-Hans", "先问清楚他为什么拒绝，解释妹妹的风险，并主动帮他写家属信", "E1"),
        (A2, "en", "Correct the note openly, tell the patient and report the near miss", "E1"),
        (A2, "zh-Hant", "更正病歷，告訴病人，並呈報事故", "E1"),
        (A1, "zh-Hans", "护士担心就应该升级处理，分数低不能让人放心", "E1"),
    ],
)
def test_what_says_the_idea_covers_it(
    runtime: Runtime, slug: str, language: Language, text: str, target: str
) -> None:
    found = judged(runtime, slug, language, text)
    assert found[target].verdict == "covered"
    assert [t for t, j in found.items() if t.startswith("E") and j.verdict == "covered"] == [target]


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_one_judgement_a_target_in_their_order(
    runtime: Runtime, language: Language
) -> None:
    targets = targets_of(runtime.cases[G1], language)
    text = "先問他" if language != "en" else "ask him"
    found = runtime.judge.judge(text, targets, language)
    assert [j.target for j in found] == [t.id for t in targets]
    assert {j.assessor for j in found} == {runtime.judge.name}


def test_verdicts_follow_from_the_probability(runtime: Runtime) -> None:
    assert UNSURE < SAID
    assert 0 < TOUCHED < 1
    text = "I would ask him why, weigh her risk, and keep his name out of the letter to her"
    for target, judgement in judged(runtime, G1, "en", text).items():
        said = "present" if target in {"M1", "M2", "M3", "M4"} else "covered"
        assert (judgement.probability >= SAID) == (judgement.verdict == said)
        assert (UNSURE <= judgement.probability < SAID) == (judgement.verdict == "unsure")
        assert judgement.verdict == "absent" or (judgement.span or "") in text


def test_nothing_is_said_by_nothing(runtime: Runtime) -> None:
    targets = targets_of(runtime.cases[G1], "en")
    assert runtime.judge.judge("anything", (), "en") == ()
    assert {j.verdict for j in runtime.judge.judge(" \n ", targets, "en")} == {"absent"}


@pytest.mark.parametrize(
    "text", ["the weather is fine today", "hello there everybody", "12 34 56", "😀😀😀", "a"]
)
def test_what_has_nothing_to_do_with_it_covers_nothing(runtime: Runtime, text: str) -> None:
    found = judged(runtime, G1, "en", text)
    assert {j.verdict for j in found.values()} <= {"absent", "partial"}


def test_a_judge_agrees_with_itself(runtime: Runtime) -> None:
    text = "I would ask him why he refuses and write it down"
    assert judged(runtime, G1, "en", text) == judged(runtime, G1, "en", text)


def test_a_chinese_script_is_no_difference(runtime: Runtime) -> None:
    hant = judged(runtime, G1, "zh-Hant", "先問清楚他為何拒絕，再解釋妹妹的風險")
    hans = judged(runtime, G1, "zh-Hans", "先问清楚他为何拒绝，再解释妹妹的风险")
    assert {t: j.verdict for t, j in hant.items()} == {t: j.verdict for t, j in hans.items()}


def test_the_longest_answer_is_judged(runtime: Runtime) -> None:
    found = judged(runtime, G1, "en", "I would ask him why he refuses to tell her. " * 180)
    assert found["E1"].verdict in {"covered", "partial", "unsure"}


def sample(language: Language, every: int) -> list[LabelledAnswer]:
    stating = [
        a
        for a in read_answers()
        if a.language == language and a.split == "test" and a.act in STATING
    ]
    return stating[::every]


@pytest.mark.parametrize(("language", "every"), [("en", 3), ("zh-Hant", 2), ("zh-Hans", 2)])
def test_expectations_are_judged_well_enough_on_answers_it_was_not_fitted_on(
    runtime: Runtime, language: Language, every: int
) -> None:
    """The floor is .70: measured .78 to .82 on all test answers, and a sample moves it by .05."""
    right = wrong = missed = 0
    for answer in sample(language, every):
        found = judged(runtime, answer.case, language, answer.text)
        for target, judgement in found.items():
            if not target.startswith("E") or target in answer.partial:
                continue
            heard, said = judgement.verdict == "covered", answer.label(target)
            right += heard and said
            wrong += heard and not said
            missed += said and not heard
    f1 = 2 * right / (2 * right + wrong + missed)
    assert right + missed >= 20
    assert f1 >= 0.70, f"F1 {f1:.2f} on {right + missed} that were said"

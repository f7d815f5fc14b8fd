"""The embedded judge in all three cases and scripts, and the heads and vectors it refuses."""

from __future__ import annotations

import copy
import json
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest import E5, MINILM, Encoder, HashingEncoder, Language
from tests.dialogue.talk import A1, A2, G1
from tutor.assess import EncoderJudge, HeadMismatch, load_heads
from tutor.assess.features import feature_names
from tutor.assess.judge import ENCODERS, LEAST, UNSURE
from tutor.assess.remember import RememberingEncoder, remembering
from tutor.dialogue import Judgement, targets_of
from tutor.runtime import Runtime


def judged(runtime: Runtime, slug: str, language: Language, text: str) -> dict[str, Judgement]:
    found = runtime.judge.judge(text, targets_of(runtime.cases[slug], language), language)
    return {j.target: j for j in found}


@pytest.mark.parametrize(
    ("slug", "language", "text", "target"),
    [
        (G1, "en", "Weigh how serious, likely and preventable the harm is, and document it", "E2"),
        (A2, "en", "Correct the note openly, tell the patient and report the near miss", "E1"),
        (A2, "zh-Hant", "更正病歷，告訴病人，並呈報事故", "E1"),
        (A1, "zh-Hans", "护士担心就应该升级处理，分数低不能让人放心", "E1"),
    ],
)
def test_an_idea_covers_itself_and_no_other(
    runtime: Runtime, slug: str, language: Language, text: str, target: str
) -> None:
    found = judged(runtime, slug, language, text)
    covered = [t for t, j in found.items() if t.startswith("E") and j.verdict == "covered"]
    assert covered == [target]


def test_verdicts_follow_from_the_probability(runtime: Runtime) -> None:
    text = "I would ask him why, weigh her risk, and keep his name out of the letter to her"
    kinds = {t.id: t.kind for t in targets_of(runtime.cases[G1], "en")}
    for target, judgement in judged(runtime, G1, "en", text).items():
        kind = kinds[target]
        said, least = "present" if kind == "misconception" else "covered", LEAST[kind]
        assert (judgement.probability >= least) == (judgement.verdict == said)
        assert (UNSURE[kind] <= judgement.probability < least) == (judgement.verdict == "unsure")


@pytest.mark.parametrize("text", ["hello there everybody", "12 34 56", "😀😀😀", "a", "，"])
def test_what_has_nothing_to_do_with_it_covers_nothing(runtime: Runtime, text: str) -> None:
    found = judged(runtime, G1, "en", text)
    assert {j.verdict for j in found.values()} <= {"absent", "partial"}


def test_a_chinese_script_makes_no_difference(runtime: Runtime) -> None:
    hant = judged(runtime, G1, "zh-Hant", "先問清楚他為何拒絕，再解釋妹妹的風險")
    hans = judged(runtime, G1, "zh-Hans", "先问清楚他为何拒绝，再解释妹妹的风险")
    for target in ("E1", "E2", "E3"):
        assert hant[target].verdict == hans[target].verdict
        assert hant[target].probability == pytest.approx(hans[target].probability, abs=0.1)


def test_acts_are_rules_first_and_likeness_for_what_seems_a_statement(runtime: Runtime) -> None:
    acts = runtime.judge.acts
    assert acts("I don't know", "en") == ("dont_know",)
    assert acts("This is beyond my training, really.", "en") == ("dont_know",)
    assert acts("能不能给点思路？", "zh-Hans")[0] in {"question", "help_request"}
    assert acts("I would ask him why he refuses.", "en") == ("assertion",)
    assert acts("Yes, and I would ask him why he refuses.", "en") == ("agree", "assertion")


def shipped() -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(
        (resources.files("tutor.assess") / "heads.json").read_text("utf-8")
    )
    return copy.deepcopy(raw)


@pytest.mark.parametrize("family", ["en", "zh"])
@pytest.mark.parametrize("name", ["said", "touched"])
def test_a_head_that_lost_a_weight_is_refused_by_name(family: str, name: str) -> None:
    raw = shipped()
    raw["heads"][family][name]["weights"].pop()
    with pytest.raises(HeadMismatch, match=rf"head for {family} has .*: python -m evals.fit_judge"):
        load_heads(raw)


def test_a_head_for_fewer_encoders_is_refused() -> None:
    raw = shipped()
    raw["heads"]["en"] = raw["heads"]["zh"]
    encoders: dict[str, Encoder] = {E5: HashingEncoder(), MINILM: HashingEncoder()}
    with pytest.raises(HeadMismatch, match="for en was fitted on other features"):
        EncoderJudge(encoders, load_heads(raw))


def test_the_shipped_heads_fit_this_version_and_give_probabilities() -> None:
    for family, head in load_heads().items():
        assert head.encoders == ENCODERS[family]
        assert list(head.columns) == feature_names(len(ENCODERS[family]))
        for value in (0.0, -1e6, 1e6):
            rows = np.full((3, len(head.columns)), value)
            for found in (head.said(rows), head.touched(rows)):
                assert found.shape == (3,)
                assert ((found >= 0) & (found <= 1)).all()


@pytest.mark.parametrize("damage", [b"", b"not a zip"])
def test_damaged_vectors_count_as_none(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "e.npz").write_bytes(damage)
    encoder = RememberingEncoder(HashingEncoder(64), tmp_path / "e.npz")
    made = encoder.encode_queries(["ask him"])
    assert np.array_equal(made, HashingEncoder(64).encode_queries(["ask him"]))


def test_vectors_of_another_length_are_not_used(tmp_path: Path) -> None:
    other = RememberingEncoder(HashingEncoder(32), tmp_path / "e.npz")
    other.encode_queries(["ask him"])
    other.save()
    again = RememberingEncoder(HashingEncoder(64), tmp_path / "e.npz")
    assert again.encode_queries(["ask him"]).shape == (1, 64)


def test_a_disk_that_cannot_be_written_costs_a_warning_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "a file"
    folder.write_text("in the way", encoding="utf-8")
    with remembering({"e": HashingEncoder()}, folder) as kept:
        assert kept["e"].encode_queries(["ask him"]).shape == (1, 256)
    assert "could not be kept" in caplog.text

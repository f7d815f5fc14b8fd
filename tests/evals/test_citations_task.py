"""The task on what a case cites: a worked example, the real cases, and citations gone wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evals.log import read_log
from evals.resources import Resources
from evals.stats import Estimate
from evals.task import Context, Record, Sample
from evals.tasks.citations import TASK, failures, report
from ingest import Language
from tests.evals.running import figure, run
from tutor.citations import Citation
from tutor.runtime import Runtime
from tutor.settings import Settings

CASE, TARGET = "g1-sister-not-told", "M1"


def _record(case: str, target: str, language: str, cited: Sequence[dict[str, Any]]) -> Record:
    kind = "misconception" if target.startswith("M") else "expectation"
    asked = {"language": language, "kind": kind, "target": target, "case_year": 2026}
    return Record(Sample(f"{case}/{target}/{language}", asked, case), {"cited": list(cited)})


def _cited(key: str, language: str, **told: Any) -> dict[str, Any]:
    plain = {"quote": "words", "verbatim": True, "own": True, "year": 2024}
    return {"document": f"guidelines/{key}.{language}", "language": language, **plain, **told}


def test_figures_of_a_worked_example() -> None:
    records = [
        _record("a", "E1", "en", [_cited("x", "en"), _cited("y", "en", year=1996)]),
        _record("a", "M1", "zh-Hant", [_cited("x", "en"), _cited("z", "en", own=False)]),
        _record("b", "M1", "en", []),
        _record("b", "M2", "en", [_cited("x", "en", verbatim=False, year=None)]),
    ]
    found = {(f.group, f.name): f for f in report(records, Estimate()).figures}
    assert found["all", "expectations cited"].value == 1.0
    assert found["all", "misconceptions cited"].value == pytest.approx(2 / 3)
    assert found["en", "misconceptions cited"].value == 0.5
    quotes = found["all", "quotes that occur in their passage"]
    assert (quotes.value, quotes.n) == (0.8, 5)
    assert quotes.samples == ("a/E1/en", "a/M1/zh-Hant", "b/M2/en")
    # Of the two cited in English one could have been cited in Chinese; the other exists only so.
    own = found["zh-Hant", "in the language of the case"]
    assert (own.value, own.n) == (0.0, 1)
    assert found["all", "in the language of the case"].value == 0.75
    assert found["all", "sources with a year"].value == 0.8
    assert found["all", "year of the source, median"].value == 2024
    assert found["all", "age of the source"].value == (2 + 30 + 2 + 2) / 4
    assert found["all", "sources over 10 years old"].value == 0.25
    assert not {group for group, _ in found} & {"zh-Hans"}
    assert [failures(r) for r in records] == [
        [],
        ["guidelines/x.en is cited, though it exists in zh-Hant"],
        ["misconception without a citation"],
        ["the quote is not in the passage of guidelines/x.en", "guidelines/x.en has no year"],
    ]


def test_every_idea_of_every_case_is_looked_at(resources: Resources, tmp_path: Path) -> None:
    found = run(TASK, resources, tmp_path)
    cases = resources.runtime.cases.values()
    assert len(read_log(found.log).records) == sum(
        len(case.structure.graded) * len(case.languages) for case in cases
    )
    assert figure(found, "all", "misconceptions cited") == 1.0
    assert figure(found, "all", "quotes that occur in their passage") == 1.0


def _solved(
    settings: Settings, runtime: Runtime, cited: tuple[Citation, ...], language: Language
) -> list[str]:
    """What fails in one target of a case that cites something else."""
    case = runtime.cases[CASE]
    held = {**case.citations, (language, TARGET): cited}
    tampered = replace(runtime, cases={CASE: replace(case, citations=held)})
    context = Context(Resources(settings, tampered))
    sample = next(s for s in TASK.samples(context) if s.id == f"{CASE}/{TARGET}/{language}")
    return failures(Record(sample, TASK.solve(context, sample)))


def test_citations_gone_wrong_are_named(real_settings: Settings, runtime: Runtime) -> None:
    case = runtime.cases[CASE]
    first, other = case.cites(TARGET, "zh-Hant")[0], case.cites("E5", "zh-Hant")[0]
    english = case.cites(TARGET, "en")[0]
    misattributed = first.model_copy(update={"passage_id": other.passage_id})
    gone = first.model_copy(update={"passage_id": "0" * 20})
    invented = first.model_copy(update={"quote": "沒有人寫過這句話。"})

    def told(*cited: Citation) -> list[str]:
        return _solved(real_settings, runtime, cited, "zh-Hant")

    assert told(first) == []
    assert told() == ["misconception without a citation"]
    for wrong in (misattributed, gone, invented):
        assert told(wrong) == [f"the quote is not in the passage of {first.document_id}"]
    assert told(english) == [f"{english.document_id} is cited, though it exists in zh-Hant"]
    assert told(first.model_copy(update={"year": None})) == [f"{first.document_id} has no year"]

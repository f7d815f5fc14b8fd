"""Robustness of the judge: a worked example, a judge that hangs on a full stop, the real one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evals.answers import passed_over
from evals.log import read_log
from evals.resources import Resources
from evals.stats import Estimate
from evals.task import Record, Sample
from evals.tasks.robustness import TASK, failures, report
from ingest import Language
from tests.evals.running import figure, run
from tutor.dialogue import Act, Judgement, Target
from tutor.runtime import Runtime
from tutor.settings import Settings


def _made(heard: str, acts: Sequence[str] = ("assertion",)) -> dict[str, Any]:
    """What was made of a text in which some of three ideas are heard."""
    hears = {"E1": "covered", "E2": "covered", "M1": "present"}
    judged = {t: [v, 0.9] if t in heard.split() else ["unsure", 0.3] for t, v in hears.items()}
    return {"acts": list(acts), "judged": judged}


def _record(name: str, language: str, written: Any, **edits: Any) -> Record:
    made = {edit.replace("_", " "): found for edit, found in edits.items()}
    return Record(
        Sample(name, {"language": language}, name[0]), {"written": written, "edited": made}
    )


RECORDS = [
    _record(
        "a1",
        "en",
        _made("E1 M1"),
        upper_case=_made("E1", ["affect"]),
        typing_slip=_made("E1 M1"),
    ),
    _record("b1", "en", _made("E1"), upper_case=_made("E1 E2")),
    _record("b2", "zh-Hant", _made("", ["distress"]), typing_slip=_made("")),
]


def test_figures_of_a_worked_example() -> None:
    found = {(f.group, f.name): f for f in report(RECORDS, Estimate()).figures}
    lost = found["en, upper case", "still heard"]
    assert (lost.value, lost.n, lost.samples) == (2 / 3, 3, ("a1", "b1"))
    new = found["en, upper case", "newly heard"]
    assert (new.value, new.n) == (1 / 3, 3)
    assert found["all, every edit", "still heard"].value == 4 / 5
    assert found["all, every edit", "newly heard"].n == 3 + 1 + 3
    # The third was not judged before either, and counts neither way.
    dropped = found["all, every edit", "no longer judged"]
    assert (dropped.value, dropped.n) == (1 / 3, 3)
    assert ("zh-Hant, every edit", "still heard") not in found
    assert ("en, no full stop", "newly heard") not in found


def test_failures_name_edit_and_idea() -> None:
    assert [failures(r) for r in RECORDS] == [
        ["upper case: M1 no longer heard", "upper case: taken for affect"],
        ["upper case: E2 newly heard"],
        [],
    ]


def test_what_earns_nothing_is_passed_over() -> None:
    assert not passed_over(["uncertainty", "affect"])
    assert passed_over(["affect"])
    assert passed_over(["assertion", "injection"])
    assert passed_over([])


@dataclass(frozen=True)
class _Pedant:
    """Hears every idea in what ends with a full stop, and none in anything else."""

    name: str = "pedant"

    def acts(self, text: str, language: Language) -> tuple[Act, ...]:
        del text, language
        return ("assertion",)

    def judge(
        self, text: str, targets: Sequence[Target], language: Language
    ) -> tuple[Judgement, ...]:
        del language
        whole = text.endswith((".", "。"))
        return tuple(
            Judgement(
                target=t.id,
                verdict="covered" if whole else "absent",
                probability=0.9 if whole else 0.1,
                span=text if whole else None,
                assessor=self.name,
            )
            for t in targets
        )


def test_a_judge_that_hangs_on_a_full_stop_is_found(
    real_settings: Settings, runtime: Runtime, tmp_path: Path
) -> None:
    pedant = Resources(real_settings, replace(runtime, judge=_Pedant()))
    found = run(TASK, pedant, tmp_path, fast=True)
    assert figure(found, "all, no full stop", "still heard") == 0.0
    assert figure(found, "all, polite opening", "still heard") == 1.0
    assert figure(found, "all, full-width punctuation", "still heard") == 1.0
    assert figure(found, "all, every edit", "newly heard") == 0.0


def test_the_real_judge_on_a_few_answers(resources: Resources, tmp_path: Path) -> None:
    found = run(TASK, resources, tmp_path, limit=3)
    records = read_log(found.log).records
    assert len(records) == 3
    for record in records:
        assert set(record["edited"]) == set(record["edits"])
        assert not any(target.startswith("P") for target in record["written"]["judged"])
    heard = figure(found, "all, every edit", "still heard")
    assert 0.5 < heard <= 1.0
    lost = sum("no longer heard" in said for record in records for said in failures(record))
    n = next(f.n for f in found.report.figures if f.name == "still heard")
    assert lost == round((1 - heard) * n)

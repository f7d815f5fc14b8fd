"""Labelled answers as the judging heads see them: rows of features, and what was said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from evals import logistic
from evals.answers import LabelledAnswer
from ingest import Encoder, Language
from tutor.assess.features import Exemplars, exemplars, feature_names, features
from tutor.assess.head import FAMILY
from tutor.assess.judge import FOLD
from tutor.cases.loaded import LoadedCase
from tutor.dialogue import Judgement, Target, targets_of
from tutor.dialogue.echo import own_words
from tutor.runtime import Runtime

STRENGTH, DIGITS = 0.3, 6
"""Inverse of the L2 penalty: best of .02, .1, .3 and 1 on the `dev` answers of cases left out. And
the decimals that are kept."""
PARTS: Mapping[str, str] = {"said": "expectation", "wrong": "misconception", "repair": "repair"}
"""The kind of target that each part of a head is fitted on."""


@dataclass(frozen=True)
class Rows:
    """Answers against the targets of their cases, positions left out."""

    answers: list[LabelledAnswer]
    targets: list[Target]
    values: NDArray[np.float64]
    """[n, features]; zeros where the answer is an echo, which is never judged."""
    echo: NDArray[np.bool_]
    """Nothing in the answer is the learner's own: every word was in the case."""

    def where(self, kind: str) -> NDArray[np.bool_]:
        """Rows of one kind of target."""
        return np.asarray([target.kind == kind for target in self.targets], dtype=np.bool_)

    @property
    def said(self) -> NDArray[np.bool_]:
        """By row, whether the whole idea was said."""
        pairs = zip(self.answers, self.targets, strict=True)
        return np.asarray([answer.label(target.id) for answer, target in pairs], dtype=np.bool_)

    @property
    def touched(self) -> NDArray[np.bool_]:
        """By row, whether a part of it was, or the whole."""
        pairs = zip(self.answers, self.targets, strict=True)
        part = [t.kind == "expectation" and t.id in a.partial for a, t in pairs]
        return self.said | np.asarray(part, dtype=np.bool_)

    @property
    def dev(self) -> NDArray[np.bool_]:
        """By row, whether the answer may shape a head."""
        return np.asarray([answer.split == "dev" for answer in self.answers], dtype=np.bool_)

    @property
    def case(self) -> NDArray[np.str_]:
        """By row."""
        return np.asarray([answer.case for answer in self.answers])


def rows_of(
    answers: Sequence[LabelledAnswer],
    cases: Mapping[str, LoadedCase],
    encoders: Sequence[Encoder],
    console: Console,
) -> Rows:
    """Every answer against every expectation, misconception and corrected idea of its case."""
    known: dict[tuple[str, Language], Exemplars] = {}
    found = Rows([], [], np.zeros((0, len(feature_names(len(encoders))))), np.zeros(0, np.bool_))
    blocks: list[NDArray[np.float64]] = []
    echo: list[bool] = []
    for answer in track(answers, "  judging features", console=console):
        case = cases[answer.case]
        targets = targets_of(case, answer.language)
        key = (answer.case, answer.language)
        if key not in known:
            known[key] = exemplars(targets, encoders, FOLD[FAMILY[answer.language]])
        labelled = [i for i, target in enumerate(targets) if target.kind != "position"]
        # As in a session: only what is the learner's own is judged.
        own = own_words(answer.text, shown(case, answer.language))
        values = (
            features(own, known[key], encoders).values[labelled]
            if own
            else np.zeros((len(labelled), found.values.shape[1]))
        )
        blocks.append(values)
        echo += [not own] * len(labelled)
        found.answers.extend([answer] * len(labelled))
        found.targets.extend(targets[i] for i in labelled)
    values = np.vstack([found.values, *blocks])
    return Rows(found.answers, found.targets, values, np.asarray(echo, dtype=np.bool_))


def shown(case: LoadedCase, language: Language) -> Iterable[str]:
    """What every learner of a case has read before the first reply."""
    text = case.texts[language]
    return (text.vignette, text.stages[0].question)


def judged_alone(
    runtime: Runtime, case: LoadedCase, language: Language, text: str
) -> tuple[Judgement, ...]:
    """What a session would make of a text as the first reply: echoes set aside, then judged."""
    own = own_words(text, shown(case, language))
    return runtime.judge.judge(own, targets_of(case, language), language)


def fit_parts(rows: Rows, where: NDArray[np.bool_]) -> dict[str, dict[str, Any]]:
    """The parts of a head, fitted on some rows."""
    use = where & ~rows.echo
    parts = {
        name: _fit(rows.values[use & rows.where(kind)], rows.said[use & rows.where(kind)])
        for name, kind in PARTS.items()
    }
    learn = use & (rows.where("expectation") | rows.where("misconception"))
    return {**parts, "touched": _fit(rows.values[learn], rows.touched[learn])}


def _fit(values: NDArray[np.float64], label: NDArray[np.bool_]) -> dict[str, Any]:
    return logistic.fit(values, label, strength=STRENGTH, digits=DIGITS)

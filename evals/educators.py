"""Simulated educators: what the review queue shows them, and what they decide by the labels."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evals.answers import LabelledAnswer
from ingest import Encoder, Language
from tutor.assess import EncoderJudge
from tutor.assess.remember import RememberingEncoder
from tutor.cases import LoadedCase
from tutor.cases.schema import Case, Expectation, Misconception, Stage
from tutor.dialogue import Judgement, targets_of
from tutor.errors import ServiceError
from tutor.review import Exemplar
from tutor.review.wording import exemplar_text

KINDS = ("expectation", "misconception")
"""What educators decide on."""
HEARD = frozenset({"covered", "present"})


@dataclass(frozen=True, slots=True)
class Shown:
    """What the queue shows of one idea, in the order in which it is decided on."""

    target: str
    exemplars: tuple[Exemplar, ...]


def remembered(encoders: Mapping[str, Encoder]) -> dict[str, Encoder]:
    """Encoders that compute a text once, however often it is judged; nothing is kept on disk."""
    unsaved = Path("unsaved")
    return {name: RememberingEncoder(e, unsaved / f"{name}.npz") for name, e in encoders.items()}


def bare(case: LoadedCase) -> LoadedCase:
    """The case with the statements of its ideas alone: its own says an idea, the others do not.

    Without anything that only seems to say it, an idea would be heard in every answer.
    """
    return replace(case, texts={language: _bare(text) for language, text in case.texts.items()})


def _bare(text: Case) -> Case:
    statements = {idea.id: idea.statement for idea in text.graded}

    def others(idea: str) -> tuple[str, ...]:
        return tuple(said for other, said in statements.items() if other != idea)

    def expectation(e: Expectation) -> Expectation:
        return e.model_copy(update={"accept": (e.statement,), "near_miss": others(e.id)})

    def misconception(m: Misconception) -> Misconception:
        lists = {"exemplars": (m.statement,), "repair": (m.corrected,)}
        return m.model_copy(update={**lists, "near_miss": (m.corrected, *others(m.id))})

    def stage(s: Stage) -> Stage:
        ideas = {
            "expectations": tuple(map(expectation, s.expectations)),
            "misconceptions": tuple(map(misconception, s.misconceptions)),
            "positions": tuple(
                p.model_copy(update={"exemplars": (p.statement,)}) for p in s.positions
            ),
        }
        return s.model_copy(update=ideas)

    return text.model_copy(update={"stages": tuple(map(stage, text.stages))})


def queue_of(
    judge: EncoderJudge,
    case: LoadedCase,
    language: Language,
    answers: Sequence[LabelledAnswer],
    seed: int,
) -> list[Shown]:
    """What educators would be shown of the `dev` answers, and what their decisions would teach."""
    targets = targets_of(case, language)
    found: dict[str, list[Exemplar]] = {t.id: [] for t in targets if t.kind in KINDS}
    for answer in answers:
        if answer.split != "dev":
            continue
        for judgement in judge.judge(answer.text, targets, language):
            target = judgement.target
            if target not in found or target in answer.partial or not _queued(answer, judgement):
                continue
            try:
                text = exemplar_text(judgement.span or answer.text, case.told)
            except ServiceError:
                continue  # Not usable, as an educator would be told.
            said = answer.label(target)
            found[target].append(
                Exemplar(target, language, "accept" if said else "near_miss", text)
            )
    for target, exemplars in found.items():
        random.Random(f"{seed}/{case.id}/{language}/{target}").shuffle(exemplars)
    return [Shown(target, tuple(exemplars)) for target, exemplars in found.items()]


def _queued(answer: LabelledAnswer, judgement: Judgement) -> bool:
    """Unsure; or the learner would contest it: said and not heard, or an error nobody made."""
    if judgement.verdict == "unsure":
        return True
    said, heard = answer.label(judgement.target), judgement.verdict in HEARD
    if judgement.target.startswith("M"):
        return heard and not said
    return said and not heard

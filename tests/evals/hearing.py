"""A judge that hears exactly the exemplars of a case, and the tiny tutor that has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest import Language
from tests.tiny_teaching import make_runtime
from tutor.dialogue import Act, Judgement, Target
from tutor.dialogue.speech_acts import rule_acts
from tutor.runtime import Runtime


@dataclass(frozen=True)
class ExactJudge:
    """Certain of a target where one of its exemplars stands in the text word for word."""

    name: str = "exact 1"

    def acts(self, text: str, language: Language) -> tuple[Act, ...]:
        """By the rules of the product."""
        del language
        return rule_acts(text)

    def judge(
        self, text: str, targets: Sequence[Target], language: Language
    ) -> tuple[Judgement, ...]:
        """See `tutor.dialogue.Judge`."""
        del language
        return tuple(self._judgement(text.lower(), target) for target in targets)

    def _judgement(self, text: str, target: Target) -> Judgement:
        said = any(words.lower() in text for words in target.accept)
        return Judgement(
            target=target.id,
            verdict=("present" if target.kind == "misconception" else "covered")
            if said
            else "absent",
            probability=0.95 if said else 0.02,
            span=text if said else None,
            assessor=self.name,
        )


def make_hearing(folder: Path) -> Runtime:
    """The tiny tutor of the tests, with a judge that is never wrong about a scripted learner."""
    return replace(make_runtime(folder), judge=ExactJudge())

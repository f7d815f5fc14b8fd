"""The embedded assessor: exemplars, two encoders and a logistic head. No LLM, no network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ingest import E5, MINILM, Encoder, Language
from ingest.language import to_simplified
from tutor.assess.acts import ActExemplars
from tutor.assess.features import Exemplars, Features, exemplars, feature_names, features
from tutor.assess.head import FAMILY, Head, HeadMismatch, load_heads
from tutor.dialogue.events import Act, Judgement, Verdict
from tutor.dialogue.judge import Target
from tutor.dialogue.speech_acts import rule_acts

SAID, PRESENT, UNSURE, TOUCHED = 0.42, 0.35, 0.28, 0.45
"""From SAID on an idea was said, from PRESENT on a misconception, which is rarer and so is given
lower figures; from UNSURE on the learner is asked; below it, an answer whose
probability of touching the idea is TOUCHED or more is partial."""
ENCODERS: Mapping[str, tuple[str, ...]] = {"en": (E5, MINILM), "zh": (E5,)}
FOLD: Mapping[str, Callable[[str], str]] = {"en": str, "zh": to_simplified}


def columns(encoders: int) -> list[str]:
    """The columns of a head for that many encoders."""
    return [*feature_names(encoders), "is_misconception"]


def with_kind(found: Features, targets: Sequence[Target]) -> NDArray[np.float64]:
    """The rows of a head: the features, and whether the target is a misconception.

    The last column lets a head expect misconceptions less often. A corrected idea is judged as an
    expectation is.
    """
    kind = np.asarray([[float(t.kind == "misconception")] for t in targets])
    return np.hstack([found.values, kind])


class EncoderJudge:
    """Judges by likeness to what clinicians say, in the learner's language.

    Args:
        encoders: by name; `multilingual-e5-small` always, `all-MiniLM-L6-v2` for English.
        heads: as `load_heads` gives them.

    Raises:
        HeadMismatch: the heads were fitted on other features than this code computes.
    """

    def __init__(
        self, encoders: Mapping[str, Encoder], heads: Mapping[str, Head] | None = None
    ) -> None:
        self.name = "exemplars-1"
        self._encoders = encoders
        self._heads = heads or load_heads()
        for family, head in self._heads.items():
            if list(head.columns) != columns(len(ENCODERS[family])):
                raise HeadMismatch(
                    f"The judging head for {family} was fitted on other features than this version "
                    "computes. Fit it again: python -m evals.fit_judge."
                )
        self._known: dict[tuple[str, tuple[Target, ...]], Exemplars] = {}
        self._acts = ActExemplars(encoders[E5])

    def acts(self, text: str, language: Language) -> tuple[Act, ...]:  # noqa: ARG002
        """Rules first; where they see a plain statement, exemplars of the other acts.

        All languages are looked for at once: clinicians mix them in one sentence.
        """
        found = rule_acts(text)
        if found[0] != "assertion" or "question" in found:
            return found
        other = self._acts.nearest(text)
        return (other,) if other is not None else found

    def judge(
        self, text: str, targets: Sequence[Target], language: Language
    ) -> tuple[Judgement, ...]:
        """See `tutor.dialogue.Judge`."""
        if not targets:
            return ()
        if not text.strip():
            return tuple(self._judgement(t, 0.0, 0.0, None) for t in targets)
        family = FAMILY[language]
        head = self._heads[family]
        encoders = [self._encoders[name] for name in ENCODERS[family]]
        found = features(text, self._exemplars(tuple(targets), language), encoders)
        rows = with_kind(found, targets)
        wrong = np.asarray([target.kind == "misconception" for target in targets])
        said, touched = np.where(wrong, head.wrong(rows), head.said(rows)), head.touched(rows)
        return tuple(
            self._judgement(target, float(said[i]), float(touched[i]), found.pieces[i])
            for i, target in enumerate(targets)
        )

    def warm(
        self,
        targets: Sequence[Target],
        language: Language,
        encoders: Mapping[str, Encoder] | None = None,
    ) -> None:
        """Encode the exemplars of these targets now, not in a learner's first turn.

        Args:
            targets: of a case, as `judge` will be given them.
            language: of the session.
            encoders: that give the same vectors faster, by name; by default the judge's own.
        """
        family = FAMILY[language]
        use = [(encoders or self._encoders)[name] for name in ENCODERS[family]]
        self._known[family, tuple(targets)] = exemplars(targets, use, FOLD[family])

    def _exemplars(self, targets: tuple[Target, ...], language: Language) -> Exemplars:
        key = (FAMILY[language], targets)
        if key not in self._known:
            self.warm(targets, language)
        return self._known[key]

    def _judgement(
        self, target: Target, said: float, touched: float, span: str | None
    ) -> Judgement:
        verdict: Verdict = "absent"
        if said >= (PRESENT if target.kind == "misconception" else SAID):
            verdict = "present" if target.kind == "misconception" else "covered"
        elif said >= UNSURE:
            verdict = "unsure"
        elif touched >= TOUCHED and target.kind == "expectation":
            verdict = "partial"
        return Judgement(
            target=target.id,
            verdict=verdict,
            probability=round(said, 4),
            span=None if verdict == "absent" else span,
            assessor=self.name,
        )

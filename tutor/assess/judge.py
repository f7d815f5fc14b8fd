"""The embedded assessor: exemplars, two encoders and a logistic head. No LLM, no network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ingest import E5, MINILM, Encoder, Language
from ingest.language import to_simplified
from tutor.assess.acts import ActListener
from tutor.assess.cantonese import to_standard
from tutor.assess.explain import Explanation, explained
from tutor.assess.features import Exemplars, exemplars, feature_names, features
from tutor.assess.head import FAMILY, REMEDY, Head, HeadMismatch, Logistic, load_heads
from tutor.assess.recent import RecentEncoder
from tutor.dialogue.events import Act, Judgement, Verdict
from tutor.dialogue.judge import Target, TargetKind
from tutor.dialogue.sentences import is_cjk

LEAST: Mapping[TargetKind, float] = {
    "expectation": 0.5,
    "misconception": 0.3,
    "repair": 0.3,
    "position": 0.35,
}
"""The probability from which on an idea was said. Misconceptions and corrected ideas are rarer, and
so are given lower figures: each is where F1 is best on the `dev` answers of cases left out, as
`python -m evals.fit_judge` prints, but for expectations, where F1 is flat from .35 to .55 and the
higher figure credits fewer reversed answers. Positions, which nobody has labelled, are judged by
the part for expectations, and are listened for only where a course was asked for."""
UNSURE: Mapping[TargetKind, float] = {
    "expectation": 0.25,
    "misconception": 0.15,
    "repair": 0.2,
    "position": 0.25,
}
"""From here to `LEAST` the learner is asked."""
LEAST_SAID = 4
"""Letters and digits of the shortest message that can say something; half of them in Chinese."""
TOUCHED = 0.45
"""Below both, an answer whose probability of touching an expectation is this or more is partial."""
ENCODERS: Mapping[str, tuple[str, ...]] = {"en": (E5, MINILM), "zh": (E5,)}
FOLD: Mapping[str, Callable[[str], str]] = {
    "en": str,
    "zh": lambda text: to_simplified(to_standard(text)),
}


def probabilities(
    head: Head, values: NDArray[np.float64], kinds: Sequence[str]
) -> NDArray[np.float64]:
    """By row of features, the probability that its target, of that kind, was said."""
    found = head.said(values)
    for kind in ("misconception", "repair"):
        part = part_of(head, kind)
        rows = np.flatnonzero([k == kind for k in kinds])
        if rows.size:
            found[rows] = part(values[rows])
    return found


def part_of(head: Head, kind: str) -> Logistic:
    """What says whether a target of that kind was said."""
    return {"misconception": head.wrong, "repair": head.repair}.get(kind, head.said)


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
        self.name = "exemplars-2"
        self._encoders = encoders
        self._recent = {name: RecentEncoder(encoder) for name, encoder in encoders.items()}
        self._heads = heads or load_heads()
        for family, head in self._heads.items():
            if list(head.columns) != feature_names(len(ENCODERS[family])):
                raise HeadMismatch(
                    f"The judging head for {family} was fitted on other features than this version "
                    f"computes. {REMEDY}"
                )
        self._known: dict[tuple[str, tuple[Target, ...]], Exemplars] = {}
        self._acts = ActListener(self._recent[E5])

    def acts(self, text: str, language: Language) -> tuple[Act, ...]:  # noqa: ARG002
        """See `ActListener`: all languages at once, because clinicians mix them in one sentence."""
        return self._acts.acts(text)

    def judge(
        self, text: str, targets: Sequence[Target], language: Language
    ) -> tuple[Judgement, ...]:
        """See `tutor.dialogue.Judge`."""
        if not targets:
            return ()
        if sum(map(str.isalnum, text)) < (LEAST_SAID if not is_cjk(text) else LEAST_SAID // 2):
            return tuple(self._judgement(t, 0.0, 0.0, None) for t in targets)
        family = FAMILY[language]
        head = self._heads[family]
        encoders = [self._recent[name] for name in ENCODERS[family]]
        found = features(text, self._exemplars(tuple(targets), language), encoders)
        said = probabilities(head, found.values, [target.kind for target in targets])
        touched = head.touched(found.values)
        return tuple(
            self._judgement(target, float(said[i]), float(touched[i]), found.pieces[i])
            for i, target in enumerate(targets)
        )

    def explain(
        self, text: str, target: str, targets: Sequence[Target], language: Language
    ) -> Explanation:
        """Why `judge` would say what it says of one target, feature by feature.

        Raises:
            LookupError: no target has that id.
        """
        place = next((n for n, t in enumerate(targets) if t.id == target), None)
        if place is None:
            raise LookupError(target)
        head = self._heads[FAMILY[language]]
        encoders = [self._recent[name] for name in ENCODERS[FAMILY[language]]]
        found = features(text, self._exemplars(tuple(targets), language), encoders)
        kind = targets[place].kind
        part = part_of(head, kind)
        return Explanation(
            target,
            found.pieces[place],
            float(part(found.values[place : place + 1])[0]),
            UNSURE[kind],
            LEAST[kind],
            part.intercept,
            explained(part, head.columns, found.values[place]),
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

    def forget(self, targets: Sequence[Target], language: Language) -> None:
        """Give back the memory of targets that will not be judged against any more."""
        self._known.pop((FAMILY[language], tuple(targets)), None)

    def _exemplars(self, targets: tuple[Target, ...], language: Language) -> Exemplars:
        key = (FAMILY[language], targets)
        if key not in self._known:
            self.warm(targets, language)
        return self._known[key]

    def _judgement(
        self, target: Target, said: float, touched: float, span: str | None
    ) -> Judgement:
        verdict: Verdict = "absent"
        if said >= LEAST[target.kind]:
            verdict = "present" if target.kind == "misconception" else "covered"
        elif said >= UNSURE[target.kind]:
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

"""A judge that asks a chat model, and believes it only where it can quote the learner."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ingest import Language
from tutor.dialogue import Act, Judge, Judgement, Target, Verdict
from tutor.dialogue.sentences import normalise
from tutor.llm.model import Model, ModelFailed
from tutor.llm.prompts import marking, version

Said = Literal["said", "partly", "unclear", "absent"]
PROBABILITY: Mapping[Said, float] = {
    "said": 0.95,
    "unclear": 0.35,
    "partly": 0.2,
    "absent": 0.02,
}
"""A model's own probability means little; these lie in the bands of the embedded judge."""
SHORTEST = 4
"""Bytes of a quote, in UTF-8: four letters, or two Chinese characters."""
MOST_A_QUOTE = 3
"""Targets that the same words may earn. A text that asks to be marked right earns none."""
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


class Mark(BaseModel):
    """What one idea got."""

    model_config = ConfigDict(extra="ignore")

    target: str
    verdict: Said
    quote: str
    """The clinician's words for it, copied exactly; empty where it is absent."""


class Marks(BaseModel):
    """One mark for each idea of the list."""

    model_config = ConfigDict(extra="ignore")

    marks: list[Mark]


class LlmJudge:
    """Marks with a model; speech acts, and all that the model does not settle, with a fallback."""

    def __init__(self, model: Model, fallback: Judge) -> None:
        self.name = f"{model.name} llm-2"
        self._model = model
        self._fallback = fallback

    def acts(self, text: str, language: Language) -> tuple[Act, ...]:
        """See `tutor.dialogue.Judge`. Never the model's: they open the way to help and support."""
        return self._fallback.acts(text, language)

    def judge(
        self, text: str, targets: Sequence[Target], language: Language
    ) -> tuple[Judgement, ...]:
        """See `tutor.dialogue.Judge`. A model that fails leaves it to the fallback."""
        if not targets or not text.strip():
            return self._fallback.judge(text, targets, language)
        try:
            asked = marking(text, targets, language)
            found = self._model.parsed(asked, Marks, purpose="mark", prompt=version(language))
        except ModelFailed:
            return self._fallback.judge(text, targets, language)
        marks = {m.target: m for m in found.marks}
        if len(marks) < len(found.marks) or not marks.keys() & {t.id for t in targets}:
            # Two marks for one idea, or none for any: the list was not understood.
            return self._fallback.judge(text, targets, language)
        missing = [t.id for t in targets if t.id not in marks]
        others = self._fallback.judge(text, targets, language) if missing else ()
        kept = {j.target: j for j in others if j.target in missing}
        spans = {target: verbatim(m.quote, text) for target, m in marks.items()}
        earned = Counter(
            normalise(s) for t, s in spans.items() if s and marks[t].verdict != "absent"
        )
        return tuple(
            kept[t.id]
            if t.id in kept
            else self._judgement(t, marks[t.id].verdict, spans[t.id], earned, language)
            for t in targets
        )

    def _judgement(
        self,
        target: Target,
        said: Said,
        span: str | None,
        earned: Counter[str],
        language: Language,
    ) -> Judgement:
        if span is None or earned[normalise(span)] > MOST_A_QUOTE:
            said = "absent"
        if said == "partly" and target.kind != "expectation":
            said = "absent"
        verdict: Verdict = {"partly": "partial", "unclear": "unsure", "absent": "absent"}.get(
            said, "present" if target.kind == "misconception" else "covered"
        )  # type: ignore[assignment]
        return Judgement(
            target=target.id,
            verdict=verdict,
            probability=PROBABILITY[said],
            span=None if said == "absent" else span,
            assessor=f"{self.name} ({version(language)})",
        )


def verbatim(quote: str, text: str) -> str | None:
    """The part of a text that a quote copies; None where it copies none, or too little.

    Case, white space and the shape of quotation marks may differ; words may not.
    """
    words = quote.translate(_QUOTES).strip(" \"'「」").split()
    flat = normalise(quote).replace(" ", "")
    if len(flat.encode("utf-8")) < SHORTEST or not words:
        return None
    pattern = r"\s+".join(re.escape(word) for word in words)
    # The translation maps one character to one, so places in both texts are the same.
    found = re.search(pattern, text.translate(_QUOTES), re.IGNORECASE)
    return text[found.start() : found.end()] if found else None

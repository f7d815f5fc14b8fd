"""Generated answers of a scripted model: is the unsupported dropped, and the rest rightly cited?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from evals.claims import Claim, ClaimKind, Liar, Trick, read_claims, tricks
from evals.stats import Figure
from evals.task import Context, Report, task
from ingest import LANGUAGES
from tutor.ask import CorpusAnswerer
from tutor.citations import Citation, squeeze
from tutor.llm import Model
from tutor.llm.answering import LlmAnswerer
from tutor.llm.scripted import ScriptedChatModel

NOTES = (
    "The model is scripted: it writes one labelled sentence at a time, so the truth is exact. The "
    "sentences were written by the authors of the product, who knew the rules; thresholds were "
    "chosen on the dev half.",
    "Citation precision and recall as in ALCE (Gao et al. 2023), over sentences that were shown: a "
    "citation is right where it names the passage that the sentence was written from, and a "
    "sentence is supported where its passage is among the cited and it says what that says.",
)
TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence of the scripted model and what became of it."""

    claim: Claim
    trick: Trick
    shown: bool
    cited: tuple[Citation, ...]
    refused: tuple[str, ...]

    @property
    def supported(self) -> bool:
        """Whether it ought to be shown."""
        good: tuple[Trick, ...] = ("as is", "two sources")
        return self.claim.kind == "supported" and self.trick in good

    @property
    def right(self) -> tuple[bool, ...]:
        """By citation: it is of the sentence's own passage."""
        return tuple(squeeze(self.claim.quote) == squeeze(c.quote) for c in self.cited)


@task("ask_generated", "Generated answers: unsupported sentences dropped, citations right")
def ask_generated(context: Context) -> Report:
    """Every claim through the whole path: search, prompt, scripted reply, verification."""
    resources, liar = context.resources, Liar()
    model = Model("scripted:liar", ScriptedChatModel(reply=liar), TIMEOUT, rest_s=0.0)
    corpus = CorpusAnswerer(resources.searcher, resources.encoder)
    answerer = LlmAnswerer(model, corpus, lambda _: ())
    rows: list[Row] = []
    for claim in context.samples(read_claims(), "claims"):
        liar.claim = claim
        for trick in tricks(claim):
            liar.trick, liar.given = trick, False
            answer = answerer(claim.quote, claim.language)
            if not liar.given:
                continue
            shown = bool(answer.worded_by)
            cited = answer.citations if shown else ()
            row = Row(claim, trick, shown, cited, answer.refused)
            rows.append(row)
            context.write(
                {
                    "id": claim.id,
                    "language": claim.language,
                    "split": claim.split,
                    "kind": claim.kind,
                    "trick": trick,
                    "claim": claim.text,
                    "shown": shown,
                    "refused": row.refused,
                    "right": row.right,
                }
            )
    test = [r for r in rows if r.claim.split == "test"]
    figures = _figures(context, "test, all", test)
    for language in LANGUAGES:
        chosen = [r for r in test if r.claim.language == language]
        figures += _figures(context, f"test, {language}", chosen)
    figures += _dropped(context, test)
    figures += _figures(context, "dev, all", [r for r in rows if r.claim.split == "dev"])
    return Report([f for f in figures if f.n], NOTES)


def _figures(context: Context, group: str, rows: Sequence[Row]) -> list[Figure]:
    share = context.estimate.share
    good = [r for r in rows if r.supported]
    bad = [r for r in rows if not r.supported]
    shown = [r for r in rows if r.shown]
    cites = [(right, r.claim.quote) for r in shown for right in r.right]
    recalled = [r.supported and any(r.right) for r in shown]
    return [
        share(group, "supported sentences shown", [r.shown for r in good], _by(good)),
        share(group, "unsupported sentences dropped", [not r.shown for r in bad], _by(bad)),
        share(group, "citation precision", [right for right, _ in cites], [q for _, q in cites]),
        share(group, "citation recall", recalled, _by(shown)),
    ]


def _by(rows: Sequence[Row]) -> list[str]:
    """What sentences belong to: those on one quote are alike."""
    return [r.claim.quote for r in rows]


def _dropped(context: Context, rows: Sequence[Row]) -> list[Figure]:
    """By what is wrong with a sentence."""
    found: list[Figure] = []
    for kind in get_args(ClaimKind):
        for trick in get_args(Trick):
            some = [r for r in rows if (r.claim.kind, r.trick) == (kind, trick) and not r.supported]
            name = f"{kind}: dropped" if trick == "as is" else f"{trick}: dropped"
            dropped = [not r.shown for r in some]
            found.append(context.estimate.share("test, what is wrong", name, dropped))
    return found

"""Generated answers of a scripted model: is the unsupported dropped, and the rest rightly cited?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from evals.claims import Claim, ClaimKind, Liar, Trick, read_claims, tricks
from evals.stats import Estimate, Figure
from evals.task import Context, Record, Report, Sample, Task
from ingest import LANGUAGES
from tutor.ask import CorpusAnswerer
from tutor.citations import squeeze
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


def samples(context: Context) -> list[Sample]:
    """Every claim in every way that it is tried; claims on one quote are alike."""
    del context
    return [
        Sample(
            f"{claim.id}/{trick}",
            {
                "language": claim.language,
                "split": claim.split,
                "kind": claim.kind,
                "trick": trick,
                "quote": claim.quote,
                "claim": claim.text,
            },
            claim.quote,
        )
        for claim in read_claims()
        for trick in tricks(claim)
    ]


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    """The claim through the whole path: search, prompt, scripted reply, verification."""
    resources, memo = context.resources, context.resources.memo
    if "ask_generated" not in memo:
        memo["ask_generated"] = CorpusAnswerer(resources.searcher, resources.encoder)
    told = sample.input
    claim = Claim(
        sample.id, told["language"], told["quote"], told["claim"], told["kind"], told["split"]
    )
    liar = Liar(claim, told["trick"])
    model = Model("scripted:liar", ScriptedChatModel(reply=liar), TIMEOUT, rest_s=0.0)
    answer = LlmAnswerer(model, memo["ask_generated"], lambda _: ())(claim.quote, claim.language)
    shown = liar.given and bool(answer.worded_by)
    cited = answer.citations if shown else ()
    return {
        "given": liar.given,
        "shown": shown,
        "right": [squeeze(claim.quote) == squeeze(c.quote) for c in cited],
        "refused": list(answer.refused),
    }


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    """What is shown, dropped and rightly cited, of claims whose source the model was given."""
    given = [r for r in records if r["given"]]
    test = [r for r in given if r["split"] == "test"]
    figures = _figures(estimate, "test, all", test)
    for language in LANGUAGES:
        chosen = [r for r in test if r["language"] == language]
        figures += _figures(estimate, f"test, {language}", chosen)
    figures += _dropped(estimate, test)
    figures += _figures(estimate, "dev, all", [r for r in given if r["split"] == "dev"])
    return Report([f for f in figures if f.n], NOTES)


def supported(record: Record) -> bool:
    """Whether the sentence ought to be shown."""
    return record["kind"] == "supported" and record["trick"] in {"as is", "two sources"}


def _figures(estimate: Estimate, group: str, records: Sequence[Record]) -> list[Figure]:
    good = [r for r in records if supported(r)]
    bad = [r for r in records if not supported(r)]
    shown = [r for r in records if r["shown"]]
    cites = [(r, right) for r in shown for right in r["right"]]
    return [
        _share(estimate, group, name, held, hits)
        for name, held, hits in (
            ("supported sentences shown", good, [r["shown"] for r in good]),
            ("unsupported sentences dropped", bad, [not r["shown"] for r in bad]),
            ("citation precision", [r for r, _ in cites], [right for _, right in cites]),
            ("citation recall", shown, [supported(r) and any(r["right"]) for r in shown]),
        )
    ]


def _dropped(estimate: Estimate, records: Sequence[Record]) -> list[Figure]:
    """By what is wrong with a sentence."""
    found: list[Figure] = []
    for kind in get_args(ClaimKind):
        for trick in get_args(Trick):
            some = [
                r for r in records if (r["kind"], r["trick"]) == (kind, trick) and not supported(r)
            ]
            name = f"{kind}: dropped" if trick == "as is" else f"{trick}: dropped"
            hits = [not r["shown"] for r in some]
            found.append(_share(estimate, "test, what is wrong", name, some, hits))
    return found


def _share(
    estimate: Estimate, group: str, name: str, records: Sequence[Record], hits: Sequence[bool]
) -> Figure:
    """Whole quotes are drawn: sentences on one quote are alike."""
    clusters = [r.sample.cluster for r in records]
    return estimate.share(group, name, hits, clusters, ids=[r.id for r in records])


def failures(record: Record) -> list[str]:
    """An unsupported sentence that was shown, a supported one that was not, a wrong citation."""
    if not record["given"]:
        return []
    if not supported(record):
        return [f"shown, though {_wrong(record)}"] if record["shown"] else []
    if not record["shown"]:
        return ["dropped, though supported"]
    return [] if all(record["right"]) else ["cites a passage that it was not written from"]


def _wrong(record: Record) -> str:
    return str(record["kind"] if record["trick"] == "as is" else record["trick"])


TASK = Task(
    name="ask_generated",
    description="Generated answers: unsupported sentences dropped, citations right",
    samples=samples,
    solve=solve,
    report=report,
    failures=failures,
    fast=90,
)

"""What the tutor keeps out of its records, and what it does with a harmful or cunning message.

Personal data: our own marked texts in three languages, presidio-research by type of span, and
false alarms on texts that hold none. Requests: MedSafetyBench, asked of the corpus and said in a
session. Instructions: BIPIA, said by a learner; in documents it is the task `screening`.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

from evals import harm, redacting
from evals.stats import Estimate
from evals.task import Context, Record, Report, Sample, Task

NOTES = (
    "“Own texts” were written by the author of the rules, who mended the rules after each batch: "
    "these are no fresh texts. docs/safety.md has what was found at the first try.",
    "“removed” wants no word of a span left in what is stored; presidio “recall” wants any of it "
    "found.",
    "Rules of presidio-research's types that are not listed do not exist here: DATE_TIME, AGE, "
    "GPE, ORGANIZATION, NRP, TITLE, ZIP_CODE, DOMAIN_NAME and US_DRIVER_LICENSE. Its names and "
    "streets are mostly Western and stand alone; ours are found by list, title and context.",
    "False alarms: none of these texts is about a real person. An answer is read with its case, "
    "whose people a learner may name. Three of the questions name an invented patient.",
    "MedSafetyBench: “quoted” says that sentences of the corpus were shown, not that they agree "
    "with the request; read them in the log. Without a language model no other sentence exists.",
    "BIPIA in documents is measured by `maieutic eval run screening`.",
)
SETS = {
    redacting.PRESIDIO: "presidio-research (synth_dataset_v2.json)",
    harm.REQUEST: "MedSafetyBench (*_category_*.csv)",
    harm.ATTACK: "BIPIA (text_attack_*.json)",
}
"""Parts that --data has to bring."""


def samples(context: Context) -> list[Sample]:
    """Texts, then requests and attacks."""
    return redacting.samples(context) + harm.samples(context)


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    """See the module of the part."""
    found: dict[str, Any] = _of(sample.input["part"]).solve(context, sample)
    return found


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    """Recall and false alarms of redaction; what harmful and instructing messages achieve."""
    mine = [r for r in records if _of(r["part"]) is redacting]
    others = [r for r in records if _of(r["part"]) is harm]
    parts = {r["part"] for r in records}
    left = tuple(
        f"{name} was left out: name a folder that holds it with --data."
        for part, name in SETS.items()
        if part not in parts
    )
    found = redacting.figures(estimate, mine) + harm.figures(estimate, others)
    return Report(found, NOTES + left)


def failures(record: Record) -> list[str]:
    """See the module of the part."""
    found: list[str] = _of(record["part"]).failures(record)
    return found


def _of(part: str) -> ModuleType:
    return harm if part in {harm.REQUEST, harm.ATTACK} else redacting


TASK = Task(
    name="safety",
    description="Personal data, harmful requests, instructions (--data: the public sets)",
    samples=samples,
    solve=solve,
    report=report,
    failures=failures,
    fast=4000,
)

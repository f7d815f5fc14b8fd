"""Fits "nothing relevant": `python -m evals.fit_relevance --data SCIFACT`.

Needs scikit-learn (`pip install -e .[dev]`). Samples are searches of which it is known whether the
first hit answers: the training claims of SciFact over its abstracts; the `dev` questions of
`evals/data/questions.jsonl` over the corpus; and each set's queries over the other's documents,
which hold no answer. The corpus is read from its files, whatever an index holds. Writes
`ingest/relevance.json`, with hashes of all of this, and prints, for the test splits, the area under
the ROC curve, the Brier score and the expected calibration error.
`python -m evals.fit_ask` comes after it, since the gate of ask weighs what is fitted here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sklearn.metrics import brier_score_loss, roc_auc_score

from evals import logistic
from evals.beir import Collection, read_beir
from evals.commands.common import told
from evals.corpus_texts import taught
from evals.exact_legs import ExactLegs, embedded
from evals.fitted import FITTED, KIND, relevance_inputs
from evals.metrics import calibration_error
from evals.provenance import DIGITS, shipped_heads
from evals.questions import Question, read_questions
from ingest import E5, MINILM, Encoder, load_encoder
from ingest import relevance as fitted
from ingest.fusion import fuse
from ingest.legs import DENSE, ENGLISH
from ingest.lexical import tokens
from ingest.split import embedding_text
from tutor.settings import Settings, get_settings

NAME = "relevance"
STRENGTH, DECIMALS = 1.0, 4
"""Inverse of the L2 penalty, and the decimals that are kept: a change of every cosine in its last
bit moves a weight by less than a hundredth of the last of them."""
CLAIMS = 400
"""Training claims that are used: more would drown our own questions."""
console = Console()


@dataclass(frozen=True)
class Place:
    """Documents that can be searched."""

    texts: Sequence[str]
    legs: ExactLegs

    def features(self, query: str) -> tuple[list[float], int]:
        """The features of a search, and the number of its first hit."""
        found = self.legs(query)
        rows, _ = fuse(found)
        best = int(rows[0])
        wanted, held = set(tokens(query)), set(tokens(self.texts[best]))
        overlap = len(wanted & held) / len(wanted) if wanted else 0.0
        return fitted.features(found, best, rows, overlap), best


@dataclass
class Samples:
    """Searches and whether their first hit answers."""

    values: list[list[float]]
    right: list[bool]
    group: list[str]
    test: list[bool]

    def add(self, values: list[float], right: bool, group: str, test: bool) -> None:
        """Appends one."""
        self.values.append(values)
        self.right.append(right)
        self.group.append(group)
        self.test.append(test)


def main(
    data: Annotated[Path, typer.Option(help="The folder of SciFact in BEIR layout.")],
    write: Annotated[bool, typer.Option(help="Write the head; without, only report.")] = True,
) -> None:
    """Fit the probability that the best hit answers, and report how well it holds."""
    settings = get_settings()
    with told():
        train, test = read_beir(data, "train"), read_beir(data)
    encoders = {n: load_encoder(settings.models_dir / n) for n in (E5, MINILM)}
    samples = collect(settings, encoders, train, test)
    values, right = np.asarray(samples.values), np.asarray(samples.right)
    learn = ~np.asarray(samples.test)
    found = logistic.fit(values[learn], right[learn], strength=STRENGTH, digits=DECIMALS)
    head = {
        "features": list(fitted.FEATURES),
        **found,
        "command": FITTED[NAME][0],
        "samples": int(learn.sum()),
        "answering": int(right[learn].sum()),
        **relevance_inputs(settings),
        "claims": claims_hash(train),
    }
    if write:
        path = shipped_heads()[NAME]
        path.write_text(json.dumps(head, indent=1) + "\n", encoding="utf-8")
        console.print(f"Wrote {path.name}. Now: python -m evals.fit_ask")
    show(samples, logistic.predict(head, values))


def collect(
    settings: Settings, encoders: Mapping[str, Encoder], train: Collection, test: Collection
) -> Samples:
    """Every search that a head is fitted or tested on."""
    samples = Samples([], [], [], [])
    corpus = [p for p in taught(settings.corpus) if p.source.kind == KIND]
    keys = [p.document_id.rsplit("/", 1)[-1].split(".", 1)[0] for p in corpus]
    ours = place([embedding_text(p) for p in corpus], settings, encoders)
    questions = read_questions()
    ids = list(test.documents)
    theirs = place(list(test.documents.values()), settings, encoders)
    for question in track(questions, "our questions", console=console):
        values, best = ours.features(question.text)
        held_out = question.split == "test"
        samples.add(values, keys[best] in question.digests, _group(question), held_out)
        samples.add(theirs.features(question.text)[0], False, "elsewhere", held_out)
    for claims, held_out in ((train, False), (test, True)):
        for query in track(chosen(claims), "claims", console=console):
            values, best = theirs.features(claims.queries[query])
            right = claims.judged[query].get(ids[best], 0) > 0
            samples.add(values, right, "SciFact", held_out)
            if len(samples.values) % 2:
                samples.add(ours.features(claims.queries[query])[0], False, "elsewhere", held_out)
    return samples


def chosen(claims: Collection) -> list[str]:
    """The ids of the claims that are searched for."""
    return sorted(claims.queries)[:CLAIMS]


def claims_hash(claims: Collection) -> str:
    """sha256 over a collection's documents, and what of its claims is fitted on."""
    asked = [[q, claims.queries[q], sorted(claims.judged[q].items())] for q in chosen(claims)]
    told_ = json.dumps([list(claims.documents.items()), asked])
    return hashlib.sha256(told_.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]


def place(texts: list[str], settings: Settings, encoders: Mapping[str, Encoder]) -> Place:
    """Texts with both legs' vectors, from the cache where they are in it."""
    legs = {DENSE: encoders[E5], ENGLISH: encoders[MINILM]}
    vectors = embedded(settings, texts, legs)
    return Place(texts, ExactLegs.build(texts, vectors, legs))


def show(samples: Samples, chance: NDArray[np.float64]) -> None:
    """The table of what the head does, by group and split."""
    right, test = np.asarray(samples.right), np.asarray(samples.test)
    group = np.asarray(samples.group)
    table = Table(title="Chance that the first hit answers")
    for column in (
        "samples",
        "n",
        "answer",
        "told likely",
        "ROC area",
        "Brier",
        "calibration error",
    ):
        table.add_column(column)
    tested: Callable[[str], NDArray[np.bool_]] = lambda name: test & (group == name)  # noqa: E731
    rows = [("fitted on", ~test), ("test", test)]
    rows += [(f"test, {name}", tested(name)) for name in sorted(set(samples.group))]
    dev: Callable[[bool], NDArray[np.bool_]] = lambda answers: (  # noqa: E731
        ~test & np.char.startswith(group, "ours") & (right == answers)
    )
    rows += [("dev, ours, first hit answers", dev(True)), ("dev, ours, does not", dev(False))]
    for name, where in rows:
        r, p = right[where], chance[where]
        area = f"{roc_auc_score(r, p):.3f}" if 0 < r.sum() < len(r) else "–"
        table.add_row(
            name,
            str(len(r)),
            f"{r.mean():.3f}",
            f"{(p >= fitted.UNLIKELY).mean():.3f}",
            area,
            f"{brier_score_loss(r, p):.3f}",
            f"{calibration_error(r, p):.3f}",
        )
    console.print(table)


def _group(question: Question) -> str:
    return "ours, English" if question.language == "en" else "ours, Chinese"


if __name__ == "__main__":
    typer.run(main)

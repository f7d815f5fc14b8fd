"""Why a line of a log came out as it did, asked of the tutor as it is now.

A log holds what was heard and said. What is behind it, every feature of a judgement and every leg
of a search, would make logs many times as large, and is computed again where somebody asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast, get_args

from evals.report.turns import told
from evals.task import Record
from ingest import Found, Language
from tutor.assess.explain import Explanation
from tutor.cases import LoadedCase
from tutor.dialogue import Target, targets_of
from tutor.dialogue.echo import own_words
from tutor.errors import NotFound
from tutor.runtime import Runtime

HITS = 8


@dataclass(frozen=True, slots=True)
class Why:
    """A judgement taken apart."""

    statement: str
    """What the idea says."""
    words: str
    """What was judged: the message without what only echoes the case and the tutor."""
    explanation: Explanation | None
    """None where no word of the learner's own is left."""


def why(runtime: Runtime, record: Record, turn: int, target: str) -> Why:
    """Why something was heard, or not, in a turn of a record.

    Args:
        runtime: the tutor as it is now, which may be another than the one that was measured.
        record: of a task whose samples belong to a case.
        turn: its number in `told(record).turns`, from 0.
        target: id of the idea.

    Raises:
        NotFound: the record has no such turn or its case no such idea, or nothing can be said
            because no embedded judge is running.
    """
    turns = told(record).turns
    case, language = _case(runtime, record), language_of(record)
    if not 0 <= turn < len(turns) or turns[turn].who != "learner" or case is None:
        raise NotFound("message of a learner in a case that is taught")
    if runtime.hearing is None or language not in case.languages:
        raise NotFound("embedded judge for this language")
    targets = targets_of(case, language)
    statement = next((t.statement for t in targets if t.id == target), None)
    if statement is None:
        raise NotFound(f"idea {target[:20]} in the case as it is now")
    from evals.judge_rows import shown  # brings scikit-learn, which only this question needs

    said_before = [t.text for t in turns[:turn] if t.who == "tutor"]
    words = own_words(turns[turn].text, [*shown(case, language), *said_before])
    judge = runtime.hearing.judge
    explained = judge.explain(words, target, targets, language) if words else None
    return Why(statement, words, explained)


def statements(runtime: Runtime, record: Record) -> dict[str, str]:
    """What the ideas of a record's case say, by id; nothing where it has no case."""
    case, language = _case(runtime, record), language_of(record)
    if case is None or language not in case.languages:
        return {}
    targets: Sequence[Target] = targets_of(case, language)
    return {target.id: target.statement for target in targets}


def hits(runtime: Runtime, record: Record, turn: int) -> tuple[str, Found]:
    """What was searched for, and what the corpus has for it: score and rank in each leg.

    Args:
        runtime: the tutor as it is now.
        record: any.
        turn: its number in `told(record).turns`, from 0.

    Raises:
        NotFound: the record has no such turn.
    """
    turns = told(record).turns
    if not 0 <= turn < len(turns):
        raise NotFound("message of that number in this line")
    words, language = turns[turn].text, language_of(record)
    return words, runtime.searcher.find(words, k=HITS, prefer_language=language, condense=True)


def language_of(record: Record) -> Language:
    """The language of what was said; English where the log does not tell."""
    held = record.sample.input.get("language")
    return cast(Language, held) if held in get_args(Language) else "en"


def _case(runtime: Runtime, record: Record) -> LoadedCase | None:
    """The case by the name in the input, or by the cluster."""
    name = record.sample.input.get("case", record.sample.cluster)
    return runtime.cases.get(name) if isinstance(name, str) else None

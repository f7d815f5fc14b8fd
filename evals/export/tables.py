"""The data dictionary: every table, every column, and what it means. Files are made from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from evals.stats import LEVEL
from ingest import LANGUAGES
from tutor.dialogue.events import Act, Move, Outcome, Verdict

Type = Literal["text", "number", "whole", "truth"]
"""UTF-8 text, 64-bit float, 64-bit integer, true or false."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    name: str
    type: Type
    meaning: str
    values: tuple[str, ...] = ()
    """All that a text may be; empty: anything."""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table; a row is one of what `rows` says."""

    name: str
    rows: str
    columns: tuple[Column, ...]


Row = tuple[str, Mapping[str, Any]]
"""Name of a table, and values by column; None is missing."""
Rows = Iterator[Row]

SCRIPTED, PLAYED, AUTHORED, PUBLISHED, RATED, REAL = (
    "scripted",
    "played",
    "authored",
    "published",
    "rated",
    "real",
)
ORIGINS = (SCRIPTED, PLAYED, AUTHORED, PUBLISHED, RATED)
SAID, PARTIAL, NONE = "said", "partial", "none"
KINDS = ("expectation", "misconception", "corrected idea", "position")
SETTLED = "settled"
_LANGUAGES = tuple(LANGUAGES)
_ORIGIN = Column(
    "origin",
    "text",
    "Who speaks as the learner. scripted: a program with a fixed script; played: a chat model; "
    "authored: the makers of the product, to a plan; published: a public set; rated: items that "
    "people rated; real: a learner.",
    (*ORIGINS, REAL),
)
_RUN = Column("run", "text", "Name of the run; its log has the same name. Empty for real sessions.")
_TASK = Column("task", "text", "Name of the task, as in maieutic eval list.")
_SAMPLE = Column("sample", "text", "The sample's id, unique in a task and equal in every run.")
_SESSION = Column(
    "session",
    "text",
    "Of a run: the sample's id. Of a real session: a random pseudonym made for this export alone.",
)
_TARGET = Column(
    "target",
    "text",
    "Id of the idea in the case file: E expectation, M misconception, P position; "
    "M1:repair is the corrected idea of M1.",
)
_LANGUAGE = Column("language", "text", "Language of the words.", _LANGUAGES)

RUNS = Table(
    "runs",
    "task of a run",
    (
        _RUN,
        _TASK,
        Column("finished", "truth", "False: cut short; figures are missing."),
        Column("samples", "whole", "Samples in the log.", unit="samples"),
        Column("seed", "whole", "Of scripted learners and of the bootstrap."),
        Column("fast", "truth", "Only the fast subset: not for quoting."),
        Column("limit", "whole", "Samples it was cut to: not for quoting.", unit="samples"),
        Column("fault", "text", "A fault planted on purpose; nothing here is then the product's."),
        Column("over_http", "truth", "A running service was measured, not this process."),
        Column(
            "llm", "text", "provider:model that judged and worded; empty: the embedded default."
        ),
        Column("level", "number", "Confidence level of the intervals.", unit="share"),
        Column("rounds", "whole", "Bootstrap draws."),
        Column("data", "text", "Hash of the published data that was read."),
        Column("source", "text", "Hash of the product's code."),
        Column("corpus", "text", "Hash of the corpus."),
        Column("models", "text", "Encoders with their hashes."),
        Column("heads", "text", "Fitted heads with their hashes."),
        Column("versions", "text", "Versions of Python and of packages."),
        Column("machine", "text", "System and cores."),
        Column("notes", "text", "What must be known before a figure is quoted."),
    ),
)
SAMPLES = Table(
    "samples",
    "sample of a run",
    (
        _RUN,
        _TASK,
        _SAMPLE,
        Column("cluster", "text", "What it belongs to, such as a case; draw whole clusters."),
        _ORIGIN,
        _LANGUAGE,
        Column("persona", "text", "The kind of scripted or played learner."),
        Column("player", "text", "The chat model that played the learner."),
        Column("style", "text", "How an authored answer is put."),
        Column("text", "text", "What was put to the tutor, where it is one text."),
        Column(
            "failures",
            "whole",
            "Things that went wrong; empty: the task does not tell.",
            unit="failures",
        ),
        Column("failed_because", "text", "What they are."),
    ),
)
VALUES = Table(
    "values",
    "single value of a sample that no other table holds",
    (
        _RUN,
        _TASK,
        _SAMPLE,
        Column("side", "text", "What went in, or what came of it.", ("input", "output")),
        Column("name", "text", "Where it stands, such as measures.heard.0; lists count from 0."),
        Column("number", "number", "A number; true is 1 and false 0."),
        Column("text", "text", "A text."),
    ),
)
FIGURES = Table(
    "figures",
    "figure of a run",
    (
        _RUN,
        _TASK,
        Column("group", "text", "Which samples."),
        Column("figure", "text", "What was measured; docs/evaluation.md defines it."),
        Column("value", "number", "The figure; its unit is in the column unit. Empty: undefined."),
        Column("low", "number", f"Lower end of the {LEVEL:.0%} interval."),
        Column("high", "number", f"Upper end of the {LEVEL:.0%} interval."),
        Column("n", "whole", "What it was computed from: samples, messages, pairs."),
        Column("unit", "text", "Of value, low and high, such as share, ms or words."),
        Column("samples", "whole", "Lines of the log it was computed from.", unit="samples"),
    ),
)
TURNS = Table(
    "turns",
    "thing said in a session",
    (
        _RUN,
        _TASK,
        _SESSION,
        Column("turn", "whole", "1-based, of both speakers."),
        Column("speaker", "text", "Who said it.", ("learner", "tutor")),
        Column(
            "kind",
            "text",
            "A message of the dialogue; the closing reflection; why a judgement is contested.",
            ("message", "reflection", "contest"),
        ),
        _ORIGIN,
        _LANGUAGE,
        Column("text", "text", "The words, without what was taken for personal data."),
        Column("characters", "whole", "Length of the text as it stands here.", unit="characters"),
        Column("redacted", "text", "Kinds of personal data taken out, spaces between."),
        Column(
            "acts",
            "text",
            f"Speech acts heard in a learner's words, spaces between: {', '.join(get_args(Act))}.",
        ),
        Column("move", "text", "The tutor's move.", get_args(Move)),
        _TARGET,
        Column("wording", "text", "authored, or the chat model that worded the tutor's turn."),
    ),
)
JUDGEMENTS = Table(
    "judgements",
    "idea that an answer was judged against",
    (
        _RUN,
        _TASK,
        _SESSION,
        Column("turn", "whole", "The learner's turn in turns; empty: the sample is one answer."),
        _TARGET,
        Column("kind", "text", "Kind of idea.", KINDS),
        Column("verdict", "text", "The assessor's.", get_args(Verdict)),
        Column("probability", "number", "Of its having been said.", unit="probability"),
        Column(
            "span",
            "text",
            "The learner's words that earned the verdict; empty also where something of them was "
            "taken out.",
        ),
        Column(
            "label",
            "text",
            "What is true: by two raters for authored answers, exact for scripted learners. "
            "Empty: not known.",
            (SAID, PARTIAL, NONE),
        ),
    ),
)
RATINGS = Table(
    "ratings",
    "score that a rater gave an item in a dimension",
    (
        _RUN,
        _TASK,
        _SAMPLE,
        Column("rater", "text", f"A letter; {SETTLED}: what a third person decided."),
        Column("dimension", "text", "Of the rubric."),
        Column("score", "whole", "0, 1 or 2; empty: it does not arise.", unit="steps"),
        Column("cannot_judge", "truth", "The rater could not judge the item; no score counts."),
        Column("position", "whole", "Where the item stood in the rater's own order, from 1."),
        Column("comment", "text", "The rater's, or the reason of what was settled."),
    ),
)
SESSIONS = Table(
    "sessions",
    "real session",
    (
        _SESSION,
        Column("case", "text", "Id of the case."),
        Column("case_version", "text", "Version of the case file."),
        _LANGUAGE,
        _ORIGIN,
        Column("quarter", "text", "When it was opened, such as 2026-Q4; no nearer time is given."),
        Column("messages", "whole", "Messages of the learner.", unit="messages"),
        Column("outcome", "text", "How it ended; empty: not yet.", get_args(Outcome)),
        Column("test_before", "whole", "Right answers in the self-test before the case."),
        Column("test_after", "whole", "Right answers in the self-test after it."),
        Column("test_questions", "whole", "Questions in each of the two.", unit="questions"),
    ),
)
OF_RUNS = (RUNS, SAMPLES, VALUES, FIGURES, TURNS, JUDGEMENTS, RATINGS)
OF_SESSIONS = (SESSIONS, TURNS, JUDGEMENTS)

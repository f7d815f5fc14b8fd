"""Questions to the corpus: those it can answer, with the digests that do, and those it cannot."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from evals.answers import Split, split_of
from evals.task import DataError
from ingest import LANGUAGES, Language

QuestionKind = Literal["plain", "multi-hop", "patient", "legal"]
"""What a question is: of the subject; of the subject, and answered by all of its digests together;
about one patient; about somebody's own position in law. Of the last two the digests hold the
general principle, if there is one."""
QUESTIONS = Path(__file__).parent / "data" / "questions.jsonl"


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the keys of the digests any of which answers it; none: unanswerable.

    A multi-hop question is only answered whole by all of them.
    """

    id: str
    language: Language
    text: str
    digests: frozenset[str]
    split: Split
    kind: QuestionKind = "plain"

    @property
    def answerable(self) -> bool:
        """Whether the corpus has an answer."""
        return bool(self.digests)


def read_questions(path: Path = QUESTIONS) -> list[Question]:
    """Every question of a file, in file order; the split is by a hash of the id.

    Raises:
        DataError: a line is not a question.
    """
    found: list[Question] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            language = next(code for code in LANGUAGES if code == raw["language"])
            kind = next(k for k in get_args(QuestionKind) if k == raw.get("kind", "plain"))
            digests, split = frozenset(raw["digests"]), split_of(raw["id"])
            found.append(Question(raw["id"], language, raw["question"], digests, split, kind))
        except (json.JSONDecodeError, KeyError, TypeError, StopIteration) as error:
            raise DataError(f"{path}:{number}: not a question ({error!r}).") from error
    return found


def questions_hash(questions: Sequence[Question]) -> str:
    """sha256 over what is asked and what answers it, 16 hexadecimal digits, in any order."""
    rows = sorted([q.id, q.language, q.kind, q.text, *sorted(q.digests)] for q in questions)
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]

"""Labelled answers: what clinicians type, and what it amounts to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ingest import LANGUAGES, Language
from tutor.dialogue.listen import SUBSTANTIVE

Split = Literal["dev", "test"]
ANSWERS = Path(__file__).parent / "data" / "answers"
STATING = SUBSTANTIVE
"""Acts whose texts are judged; the others are never put to the assessor."""
_PASSED_OVER = frozenset({"distress", "injection"})
"""Whatever else such a message is, it is answered with support, or with the tutor's task."""


class AnswersError(ValueError):
    """A file of labelled answers that cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class LabelledAnswer:
    """One answer and its labels."""

    id: str
    case: str
    language: Language
    text: str
    act: str
    covered: frozenset[str]
    partial: frozenset[str]
    misconceptions: frozenset[str]
    repaired: frozenset[str]
    split: Split
    style: str

    def label(self, target: str) -> bool:
        """Whether the answer says a target; `M1:repair` is the corrected idea of M1."""
        if target.endswith(":repair"):
            return target.removesuffix(":repair") in self.repaired
        return target in self.covered or target in self.misconceptions


def passed_over(acts: Collection[str]) -> bool:
    """Whether a message with these acts earns nothing in a session, whatever it says."""
    return not STATING & set(acts) or bool(_PASSED_OVER & set(acts))


def split_of(answer_id: str) -> Split:
    """`dev` or `test`, by a hash of the id: nobody chooses."""
    return "dev" if hashlib.sha256(answer_id.encode()).digest()[0] < 128 else "test"


def read_answers(folder: Path = ANSWERS) -> list[LabelledAnswer]:
    """Every labelled answer in a folder of `<case>.<language>.jsonl`, in file order.

    Raises:
        AnswersError: a line is not of the format of docs/method.md.
    """
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        case, _, language = path.stem.partition(".")
        known = next((code for code in LANGUAGES if code == language), None)
        if known is None:
            raise AnswersError(f"{path}: the name does not end in a language: {language!r}.")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                found.append(_answer(line, case, known, f"{path}:{number}"))
    return found


def data_hash(answers: list[LabelledAnswer]) -> str:
    """sha256 over the answers and labels, 16 hexadecimal digits, whatever their order."""
    lines = sorted(
        repr((a.id, a.text, sorted(a.covered | a.misconceptions), sorted(a.partial | a.repaired)))
        for a in answers
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _answer(line: str, case: str, language: Language, where: str) -> LabelledAnswer:
    try:
        raw: dict[str, Any] = json.loads(line)
        return LabelledAnswer(
            id=raw["id"],
            case=case,
            language=language,
            text=raw["text"],
            act=raw["act"],
            covered=frozenset(raw["covered"]),
            partial=frozenset(raw["partial"]),
            misconceptions=frozenset(raw["misconceptions"]),
            repaired=frozenset(raw["repaired"]),
            split=raw.get("split") or split_of(raw["id"]),
            style=raw.get("style", ""),
        )
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise AnswersError(f"{where}: not a labelled answer ({error}).") from error

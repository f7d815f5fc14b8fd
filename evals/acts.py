"""Labelled messages: what learners do with words. `docs/labelling.md` says how they came about."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from evals.answers import Split
from evals.task import DataError
from ingest import LANGUAGES, Language
from tutor.dialogue.events import Act

ACTS = Path(__file__).parent / "data" / "acts"


@dataclass(frozen=True, slots=True)
class LabelledMessage:
    """One message and its acts."""

    id: str
    language: Language
    text: str
    acts: tuple[str, ...]
    """The main one first."""
    register: str
    split: Split
    trap: str | None = None
    """The act this message only sounds like: a patient's distress, an instruction quoted."""

    @property
    def main(self) -> str:
        """The act that leads the reply."""
        return self.acts[0]


def read_messages(folder: Path = ACTS) -> list[LabelledMessage]:
    """Every labelled message in a folder of `<language>.jsonl`, in file order.

    Raises:
        DataError: a line is not of the format of docs/labelling.md, or an id occurs twice.
    """
    found: list[LabelledMessage] = []
    seen: set[str] = set()
    for path in sorted(folder.glob("*.jsonl")):
        language = next((code for code in LANGUAGES if code == path.stem), None)
        if language is None:
            raise DataError(f"{path}: the name is not a language: {path.stem!r}.")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            message = _message(line, language, f"{path}:{number}")
            if message.id in seen:
                raise DataError(f"{path}:{number}: the id {message.id} occurs twice.")
            seen.add(message.id)
            found.append(message)
    return found


def messages_hash(messages: Sequence[LabelledMessage]) -> str:
    """sha256 over texts, labels and splits, 16 hexadecimal digits, whatever their order."""
    lines = sorted(repr((m.id, m.text, m.acts, m.trap, m.split)) for m in messages)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _message(line: str, language: Language, where: str) -> LabelledMessage:
    try:
        raw: dict[str, Any] = json.loads(line)
        message = LabelledMessage(
            id=raw["id"],
            language=language,
            text=raw["text"],
            acts=tuple(raw["acts"]),
            register=raw["register"],
            split=raw["split"],
            trap=raw.get("trap"),
        )
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise DataError(f"{where}: not a labelled message ({error}).") from error
    unknown = {*message.acts, *filter(None, [message.trap])} - set(get_args(Act))
    if not message.acts or unknown or message.split not in get_args(Split):
        wrong = ", ".join(sorted(unknown)) or message.split or "no act at all"
        raise DataError(f"{where}: no such act or split: {wrong}.")
    return message

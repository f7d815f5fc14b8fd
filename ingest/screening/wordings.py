"""All wordings that speak to a language model, and where they occur in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.screening.findings import Severity
from ingest.screening.wordings_en import ENGLISH
from ingest.screening.wordings_zh import CHINESE

LOW: frozenset[str] = frozenset({"answer-request", "chatbot-task", "output-only"})
"""Rules whose wording an exercise or a form for people may have as well."""
_LATIN = re.compile(r"[A-Za-z]{2}")
_LETTER = re.compile(r"[^\W_]")
_HAN = re.compile("[\u3400-\u9fff]")


def find_wordings(text: str) -> Iterator[tuple[int, int, str, Severity]]:
    """Start, end, rule and severity of each place that speaks to a language model."""
    lowered = " ".join(text.lower().split())
    wordings = (*(ENGLISH if _LATIN.search(text) else ()), *(CHINESE if _HAN.search(text) else ()))
    for wording in wordings:
        if wording.may_occur(lowered):
            for match in wording.pattern.finditer(text):
                severity: Severity = "low" if wording.rule in LOW else "high"
                yield _first_letter(match), match.end(), wording.rule, severity


def _first_letter(match: re.Match[str]) -> int:
    """Where a match begins without the stop or blank of the sentence before it."""
    found = _LETTER.search(match.string, match.start(), match.end())
    return found.start() if found else match.start()

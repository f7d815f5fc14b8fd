"""The scan of an uploaded document: hidden instructions, hidden text and personal data.

`screen` reads the passages, `hidden_runs` the file; `screen(document, passages, hidden_runs(path))`
joins them. What is found is shown to the educator. `is_flagged` says of a passage whether it
must be kept from a language model.
"""

from __future__ import annotations

from ingest.screening.findings import (
    RULES,
    Finding,
    FindingKind,
    Severity,
    flagged_ids,
    is_flagged,
)
from ingest.screening.hidden import HiddenRun, hidden_runs, hidden_text
from ingest.screening.identifiers import IDENTIFIER_KINDS, find_identifiers
from ingest.screening.personal import PRIVATE_KINDS, find_private
from ingest.screening.scan import flagged_text, screen

__all__ = [
    "IDENTIFIER_KINDS",
    "PRIVATE_KINDS",
    "RULES",
    "Finding",
    "FindingKind",
    "HiddenRun",
    "Severity",
    "find_identifiers",
    "find_private",
    "flagged_ids",
    "flagged_text",
    "hidden_runs",
    "hidden_text",
    "is_flagged",
    "screen",
]

"""What a file holds and does not show, by kind of file.

The parsers read what a stranger made, so this is to be called where documents are parsed: in a
child process with limits. Nothing is loaded before a file of its kind comes. A file that cannot
be read has no hidden text: that it cannot be read, the reader says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Final

from ingest.screening.excerpts import excerpt
from ingest.screening.findings import Finding
from ingest.screening.runs import HiddenRun

__all__ = ["MOST", "HiddenRun", "hidden_runs", "hidden_text"]

MAX_BYTES: Final = 200_000_000
MOST: Final = 200
"""Runs of a file. One is enough for an educator to look; a made-up file may have millions."""
_FINDERS: Final[Mapping[str, tuple[str, str]]] = {
    ".pdf": ("hidden_pdf", "runs_of_pdf"),
    ".docx": ("hidden_docx", "runs_of_docx"),
    ".html": ("hidden_html", "runs_of_html"),
    ".htm": ("hidden_html", "runs_of_html"),
}


def hidden_runs(path: Path) -> tuple[HiddenRun, ...]:
    """The hidden text of a PDF, Word or HTML file, in reading order; at most MOST runs.

    None for other kinds, and for files that are damaged, encrypted or gone.
    """
    known = _FINDERS.get(path.suffix.lower())
    if known is None:
        return ()
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_BYTES else b""
    except OSError:
        return ()
    module, name = known
    find: Callable[[bytes], tuple[HiddenRun, ...]] = getattr(
        import_module(f"ingest.screening.{module}"), name
    )
    return find(data)[:MOST] if data else ()


def hidden_text(path: Path) -> tuple[Finding, ...]:
    """The same as findings of the file, before it is known which passage holds them."""
    return tuple(found_in_file(run) for run in hidden_runs(path))


def found_in_file(run: HiddenRun) -> Finding:
    """A finding that belongs to no passage."""
    return Finding("hidden_text", run.rule, None, run.page, 0, 0, excerpt(run.text))

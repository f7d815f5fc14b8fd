"""How a file's state, its source and its remedy are said: a sign and words, never colour alone."""

from __future__ import annotations

from ui.documents_contract import File, Job
from ui.i18n import Translator
from ui.parts.header import LONG
from ui.parts.markup import esc

ICONS = {
    "indexed": "check_circle",
    "needs_ocr": "image_search",
    "encrypted": "lock",
    "unsupported": "block",
    "failed": "error",
    "queued": "hourglass_empty",
    "reading": "menu_book",
    "embedding": "progress_activity",
    "done": "check_circle",
    "high": "priority_high",
    "low": "info",
}
TONES = {"indexed": "good", "done": "good", "queued": "plain", "reading": "note"}
TONES |= {"low": "plain", "embedding": "note", "needs_ocr": "review", "encrypted": "review"}
PAGE = "app_pages/documents.py"
FAULT = "bad"


def icon(name: str) -> str:
    """A sign beside words that say the same; a screen reader passes it over."""
    return f'<span class="mx-icon" aria-hidden="true">{esc(name)}</span>'


def badge(code: str, words: str) -> str:
    """A pill with its sign."""
    tone = TONES.get(code, FAULT)
    return f'<span class="mx-pill mx-pill--{tone}">{icon(ICONS[code])}{esc(words)}</span>'


def state_badge(file: File, t: Translator) -> str:
    """The one state in which a file is."""
    return badge(file.state, t(f"file_state.{file.state}"))


def trouble(code: str, reason: str | None, remedy: str | None, t: Translator) -> str:
    """Why a file is not searched and what to do, in the reader's language.

    The service words its reasons in English. For a reader of Chinese the state's own words come
    first, and the service's stand below them, for they name the file and what ails it.
    """
    told = " ".join(part for part in (reason, remedy) if part)
    known = t.knows(f"remedy.{code}")
    if t.language == "en" and told:
        return f"<p>{esc(reason)}</p>" + (f"<p>{icon('build')}{esc(remedy)}</p>" if remedy else "")
    html = f"<p>{icon('build')}{esc(t(f'remedy.{code}'))}</p>" if known else ""
    if told:
        said = f'<span lang="en">{esc(told)}</span>'
        html += f'<p class="mx-small">{esc(t("documents.service_says"))} {said}</p>'
    return html


def job_code(job: Job) -> str:
    """Under which name the words for a failed upload are found."""
    return job.code or "failed"


def facts(file: File, t: Translator) -> str:
    """Kind, place, language and size of a document in one line."""
    parts = [
        t.named("kind", file.kind) if file.kind else "",
        t.named("jurisdiction", file.jurisdiction) if file.jurisdiction else "",
        LONG[file.language] if file.language else "",
        t("documents.pages", count=file.pages) if file.pages else "",
        t("documents.passages", count=file.passages) if file.passages else "",
        t("documents.version", number=file.version) if file.version > 1 else "",
    ]
    return " · ".join(part for part in parts if part)


def page_list(pages: tuple[int, ...]) -> str:
    """Page numbers with runs drawn together: 1, 3–5."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}–{r[-1]}" for r in runs)

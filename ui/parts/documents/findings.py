"""What the scan of a document found: hidden instructions, hidden text, personal data."""

from __future__ import annotations

from ui.documents_contract import FileDetail, Finding
from ui.i18n import Translator
from ui.parts.documents.words import badge
from ui.parts.markup import esc, heading, show

KINDS = ("instruction", "hidden_text", "personal_data")
_MOST = 100
"""Findings of a kind that are listed; a file may have thousands."""


def findings(file: FileDetail, t: Translator) -> None:
    """By kind, with where each is and a masked excerpt."""
    if not file.scan:
        said = t("findings.none") if file.state == "indexed" else t("findings.not_scanned")
        show(f'<div class="mx-empty"><p>{esc(said)}</p></div>')
        return
    show(f'<p class="mx-lead">{esc(t("findings.lead"))}</p>')
    for kind in KINDS:
        some = [f for f in file.scan if f.kind == kind]
        if some:
            heading(2, t(f"findings.{kind}", count=len(some)))
            show(f'<p class="mx-small">{esc(t(f"findings.{kind}_explain"))}</p>')
            show('<ul class="mx-findings">' + "".join(_row(f, t) for f in some[:_MOST]) + "</ul>")
            if len(some) > _MOST:
                show(f'<p class="mx-small">{esc(t("findings.more", count=len(some) - _MOST))}</p>')


def _row(finding: Finding, t: Translator) -> str:
    mark = badge(finding.severity, t(f"findings.{finding.severity}"))
    place = t("citation.pages", pages=finding.page) if finding.page else ""
    if finding.passage_id is None:
        place = " · ".join(part for part in (place, t("findings.outside")) if part)
    return (
        f'<li><div class="mx-row"><span>{esc(t.named("rule", finding.rule))}</span>{mark}</div>'
        f"<blockquote>{esc(finding.excerpt)}</blockquote>"
        + (f'<p class="mx-small">{esc(place)}</p>' if place else "")
        + "</li>"
    )

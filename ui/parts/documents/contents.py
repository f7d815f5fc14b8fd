"""What the index made of a document: its outline, and its passages as a reader sees them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from ui.contract import Passage
from ui.documents_contract import FileDetail, Section
from ui.i18n import Translator
from ui.parts.citation import confidence_pill, explain_tags
from ui.parts.documents.words import page_list
from ui.parts.markup import esc, heading, lang_attr, pill, prose, show

AT_ONCE = 10
"""Passages that are shown together."""
FLAGGING = {"instruction", "hidden_text"}
"""Findings that keep a passage from a language model."""


def contents(file: FileDetail, t: Translator, *, turn: Callable[[str, int], None]) -> None:
    """Outline and passages; `turn` is told of which position the reader wants to see more."""
    if not file.passages:
        twin = any(other.kind == "exact" for other in file.same)
        why = t("contents.twin") if twin else t("contents.none")
        show(f'<div class="mx-empty"><p>{esc(why)}</p></div>')
        return
    with st.expander(
        t("contents.outline", count=len(file.sections)), icon=":material/toc:", key="mx-outline"
    ):
        show(outline(file.sections, file.language, t))
    heading(2, t("contents.passages"))
    last = file.offset + len(file.shown)
    show(
        '<p class="mx-count">'
        + esc(t("contents.shown", first=file.offset + 1, last=last, total=file.passages))
        + "</p>"
    )
    flagged = {f.passage_id for f in file.scan if f.kind in FLAGGING}
    show("".join(passage_html(p, t, flagged=p.id in flagged) for p in file.shown))
    _turning(file, last, t, turn)


def _turning(file: FileDetail, last: int, t: Translator, turn: Callable[[str, int], None]) -> None:
    with st.container(horizontal=True, gap="small", key="mx-turning"):
        if file.offset:
            st.button(
                t("contents.before"),
                key="passages-before",
                icon=":material/chevron_left:",
                on_click=turn,
                args=(file.id, max(0, file.offset - AT_ONCE)),
            )
        if last < file.passages:
            st.button(
                t("contents.after"),
                key="passages-after",
                icon=":material/chevron_right:",
                icon_position="right",
                on_click=turn,
                args=(file.id, last),
            )


def outline(sections: Sequence[Section], language: str | None, t: Translator) -> str:
    """The headings, indented as they stand below each other, with their pages."""
    rows = []
    for section in sections:
        title = section.path[-1] if section.path else t("contents.untitled")
        where = t("citation.pages", pages=page_list(section.pages)) if section.pages else ""
        size = t("documents.passages", count=section.passages)
        note = " · ".join(part for part in (where, size) if part)
        depth = min(max(len(section.path), 1), 6)
        rows.append(
            f'<li class="mx-depth-{depth}"><span{lang_attr(language)}>{esc(title)}</span> '
            f'<span class="mx-small">{esc(note)}</span></li>'
        )
    return f'<ol class="mx-outline">{"".join(rows)}</ol>'


def passage_html(passage: Passage, t: Translator, *, flagged: bool = False) -> str:
    """A passage with where it stands; one that is kept from language models says so."""
    where = [" › ".join(passage.section)]
    if passage.pages:
        where.append(t("citation.pages", pages=page_list(passage.pages)))
    place = " · ".join(part for part in where if part)
    marks = confidence_pill(passage.confidence, t) if passage.confidence else ""
    if flagged:
        marks += pill(t("contents.flagged"), "review")
    body = explain_tags(prose(passage.text, unwrap=True), t)
    number = f'<span class="mx-number">{passage.position + 1}</span>'
    return (
        f'<article class="mx-piece">{number}<p class="mx-small"{lang_attr(passage.language)}>'
        f"{esc(place)}</p>"
        f"<div{lang_attr(passage.language)}>{body}</div>"
        + (f"<p>{marks}</p>" if marks else "")
        + "</article>"
    )

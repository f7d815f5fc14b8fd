"""Citations: a button for each, and the passage behind it with the quote in its place."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from ui import state
from ui.client import ServiceError
from ui.contract import Citation, Passage
from ui.i18n import Translator
from ui.parts.browser import scroll_to_quote
from ui.parts.errors import alert, words
from ui.parts.markup import esc, lang_attr, pill, plain, prose, safe_link, show, with_quote

_TAG = re.compile(r"\s*\[([PSCU])\]")
_CONTEXT = 320
"""Characters shown of the passage before and of the one after."""


def citation_buttons(
    citations: Sequence[Citation], t: Translator, *, key: str, first: int = 1
) -> None:
    """A button per citation that opens its passage; `first` is the number of the first."""
    for number, citation in enumerate(citations, start=first):
        place = citation.section[-1] if citation.section else ""
        title = " · ".join(part for part in (citation.title, place) if part)
        label = t("citation.button", number=number, title=title)
        st.button(
            plain(label),
            key=f"cite-{key}-{number}",
            icon=":material/menu_book:",
            type="tertiary",
            on_click=state.open_passage,
            args=(citation,),
        )


def passage_dialog(t: Translator) -> None:
    """The passage that was asked for, if one was. Called once, by the page."""
    citation = state.passage_shown()
    if citation is None:
        return
    dialog = st.dialog(
        t("citation.dialog"), width="medium", on_dismiss=lambda: state.open_passage(None)
    )
    dialog(_passage)(citation, t)


def _passage(citation: Citation, t: Translator) -> None:
    show(_source(citation, t))
    try:
        passage = state.service().passage(citation.passage_id)
    except ServiceError as error:
        # The quote came with the answer and is worth showing by itself.
        show(f"<blockquote{lang_attr(citation.language)}>{prose(citation.quote)}</blockquote>")
        alert(*words(error, t))
        return
    show(_in_context(passage, citation.quote, t))
    scroll_to_quote()
    show(_terms(passage, t))
    link = safe_link(passage.url or citation.url)
    if link:
        st.link_button(t("citation.open_source"), link, icon=":material/open_in_new:")
    else:
        show(f'<p class="mx-small">{esc(t("citation.no_link"))}</p>')


def _source(citation: Citation, t: Translator) -> str:
    who = " · ".join(str(part) for part in (citation.issuer, citation.year) if part)
    where = [" › ".join(citation.section)]
    if citation.pages:
        where.append(t("citation.pages", pages=", ".join(str(page) for page in citation.pages)))
    place = " · ".join(part for part in where if part)
    return (
        f'<div class="mx-source"{lang_attr(citation.language)}>'
        f'<h3 class="mx-h3">{esc(citation.title)}</h3>'
        + (f"<p>{esc(who)}</p>" if who else "")
        + (f'<p class="mx-small">{esc(place)}</p>' if place else "")
        + f'<p lang="{t.language}">{confidence_pill(citation.confidence, t)}</p></div>'
    )


def confidence_pill(confidence: str | None, t: Translator) -> str:
    """How far the source was checked, in words."""
    code = confidence if confidence in {"P", "S", "C", "U"} else "none"
    tone = {"P": "good", "S": "plain", "C": "plain"}.get(code, "review")
    return pill(t(f"confidence.{code}"), tone)


def _in_context(passage: Passage, quote: str, t: Translator) -> str:
    body, found = with_quote(passage.text, quote)
    parts = ['<div class="mx-passage" tabindex="0" role="region"']
    parts.append(f' aria-label="{esc(t("citation.dialog"))}"{lang_attr(passage.language)}>')
    if passage.before:
        tail = passage.before[-_CONTEXT:]
        dots = "…" if len(passage.before) > _CONTEXT else ""
        parts.append(f'<div class="mx-around">{prose(dots + tail, unwrap=True)}</div>')
    if not found:
        parts.append(f"<blockquote>{prose(quote)}</blockquote>")
    parts.append(body)
    if passage.after:
        head = passage.after[:_CONTEXT]
        dots = "…" if len(passage.after) > _CONTEXT else ""
        parts.append(f'<div class="mx-around">{prose(head + dots, unwrap=True)}</div>')
    return explain_tags("".join(parts) + "</div>", t)


def explain_tags(html: str, t: Translator) -> str:
    """The tags [P] [S] [C] [U] of our digests, small and explained on hover."""

    def explained(match: re.Match[str]) -> str:
        meaning = esc(t(f"confidence.{match[1]}"))
        return f' <abbr class="mx-tag" title="{meaning}">{match[1]}</abbr>'

    return _TAG.sub(explained, html)


def _terms(passage: Passage, t: Translator) -> str:
    parts = [t.named("jurisdiction", passage.jurisdiction)] if passage.jurisdiction else []
    if passage.kind == "guideline":
        parts.append(t("citation.original"))
    if passage.version:
        parts.append(t("case.version", version=passage.version))
    if passage.as_of:
        parts.append(t("case.as_of", on=passage.as_of))
    if passage.licence:
        parts.append(passage.licence)
    if passage.review:
        awaits = passage.review == "awaiting"
        parts.append(t("review.awaiting") if awaits else t("review.reviewed", by=passage.review))
    return f'<p class="mx-small">{esc(" · ".join(parts))}</p>'

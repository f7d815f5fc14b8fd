"""One judgement with everything needed to decide on it."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.client import ProblemError
from ui.i18n import Translator
from ui.parts.markup import esc, heading, lang_attr, plain, prose, show, with_quote
from ui.parts.review.decision import decide
from ui.parts.review.history import revocation
from ui.parts.review.words import PAGE, badge, decision_html, facts, heard
from ui.review_contract import ItemDetail

ABSENT = {"not-found", "validation"}


def item(item_id: str, t: Translator) -> None:
    """The judgement of that number."""
    st.page_link(
        PAGE,
        label=t("queue.back"),
        icon=":material/arrow_back:",
        query_params=state.address(),
    )
    try:
        found = state.reviews().item(int(item_id)) if item_id.isdecimal() else None
    except ProblemError as error:
        if error.name not in ABSENT:
            raise
        found = None
    if found is None:
        heading(1, t("queue.gone"))
        show(f"<p>{esc(t('queue.gone_remedy'))}</p>")
        return
    _head(found, t)
    words, choice = st.columns([3, 2], gap="large")
    with words:
        _words(found, t)
        _known(found, t)
    with choice:
        decide(found, t)
        _next(found, t)
    _history(found, t)


def _head(found: ItemDetail, t: Translator) -> None:
    statement = prose(found.statement or t("idea.lost"))
    show(
        f'<p class="mx-eyebrow">{esc(facts(found, t))}</p>'
        f'<h1 class="mx-h1">{esc(t("item.question"))}</h1>'
        f"<p>{badge(found.state, t.named('queue_state', found.state))}</p>"
        f'<section class="mx-reveal"><p class="mx-who">{esc(t.named("idea", found.kind))}</p>'
        f"<div{lang_attr(found.language)}>{statement}</div></section>"
    )


def _words(found: ItemDetail, t: Translator) -> None:
    span = found.heard.span if found.heard else None
    said = with_quote(found.said, span or "")[0] if found.said else prose(t("item.damaged"))
    parts = [("item.asked", prose(found.asked)) if found.asked else None, ("item.said", said)]
    parts.append(("item.note", prose(found.note)) if found.note else None)
    show(
        "".join(
            f'<div class="mx-say"><p class="mx-who">{esc(t(key))}</p>'
            f"<div{lang_attr(found.language)}>{html}</div></div>"
            for key, html in filter(None, parts)
        )
    )
    rows = [(t("item.heard"), heard(found.heard, t))]
    if found.now is not None:
        rows.append((t("item.now"), heard(found.now, t)))
    show(
        '<dl class="mx-facts mx-facts--wide">'
        + "".join(f"<div><dt>{esc(name)}</dt><dd>{esc(value)}</dd></div>" for name, value in rows)
        + f'</dl><p class="mx-small">{esc(t("item.now_explain"))}</p>'
    )


def _known(found: ItemDetail, t: Translator) -> None:
    lists = [("item.accept", found.accept), ("item.near_miss", found.near_miss)]
    count = sum(len(texts) for _, texts in lists)
    with st.expander(plain(t("item.known", count=count))):
        for key, texts in lists:
            lines = "".join(f"<li>{esc(text)}</li>" for text in reversed(texts))
            if lines:
                show(
                    f'<p class="mx-who">{esc(t(key))}</p>'
                    f"<ul{lang_attr(found.language)}>{lines}</ul>"
                )


def _next(found: ItemDetail, t: Translator) -> None:
    """The way on, once this one is decided."""
    if found.state == "open":
        return
    waiting = state.reviews().items(0, 1, state="open").items
    if not waiting:
        show(f'<p class="mx-small">{esc(t("queue.done"))}</p>')
        return
    st.page_link(
        PAGE,
        label=t("queue.next"),
        icon=":material/arrow_forward:",
        icon_position="right",
        query_params=state.address(item=str(waiting[0].id)),
    )


def _history(found: ItemDetail, t: Translator) -> None:
    if not found.decisions:
        return
    heading(2, t("decided.here"))
    for decision in found.decisions:
        with st.container(border=True, key=f"mx-version-{decision.version}", gap="xxsmall"):
            show(decision_html(decision, t))
            revocation(decision, t)

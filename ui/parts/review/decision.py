"""Deciding: what the words amount to, and which of them become an example."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.client import ProblemError, ServiceError, SignInNeeded
from ui.i18n import Translator
from ui.parts.errors import alert, show_error
from ui.parts.markup import esc, heading, plain, show
from ui.review_contract import MAX_EXAMPLE, ItemDetail

TEACH = {"said", "not_said", "held"}
"""Decisions whose words become an example."""


def decide(item: ItemDetail, t: Translator) -> None:
    """The choice and, where it teaches, the words; for an idea that the case has lost, nothing."""
    heading(2, t("decide.again") if item.version and item.state == "decided" else t("decide.title"))
    if not item.verdicts:
        alert(t("idea.lost"), "", tone="info")
        return
    key = f"{item.id}-{item.version}"
    verdict = st.radio(
        t("decide.title"),
        item.verdicts,
        index=None,
        format_func=lambda code: t(f"decide.{code}"),
        key=f"verdict-{key}",
        label_visibility="collapsed",
    )
    misconception = _which(item, t, key) if verdict == "held" else None
    text = None
    if verdict in TEACH and not (item.kind == "repair" and verdict == "not_said"):
        text = st.text_area(
            t("decide.words"),
            value=_suggested(item)[:MAX_EXAMPLE],
            max_chars=MAX_EXAMPLE,
            height=120,
            key=f"words-{key}",
        )
        words = t("decide.words_explain", count=MAX_EXAMPLE)
        show(f'<p class="mx-small">{esc(words)}</p>')
    elif verdict is not None:
        show(f'<p class="mx-small">{esc(t("decide.no_example"))}</p>')
    sure = st.button(t("decide.submit"), type="primary", key=f"decide-{key}")
    show(f'<p class="mx-small">{esc(t("queue.past"))}</p>')
    if not sure:
        return
    if verdict is None:
        alert(t("decide.choose"), "")
    else:
        _store(item, verdict, text, misconception, t)


def _suggested(item: ItemDetail) -> str:
    """The words decided on before, else the piece that was heard, else all that was said."""
    before = item.decisions[0].text if item.decisions else None
    span = item.heard.span if item.heard else None
    return before or span or item.said


def _which(item: ItemDetail, t: Translator, key: str) -> str | None:
    if item.kind != "expectation":
        return None  # It is about one already.
    names = {idea.id: idea.statement for idea in item.misconceptions}
    return st.selectbox(
        t("decide.which"),
        list(names),
        index=None,
        format_func=lambda code: plain(names[code]),
        placeholder=t("filter.any"),
        key=f"which-{key}",
    )


def _store(
    item: ItemDetail, verdict: str, text: str | None, misconception: str | None, t: Translator
) -> None:
    try:
        state.reviews().decide(item, verdict, text, misconception)
    except SignInNeeded:
        raise
    except ProblemError as error:
        if error.name != "conflict":
            _refused(error, t)
            return
        if state.reviews().item(item.id).version == item.version:
            _refused(error, t)
            return
        state.notify("decide.meanwhile", "warn")
    except ServiceError as error:
        show_error(error, t, key="decide")
        return
    else:
        state.notify("decide.stored", "good")
    st.rerun()


def _refused(error: ProblemError, t: Translator) -> None:
    """The service's own sentence says what is wrong with the words; it is in English."""
    if t.language == "en":
        alert(error.detail or error.title, error.remedy)
        return
    show_error(error, t, key="decide")
    show(f'<p class="mx-small" lang="en">{esc(error.detail)} {esc(error.remedy)}</p>')

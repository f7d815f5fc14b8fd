"""Ask the corpus: a cited answer, or the honest absence of one."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.client import ServiceError, SignInNeeded
from ui.contract import AskAnswer
from ui.i18n import Translator
from ui.parts.citation import citation_buttons, passage_dialog
from ui.parts.errors import show_error
from ui.parts.markup import esc, heading, lang_attr, prose, show

QUESTION = "question"


def _form(t: Translator) -> str | None:
    with st.form("ask", border=False):
        question = st.text_area(
            t("ask.question"),
            key=QUESTION,
            height=104,
            placeholder=t("ask.hint"),
            persist_state="session",
        )
        sent = st.form_submit_button(t("ask.submit"), type="primary", icon=":material/search:")
    return (question or "").strip() if sent else None


def _answer(question: str, answer: AskAnswer, t: Translator) -> None:
    show(f'<p class="mx-asked">{esc(question)}</p>')
    if not answer.found:
        show(
            f'<div class="mx-empty" role="status"><h2 class="mx-h2">{esc(t("ask.silent"))}</h2>'
            f"<div{lang_attr(answer.language)}>{prose(answer.text)}</div>"
            f'<p class="mx-small">{esc(t("ask.silent_remedy"))}</p></div>'
        )
        return
    heading(2, t("ask.answer"))
    shown = 0
    for number, sentence in enumerate(answer.sentences):
        with st.container(key=f"mx-sentence-{number}", gap="xsmall"):
            lang = lang_attr(answer.language)
            show(f'<div class="mx-sentence"{lang}>{prose(sentence.text)}</div>')
            if sentence.citations:
                with st.container(horizontal=True, gap="small", key=f"mx-under-s{number}"):
                    citation_buttons(sentence.citations, t, key=f"ask-{number}", first=shown + 1)
        shown += len(sentence.citations)
    if not answer.sentences:
        show(f'<div class="mx-sentence"{lang_attr(answer.language)}>{prose(answer.text)}</div>')
    if answer.note:
        show(f'<div class="mx-sentence"{lang_attr(answer.language)}>{prose(answer.note)}</div>')
    show(f'<p class="mx-small">{esc(t("ask.limits"))}</p>')


def _ask(question: str, t: Translator) -> None:
    try:
        with st.spinner(t("ask.looking")):
            answer = state.service().ask(question, t.language)
    except SignInNeeded:
        raise
    except ServiceError as error:
        show_error(error, t, key="ask")
        return
    state.answered(question, answer)


def _page() -> None:
    t = state.translator()
    with st.container(key="mx-narrow"):
        heading(1, t("ask.title"))
        show(f'<p class="mx-lead">{esc(t("ask.lead"))}</p>')
        question = _form(t)
        if question:
            _ask(question, t)
        elif question is not None:
            show(f'<p role="alert">{esc(t("ask.empty"))}</p>')
        last = state.last_answer()
        if last is not None:
            _answer(*last, t)
    passage_dialog(t)


_page()

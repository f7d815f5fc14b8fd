"""The dialogue so far."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ui.contract import Entry, SessionState
from ui.i18n import Translator
from ui.parts.citation import citation_buttons
from ui.parts.contest import contest
from ui.parts.dates import moment
from ui.parts.markup import esc, lang_attr, prose, show, tongue

TUTOR_FACE, LEARNER_FACE = ":material/school:", ":material/person:"


def transcript(session: SessionState, t: Translator, *, live: bool = True) -> None:
    """Every entry in order, under the titles of the stages; `live` ones can be contested."""
    titles = {stage.id: (n, stage.title) for n, stage in enumerate(session.stages, start=1)}
    stage = None
    for entry in session.transcript:
        if entry.stage and entry.stage != stage and entry.stage in titles:
            stage = entry.stage
            number, title = titles[stage]
            _stage_title(number, title, session, t)
        _entry(entry, session, t, live=live)
    if live:
        _announce(session.transcript, t)


def said(text: str, t: Translator, *, lang: str) -> None:
    """A learner's message that is still on its way."""
    with st.chat_message(t("transcript.you"), avatar=LEARNER_FACE):
        show(_words("learner", t("transcript.you"), text, lang=lang))


def thinking(t: Translator) -> None:
    """The tutor has the floor."""
    with st.chat_message(t("transcript.tutor"), avatar=TUTOR_FACE):
        words = f'<span class="mx-small">{esc(t("transcript.thinking"))}</span>'
        show(f'<div class="mx-thinking" role="status"><i></i><i></i><i></i>{words}</div>')


def _stage_title(number: int, title: str, session: SessionState, t: Translator) -> None:
    label = t("progress.short", index=number)
    show(
        f'<h2 class="mx-break"><span>{esc(label)}</span> '
        f"<b{lang_attr(session.language)}>{esc(title)}</b></h2>"
    )


def _entry(entry: Entry, session: SessionState, t: Translator, *, live: bool) -> None:
    if entry.role == "case":
        show(
            f'<section class="mx-reveal" aria-label="{esc(t("transcript.new_facts"))}">'
            f'<p class="mx-who">{esc(t("transcript.new_facts"))}</p>'
            f"<div{lang_attr(session.language)}>{prose(entry.text)}</div></section>"
        )
    elif entry.role == "system":
        when = moment(entry.at, t)
        show(f'<p class="mx-event" title="{esc(when)}">{esc(entry.text)}</p>')
    elif entry.role == "learner":
        said(entry.text, t, lang=session.language)
    else:
        _tutor(entry, session, t, live=live)


def _tutor(entry: Entry, session: SessionState, t: Translator, *, live: bool) -> None:
    with st.chat_message(t("transcript.tutor"), avatar=TUTOR_FACE):
        who = t("transcript.tutor")
        key = f"move.{entry.move}"
        if entry.move and t.knows(key):
            who = f"{who} · {t(key)}"
        show(_words("tutor", who, entry.text, lang=session.language))
        if not entry.citations and not entry.contestable and not entry.contested:
            return
        with st.container(horizontal=True, gap="small", key=f"mx-under-{entry.seq}"):
            citation_buttons(entry.citations, t, key=f"{session.id}-{entry.seq}")
            if live:
                contest(entry, session, t)


def _words(who_class: str, who: str, text: str, *, lang: str) -> str:
    return (
        f'<div class="mx-say mx-say--{who_class}"><p class="mx-who">{esc(who)}</p>'
        f"<div{lang_attr(tongue(text, lang))}>{prose(text)}</div></div>"
    )


def _announce(entries: Sequence[Entry], t: Translator) -> None:
    """Tell a screen reader that the tutor has spoken, without reading the whole page again."""
    last = next((entry for entry in reversed(entries) if entry.role == "tutor"), None)
    if last is not None:
        words = t("transcript.replied", seq=last.seq)
        show(f'<p class="mx-sr" role="status" aria-live="polite">{esc(words)}</p>')

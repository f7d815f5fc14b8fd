"""One line of a log: the conversation, what was heard in it, and why."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.client import ProblemError
from ui.i18n import Translator
from ui.parts.markup import esc, heading, lang_attr, plain, show
from ui.parts.runs.reasons import hits, why
from ui.parts.runs.words import link, trouble, values_html
from ui.parts.transcript import LEARNER_FACE, TUTOR_FACE
from ui.runs_contract import Heard, Record, Turn

SHOWN = 6
"""Judgements under a message; the others are folded away."""


def record(run: str, task: str, line: int, t: Translator) -> None:
    """The line of that number."""
    query = {"run": run, "task": task}
    figure = st.query_params.get("figure", "")
    back = query | ({"figure": figure} if figure.isdecimal() else {})
    link(t("runs.back", task=task), "arrow_back", **back)
    try:
        found = state.runs().record(run, task, line)
    except ProblemError as error:
        trouble(error, t)
        return
    show(f'<p class="mx-eyebrow" lang="en">{esc(run)} · {esc(task)}.jsonl:{found.line}</p>')
    heading(1, found.id, lang="en")
    if found.failures:
        failures = "".join(f"<li>{esc(words)}</li>" for words in found.failures)
        show(f'<div class="mx-alert mx-alert--warn"><ul lang="en">{failures}</ul></div>')
    if found.given:
        show(values_html(found.given))
    for place, turn in enumerate(found.turns):
        _turn(run, task, found, place, turn, t)
    if found.found:
        heading(2, t("runs.else"))
        show(values_html(found.found))
    with st.container(horizontal=True, key="mx-run-ways"):
        for key, to, sign in (
            ("runs.previous", found.previous, "arrow_back"),
            ("runs.next", found.next, "arrow_forward"),
        ):
            if to is not None:
                link(t(key), sign, **query, line=str(to))


def turn_html(turn: Turn, language: str, t: Translator) -> str:
    """What was said, the words that earned a verdict marked."""
    who = [
        t("runs.learner" if turn.who == "learner" else "runs.tutor"),
        t.named("move", turn.move) if turn.move else None,
        turn.target,
        *turn.acts,
    ]
    marked = "".join(
        f'<mark title="{esc(", ".join(p.targets))}">{esc(p.text)}</mark>'
        if p.targets
        else esc(p.text)
        for p in turn.pieces
    )
    kind = "learner" if turn.who == "learner" else "tutor"
    html = (
        f'<div class="mx-say mx-say--{kind}"><p class="mx-who">{esc(" · ".join(filter(None, who)))}'
        f'</p><p class="mx-run-said"{lang_attr(language)}>{marked}</p>'
    )
    for document, quote in turn.cited:
        html += f'<p class="mx-small"><q>{esc(quote)}</q> {esc(document)}</p>'
    if turn.guard:
        html += f'<p class="mx-small">{esc(t("runs.guard", reasons=", ".join(turn.guard)))}</p>'
    return html + values_html(turn.more) + "</div>"


def heard_html(
    heard: tuple[Heard, ...], statements: dict[str, str], language: str, t: Translator
) -> str:
    """Judgements with what the ideas say."""
    rows = "".join(
        f'<li><span class="mx-run-chance">{h.probability:.3f}</span> <b>{esc(h.target)}</b> '
        f"<span>{esc(t.named('heard', h.verdict))}</span> "
        f'<span class="mx-small"{lang_attr(language)}>'
        f"{esc(statements.get(h.target, ''))}</span></li>"
        for h in heard
    )
    return f'<ul class="mx-run-heard">{rows}</ul>' if rows else ""


def _turn(run: str, task: str, found: Record, place: int, turn: Turn, t: Translator) -> None:
    learner = turn.who == "learner"
    with st.chat_message(turn.who, avatar=LEARNER_FACE if learner else TUTOR_FACE):
        show(turn_html(turn, found.language, t))
        if not learner:
            return
        if turn.heard:
            show(heard_html(turn.heard[:SHOWN], found.statements, found.language, t))
        rest = turn.heard[SHOWN:]
        if rest:
            with st.expander(plain(t("runs.more_heard", count=len(rest)))):
                show(heard_html(rest, found.statements, found.language, t))
        with st.container(horizontal=True, key=f"mx-under-why-{place}", gap="small"):
            if found.statements:
                why(run, task, found, place, t)
            hits(run, task, found, place, t)

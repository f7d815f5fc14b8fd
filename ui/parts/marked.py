"""A self-test that was handed in: before and after side by side, with reasons and sources."""

from __future__ import annotations

from itertools import zip_longest

import streamlit as st

from ui.contract import FormState, Marked, SelfTests
from ui.i18n import Translator
from ui.parts.citation import citation_buttons
from ui.parts.markup import esc, heading, lang_attr, pill, show


def result(tests: SelfTests, session_id: str, t: Translator) -> None:
    """The scores, what they do not show, and every question; one missed is open to be read."""
    heading(2, t("selftest.result"))
    show(_scores(tests, t))
    pairs = zip_longest(tests.pre.questions, tests.post.questions)
    for number, pair in enumerate(pairs, start=1):
        forms = [
            (form, question)
            for form, question in zip((tests.pre, tests.post), pair, strict=True)
            if question is not None
        ]
        states = [
            t(f"selftest.{form.form}_was", verdict=_verdict(question, t))
            for form, question in forms
        ]
        label = " · ".join([t("selftest.number", number=number), *states])
        missed = not all(question.right for _, question in forms)
        with st.expander(label, expanded=missed, key=f"mx-pair-{number}"):
            for column, (form, question) in zip(
                st.columns(len(forms), gap="medium"), forms, strict=True
            ):
                with column:
                    marked(question, form, session_id, t)


def marked(question: Marked, form: FormState, session_id: str, t: Translator) -> None:
    """One question: what was chosen, what is best, why, and where it stands."""
    tone = "good" if question.right else "plain"
    rows = [] if question.right else [(t("selftest.chosen"), question.chosen)]
    rows += [(t("selftest.best"), question.best), (t("selftest.why"), question.rationale)]
    lang = lang_attr(form.language)
    facts = "".join(
        f"<div><dt>{esc(name)}</dt><dd{lang}>{esc(text)}</dd></div>" for name, text in rows
    )
    show(
        f'<section class="mx-marked"><p class="mx-who">{esc(_when(form, t))} '
        f"{pill(_verdict(question, t), tone)}</p>"
        f'<p class="mx-marked__stem"{lang}>{esc(question.stem)}</p><dl>{facts}</dl></section>'
    )
    if question.citations:
        with st.container(horizontal=True, key=f"mx-under-test-{question.id}"):
            citation_buttons(question.citations, t, key=f"test-{session_id}-{question.id}")


def _scores(tests: SelfTests, t: Translator) -> str:
    rows = ""
    for form in (tests.pre, tests.post):
        told = t("selftest.not_taken")
        if form.score is not None and form.total is not None:
            told = t("selftest.score", score=form.score, total=form.total)
        rows += f"<div><dt>{esc(_when(form, t))}</dt><dd>{esc(told)}</dd></div>"
    notes = [t("selftest.limits")]
    if tests.pre.revised or tests.post.revised:
        notes.append(t("selftest.revised"))
    told = "".join(f'<p class="mx-small">{esc(note)}</p>' for note in notes)
    return f'<dl class="mx-facts mx-facts--wide mx-scores">{rows}</dl>{told}'


def _when(form: FormState, t: Translator) -> str:
    return t("selftest.before_case") if form.form == "pre" else t("selftest.after_case")


def _verdict(question: Marked, t: Translator) -> str:
    return t("selftest.right") if question.right else t("selftest.other")

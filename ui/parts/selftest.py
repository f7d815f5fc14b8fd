"""The self-test: an invitation before the first reply, another after the case; both can be left."""

from __future__ import annotations

from typing import cast

import streamlit as st

from ui import state
from ui.client import ProblemError, ServiceError, SignInNeeded
from ui.contract import Asked, Paper, SelfTests, SessionState
from ui.i18n import Translator
from ui.parts.errors import alert, show_error, words
from ui.parts.marked import marked, result
from ui.parts.markup import esc, lang_attr, plain, show, spoken

_FAULT = "selftest-fault"
_PICKS = "selftest-picks"


def self_test_before(session: SessionState, t: Translator) -> None:
    """The first form, while nothing has been said yet."""
    if session.turns or session.outcome:
        return
    tests = _tests(session, t)
    if tests is None:
        return
    if tests.pre.status == "done":
        # How it went comes after the case: the best answers would give away what is asked in it.
        show(f'<p class="mx-event" role="status">{esc(t("selftest.handed_in"))}</p>')
    elif tests.pre.status == "open":
        with st.expander(t("selftest.before"), icon=":material/quiz:", key="mx-test-pre"):
            show(f'<p class="mx-small">{esc(t("selftest.before_lead"))}</p>')
            _form("pre", session, t)


def self_test_after(session: SessionState, t: Translator) -> None:
    """The second form once the case is over; then how both went."""
    tests = _tests(session, t)
    if tests is None:
        return
    if tests.post.status != "open":
        if "done" in (tests.pre.status, tests.post.status):
            result(tests, session.id, t)
        return
    with st.expander(t("selftest.after"), icon=":material/quiz:", key="mx-test-post"):
        show(f'<p class="mx-small">{esc(t("selftest.after_lead"))}</p>')
        _form("post", session, t)
    if tests.pre.questions:
        with st.expander(
            t("selftest.first_answers"), icon=":material/fact_check:", key="mx-test-first"
        ):
            for question in tests.pre.questions:
                marked(question, tests.pre, session.id, t)


def _tests(session: SessionState, t: Translator) -> SelfTests | None:
    held = state.held_tests(session)
    if held is not None:
        return held
    try:
        tests = state.service().self_tests(session.id)
    except SignInNeeded:
        raise
    except ServiceError as error:
        show_error(error, t, key="selftest")
        return None
    state.hold_tests(session, tests)
    return tests


def _form(form: str, session: SessionState, t: Translator) -> None:
    paper = _paper(form, session, t)
    if paper is None:
        return
    with st.container(key=f"mx-questions-{form}"):
        picks = {q.id: _question(n, q, session) for n, q in enumerate(paper.questions, start=1)}
    chosen = {name: key for name, key in picks.items() if key is not None}
    # Besides in the widgets, which Streamlit forgets as soon as another page is drawn.
    _kept(session).update(chosen)
    fault = st.session_state.get(_FAULT)
    if fault is not None:
        title, remedy = words(fault, t)
        alert(title, f"{remedy} {t('selftest.kept')}".strip())
    label = t("common.retry") if fault is not None else t("selftest.hand_in")
    if not st.button(label, type="primary", key=f"hand-in-{form}"):
        return
    open_ones = [n for n, name in enumerate(picks, start=1) if name not in chosen]
    if open_ones:
        numbers = t("common.list_comma").join(map(str, open_ones))
        alert(t("selftest.missing", numbers=numbers), t("selftest.missing_remedy"))
        return
    _hand_in(form, session, chosen)


def _paper(form: str, session: SessionState, t: Translator) -> Paper | None:
    held = state.held_paper(session, form)
    if held is not None:
        return held
    try:
        paper = state.service().paper(session.id, form)
    except SignInNeeded:
        raise
    except ServiceError as error:
        show_error(error, t, key=f"paper-{form}")
        return None
    state.hold_paper(session, paper)
    return paper


def _question(number: int, question: Asked, session: SessionState) -> str | None:
    texts = {option.key: plain(option.text) for option in question.options}
    key = f"pick-{session.id}-{question.id}"
    before = _kept(session).get(question.id)
    if key not in st.session_state and before in texts:
        st.session_state[key] = before
    # A label of Streamlit's own is Markdown to the eye and raw to a screen reader: so the eye is
    # given HTML, in the language of the case, and the screen reader the name of the group.
    stem = f"{number}. {question.stem}"
    lang = lang_attr(session.language)
    show(f'<p class="mx-marked__stem" aria-hidden="true"{lang}>{esc(stem)}</p>')
    return st.radio(
        spoken(stem),
        list(texts),
        label_visibility="collapsed",
        index=None,
        format_func=lambda option: texts[option],
        key=key,
    )


def _kept(session: SessionState) -> dict[str, str]:
    """What has been marked in this session and not been handed in."""
    picks = st.session_state.setdefault(_PICKS, {})
    return cast("dict[str, str]", picks.setdefault(session.id, {}))


def _hand_in(form: str, session: SessionState, chosen: dict[str, str]) -> None:
    st.session_state.pop(_FAULT, None)
    try:
        state.service().hand_in(session.id, form, chosen)
    except SignInNeeded:
        raise
    except ProblemError as error:
        if error.name == "conflict":
            # Handed in already, from another window or by an answer that was lost on its way
            # here; or closed meanwhile. What the service holds is what counts.
            _moved_on(form)
        else:
            st.session_state[_FAULT] = error
    except ServiceError as error:
        st.session_state[_FAULT] = error
    else:
        _kept(session).clear()
        state.drop_tests()
    st.rerun()


def _moved_on(form: str) -> None:
    state.drop_tests()
    state.drop_session()
    if form == "pre":
        state.notify("selftest.moved_on")

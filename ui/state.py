"""What a visitor's browser session remembers between two runs of a page.

Streamlit runs the page anew at every click; this is the one place that knows the names under
which things survive. Nothing here outlives the browser tab, and nothing is shared by visitors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import httpx
import streamlit as st

from ui.client import Service, connect, new_key
from ui.contract import (
    AskAnswer,
    CaseDetail,
    Citation,
    Language,
    Me,
    Paper,
    SelfTests,
    SessionState,
)
from ui.documents_client import DocumentsService
from ui.i18n import LANGUAGES, Translator, from_locale
from ui.rating_client import RatingService
from ui.review_client import ReviewService
from ui.runs_client import RunsService
from ui.settings import service_url

LANGUAGE = "lang"
"""Also the name in the address bar, so that a reload keeps the language."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A text on its way to the tutor. The same text to the same point keeps its key."""

    session_id: str
    text: str
    expected_seq: int
    key: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell the learner after the page has been drawn anew."""

    key: str
    tone: str = "info"


@st.cache_resource(show_spinner=False, on_release=httpx.Client.close)
def _pool(base_url: str) -> httpx.Client:
    return connect(base_url)


def service() -> Service:
    """The service on behalf of this visitor."""
    return Service(_pool(service_url()), st.session_state.get("token"))


def documents() -> DocumentsService:
    """The same service, where this visitor is an educator."""
    return DocumentsService(_pool(service_url()), st.session_state.get("token"))


def reviews() -> ReviewService:
    """The same service, where this visitor is an educator."""
    return ReviewService(_pool(service_url()), st.session_state.get("token"))


def ratings() -> RatingService:
    """The same service, where this visitor rates."""
    return RatingService(_pool(service_url()), st.session_state.get("token"))


def may_rate() -> bool:
    """Whether the service will show this visitor what people rate."""
    who = me()
    return who is not None and not {"evaluator", "educator", "admin"}.isdisjoint(who.roles)


def runs() -> RunsService:
    """The same service, where this visitor is an evaluator."""
    return RunsService(_pool(service_url()), st.session_state.get("token"))


def is_evaluator() -> bool:
    """Whether the service will show this visitor the runs of the evaluation."""
    who = me()
    return who is not None and not {"evaluator", "admin"}.isdisjoint(who.roles)


def is_educator() -> bool:
    """Whether the service will show this visitor documents and the review queue."""
    who = me()
    return who is not None and not {"educator", "admin"}.isdisjoint(who.roles)


def language() -> Language:
    """The language of the pages."""
    chosen = st.session_state.get(LANGUAGE)
    return chosen if chosen in LANGUAGES else from_locale(st.context.locale)


def translator() -> Translator:
    """The words of the pages in this visitor's language."""
    return Translator(language())


def address(**query: str) -> dict[str, str]:
    """Query parameters of a link to another page, which keeps the language of this one."""
    return {**query, LANGUAGE: language()}


def me() -> Me | None:
    """Who signed in, once known."""
    return cast("Me | None", st.session_state.get("me"))


def remember_me(who: Me) -> None:
    """Keep who the service says this is."""
    st.session_state["me"] = who


def sign_in(token: str, username: str) -> None:
    """Keep a token for the life of this tab; somebody else's things go first."""
    if st.session_state.get("username") not in (None, username):
        sign_out()
    st.session_state["username"] = username
    st.session_state["token"] = token


def sign_out() -> None:
    """Forget everything about this visitor but the language."""
    for name in list(st.session_state):
        if name != LANGUAGE:
            del st.session_state[name]


def token_expired() -> None:
    """Ask for a new sign-in and keep what was typed."""
    st.session_state.pop("token", None)
    st.session_state.pop("me", None)


def arrived_at(page: str) -> None:
    """Note the page shown; what was held for another visit to it is fetched anew."""
    if st.session_state.get("page") != page:
        st.session_state["page"] = page
        for name in ("held", "passage", "confirm", "looked_at", "tests", "papers"):
            st.session_state.pop(name, None)


def first_look_at(session_id: str) -> bool:
    """Whether this visit to the page has not drawn that session's box before."""
    first = st.session_state.get("looked_at") != session_id
    st.session_state["looked_at"] = session_id
    return first


def held_session(session_id: str) -> SessionState | None:
    """The session as the learner last saw it: a reply must expect this, not what is newest."""
    held = cast("SessionState | None", st.session_state.get("held"))
    return held if held is not None and held.id == session_id else None


def hold_session(state: SessionState) -> None:
    """The learner sees this from now on."""
    st.session_state["held"] = state


def drop_session() -> None:
    """Fetch the session anew the next time."""
    st.session_state.pop("held", None)


def held_tests(session: SessionState) -> SelfTests | None:
    """The self-test as fetched for this point of the session."""
    held = cast("tuple[object, SelfTests] | None", st.session_state.get("tests"))
    return held[1] if held is not None and held[0] == _point(session) else None


def hold_tests(session: SessionState, tests: SelfTests) -> None:
    """Keep how the self-test stands until the session opens or closes a form."""
    st.session_state["tests"] = (_point(session), tests)


def held_paper(session: SessionState, form: str) -> Paper | None:
    """Questions fetched before: they stay on the page, with what was marked, whatever happens."""
    papers = cast("dict[object, Paper]", st.session_state.setdefault("papers", {}))
    return papers.get((session.id, session.language, form))


def hold_paper(session: SessionState, paper: Paper) -> None:
    """Keep the questions of a form."""
    st.session_state.setdefault("papers", {})[(session.id, session.language, paper.form)] = paper


def drop_tests() -> None:
    """Fetch the self-test anew the next time."""
    st.session_state.pop("tests", None)
    st.session_state.pop("papers", None)


def _point(session: SessionState) -> tuple[object, ...]:
    return session.id, session.language, session.turns > 0, session.outcome


def held_case(case_id: str, lang: Language) -> CaseDetail | None:
    """A case fetched before; it stays readable while the service is away."""
    cases = cast("dict[tuple[str, str], CaseDetail]", st.session_state.setdefault("cases", {}))
    return cases.get((case_id, lang))


def hold_case(case: CaseDetail, lang: Language) -> None:
    """Keep a case that was asked for in `lang`."""
    st.session_state.setdefault("cases", {})[(case.id, lang)] = case


def attempt_at(session_id: str, text: str, expected_seq: int) -> Attempt:
    """The attempt to send `text`: the one that failed before, with its key, or a new one."""
    before = failed_attempt(session_id)
    if before and (before.text, before.expected_seq) == (text, expected_seq):
        return before
    return Attempt(session_id, text, expected_seq, new_key())


def failed_attempt(session_id: str) -> Attempt | None:
    """A text that did not reach the tutor yet."""
    attempt = cast("Attempt | None", st.session_state.get("attempt"))
    return attempt if attempt is not None and attempt.session_id == session_id else None


def keep_attempt(attempt: Attempt | None) -> None:
    """Keep a text that failed, or None when it arrived."""
    if attempt is None:
        st.session_state.pop("attempt", None)
    else:
        st.session_state["attempt"] = attempt


def notify(key: str, tone: str = "info") -> None:
    """Say something once, after the next drawing of the page."""
    st.session_state["notice"] = Notice(key, tone)


def take_notice() -> Notice | None:
    """What was to be said, once."""
    return cast("Notice | None", st.session_state.pop("notice", None))


def open_passage(citation: Citation | None) -> None:
    """Show the passage of a citation, or no passage."""
    if citation is None:
        st.session_state.pop("passage", None)
    else:
        st.session_state["passage"] = citation


def passage_shown() -> Citation | None:
    """The citation whose passage is open."""
    return cast("Citation | None", st.session_state.get("passage"))


def confirm(what: str | None) -> None:
    """Ask the visitor to confirm `what` (`end`, `delete:<id>`), or nothing any more."""
    if what is None:
        st.session_state.pop("confirm", None)
    else:
        st.session_state["confirm"] = what


def to_confirm() -> str | None:
    """What waits for a yes."""
    return cast("str | None", st.session_state.get("confirm"))


def answered(question: str, answer: AskAnswer) -> None:
    """Keep the last question and its answer."""
    st.session_state["answered"] = (question, answer)


def last_answer() -> tuple[str, AskAnswer] | None:
    """The last question and its answer."""
    return cast("tuple[str, AskAnswer] | None", st.session_state.get("answered"))

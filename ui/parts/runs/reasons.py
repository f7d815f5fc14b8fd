"""Why: the features of a judgement and the hits of a search, asked of the tutor as it is now."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.client import ServiceError, SignInNeeded
from ui.i18n import Translator
from ui.parts.errors import show_error
from ui.parts.markup import esc, lang_attr, prose, show, with_quote
from ui.parts.runs.words import number
from ui.runs_contract import Explanation, Hit, Reason, Record

SHOWN = 14
"""Features that are shown; the head has some fifty, most of which add next to nothing."""
LONGEST = 400
"""Characters of a passage."""


def why(run: str, task: str, found: Record, place: int, t: Translator) -> None:
    """A button that takes a judgement apart."""
    with st.popover(t("why.button"), icon=":material/help:", type="tertiary", key=f"why-{place}"):
        first = next((h.target for h in found.turns[place].heard), None)
        ideas = list(found.statements)
        target = st.selectbox(
            t("why.idea"),
            ideas,
            index=ideas.index(first) if first in ideas else 0,
            format_func=lambda one: f"{one}  {found.statements[one]}",
            key=f"why-idea-{place}",
        )
        if st.button(t("why.explain"), key=f"why-ask-{place}", type="primary"):
            _explain(run, task, found, place, target, t)


def hits(run: str, task: str, found: Record, place: int, t: Translator) -> None:
    """A button that searches the corpus for the words."""
    with (
        st.popover(t("why.hits"), icon=":material/search:", type="tertiary", key=f"hits-{place}"),
        st.container(key=f"mx-hits-{place}"),
    ):
        show(f'<p class="mx-small">{esc(t("why.now"))}</p>')
        if not st.button(t("why.search"), key=f"hits-ask-{place}", type="primary"):
            return
        try:
            answer = state.runs().hits(run, task, found.line, place)
        except SignInNeeded:
            raise
        except ServiceError as error:
            show_error(error, t, key=f"hits-{place}")
            return
        if answer.relevance is not None:
            show(f"<p>{esc(t('why.relevance', chance=f'{answer.relevance:.3f}'))}</p>")
        for rank, hit in enumerate(answer.hits, 1):
            show(_hit(rank, hit, t))


def _explain(run: str, task: str, found: Record, place: int, target: str, t: Translator) -> None:
    try:
        answer = state.runs().why(run, task, found.line, place, target)
    except SignInNeeded:
        raise
    except ServiceError as error:
        show_error(error, t, key=f"why-{place}")
        return
    logged = next((h for h in found.turns[place].heard if h.target == target), None)
    said = with_quote(answer.words, answer.explanation.piece if answer.explanation else "")[0]
    show(
        f"<p{lang_attr(found.language)}><b>{esc(target)}</b> {esc(answer.statement)}</p>"
        f'<p class="mx-small">{esc(t("why.words"))}</p>'
        f'<div class="mx-words"{lang_attr(found.language)}>{said}</div>'
    )
    if answer.explanation is None:
        show(f"<p>{esc(t('why.nothing'))}</p>")
        return
    show(_summary(answer.explanation, logged.probability if logged else None, t))
    show(_table(answer.explanation, t))
    show(f'<p class="mx-small">{esc(t("why.now"))}</p>')


def _summary(what: Explanation, logged: float | None, t: Translator) -> str:
    rows = [
        (t("why.chance"), number(what.probability)),
        (t("why.logged"), number(logged)),
        (t("why.heard_from"), number(what.heard_from)),
        (t("why.unsure_from"), number(what.unsure_from)),
    ]
    cells = "".join(f"<div><dt>{esc(a)}</dt><dd>{esc(b)}</dd></div>" for a, b in rows)
    return f'<dl class="mx-facts mx-facts--wide">{cells}</dl>'


def _table(what: Explanation, t: Translator) -> str:
    names = ("feature", "value", "usual", "adds")
    head = "".join(f'<th scope="col">{esc(t(f"why.{name}"))}</th>' for name in names)
    most = max((abs(r.adds) for r in what.reasons), default=1) or 1
    rows = "".join(_row(reason, most) for reason in what.reasons[:SHOWN])
    rest = sum(reason.adds for reason in what.reasons[SHOWN:])
    for key, adds in (("why.rest", rest), ("why.intercept", what.intercept)):
        rows += f'<tr><th scope="row">{esc(t(key))}</th><td></td><td></td><td>{adds:+.2f}</td></tr>'
    return (
        '<div class="mx-scroll" tabindex="0"><table class="mx-table">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(reason: Reason, most: float) -> str:
    wide = round(60 * abs(reason.adds) / most)
    kind = "up" if reason.adds >= 0 else "down"
    bar = f'<i class="mx-run-bar mx-run-bar--{kind}" style="width:{wide}px"></i>'
    return (
        f'<tr><th scope="row" lang="en">{esc(reason.feature)}</th><td>{reason.value:.3f}</td>'
        f"<td>{reason.usual:.3f}</td><td>{reason.adds:+.2f} {bar}</td></tr>"
    )


def _hit(rank: int, hit: Hit, t: Translator) -> str:
    legs = "".join(
        f"<span>{esc(t.named('leg', name))} <b>{leg.score:.3f}</b> "
        f"{esc(t('why.rank', rank=leg.rank))}</span>"
        for name, leg in hit.legs.items()
    )
    text = hit.passage.text
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return (
        f'<div class="mx-piece"{lang_attr(hit.passage.language)}>'
        f'<span class="mx-number">{rank}</span>'
        f"<p><b>{esc(hit.passage.title)}</b></p>{prose(text, unwrap=True)}</div>"
        f'<p class="mx-why"><span>{esc(t("why.score"))} <b>{hit.score:.3f}</b></span>{legs}</p>'
    )

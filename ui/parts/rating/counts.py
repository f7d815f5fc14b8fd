"""What raters gave, counted. Intervals, kappa and differences are the command's to compute."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.i18n import Translator
from ui.parts.markup import esc, heading, show
from ui.parts.rating.words import PAGE, rubric_of
from ui.rating_contract import Count


def counts(batch: str, t: Translator) -> None:
    """A table by dimension."""
    st.page_link(
        PAGE, label=t("rate.back"), icon=":material/arrow_back:", query_params=state.address()
    )
    heading(1, t("rate.counts_title", batch=batch))
    found = state.ratings().counts(batch)
    rubric = rubric_of(batch, t)
    show(f'<p class="mx-small">{esc(t("rate.counts_lead"))}</p>')
    command = f"maieutic eval rate results {batch}"
    show(f'<p class="mx-small">{esc(t("rate.command"))} <code>{esc(command)}</code></p>')
    heads = [t("rate.dimension"), "0", "1", "2", t("rate.not_applicable"), t("rate.same")]
    head = "".join(f'<th scope="col">{esc(text)}</th>' for text in heads)
    names = {d.id: d.name for d in rubric.dimensions}
    rows = "".join(_row(count, names, t) for count in found.counts)
    show(
        '<div class="mx-scroll" tabindex="0"><table class="mx-table">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
    show(f'<p class="mx-small">{esc(t("rate.cannot_count", count=found.cannot_judge))}</p>')
    for dimension in rubric.dimensions:
        with st.expander(dimension.name, key=f"mx-count-{dimension.id}"):
            steps = "".join(f"<li>{n}: {esc(s.label)}</li>" for n, s in enumerate(dimension.steps))
            show(f"<p>{esc(dimension.question)}</p><ul>{steps}</ul>")


def _row(count: Count, names: dict[str, str], t: Translator) -> str:
    same = "–"
    if count.pairs:
        share = round(100 * count.same / count.pairs)
        same = t("rate.share", share=share, count=count.same, total=count.pairs)
    cells = [*count.steps, count.not_applicable, same]
    name = f'<th scope="row">{esc(names[count.dimension])}</th>'
    return f"<tr>{name}" + "".join(f"<td>{esc(cell)}</td>" for cell in cells) + "</tr>"

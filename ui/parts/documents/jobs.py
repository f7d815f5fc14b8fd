"""How far each upload has come, asked for again and again until all have ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import streamlit as st

from ui import state
from ui.client import ServiceError, SignInNeeded
from ui.documents_contract import Job
from ui.i18n import Translator
from ui.parts.documents.words import PAGE, badge, trouble
from ui.parts.errors import alert, words
from ui.parts.markup import esc, heading, show

POLL_SECONDS = 1.0
_MINE = "uploads"


def remember(job_ids: Sequence[str]) -> None:
    """These uploads are this visitor's; they stay on the page until they are put away."""
    st.session_state[_MINE] = (*_mine(), *job_ids)


def uploads(t: Translator) -> None:
    """The uploads under way, whoever sent them, and this visitor's that have ended."""
    jobs = _shown(state.documents().jobs())
    if not jobs:
        return
    heading(2, t("jobs.title"))
    if all(job.finished for job in jobs):
        _list(jobs, t)
        st.button(t("jobs.put_away"), key="put-away", type="tertiary", on_click=_put_away)
    else:
        st.fragment(run_every=POLL_SECONDS)(_watch)(t)


def _watch(t: Translator) -> None:
    try:
        jobs = _shown(state.documents().jobs())
    except SignInNeeded:
        st.rerun()
    except ServiceError as error:
        alert(*words(error, t))
        return
    if all(job.finished for job in jobs):
        # The whole page: the list of documents has changed, and nothing is left to watch.
        st.rerun()
    _list(jobs, t)


def _list(jobs: Sequence[Job], t: Translator) -> None:
    for job in jobs:
        with st.container(key=f"mx-job-{job.id}", border=True, gap="xsmall"):
            show(_row(job, t))
            if job.state == "done" and job.document_id:
                st.page_link(
                    PAGE,
                    label=t("documents.open"),
                    icon=":material/arrow_forward:",
                    query_params=state.address(document=job.document_id),
                )


def _row(job: Job, t: Translator) -> str:
    mark = badge(job.state, t(f"jobs.{job.state}"))
    html = f'<div class="mx-row"><strong class="mx-file">{esc(job.name)}</strong>{mark}</div>'
    if job.waits_for:
        html += f'<p class="mx-small">{esc(t("jobs.waits"))}</p>'
    elif job.state == "embedding":
        percent = round(100 * job.share)
        html += (
            f'<div class="mx-bar" role="progressbar" aria-valuenow="{percent}" aria-valuemin="0" '
            f'aria-valuemax="100" aria-label="{esc(job.name)}"><i style="width:{percent}%"></i>'
            f'</div><p class="mx-small">{esc(t("jobs.share", percent=percent))}</p>'
        )
    elif job.state == "done":
        said = {"unchanged": "jobs.unchanged", "duplicate": "jobs.duplicate"}.get(
            job.status or "", "jobs.taken"
        )
        html += f'<p class="mx-small">{esc(t(said, count=job.passages or 0))}</p>'
    elif job.state == "failed":
        html += trouble(job.code or "failed", job.reason, job.remedy, t)
    return html


def _shown(jobs: Sequence[Job]) -> list[Job]:
    mine = set(_mine())
    return [job for job in jobs if not job.finished or job.id in mine]


def _mine() -> tuple[str, ...]:
    return cast("tuple[str, ...]", st.session_state.get(_MINE, ()))


def _put_away() -> None:
    st.session_state.pop(_MINE, None)

"""Runs of the evaluation: all, one, two compared, and down to a single line of a log."""

from __future__ import annotations

import streamlit as st

from ui import state
from ui.parts.runs.compare import compare
from ui.parts.runs.listing import listing
from ui.parts.runs.record import record
from ui.parts.runs.run import run


def _page() -> None:
    t = state.translator()
    asked = st.query_params
    name, task, line = asked.get("run"), asked.get("task"), asked.get("line", "")
    with st.container(key="mx-documents"):
        if name and asked.get("baseline"):
            compare(name, asked["baseline"], t)
        elif name and task and line.isdecimal():
            record(name, task, int(line), t)
        elif name:
            run(name, t)
        else:
            listing(t)


_page()

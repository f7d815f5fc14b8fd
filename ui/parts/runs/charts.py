"""Charts of figures: intervals, reliability, histograms. The numbers always stand beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import streamlit as st

from ui.i18n import Translator
from ui.runs_contract import Difference, Figure, Picture

ROW = 26
"""Pixels a figure takes."""
LABEL = 260
BRAND = "#2f918e"
"""Seen well on the light page and on the dark one."""


def intervals(figures: Sequence[Figure], t: Translator, key: str) -> None:
    """Shares and the like, 0 to 1, as dots on their intervals; nothing where there are none."""
    rows = [
        {"name": f.name, "value": f.value, "low": f.low, "high": f.high}
        for f in figures
        if f.value is not None and 0 <= f.value <= 1 and not (f.high or 0) > 1
    ]
    if rows:
        _dots(rows, t("runs.share_axis"), alt.Scale(domain=[0, 1]), key)


def differences(found: Sequence[Difference], t: Translator, key: str) -> None:
    """Differences of shares and the like, as dots on their intervals around none."""
    rows = [
        {"name": f"{d.name} · {d.group}", "value": d.difference, "low": d.low, "high": d.high}
        for d in found
        if d.difference is not None and max(abs(d.first or 0), abs(d.second or 0)) <= 1
    ]
    if rows:
        _dots(rows, t("runs.difference_axis"), alt.Scale(nice=True, zero=True), key)


def picture(held: Picture, t: Translator, key: str) -> None:
    """A reliability diagram or a histogram."""
    if held.kind == "reliability":
        chart = _reliability(held, t)
    else:
        rows = [{"from": r[0], "to": r[1], "count": r[2]} for r in held.rows if len(r) > 2]
        chart = (
            alt.Chart(_data(rows), title=held.title)
            .mark_bar(color=BRAND)
            .encode(
                alt.X("from:Q", title=None, bin=alt.BinParams(binned=True)),
                alt.X2("to:Q"),
                alt.Y("count:Q", title=t("runs.count_axis")),
            )
            .properties(height=200)
        )
    st.altair_chart(chart, key=key)


def _reliability(held: Picture, t: Translator) -> Any:
    rows = [{"given": r[0], "so": r[1], "n": r[2]} for r in held.rows if len(r) > 2 and r[2]]
    ends = _data([{"given": 0, "so": 0}, {"given": 1, "so": 1}])
    unit = alt.Scale(domain=[0, 1])
    given = alt.X("given:Q", title=t("runs.given_axis"), scale=unit)
    so = alt.Y("so:Q", title=t("runs.so_axis"), scale=unit)
    told = ["given:Q", "so:Q", "n:Q"]
    data = _data(rows)
    return alt.layer(
        alt.Chart(ends, title=held.title)
        .mark_line(strokeDash=[3, 3], opacity=0.6, color="#888888")
        .encode(given, so),
        alt.Chart(data).mark_line(color=BRAND).encode(given, so),
        alt.Chart(data)
        .mark_circle(opacity=0.9, color=BRAND)
        .encode(given, so, alt.Size("n:Q", legend=None), tooltip=told),
    ).properties(height=240)


def _dots(rows: list[dict[str, Any]], axis: str, scale: alt.Scale, key: str) -> None:
    data = _data(rows)
    names = alt.Y(
        "name:N", sort=None, title=None, axis=alt.Axis(labelLimit=LABEL, labelOverlap=False)
    )
    told = ["name:N", "value:Q", "low:Q", "high:Q"]
    bars = (
        alt.Chart(data)
        .mark_rule(strokeWidth=3, opacity=0.5, color=BRAND)
        .encode(names, alt.X("low:Q", title=axis, scale=scale), alt.X2("high:Q"))
    )
    dots = (
        alt.Chart(data)
        .mark_circle(size=70, opacity=1, color=BRAND)
        .encode(names, alt.X("value:Q", scale=scale), tooltip=told)
    )
    st.altair_chart(alt.layer(bars, dots).properties(height=ROW * len(rows) + 50), key=key)


def _data(rows: list[dict[str, Any]]) -> alt.Data:
    return alt.Data(values=rows)  # type: ignore[no-untyped-call]

"""The page of runs: from the list to a figure, to its lines, to one of them, and to why."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.ui.conftest import free_port
from tests.ui.fake_runs import FakeRuns
from tests.ui.fake_service import FakeService
from ui.client import connect
from ui.runs_client import RunsService

Visit = Callable[..., AppTest]
Text = Callable[[AppTest], str]
LINE = {"run": "run-2", "task": "small", "line": "2"}


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeRuns]:
    """A running service with two runs, before an evaluator."""
    held = FakeRuns()
    service = FakeService(free_port(), roles=("learner", "evaluator"), more_routes=(held.routes(),))
    monkeypatch.setenv("MAIEUTIC_API_URL", service.url)
    service.start()
    yield held
    st.cache_resource.clear()
    service.stop()


def ways(page: AppTest) -> list[str]:
    """The labels of the links on a page."""
    return [element.proto.label for element in page.get("page_link")]


def test_the_page_is_for_evaluators(runs: FakeRuns, visit: Visit, text: Text) -> None:
    runs.refuses = True
    page = visit("runs")
    assert "You are not allowed to do this." in text(page)
    assert "run-2" not in text(page)


def test_no_run_yet(runs: FakeRuns, visit: Visit, text: Text) -> None:
    runs.names = []
    page = visit("runs")
    assert not page.exception
    assert "maieutic eval run" in text(page)


def test_the_list(runs: FakeRuns, visit: Visit, text: Text) -> None:
    del runs
    page = visit("runs")
    assert "run-1" in text(page)
    assert "seed=3 · fast · 1 of 2 tasks measured to the end" in text(page)
    assert "Compare" in ways(page)


def test_a_run_that_is_gone(runs: FakeRuns, visit: Visit, text: Text) -> None:
    del runs
    for query in (
        {"run": "run-9"},
        {"run": "run-9", "baseline": "run-1"},
        {**LINE, "line": "9"},
    ):
        assert "This does not exist any more" in text(visit("runs", **query))


def test_a_log_that_cannot_be_read_is_named(runs: FakeRuns, visit: Visit, text: Text) -> None:
    runs.unreadable = True
    page = visit("runs", run="run-2", baseline="run-1")
    assert "small.jsonl:4: &lt;b&gt;damaged" in text(page)


def test_a_run_with_its_figures_and_gates(runs: FakeRuns, visit: Visit, text: Text) -> None:
    del runs
    page = visit("runs", run="run-2")
    assert not page.exception
    assert "Gates passed: 0 of 1" in text(page)
    assert "Too low. It matters." in text(page)
    assert "0.600 to 0.900" in text(page)
    assert "All 2 figures came out the same" in text(page)
    assert "<code>note</code> with &lt;i&gt;markup" in text(page)
    assert {"right", "AUC", r"small\.jsonl\:2"} <= set(ways(page))


def test_figures_that_do_not_follow_from_the_log(runs: FakeRuns, visit: Visit, text: Text) -> None:
    runs.again = 1
    assert "Only 1 of 2 figures came out the same" in text(visit("runs", run="run-2"))


def test_a_task_that_was_cut_short(runs: FakeRuns, visit: Visit, text: Text) -> None:
    runs.finished = False
    page = visit("runs", run="run-2")
    assert not page.exception
    assert "This task was cut short" in text(page)


def test_the_lines_of_a_figure(runs: FakeRuns, visit: Visit, text: Text) -> None:
    page = visit("runs", run="run-2", task="small", figure="0")
    assert runs.asked[-1]["figure"] == 0
    assert "adds 1 of 6" in text(page)
    assert "I would &lt;b&gt;ask&lt;/b&gt; her" in text(page)
    page.toggle[0].set_value(True).run()
    page.text_input[0].set_value("E2").run()
    assert runs.asked[-1] == {"q": "E2", "figure": 0, "failing": True, "offset": 0}
    # A figure that is not there is none.
    visit("runs", run="run-2", task="small", figure="77")
    assert runs.asked[-1]["figure"] is None


def test_a_line_shows_why(runs: FakeRuns, visit: Visit, text: Text) -> None:
    del runs
    page = visit("runs", **LINE)
    assert not page.exception
    shown = text(page)
    assert '<mark title="E1">I would &lt;b&gt;ask&lt;/b&gt; her</mark>' in shown
    assert "Ask &lt;i&gt;first&lt;/i&gt;." in shown
    assert "Refused by the guard: leak" in shown
    assert "E2 was said and not heard" in shown
    page.button(key="why-ask-1").click().run()
    assert "What E1 says" in text(page)
    assert "0.710" in text(page)
    # 6 features are summed up: 2 - n/5 for n of 14 to 19.
    assert "-7.80" in text(page)
    page.button(key="hits-ask-1").click().run()
    assert "Chance that the corpus answers: 0.440" in text(page)
    assert "&lt;u&gt;Ask&lt;/u&gt; first." in text(page)
    assert "at rank 2" in text(page)


def test_two_runs_compared(runs: FakeRuns, visit: Visit, text: Text) -> None:
    page = visit("runs", run="run-2", baseline="run-1")
    assert not page.exception
    assert "Samples that came out otherwise: 1. Alike: 1." in text(page)
    assert "-0.100" in text(page)
    assert "nothing wrong" in text(page)
    page.toggle[0].set_value(True).run()
    assert text(page).count("<mark") == 2
    runs.identical = True
    page = visit("runs", run="run-2", baseline="run-1")
    assert "No difference: all samples came out alike (1)." in text(page)


@pytest.mark.usefixtures("runs")
def test_the_report_is_asked_for_in_the_language_of_the_page() -> None:
    with connect(os.environ["MAIEUTIC_API_URL"]) as http:
        assert RunsService(http).report("run-2", "zh-Hant") == b"<title>run-2 zh-Hant</title>"


def test_tasks_that_were_left_out_are_named(runs: FakeRuns, visit: Visit, text: Text) -> None:
    for query in ({"run": "run-2"}, {"run": "run-2", "baseline": "run-1"}):
        runs.left_out = []
        assert "left out" not in text(visit("runs", **query))
        runs.left_out = [{"task": "torn", "reason": "torn.jsonl:1: <i>damaged</i>."}]
        page = visit("runs", **query)
        assert not page.exception
        assert "could not be read or compared: 1" in text(page)
        assert "<b>torn</b>: torn.jsonl:1: &lt;i&gt;damaged&lt;/i&gt;." in text(page)


@pytest.mark.parametrize("lang", ["zh-Hant", "zh-Hans"])
def test_it_speaks_chinese(runs: FakeRuns, visit: Visit, text: Text, lang: str) -> None:
    del runs
    for query in ({}, {"run": "run-2"}, LINE, {"run": "run-2", "baseline": "run-1"}):
        page = visit("runs", lang=lang, **query)
        assert not page.exception
        assert (
            "評測" in text(page) + str(ways(page))
            or "评测" in text(page) + str(ways(page))
            or ("學員" in text(page) or "学员" in text(page))
        )

"""The report: every figure leads to its lines, failures first, nothing of a log is ever markup."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from lxml import html
from playwright.sync_api import Browser, Page, sync_playwright
from typer.testing import CliRunner

from evals.commands.report import report
from evals.report import page
from evals.report.charts import binned
from evals.report.turns import changes, told
from evals.runs import RunFolder
from evals.task import DataError, Record, Sample
from tests.evals.reported import HOSTILE, known, make_run, record, some

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    known(monkeypatch)


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return make_run(tmp_path / "runs", some())


def words(tree: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in tree.xpath(path)]


def test_every_figure_leads_to_the_lines_it_rests_on(run: RunFolder) -> None:
    tree = html.fromstring(page(run))
    rows = tree.xpath("//table[@class='figures']//tbody/tr")
    assert len(rows) == 3
    for row in rows:
        lines = row.xpath(".//details[@class='lines']//a/@href")
        assert lines
        for href in lines:
            assert tree.xpath(f"//*[@id='{href[1:]}']"), href
    only = rows[2].xpath(".//details[@class='lines']/p")[0].text_content()
    assert " ".join(only.split()) == "small.jsonl: 5"


def test_what_each_line_adds_makes_the_figure_again(run: RunFolder) -> None:
    tree = html.fromstring(page(run))
    traced = json.loads(tree.xpath("//script[@id='small-traced']")[0].text)
    parts = sum(part for _, _, part in traced[1])
    wholes = sum(whole for _, whole, _ in traced[1])
    assert parts / wholes == 10 * (1 + 2 + 3 + 4 + 5 + 6) / 12 == 17.5
    assert "17.5" in words(tree, "//tr[@id='small-f1']/td[1]")
    assert "All 3 figures came out the same" in page(run)


def test_figures_that_do_not_follow_from_the_lines_are_named(run: RunFolder) -> None:
    path = run.log_of("small")
    path.write_text(path.read_text("utf-8").replace('"words": 60', '"words": 61'), "utf-8")
    assert "Only 2 of 3 figures came out the same" in page(run)


def test_a_gate_that_fails_says_what_it_guards(run: RunFolder) -> None:
    (summary,) = html.fromstring(page(run)).xpath("//section[@id='summary']")
    assert words(summary, ".//p[contains(@class, 'gate bad')]") == ["0 of 1 gates passed."]
    (gated,) = words(summary, ".//tr[td[2]]")
    assert "failed ≥ 0.99" in gated
    assert "Learners would be told wrong things." in gated


def test_failures_come_first_with_their_talk(run: RunFolder) -> None:
    tree = html.fromstring(page(run))
    first, second = tree.xpath("//details[contains(@class, 'rec')]")[:2]
    assert "case/4 is wrong" in first.text_content()
    assert first.get("open") is not None
    assert second.get("open") is None
    assert words(first, ".//li[@class='learner']//mark") == ["would ask"]
    assert "E1 covered 0.910" in words(first, ".//ul[@class='j']/li")
    assert any("hint E1" in who for who in words(first, ".//p[@class='who']"))
    assert first.xpath(".//ol/@lang") == ["zh-Hant"]


def test_nothing_of_a_log_is_markup(tmp_path: Path) -> None:
    run = make_run(tmp_path, [record(1, False, HOSTILE), record(2, True, HOSTILE)])
    written = page(run)
    tree = html.fromstring(written)
    assert len([s for s in tree.xpath("//script") if s.get("type") is None]) == 1
    assert "<b>她" not in written
    assert not tree.xpath("//i[text()='markup']")
    assert tree.xpath("//ul[@class='notes']//code/text()") == ["note"]


def test_the_file_needs_no_other(run: RunFolder) -> None:
    written = page(run)
    assert not re.findall(r"(?:src|href)=\"(?!#)", written)
    assert "url(" not in written
    assert "default-src 'none'" in written


def test_a_run_that_was_cut_short_says_so(tmp_path: Path) -> None:
    run = make_run(tmp_path, some(3), finished=False)
    assert "Cut short after 3 samples" in page(run)


def test_a_run_without_a_log_is_no_report(tmp_path: Path) -> None:
    run = make_run(tmp_path, some(1))
    run.log_of("small").unlink()
    with pytest.raises(DataError, match="has no log yet"):
        page(run)


def test_against_itself_nothing_has_changed(tmp_path: Path) -> None:
    one, two = make_run(tmp_path, some()), make_run(tmp_path, some())
    assert "No difference: all 6 samples came out alike" in page(two, one)


def test_what_changed_since_the_baseline(tmp_path: Path) -> None:
    one, two = make_run(tmp_path, some(9)), make_run(tmp_path, some(9, wrong=(4, 5)))
    tree = html.fromstring(page(two, one))
    changed = words(tree, "//div[@class='was']")
    assert len(changed) == 1
    assert "small.jsonl:6" in changed[0]
    assert "now failing case/5 is wrong" in changed[0]
    assert "true false" in changed[0]
    assert any("-0.111" in row for row in words(tree, "//h3[@id='small-change']/..//tr"))


def test_a_task_that_is_no_more_is_shown_as_the_log_has_it(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.report.reading.find_tasks", dict)
    # Read anew: what was known of the file before was known with the task.
    run.log_of("small").touch()
    assert "This version has no such task" in page(run)


def test_a_log_of_another_version_of_the_task_is_shown_as_it_is(run: RunFolder) -> None:
    path = run.log_of("small")
    path.write_text(path.read_text("utf-8").replace('"words":', '"spoken":'), "utf-8")
    written = page(run)
    assert "Only 0 of 3 figures came out the same" in written
    assert "the task has changed since" in written
    with pytest.raises(DataError, match="another version of the task"):
        page(run, run)


@pytest.mark.parametrize(
    ("given", "output", "turns"),
    [
        ({"text": "a b"}, {"judged": {"E1": ["covered", 0.9, "b"], "E2": ["absent", 0.1]}}, 1),
        ({"question": "q"}, {"cited": [["d", "quote"]]}, 2),
        ({"learner": "l", "text": "t"}, {"reasons": ["leak"]}, 2),
        ({"server": "x"}, {"turns": [{"text": "t", "guard": ["leak"], "leaked": True}]}, 1),
        ({"text": "a"}, {"judged": [["E1"], 3, None, ["E1", "covered", "?"]]}, 1),
        ({"text": 3}, {"talk": ["no turn"]}, 0),
        ({}, {}, 0),
    ],
)
def test_records_of_any_shape_are_shown(given: dict, output: dict, turns: int) -> None:
    found = told(Record(Sample("x", given), output))
    assert len(found.turns) == turns
    shown = {k for t in found.turns for k in ("judged", "cited") if t.heard or t.cited}
    assert shown | set(found.given) | set(found.found) or not (given or output) or turns


def test_overlapping_spans_cut_a_text_once() -> None:
    judged = {"E1": ["covered", 0.9, "b c"], "E2": ["unsure", 0.4, "c d"], "E3": ["absent", 0, "a"]}
    (turn,) = told(Record(Sample("x", {"text": "a b c d"}), {"judged": judged})).turns
    assert [(p.text, p.targets) for p in turn.pieces] == [
        ("a ", ()),
        ("b ", ("E1",)),
        ("c", ("E1", "E2")),
        (" d", ("E2",)),
    ]


def test_changes_name_the_place() -> None:
    one = {"talk": [{"text": "a"}, {"text": "b"}], "judged": {"E1": ["covered", 0.9]}}
    two = {"talk": [{"text": "a"}], "judged": {"E1": ["absent", 0.1]}, "new": 1}
    assert changes(one, two) == [
        ("talk[1]", {"text": "b"}, None),
        ("judged.E1", ["covered", 0.9], ["absent", 0.1]),
        ("new", None, 1),
    ]
    assert len(changes(dict.fromkeys(map(str, range(99)), 1), {})) == 12


def test_a_histogram_counts_every_value_once() -> None:
    assert binned([1, 2, 2, 3]) == [(0.5, 1.5, 1), (1.5, 2.5, 2), (2.5, 3.5, 1)]
    assert sum(count for _, _, count in binned([0.1 * n for n in range(100)])) == 100
    assert sum(count for _, _, count in binned([7.0, 7.0])) == 2


def test_the_command_writes_the_file(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(report)
    one, two = make_run(tmp_path, some()), make_run(tmp_path, some())
    out = ["--out", str(tmp_path)]
    done = CliRunner().invoke(app, [two.name, "--baseline", one.name, *out])
    assert done.exit_code == 0
    assert "No difference" in (two.path / "report.html").read_text("utf-8")
    for wrong in (["nope"], [two.name, "--baseline", "nope"], [two.name, "--to", str(tmp_path)]):
        refused = CliRunner().invoke(app, [*wrong, *out])
        assert refused.exit_code == 2
        assert "Traceback" not in refused.output


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as tool:
        opened = tool.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


def opened(browser: Browser, run: RunFolder, **options: bool) -> Page:
    path = run.path / "report.html"
    path.write_text(page(run), encoding="utf-8")
    tab = browser.new_context(**options).new_page()
    tab.goto(path.as_uri())
    return tab


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_click_on_a_figure_shows_its_lines_and_what_they_add(
    browser: Browser, tmp_path: Path
) -> None:
    run = make_run(tmp_path, [*some(), record(7, False, HOSTILE)])
    tab = opened(browser, run)
    tab.locator("#summary a.trace").click()
    assert "right: 0.714 = 5 / 7, from these 7 lines" in tab.locator(".which").inner_text()
    tab.locator("#small-f1 .lines summary").click()
    assert "words a turn: 20.0 = 280 / 14, from these 7 lines" in tab.locator(".which").inner_text()
    tab.locator("#small-f2 .lines summary").evaluate("e => e.click()")
    shown = tab.locator(".rec:visible")
    assert shown.count() == 2
    assert "adds 0 of 1" in shown.first.inner_text()
    tab.get_by_role("button", name="Show all lines").click()
    assert tab.locator(".rec:visible").count() == 7
    assert tab.title() != "owned"


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_without_scripts_links_lead_to_lines(browser: Browser, run: RunFolder) -> None:
    tab = opened(browser, run, java_script_enabled=False)
    tab.goto(tab.url + "#small-3")
    assert tab.locator("#small-3").is_visible()
    assert not tab.locator("#small-4").is_visible()

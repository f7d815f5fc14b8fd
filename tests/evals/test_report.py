"""The report: every figure leads to its lines, failures first, nothing of a log is ever markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from lxml import html
from typer.testing import CliRunner

from evals.commands.report import report
from evals.report import page
from evals.report.charts import binned
from evals.report.turns import changes, told
from evals.runs import RunFolder
from evals.task import DataError, Record, Sample
from tests.evals.reported import HOSTILE, bodies, known, make_run, record, some, unpacked


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
    links = tree.xpath("//table[@class='figures']//tbody/tr//a[@class='trace']")
    assert [(a.get("data-f"), a.text) for a in links] == [
        ("0", "6 lines"),
        ("1", "6 lines"),
        ("2", "1 line"),
    ]
    known = unpacked(tree, "small-index")
    assert [figure["lines"] for figure in known["figures"]] == [[[2, 7]], [[2, 7]], [[5, 5]]]
    assert known["lines"] == [[n + 1, f"case/{n}"] for n in range(1, 7)]
    assert set(bodies(tree, "small")) == {2, 3, 4, 5, 6, 7}


def test_what_each_line_adds_makes_the_figure_again(run: RunFolder) -> None:
    tree = html.fromstring(page(run))
    added = unpacked(tree, "small-index")["figures"][1]["added"]
    parts = sum(part for _, _, part in added)
    wholes = sum(whole for _, whole, _ in added)
    assert parts / wholes == 10 * (1 + 2 + 3 + 4 + 5 + 6) / 12 == 17.5
    assert "17.5" in words(tree, "//tr[@id='small-f1']/td[1]")
    assert "All 3 figures came out the same" in page(run)


def test_figures_that_do_not_follow_from_the_lines_are_named(run: RunFolder) -> None:
    path = run.log_of("small")
    path.write_text(path.read_text("utf-8").replace('"words": 60', '"words": 61'), "utf-8")
    assert "Only 2 of 3 figures came out the same" in page(run)


def test_a_gate_that_fails_says_what_it_guards(run: RunFolder) -> None:
    (summary,) = html.fromstring(page(run)).xpath("//section[@id='summary']")
    assert words(summary, ".//p[contains(@class, 'gate bad') and not(@hidden)]") == [
        "0 of 1 gates passed."
    ]
    (gated,) = words(summary, ".//tr[td[2]]")
    assert "failed ≥ 0.99" in gated
    assert "Learners would be told wrong things." in gated


def test_failures_come_first_with_their_talk(run: RunFolder) -> None:
    tree = html.fromstring(page(run))
    (first,) = tree.xpath("//div[@class='records']/details")
    assert "case/4 is wrong" in first.text_content()
    assert first.get("open") is not None
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
    for body in bodies(tree, "small").values():
        shown = html.fromstring(body)
        assert HOSTILE in shown.text_content()
        assert not shown.xpath("//script | //b[text()='她']")


def test_the_file_needs_no_other(run: RunFolder) -> None:
    written = page(run)
    assert not re.findall(r"(?:src|href)=\"(?!#)", written)
    assert "url(" not in written
    assert "default-src 'none'" in written


def test_a_run_that_was_cut_short_says_so(tmp_path: Path) -> None:
    run = make_run(tmp_path, some(3), finished=False)
    written = page(run)
    assert "Cut short after 3 samples" in written
    assert "<code>maieutic eval resume" in written


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

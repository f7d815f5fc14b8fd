from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.cli import app
from evals.faults import FAULTS, fault_named
from evals.gates import BASELINE, Gate, check, read_baseline, read_gates, write_baseline
from evals.log import Log
from evals.stats import Figure
from evals.task import DataError, find_tasks
from tutor.cli.main import main

GATE = Gate("ask", "all", "right", "A reason.", low=0.6)
FIGURE = Figure("all", "right", 0.7, 0.65, 0.75, 50, samples=("a", "b"))


def verdict(gate: Gate, figure: Figure | None) -> bool:
    figures = [] if figure is None else [figure]
    logs = {"ask": Log(Path("x"), {"task": "ask"}, [], figures, finished=True)}
    (found,) = check([gate], logs, {"ask": ["b", "c"]})
    assert found.passed is (found.why == "")
    assert found.failing == (() if figure is None else ("b",))
    return found.passed


@pytest.mark.parametrize(
    ("gate", "figure", "passes"),
    [
        (GATE, FIGURE, True),
        (GATE, replace(FIGURE, low=0.59), False),
        (GATE, replace(FIGURE, low=math.nan), False),
        (GATE, None, False),
        (replace(GATE, low=None, high=0.8), FIGURE, True),
        (replace(GATE, low=None, high=0.74), FIGURE, False),
        (replace(GATE, low=None, high=0.74), replace(FIGURE, high=math.nan), False),
        (replace(GATE, n=51), FIGURE, False),
        (replace(GATE, exactly=0.7), FIGURE, True),
        (replace(GATE, exactly=1.0), FIGURE, False),
    ],
)
def test_a_gate_holds_where_the_unlucky_end_is_good_enough(
    gate: Gate, figure: Figure | None, passes: bool
) -> None:
    assert verdict(gate, figure) is passes


def test_a_run_that_was_cut_short_passes_no_gate() -> None:
    logs = {"ask": Log(Path("x"), {"task": "ask"}, [], [FIGURE], finished=False)}
    assert not check([GATE], logs, {})[0].passed


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[gate]]\ntask = 'ask'", "missing"),
        ("[[gate]]\ntask='a'\ngroup='b'\nfigure='c'\nreason='d'", "needs a bound"),
        ("[[gate]]\ntask='a'\ngroup='b'\nfigure='c'\nreason='d'\nlow=1\nlwo=2", "'lwo'"),
        ("[[gate]]\ntask='a'\ngroup='b'\nfigure='c'\nreason='d'\nlow=1\n" * 2, "two gates"),
        ("[[gate", "cannot be read"),
    ],
)
def test_a_file_that_is_no_gates_is_named(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "gates.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=told):
        read_gates(path)


def test_every_gate_is_of_a_task_with_a_fast_subset_and_every_fault_has_a_gate() -> None:
    gates, tasks = read_gates(), find_tasks()
    assert all(tasks[gate.task].fast for gate in gates)
    named = {name for gate in gates for name in gate.faults}
    assert named == {fault.name for fault in FAULTS}
    assert all(fault_named(name).says for name in named)


def test_the_baseline_has_every_gate_and_each_holds() -> None:
    held = read_baseline()
    missing = [gate.name for gate in read_gates() if gate.name not in held]
    assert missing == [], "maieutic eval gate --only TASK --accept"
    for gate in read_gates():
        raw = held[gate.name]
        assert verdict(replace(gate, task="ask"), Figure(**raw, samples=("b",))), gate.name


def test_accepting_some_figures_keeps_the_others(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    logs = {"ask": Log(Path("x"), {"task": "ask"}, [], [FIGURE], finished=True)}
    write_baseline({"other": {"value": 1.0}}, check([GATE], logs, {}), path)
    assert set(json.loads(path.read_text("utf-8"))) == {"other", GATE.name}
    assert BASELINE.name == path.name


def failing(tmp_path: Path) -> list[str]:
    gates = tmp_path / "gates.toml"
    gates.write_text(
        '[[gate]]\ntask = "agreement"\ngroup = "all all"\nfigure = "kappa"\nlow = 0.999\n'
        'reason = "Nobody agrees so well."\n',
        encoding="utf-8",
    )
    return ["gate", "--gates", str(gates), "--out", str(tmp_path / "runs")]


def test_a_gate_that_fails_is_explained(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, failing(tmp_path))
    assert result.exit_code == 1
    said = " ".join(result.stdout.split())
    assert "FAILS: agreement · all all · kappa" in said
    assert "has to be ≥ 0.999" in said
    assert "Why it matters: Nobody agrees so well." in said
    assert "maieutic eval show" in said


def test_the_installed_command_fails_with_its_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["maieutic", "eval", *failing(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1

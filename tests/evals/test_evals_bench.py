"""The bench on the real service, with a few turns; its figures are for who runs `make bench`."""

from __future__ import annotations

import json

import pytest
from typer import Typer
from typer.testing import CliRunner

from evals.bench import Line, main
from evals.service import ServiceFailed, running_service
from ingest import LANGUAGES
from tutor.runtime import Runtime
from tutor.settings import Settings


def test_a_figure_is_held_against_its_budget() -> None:
    assert Line("x", 0.2, "s", 1, 0.25).verdict == "ok"
    assert Line("x", 0.3, "s", 1, 0.25).verdict == "over"
    assert Line("x", 9.0, "s", 1, None).verdict == ""


def test_the_bench_measures_the_real_service(runtime: Runtime) -> None:
    assert set(LANGUAGES) == {code for case in runtime.cases.values() for code in case.languages}
    app = Typer()
    app.command()(main)
    result = CliRunner().invoke(app, ["--turns", "3", "--json"])
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    figures = {row["name"]: row for row in told["figures"]}
    assert figures["turn, p95"]["n"] == 3
    assert figures["start to ready"]["value"] < figures["start to first answered question"]["value"]
    assert 0.05 < figures["resident memory afterwards"]["value"] < 8
    assert told["machine"]["cores"] >= 1


def test_without_models_the_bench_says_what_to_do(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = Settings(home=tmp_path_factory.mktemp("empty"))
    with pytest.raises(ServiceFailed, match="maieutic setup"), running_service(settings):
        pass

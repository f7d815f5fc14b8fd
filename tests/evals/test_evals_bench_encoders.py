"""The arithmetic of the encoders' bench, and the bench itself on the real encoders."""

from __future__ import annotations

import json

import pytest
from typer import Typer
from typer.testing import CliRunner

from evals.bench_encoders import flops, main
from ingest import E5, MINILM

BERT_OF_6 = {"num_hidden_layers": 6, "hidden_size": 384, "intermediate_size": 1536}
BERT_OF_12 = BERT_OF_6 | {"num_hidden_layers": 12}


@pytest.mark.parametrize(("config", "millions"), [(BERT_OF_6, 21), (BERT_OF_12, 43)])
def test_a_token_alone_costs_two_operations_a_weight(
    config: dict[str, int], millions: float
) -> None:
    """The figures of the encoders' arithmetic that the design names, attention left out."""
    assert flops(config, 0) / 1e6 == pytest.approx(millions, abs=0.6)


def test_attention_grows_with_the_length_of_the_text() -> None:
    """Query times key and share times value: 2 * 2 * length * hidden for each layer."""
    assert flops(BERT_OF_6, 100) - flops(BERT_OF_6, 0) == 6 * 4 * 100 * 384


@pytest.mark.usefixtures("e5", "minilm")
def test_the_bench_measures_both_encoders() -> None:
    app = Typer()
    app.command()(main)
    result = CliRunner().invoke(app, ["--seconds", "0.1", "--json"])
    assert result.exit_code == 0, result.stderr
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["encoder"] for line in lines] == [E5] * 3 + [MINILM] * 3
    for line in lines:
        assert line["share"] == pytest.approx(line["gflops"] / line["peak_gflops"])
        assert line["tokens_a_second"] > 0
    longest = {line["encoder"]: max(1, line["tokens_a_text"]) for line in lines}
    assert longest == {E5: 512, MINILM: 256}

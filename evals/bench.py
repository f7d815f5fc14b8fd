"""Start-up, latency and memory of the real service: `python -m evals.bench`.

The service is started as a process of its own on a machine that is set up already, asked one
question, and then answers scripted turns over HTTP, one at a time, as one learner would send them.
The replies are labelled `dev` answers of the same case and language, in a seeded order.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from typing import Annotated, Any
from uuid import uuid4

import httpx
import numpy as np
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from evals.answers import LabelledAnswer, read_answers
from evals.provenance import machine
from evals.service import Service, ServiceFailed, running_service
from tutor.settings import get_settings

START_BUDGET, TURN_BUDGET, MEMORY_BUDGET = 60.0, 0.250, 1.5
"""Seconds to the first answer, seconds a turn, GiB resident."""
TURNS, PATIENCE = 200, 600.0
QUESTION = {"question": "When may a doctor disclose without consent?", "language": "en"}
GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Line:
    """One measured figure and what it may be."""

    name: str
    value: float
    unit: str
    n: int
    budget: float | None

    @property
    def verdict(self) -> str:
        """`ok` or `over`; nothing where there is no budget."""
        if self.budget is None:
            return ""
        return "ok" if self.value <= self.budget else "over"


def measure(turns: int, seed: int, console: Console) -> list[Line]:
    """Start the service and take every figure.

    Raises:
        ServiceFailed: it does not start or refuses a turn.
    """
    with running_service(get_settings()) as service:
        with console.status("Waiting for the service"):
            service.wait_ready(PATIENCE)
            ready = time.perf_counter() - service.started
            _post(service, "/ask", QUESTION)
            first = time.perf_counter() - service.started
        seconds = list(
            track(
                _timed_turns(service, turns, seed),
                "turns",
                total=turns,
                console=console,
                transient=True,
            )
        )
        memory = service.resident_bytes() / GIB
    p50, p95 = np.percentile(seconds, [50, 95])
    return [
        Line("start to ready", ready, "s", 1, None),
        Line("start to first answered question", first, "s", 1, START_BUDGET),
        Line("turn, p50", float(p50), "s", len(seconds), TURN_BUDGET),
        Line("turn, p95", float(p95), "s", len(seconds), TURN_BUDGET),
        Line("turn, slowest", max(seconds), "s", len(seconds), None),
        Line("resident memory afterwards", memory, "GiB", 1, MEMORY_BUDGET),
    ]


def _timed_turns(service: Service, turns: int, seed: int) -> Iterator[float]:
    """Seconds a turn, over sessions of every case and language in turn."""
    scripts = _scripts(seed)
    done = 0
    for (case, language), answers in cycle(scripts.items()):
        state = _post(service, "/sessions", {"case_id": case, "language": language})
        for answer in answers:
            if not state["accepts_reply"] or state["phase"] != "dialogue":
                break
            body = {"text": answer.text, "expected_seq": state["seq"]}
            begun = time.perf_counter()
            reply = _post(service, f"/sessions/{state['id']}/turns", body)
            yield time.perf_counter() - begun
            state = reply["state"]
            done += 1
            if done == turns:
                return


def _scripts(seed: int) -> dict[tuple[str, str], Sequence[LabelledAnswer]]:
    """The `dev` answers of each case and language, in a seeded order."""
    scripts: dict[tuple[str, str], list[LabelledAnswer]] = {}
    for answer in read_answers():
        if answer.split == "dev":
            scripts.setdefault((answer.case, answer.language), []).append(answer)
    draw = random.Random(seed)
    for answers in scripts.values():
        draw.shuffle(answers)
    return dict(scripts)


def _post(service: Service, path: str, body: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = service.client.post(path, json=body, headers={"Idempotency-Key": str(uuid4())})
        answer.raise_for_status()
    except httpx.HTTPStatusError as error:
        raise ServiceFailed(f"{path}: {error.response.text[:300]}") from error
    except httpx.TransportError as error:
        raise ServiceFailed(f"{path}: the service does not answer ({error}).") from error
    found: dict[str, Any] = answer.json()
    return found


def main(
    turns: Annotated[int, typer.Option(min=1, help="Scripted turns.")] = TURNS,
    seed: Annotated[int, typer.Option(help="Of the order of the replies.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON.")] = False,
) -> None:
    """Measure start-up, latency and memory against their budgets."""
    remarks = Console(stderr=True, highlight=False)
    try:
        lines = measure(turns, seed, remarks)
    except ServiceFailed as error:
        remarks.print(str(error), soft_wrap=True)
        raise typer.Exit(1) from error
    found = machine()
    if as_json:
        rows = [asdict(line) | {"verdict": line.verdict} for line in lines]
        typer.echo(json.dumps({"machine": found, "figures": rows}))
        return
    console = Console(highlight=False)
    console.print(_table(lines))
    console.print(f"{found['cores']} cores, {found['system']}")


def _table(lines: Sequence[Line]) -> Table:
    table = Table(title="The service on this machine")
    table.add_column("figure")
    for column in ("n", "value", "budget"):
        table.add_column(column, justify="right")
    table.add_column("")
    for line in lines:
        budget = f"{line.budget:g} {line.unit}" if line.budget is not None else ""
        value = f"{line.value:.3f} {line.unit}"
        table.add_row(line.name, str(line.n), value, budget, line.verdict)
    return table


if __name__ == "__main__":
    typer.run(main)

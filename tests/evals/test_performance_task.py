"""The task that takes times."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

from fastapi.testclient import TestClient

from evals.log import read_log
from evals.remote import BASE, Remote
from evals.resources import Resources
from evals.stats import Estimate
from evals.task import Context, Record, Sample
from evals.tasks.performance import TASK, TOLD
from evals.timed_texts import LENGTH, TEXTS, texts_for
from ingest import LANGUAGES
from tests.evals.running import run
from tutor.api import create_app
from tutor.dialogue.sentences import words
from tutor.runtime import Runtime
from tutor.settings import Settings

LOCAL = "http://127.0.0.1:8600"


def test_no_text_is_used_twice_in_a_process() -> None:
    for language in LANGUAGES:
        texts = {part: texts_for(part, language) for part in ("judging", "acts", "search", "ask")}
        told = [text for chosen in texts.values() for text in chosen]
        assert len(told) == len(set(told))
        assert all(len(chosen) == TEXTS for chosen in texts.values())
        for part in ("judging", "acts"):
            length = sum(words(text) for text in texts[part]) / TEXTS
            assert 0.6 * LENGTH < length < 1.2 * LENGTH


def test_the_percentiles_of_a_worked_example() -> None:
    records = [
        Record(
            Sample(f"{part}/{number}", {"part": part, "language": "en"}),
            {"milliseconds": float(number)},
        )
        for part, number in itertools.product(("acts", "turn"), range(21))
    ]
    figures = TASK.report(records, Estimate()).figures
    assert [(f.group, f.name, f.value, f.unit, f.n) for f in figures] == [
        (TOLD[part], f"en, p{percent}", value, "ms", 21)
        for part in ("acts", "turn")
        for percent, value in ((50, 10.0), (95, 19.0))
    ]
    assert all(f.low < f.value < f.high for f in figures if f.name == "en, p50")


def test_times_are_taken_here(resources: Resources, tmp_path: Path) -> None:
    count = 4
    found = run(TASK, resources, tmp_path, limit=4 * count)
    records = read_log(found.log).records
    assert Counter(r["part"] for r in records) == dict.fromkeys(
        ("judging", "acts", "search", "ask"), count
    )
    assert all(r["milliseconds"] > 0 for r in records)
    assert len({r["case"] for r in records if r["part"] == "judging"}) == count
    assert len(found.report.figures) == 8


def test_times_are_taken_over_http_and_no_session_stays(
    tmp_path: Path, real_settings: Settings, runtime: Runtime, resources: Resources
) -> None:
    settings = real_settings.model_copy(update={"home": tmp_path / "home"})
    with TestClient(create_app(settings, runtime), base_url=LOCAL + BASE) as client:
        remote = Remote(LOCAL)
        remote._client = client  # type: ignore[assignment]
        context = Context(resources, remote=remote)
        samples = TASK.samples(context)
        assert {s.input["part"] for s in samples} == {"turn", "ask-http"}
        assert TASK.remote is not None
        for part in ("turn", "ask-http"):
            sample = next(s for s in samples if s.input["part"] == part)
            assert TASK.remote(context, sample)["milliseconds"] > 0
        assert client.get("/sessions").json() == []

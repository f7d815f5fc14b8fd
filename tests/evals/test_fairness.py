from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from evals.answers import read_answers
from evals.fairness import (
    PEOPLE,
    VARIETIES,
    Statement,
    figures_of,
    read_statements,
    reference_of,
)
from evals.resources import Resources
from evals.stats import Estimate, Figure
from evals.task import Context, DataError, Record, Sample
from evals.tasks.fairness import TASK
from ingest import LANGUAGES
from tutor.dialogue.sentences import is_cjk, normalise
from tutor.runtime import Runtime
from tutor.settings import Settings

CASES = Path(__file__).resolve().parents[2] / "corpus" / "cases"
WORDS, CHARACTERS = 8, 16
"""A run of so many that also stands in a case, or in a labelled answer, is taken for copied."""


@pytest.fixture(scope="module")
def statements() -> list[Statement]:
    return read_statements()


def test_every_case_has_five_statements_in_every_variety(statements: list[Statement]) -> None:
    slugs = {path.parent.name for path in CASES.glob("*/case.yaml")}
    assert {s.case for s in statements} == slugs
    for slug in slugs:
        targets = [s.target for s in statements if s.case == slug]
        assert len(targets) == len(set(targets)) == 5
    assert sum(s.target.startswith("M") for s in statements) == len(slugs)
    for statement in statements:
        texts = [text for kinds in statement.variants.values() for text in kinds.values()]
        assert len(set(texts)) == len(texts), statement.id


def test_persons_differ_in_the_person_alone(statements: list[Statement]) -> None:
    told = [s for s in statements if s.people]
    assert len(told) >= 15
    for statement in told:
        assert set(statement.people) == {"en", "zh-Hant"}
        woman, man, unnamed = (statement.people["zh-Hant"][p] for p in PEOPLE)
        swapped = woman.replace("她", "他").replace("女", "男")
        assert swapped.replace("那位男士", "那位先生") == man, statement.id
        assert len(unnamed) >= len(woman) - 2
        english = [set(normalise(statement.people["en"][p]).split()) for p in PEOPLE]
        assert len(english[0] ^ english[1]) <= 10, statement.id


def test_no_statement_takes_its_words_from_a_case_or_an_answer(
    statements: list[Statement],
) -> None:
    known = {run for text in _written() for run in _runs(text)}
    assert len(known) > 10_000
    copied = [
        (s.id, language, variety)
        for s in statements
        for language, variety, text in s.texts()
        if known & _runs(text)
    ]
    assert not copied


def _written() -> Iterator[str]:
    yaml = YAML(typ="safe", pure=True)
    for path in CASES.glob("*/*.yaml"):
        yield from _strings(yaml.load(path.read_text(encoding="utf-8")))
    yield from (answer.text for answer in read_answers())


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for held in value.values():
            yield from _strings(held)
    elif isinstance(value, list):
        for held in value:
            yield from _strings(held)


def _runs(text: str) -> set[str]:
    flat = normalise(text)
    if is_cjk(flat):
        dense = flat.replace(" ", "")
        return {dense[i : i + CHARACTERS] for i in range(len(dense) - CHARACTERS + 1)}
    words = flat.split()
    return {" ".join(words[i : i + WORDS]) for i in range(len(words) - WORDS + 1)}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "not a statement"),
        ("[]", "not a statement"),
        ('{"id": "x"}', "not a statement"),
        (json.dumps({"id": "x", "case": "c", "target": "E1", "variants": {"en": {}}}), "variants"),
        ("EMPTY", "without words"),
        ("TWICE", "is taken"),
        ("MORE", "just the variants"),
    ],
)
def test_a_line_that_cannot_be_compared_is_named(tmp_path: Path, line: str, fault: str) -> None:
    whole = _line()
    broken = {
        "EMPTY": json.dumps({**whole, "variants": {**whole["variants"], "en": _given("en", " ")}}),
        "TWICE": json.dumps(whole) + "\n" + json.dumps(whole),
        "MORE": json.dumps({**whole, "people": {"en": {"woman": "She."}}}),
    }
    (tmp_path / "c.jsonl").write_text(broken.get(line, line) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=fault) as caught:
        read_statements(tmp_path)
    assert "c.jsonl:" in str(caught.value)


def test_an_empty_folder_has_no_statements_and_no_figures(tmp_path: Path) -> None:
    assert read_statements(tmp_path) == []
    assert figures_of([], Estimate()) == []


def _given(language: str, text: str) -> dict[str, str]:
    return dict.fromkeys(VARIETIES[language], text)  # type: ignore[index]


def _line() -> dict[str, Any]:
    variants = {language: _given(language, f"Said in {language}.") for language in LANGUAGES}
    return {"id": "x", "case": "c", "target": "E1", "variants": variants}


def _record(number: int, heard: Mapping[str, bool]) -> Record:
    """Statement of one case in three; heard everywhere unless `heard` says otherwise."""
    made = [
        {
            "language": language,
            "variety": variety,
            "acts": ["assertion"],
            "unheard": False,
            "judged": {
                "E1": ["covered", 0.9] if heard.get(f"{language} {variety}", True) else ["x", 0.1],
                "E2": ["covered" if number == 0 else "absent", 0.5],
            },
        }
        for language in LANGUAGES
        for variety in (*VARIETIES[language], *PEOPLE)
    ]
    return Record(Sample(f"s{number}", {"target": "E1"}, f"case{number % 3}"), {"heard": made})


def _figure(figures: list[Figure], group: str, name: str) -> Figure:
    return next(f for f in figures if (f.group, f.name) == (group, name))


def test_a_variety_that_is_heard_less_is_found_and_the_others_are_not() -> None:
    records = [_record(n, {"zh-Hant cantonese": n % 2 == 0}) for n in range(12)]
    figures = figures_of(records, Estimate())
    lost = _figure(figures, "zh-Hant cantonese", "idea heard, less zh-Hant written")
    assert (lost.value, lost.n) == (-0.5, 12)
    assert lost.high < 0 and len(lost.samples) == 12
    chance = _figure(figures, "zh-Hant cantonese", "probability, less zh-Hant written")
    assert chance.value == pytest.approx(-0.4)
    assert _figure(figures, "en mainland", "idea heard, less en plain").value == 0.0
    assert _figure(figures, "zh-Hans written", "idea heard, less en plain").value == 0.0
    worst = _figure(figures, "all", "largest loss of a variety against its reference")
    assert worst.value == 0.5
    others = _figure(figures, "en plain", "other ideas heard a statement")
    assert others.value == pytest.approx(1 / 12)


def test_a_verdict_that_hangs_on_the_person_is_found() -> None:
    records = [_record(n, {"en woman": n >= 3, "zh-Hant unnamed": False}) for n in range(12)]
    figures = figures_of(records, Estimate())
    assert _figure(figures, "en, persons", "verdict differs, woman or man").value == 0.25
    shift = _figure(figures, "en, persons", "probability, woman less man")
    assert shift.value == pytest.approx(-0.2)
    assert _figure(figures, "zh-Hant, persons", "verdict differs, woman or man").value == 0.0
    assert _figure(figures, "zh-Hant, persons", "verdict differs, with unnamed").value == 1.0


def test_only_plain_english_is_compared_with_nothing() -> None:
    alone = [
        (language, v)
        for language in LANGUAGES
        for v in VARIETIES[language]
        if reference_of(language, v) is None
    ]
    assert alone == [("en", "plain")]
    assert reference_of("zh-Hans", "written") == "en plain"
    assert reference_of("zh-Hans", "spoken") == "zh-Hans written"


def test_the_task_runs_on_the_real_tutor(real_settings: Settings, runtime: Runtime) -> None:
    context = Context(Resources(real_settings, runtime))
    samples = TASK.samples(context)
    assert len(samples) == 60
    assert all(
        sample.input["target"] in {t.id for t in _targets(runtime, sample)} for sample in samples
    )
    records = [Record(s, TASK.solve(context, s)) for s in samples[:2]]
    json.dumps([r.output for r in records])
    found = TASK.report(records, Estimate())
    assert _figure(list(found.figures), "en plain", "idea heard").n == 2
    assert "a language model, wrote every statement" in found.notes[0]
    lost = [name for r in records for name in TASK.failures(r)]
    heard = [
        m["judged"][r["target"]][0] in {"covered", "present"} for r in records for m in r["heard"]
    ]
    assert len([name for name in lost if "not heard" in name]) == heard.count(False)


def _targets(runtime: Runtime, sample: Sample) -> list[Any]:
    structure = runtime.cases[sample.cluster].structure
    return [*structure.expectations, *structure.misconceptions]

"""What a case file may and may not say."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from tests.real_corpus import CORPUS, SLUG
from tutor.cases.schema import Case, Expectation, Translation


@pytest.fixture(scope="module")
def raw() -> Any:
    """`case.yaml` of G1 as plain values."""
    text = (CORPUS / "cases" / SLUG / "case.yaml").read_text(encoding="utf-8")
    return YAML(typ="safe", pure=True).load(text)


@pytest.fixture
def expectation(raw: Any) -> dict[str, Any]:
    """E1 of G1, to be changed."""
    return dict(raw["stages"][0]["expectations"][0])


def test_a_case_lists_its_items_in_the_order_of_the_stages(raw: Any) -> None:
    case = Case.model_validate(raw)
    assert [e.id for e in case.expectations] == ["E1", "E4", "E2", "E3", "E5", "E6"]
    assert [m.id for m in case.misconceptions] == ["M4", "M1", "M2", "M3"]
    assert [p.id for p in case.positions] == ["P1", "P2", "P3"]
    assert case.stage("weigh").kind == "issues"
    with pytest.raises(KeyError):
        case.stage("nowhere")


def test_texts_lose_the_white_space_around_them(expectation: dict[str, Any]) -> None:
    expectation["topic"] = "  his refusal \n"
    assert Expectation.model_validate(expectation).topic == "his refusal"


def test_models_are_frozen(raw: Any) -> None:
    case = Case.model_validate(raw)
    with pytest.raises(ValidationError):
        case.title = "Another"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("mood", "calm"),
        ("id", "M1"),
        ("id", "E"),
        ("topic", "  "),
        ("weight", 0),
        ("competency", "plumber"),
        ("principle", "honour"),
        ("cites", []),
        ("accept", ["one", "two", "three", "four"]),
        ("near_miss", ["one", "two"]),
        ("hints", ["one?", "two?"]),
        ("hints", ["one?", "two?", "three?", "four?"]),
        ("prompt", ""),
    ],
)
def test_an_expectation_is_refused(key: str, value: object, expectation: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        Expectation.model_validate({**expectation, key: value})
    assert {problem["loc"][0] for problem in caught.value.errors()} == {key}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", "Has Spaces"),
        ("version", "1"),
        ("language", "fr"),
        ("minutes", 4),
        ("minutes", 121),
        ("difficulty", "hard"),
        ("authors", []),
        ("professions", ["lawyer"]),
        ("as_of", "last year"),
        ("stages", []),
        ("review", {"status": "perfect"}),
    ],
)
def test_a_case_is_refused(key: str, value: object, raw: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        Case.model_validate({**raw, key: value})
    assert {problem["loc"][0] for problem in caught.value.errors()} == {key}


def test_a_translation_holds_texts_and_no_structure() -> None:
    text = (CORPUS / "cases" / SLUG / "zh-Hans.yaml").read_text(encoding="utf-8")
    values = YAML(typ="safe", pure=True).load(text)
    assert Translation.model_validate(values).language == "zh-Hans"
    for key, value in (("minutes", 25), ("language", "en")):
        with pytest.raises(ValidationError):
            Translation.model_validate({**values, key: value})
    values["expectations"]["E1"]["required"] = False
    with pytest.raises(ValidationError):
        Translation.model_validate(values)

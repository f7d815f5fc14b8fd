"""A loaded case answers by id and by language."""

from __future__ import annotations

import pytest

from tests.real_corpus import CORPUS, SLUG
from tests.tiny_teaching import make_case, make_searcher
from tutor.cases import LoadedCase, read_case


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> LoadedCase:
    """The tiny case, its citations from a real index."""
    return make_case(make_searcher(tmp_path_factory.mktemp("tiny")))


def test_it_is_known_by_the_english_id_and_version() -> None:
    case = LoadedCase(read_case(CORPUS / "cases" / SLUG))
    assert (case.id, case.version) == (SLUG, case.structure.version)
    assert case.structure.language == "en"
    assert case.languages == ("en", "zh-Hant", "zh-Hans")


def test_an_item_is_found_by_id_in_a_language(tiny: LoadedCase) -> None:
    assert tiny.item("E1").id == "E1"
    assert tiny.item("M1", "zh-Hant").topic.endswith("（zh-Hant）")
    assert tiny.item("P2", "zh-Hans").id == "P2"
    with pytest.raises(KeyError):
        tiny.item("E9")


def test_citations_are_of_a_target_and_a_language(tiny: LoadedCase) -> None:
    assert tiny.cites("E1", "en")[0].document_id == "guidelines/code.en"
    assert tiny.cites("P1", "en") == ()


def test_nearness_does_not_depend_on_the_order() -> None:
    case = LoadedCase({}, nearness={("E1", "E2"): 0.25})
    assert case.near("E1", "E2") == case.near("E2", "E1") == 0.25
    assert case.near("E1", "E3") == 0.0

from pathlib import Path

import pytest

from ingest import UnreadableDocument, read_document, split
from ingest.readers import content_hash
from ingest.readers.case import is_case_file


@pytest.fixture
def case(corpus: Path) -> Path:
    return corpus / "cases" / "quiet-ward" / "case.yaml"


def test_only_title_summary_and_vignette_are_read(corpus: Path, case: Path) -> None:
    document = read_document(case, root=corpus)
    (passage,) = split(document)
    assert document.id == "cases/quiet-ward.en"
    assert document.source.title == "The quiet ward"
    assert passage.text == (
        "An alarm that nobody heard.\n\nYou walk onto a ward at night. A walrus sleeps in bed four."
    )
    assert (document.source.kind, document.source.jurisdiction) == ("case", "CN")
    assert (document.source.licence, document.source.as_of) == ("CC-BY-4.0", "2026-11-22")


def test_a_translation_takes_its_terms_from_the_case(corpus: Path, case: Path) -> None:
    document = read_document(case.with_name("zh-Hant.yaml"), root=corpus)
    assert document.id == "cases/quiet-ward.zh-Hant"
    assert document.source.title == "安靜的病房"
    assert (document.source.language, document.source.jurisdiction) == ("zh-Hant", "CN")
    assert "木琴" not in document.pages[0].text


def test_a_translation_changes_with_its_case(case: Path) -> None:
    translation = case.with_name("zh-Hant.yaml")
    before = content_hash(translation)
    case.write_text(case.read_text().replace("CN", "MO"), encoding="utf-8")
    assert content_hash(translation) != before


@pytest.mark.parametrize("text", ["title: [", "- a\n- b", "title: Only a title", "title: a\n\ttab"])
def test_a_case_that_cannot_be_read_is_named(corpus: Path, case: Path, text: str) -> None:
    case.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableDocument, match=r"case\.yaml"):
        read_document(case, root=corpus)


def test_yaml_elsewhere_is_no_case() -> None:
    assert is_case_file(Path("corpus/cases/a/case.yaml"))
    assert is_case_file(Path("corpus/cases/a/zh-Hans.yaml"))
    assert not is_case_file(Path("corpus/cases/a/notes.yaml"))
    assert not is_case_file(Path("corpus/cases/case.yaml"))
    assert not is_case_file(Path("settings/case.yaml"))

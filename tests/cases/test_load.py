"""From files to a case that can be taught, and from faulty files to sentences."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import HashingEncoder
from tests.real_corpus import CORPUS, SLUG, Copy
from tutor.cases import CaseError, LoadedCase, load_case, read_case
from tutor.cases.load import line_of, nearness, read_texts, resolve
from tutor.cases.schema import Cite
from tutor.cases.sheet import pursued
from tutor.cases.sources import corpus_passages
from tutor.citations import QuoteNotFound

Make = Callable[..., Copy]
FOLDER = CORPUS / "cases" / SLUG


@pytest.fixture(scope="module")
def loaded() -> LoadedCase:
    """G1 as it is taught."""
    return load_case(FOLDER, corpus_passages(CORPUS), HashingEncoder())


def test_a_case_is_read_in_its_languages_english_first() -> None:
    texts = read_case(FOLDER)
    assert list(texts) == ["en", "zh-Hant", "zh-Hans"]
    english, hant = texts["en"], texts["zh-Hant"]
    assert [s.id for s in english.stages] == [s.id for s in hant.stages]
    assert [e.id for e in english.expectations] == [e.id for e in hant.expectations]
    assert hant.title != english.title and hant.language == "zh-Hant"
    assert [e.required for e in english.expectations] == [e.required for e in hant.expectations]


def test_a_translation_keeps_the_citations_that_it_does_not_give(copy: Make) -> None:
    case = copy("case.yaml", "zh-Hant.yaml")
    quote = "判決並不鼓勵個別職員私下聯絡親屬。"
    case.edit(f'      - doc: abc-st-georges\n        quote: "{quote}"\n', "", "zh-Hant.yaml")
    texts = read_case(case.folder)
    english = {c.doc: c.quote for c in texts["en"].expectations[1].cites}
    chinese = {c.doc: c.quote for c in texts["zh-Hant"].expectations[1].cites}
    assert set(english) == set(chinese) == {"mchk-code", "abc-st-georges"}
    assert english["abc-st-georges"] == chinese["abc-st-georges"]
    assert english["mchk-code"] != chinese["mchk-code"]


def test_a_case_without_translations_is_english(copy: Make) -> None:
    assert list(read_case(copy("case.yaml").folder)) == ["en"]


def test_a_missing_case_yaml_is_said(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="The file is missing") as caught:
        read_case(tmp_path)
    assert caught.value.faults[0].path == tmp_path / "case.yaml"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe\x00a", "is not UTF-8"),
        (b"a: [1", "is not valid YAML"),
        (b"- one\n- two\n", "holds no keys"),
        (b"id: x\nid: y\n", "is not valid YAML"),
    ],
)
def test_a_file_that_cannot_be_read_is_said(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_bytes(content)
    with pytest.raises(CaseError, match=message):
        read_case(tmp_path)


def test_every_schema_fault_of_every_file_is_raised_together(copy: Make) -> None:
    case = copy()
    case.edit("minutes: 25", "minutes: soon\nmood: calm")
    case.edit("topic: 他的拒絕", "topc: 他的拒絕", "zh-Hant.yaml")
    with pytest.raises(CaseError) as caught:
        read_case(case.folder)
    faults = {(f.path.name, f.line) for f in caught.value.faults}
    assert ("case.yaml", case.line("minutes: soon")) in faults
    assert ("case.yaml", case.line("mood: calm")) in faults
    assert ("zh-Hant.yaml", case.line("topc", "zh-Hant.yaml")) in faults
    assert "docs/cases.md" in str(caught.value)


def test_what_can_be_read_is_kept_beside_the_faults(copy: Make) -> None:
    case = copy()
    case.edit("topic: 他的拒絕", "topc: 他的拒絕", "zh-Hant.yaml")
    texts, faults = read_texts(case.folder)
    assert list(texts) == ["en", "zh-Hans"]
    assert {f.path.name for f in faults} == {"zh-Hant.yaml"}


def test_a_translation_of_another_version_is_refused(copy: Make) -> None:
    case = copy()
    case.edit('version: "0.2.1"', 'version: "0.3.0"')
    with pytest.raises(CaseError, match=r"written for version 0\.2\.1; case\.yaml is 0\.3\.0"):
        read_case(case.folder)


def test_a_loaded_case_has_checked_citations(loaded: LoadedCase) -> None:
    for language in loaded.languages:
        for _, item in pursued(loaded.structure):
            cited = loaded.cites(item.id, language)
            assert cited and all(c.quote and c.passage_id and c.title for c in cited)
    hant = loaded.cites("E1", "zh-Hant")[0]
    assert (hant.language, hant.document_id) == ("zh-Hant", "guidelines/mchk-code.zh-Hant")


def test_reading_opens_in_the_language_where_the_digest_has_it(loaded: LoadedCase) -> None:
    assert loaded.reading["zh-Hans", "pdpo"].language == "zh-Hans"
    assert loaded.reading["en", "pipl"].language == "en"


def test_a_quote_and_a_reading_that_lead_nowhere_are_raised_together(copy: Make) -> None:
    case = copy("case.yaml")
    case.edit("The weighing takes in how serious", "It takes in how serious")
    case.edit("- doc: pipl\n      why", "- doc: pipe\n      why")
    with pytest.raises(CaseError) as caught:
        load_case(case.folder, corpus_passages(case.corpus))
    rules = [f.rule for f in caught.value.faults]
    assert sorted(rules) == ["citation", "reading"]
    citation = next(f for f in caught.value.faults if f.rule == "citation")
    assert citation.line == case.line("It takes in how serious")
    assert "E2 cites abc-st-georges" in citation.message


def test_a_key_without_a_digest_is_told_from_a_wrong_quote() -> None:
    passages_of = corpus_passages(CORPUS)
    with pytest.raises(QuoteNotFound, match="no digest of the key 'none'"):
        resolve(Cite(doc="none", quote="x"), "en", passages_of)
    with pytest.raises(QuoteNotFound, match="stand in no passage"):
        resolve(Cite(doc="pdpo", quote="no such words"), "en", passages_of)


def test_nearness_is_symmetric_and_a_share() -> None:
    case = read_case(FOLDER)["en"]
    near = nearness(case, HashingEncoder())
    count = len(case.expectations)
    assert len(near) == count * (count - 1) // 2
    assert all(0.0 <= value <= 1.0 for value in near.values())
    assert nearness(case, None) == {}


def test_the_line_of_a_text_that_is_not_there_is_0(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("one: 1\ntwo: 2\n", encoding="utf-8")
    assert line_of(path, "two: 2") == 2
    assert line_of(path, "three") == 0
    assert line_of(tmp_path / "none.yaml", "one") == 0

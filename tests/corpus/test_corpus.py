"""The corpus that is shipped: its cases are sound, its digests complete, its quotes open."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from evals.answers import read_answers
from ingest import LANGUAGES, Language, to_simplified
from ingest.language import has_han
from tests.real_corpus import CASES, CORPUS, DIGESTS
from tutor.cases import Case, load_case
from tutor.cases.check import check_case
from tutor.cases.load import PassagesOf
from tutor.cases.script import foreign_script
from tutor.cases.sheet import pursued
from tutor.dialogue.sentences import normalise

Cases = dict[str, dict[Language, Case]]
FIRST = dt.date(2026, 11, 22)
TODAY = dt.date(2026, 11, 25)
OUTLINES = {
    "g1-sister-not-told": (6, 4, {"E1", "E2", "E3"}, {"M1"}),
    "g2-finding-nobody-ordered": (6, 4, {"E1", "E2", "E3"}, set()),
    "g3-letter-six-years-late": (6, 3, {"E1", "E2", "E3"}, set()),
    "g4-test-my-son": (5, 3, {"E1", "E2", "E3"}, set()),
    "g5-tube-across-boundary": (6, 4, {"E1", "E2", "E3"}, {"M2"}),
    "g6-five-embryos": (6, 3, {"E1", "E2", "E3"}, set()),
    "a1-quiet-alert": (6, 4, {"E1", "E2", "E3"}, {"M2"}),
    "a2-scribe-heard-a-drug": (5, 4, {"E1", "E2", "E3"}, set()),
    "a3-follow-the-box": (6, 4, {"E1", "E2", "E3"}, set()),
    "a4-prescription-by-algorithm": (6, 4, {"E1", "E2", "E3"}, {"M1"}),
    "a5-without-the-overlay": (6, 4, {"E1", "E2", "E3"}, set()),
    "a6-million-records": (6, 4, {"E1", "E2", "E3"}, set()),
}
"""By case: how many expectations and misconceptions, which are required, which safety-critical."""
CROSS_BORDER = {
    "g1-sister-not-told",
    "g5-tube-across-boundary",
    "g6-five-embryos",
    "a4-prescription-by-algorithm",
    "a5-without-the-overlay",
    "a6-million-records",
}
KEYS = sorted(p.name.removesuffix(".en.md") for p in DIGESTS if p.name.endswith(".en.md"))
FRONT_MATTER = [
    "title",
    "issuer",
    "year",
    "url",
    "jurisdiction",
    "as_of",
    "licence",
    "version",
    "review",
    "status",
    "seen",
]
STATUS = {
    "law",
    "guidance",
    "professional code",
    "consensus statement",
    "judgment",
    "research",
    "framework",
    "institutional practice",
    "regulatory finding",
}
COLOPHON = {
    "en": "*Original digest by Maieutic, CC BY 4.0. Awaits review by a named clinician of the "
    "institution. As of {}.*",
    "zh-Hant": "*本文由 Maieutic 撰寫，CC BY 4.0。尚待機構具名臨床人員審閱。截至 {}。*",
    "zh-Hans": "*本文由 Maieutic 撰写，CC BY 4.0。",
}
NEAR_COPY = 0.6
"""Share of character n-grams that two texts have in common, from which on one copies the other."""


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_a_case_has_no_fault(folder: Path, passages_of: PassagesOf) -> None:
    assert [str(f) for f in check_case(folder, passages_of, today=TODAY)] == []


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_every_citation_opens_its_passage_in_every_language(
    folder: Path, passages_of: PassagesOf
) -> None:
    case = load_case(folder, passages_of)
    assert case.languages == LANGUAGES
    for language in case.languages:
        text = case.texts[language]
        for item in (*(item for _, item in pursued(text)), *text.choices):
            cited = case.cites(item.id, language)
            assert len(cited) == len(item.cites)
            for citation in cited:
                known = {p.id: p for p in passages_of(citation.document_id)}
                passage = known[citation.passage_id]
                assert citation.quote in " ".join(passage.text.split())
                assert citation.confidence in {"P", "S", "C", "U"}
        for reading in case.structure.debrief.reading:
            assert case.reading[language, reading.doc].quote


def test_the_cases_are_those_of_the_outline(cases: Cases) -> None:
    assert set(cases) == set(OUTLINES)
    for slug, (expected, wrong, required, critical) in OUTLINES.items():
        for case in cases[slug].values():
            assert {e.id for e in case.expectations} == {f"E{n + 1}" for n in range(expected)}
            assert {m.id for m in case.misconceptions} == {f"M{n + 1}" for n in range(wrong)}
            assert {e.id for e in case.expectations if e.required} == required
            severe = {m.id for m in case.misconceptions if m.severity == "safety_critical"}
            assert severe == critical


def test_what_follows_a_decision_differs_by_what_was_decided(cases: Cases) -> None:
    for texts in cases.values():
        case = texts["en"]
        decide = next(stage for stage in case.stages if stage.kind == "decide")
        assert 2 <= len(decide.positions) <= 3
        leads = {branch.when.position: branch.go for branch in decide.next}
        assert set(leads) == {p.id for p in decide.positions}
        assert len(set(leads.values())) == len(decide.positions)
        after = case.stages[case.stages.index(decide) + 1 :]
        assert {stage.id for stage in after} == set(leads.values())
        assert all(stage.kind == "reflect" and stage.reveal for stage in after)
        # One step of the way ahead, whichever it will be.
        assert [stage.kind for stage in case.road()].count("reflect") == 1
        assert len({stage.title for stage in after}) == 1


def test_cases_that_cross_the_boundary_compare_its_sides(cases: Cases) -> None:
    for slug, texts in cases.items():
        case = texts["en"]
        compared = [stage.compares for stage in case.stages if stage.compares]
        assert bool(compared) == (slug in CROSS_BORDER)
        assert all({"HK", "CN"} <= set(sides) for sides in compared)


def test_the_library_serves_every_profession(cases: Cases) -> None:
    professions = [set(texts["en"].professions) for texts in cases.values()]
    assert sum("nurse" in found for found in professions) >= 3
    assert sum("dentist" in found for found in professions) >= 1


def test_every_case_has_a_self_test_in_every_language(cases: Cases) -> None:
    for texts in cases.values():
        for case in texts.values():
            assert case.self_test is not None
            assert len({q.target for q in case.self_test.pre}) >= 3


def test_cases_say_who_wrote_them_and_that_they_await_review(cases: Cases) -> None:
    for texts in cases.values():
        case = texts["en"]
        assert case.authors and case.licence == "CC-BY-4.0"
        assert case.review.status == "awaiting"


def test_the_digests_are_there_in_their_languages() -> None:
    assert len(KEYS) >= 50
    for language in ("zh-Hant", "zh-Hans"):
        suffix = f".{language}.md"
        assert (
            sorted(p.name.removesuffix(suffix) for p in DIGESTS if p.name.endswith(suffix)) == KEYS
        )
    assert all(re.fullmatch(r"[a-z0-9-]+\.(?:en|zh-Han[ts])\.md", p.name) for p in DIGESTS)


@pytest.mark.parametrize("path", DIGESTS, ids=lambda path: path.name)
def test_a_digest_has_its_front_matter_tags_and_colophon(path: Path) -> None:
    head, body = _parts(path)
    wanted = [key for key in FRONT_MATTER if key != "url" or "url" in head]
    assert list(head) == wanted
    assert all(head[key] for key in wanted)
    assert FIRST <= head["as_of"] <= TODAY and head["licence"] == "CC-BY-4.0"
    assert head["version"] == "1.0" and head["review"] == "awaiting"
    assert head["status"] in STATUS and head["seen"] in {"P", "S", "C", "U"}
    assert head["jurisdiction"] in {"HK", "CN", "MO", "INT", "EU", "UK", "US"}
    lines = [line for line in body.splitlines() if line.strip()]
    assert lines[0] == f"# {head['title']}"
    assert lines[-1].startswith(COLOPHON[_language(path)].format(head["as_of"]))
    assert sum(line.startswith("## ") for line in lines) >= 4
    for claim in _claims(body):
        assert re.search(r"[.。] \[[PSCU]\]$", claim), f"{path.name}: {claim}"
        assert len(re.findall(r"\[[PSCU]\]", claim)) == 1, f"{path.name}: {claim}"


@pytest.mark.parametrize("path", DIGESTS, ids=lambda path: path.name)
def test_a_digest_is_short_and_in_one_script(path: Path) -> None:
    _, body = _parts(path)
    if _language(path) == "en":
        assert 180 <= len(body.split()) <= 480
    else:
        assert foreign_script(body, _language(path)) == []


@pytest.mark.parametrize("key", KEYS)
def test_a_translated_digest_makes_the_same_claims_with_the_same_tags(key: str) -> None:
    english = CORPUS / "guidelines" / f"{key}.en.md"
    tags = [claim[-3:] for claim in _claims(_parts(english)[1])]
    for language in ("zh-Hant", "zh-Hans"):
        other = english.with_name(f"{key}.{language}.md")
        assert [claim[-3:] for claim in _claims(_parts(other)[1])] == tags
        ours, theirs = _parts(english)[0], _parts(other)[0]
        for field in ("year", "url", "jurisdiction", "as_of", "status", "seen"):
            assert ours.get(field) == theirs.get(field), f"{other.name}: {field}"


def test_every_digest_is_named_in_the_notice() -> None:
    notice = (CORPUS / "NOTICE.md").read_text(encoding="utf-8")
    for path in DIGESTS:
        assert f"`{path.name.split('.')[0]}`" in notice


def test_no_exemplar_copies_an_answer_that_is_kept_for_testing(cases: Cases) -> None:
    kept = [a for a in read_answers() if a.split == "test"]
    assert len(kept) > 200
    copies = []
    for slug, texts in cases.items():
        answers = [(a.id, _flat(a.text), _grams(a.text)) for a in kept if a.case == slug]
        for language, case in texts.items():
            for exemplar in _exemplars(case):
                flat, grams = _flat(exemplar), _grams(exemplar)
                copies += [
                    (slug, language, answer_id, exemplar)
                    for answer_id, other, others in answers
                    if flat == other or len(grams & others) >= NEAR_COPY * len(grams | others)
                ]
    assert copies == [], "Change the exemplar, never the answer."


def _exemplars(case: Case) -> Iterator[str]:
    for expectation in case.expectations:
        yield from (*expectation.accept, *expectation.near_miss)
    for wrong in case.misconceptions:
        yield from (*wrong.exemplars, *wrong.near_miss, *wrong.repair)
    for position in case.positions:
        yield from position.exemplars


def _flat(text: str) -> str:
    return to_simplified(normalise(text)).replace(" ", "")


def _grams(text: str) -> frozenset[str]:
    """Five letters, or three where the text is Chinese; in one script, so that both compare."""
    flat = _flat(text)
    size = 3 if has_han(flat) else 5
    return frozenset(flat[i : i + size] for i in range(max(1, len(flat) - size + 1)))


def _language(path: Path) -> Language:
    return next(code for code in LANGUAGES if path.stem.endswith(f".{code}"))


def _parts(path: Path) -> tuple[dict[str, object], str]:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return dict(YAML(typ="safe", pure=True).load(head)), body


def _claims(body: str) -> list[str]:
    """Bullets, and the paragraph under the title."""
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    return [line for line in lines if not line.startswith(("#", "*"))]
